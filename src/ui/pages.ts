/** The table of pages: address, title, component; who may open each stands in `page-contract.ts`. */
import type { FunctionComponent } from 'preact';
import type { PageName, Right } from '../page/api/api.ts';
import { pageTitle } from '../text/page/ui-shell.ts';
import type { Text } from '../text/text.ts';
import { lazy } from './lazy.tsx';
import { AboutBox } from './more/about.tsx';
import { Logs } from './more/logs.tsx';
import { OverviewPage } from './overview/overview.tsx';
import { PAGE_RIGHT, type PageProps } from './page-contract.ts';
import { Queue } from './queue/queue.tsx';
import { Releases } from './releases/releases.tsx';
import { Signals } from './signals/signals.tsx';

export interface Page {
  readonly name: PageName;
  /** First part of the address: `#/releases`. */
  readonly path: string;
  /** What opens it. */
  readonly role: Right;
  readonly title: Text;
  readonly component: FunctionComponent<PageProps>;
  /** In the bar at the foot of a phone; the others are under "more". */
  readonly bar?: true;
}

const page = (name: PageName, component: FunctionComponent<PageProps>, bar?: 'bar'): Page => ({
  name,
  path: name,
  role: PAGE_RIGHT[name],
  title: pageTitle[name],
  component,
  ...(bar && { bar: true }),
});

export const PAGES: readonly Page[] = [
  page('overview', OverviewPage, 'bar'),
  page(
    'inbox',
    lazy(() => import('./inbox/inbox.tsx').then(({ InboxPage }) => InboxPage)),
    'bar',
  ),
  page('releases', Releases, 'bar'),
  page(
    'duty',
    lazy(() => import('./duty/duty.tsx').then(({ Duty }) => Duty)),
  ),
  page('queue', Queue),
  page(
    'account',
    lazy(() => import('./account/account.tsx').then(({ AccountPage }) => AccountPage)),
  ),
  page('signals', Signals, 'bar'),
  page(
    'wizard',
    lazy(() => import('./wizard/wizard.tsx').then(({ Wizard }) => Wizard)),
  ),
  page(
    'config',
    lazy(() => import('./config/config.tsx').then(({ Configuration }) => Configuration)),
  ),
  page(
    'pushes',
    lazy(() => import('./pushes/pushes.tsx').then(({ Pushes }) => Pushes)),
  ),
  page(
    'diagnostics',
    lazy(() => import('./diagnostics/diagnostics.tsx').then(({ Diagnostics }) => Diagnostics)),
  ),
  page('logs', Logs),
  page(
    'backup',
    lazy(() => import('./more/backup.tsx').then(({ Backup }) => Backup)),
  ),
  page(
    'privacy',
    lazy(() => import('./more/privacy.tsx').then(({ Privacy }) => Privacy)),
  ),
  page(
    'users',
    lazy(() => import('./more/users.tsx').then(({ Users }) => Users)),
  ),
  page(
    'api',
    lazy(() => import('./more/api.tsx').then(({ ApiHelp }) => ApiHelp)),
  ),
  page('about', AboutBox),
];
