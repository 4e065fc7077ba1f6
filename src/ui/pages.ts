/** The table of pages: address, required role, component. A new page is added here only. */
import type { FunctionComponent } from 'preact';
import type { PageName, Right } from '../page/api/api.ts';
import { pageTitle } from '../text/page/ui-shell.ts';
import type { Text } from '../text/text.ts';
import { Configuration } from './config/config.tsx';
import { lazy } from './lazy.tsx';
import { AboutBox } from './more/about.tsx';
import { Logs } from './more/logs.tsx';
import { OverviewPage } from './overview/overview.tsx';
import type { PageProps } from './page-contract.ts';
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

const page = (name: PageName, role: Right, component: FunctionComponent<PageProps>, bar?: 'bar'): Page => ({
  name,
  path: name,
  role,
  title: pageTitle[name],
  component,
  ...(bar && { bar: true }),
});

export const PAGES: readonly Page[] = [
  page('overview', 'booth', OverviewPage, 'bar'),
  page('releases', 'viewer', Releases, 'bar'),
  page(
    'duty',
    'booth',
    lazy(() => import('./duty/duty.tsx').then(({ Duty }) => Duty)),
  ),
  page('queue', 'viewer', Queue, 'bar'),
  page(
    'account',
    'viewer',
    lazy(() => import('./account/account.tsx').then(({ DaySheetPage }) => DaySheetPage)),
  ),
  page('signals', 'viewer', Signals, 'bar'),
  page(
    'wizard',
    'installer',
    lazy(() => import('./wizard/wizard.tsx').then(({ Wizard }) => Wizard)),
  ),
  page('config', 'auditor', Configuration),
  page(
    'pushes',
    'office',
    lazy(() => import('./pushes/pushes.tsx').then(({ Pushes }) => Pushes)),
  ),
  page(
    'diagnostics',
    'office',
    lazy(() => import('./diagnostics/diagnostics.tsx').then(({ Diagnostics }) => Diagnostics)),
  ),
  page('logs', 'office', Logs),
  page(
    'backup',
    'installer',
    lazy(() => import('./more/backup.tsx').then(({ Backup }) => Backup)),
  ),
  page(
    'privacy',
    'auditor',
    lazy(() => import('./more/privacy.tsx').then(({ Privacy }) => Privacy)),
  ),
  page(
    'users',
    'viewer',
    lazy(() => import('./more/users.tsx').then(({ Users }) => Users)),
  ),
  page(
    'api',
    'viewer',
    lazy(() => import('./more/api.tsx').then(({ ApiHelp }) => ApiHelp)),
  ),
  page('about', 'viewer', AboutBox),
];
