/** The table of pages: address, title, component; who may open each stands in `page-contract.ts`. */
import type { FunctionComponent } from 'preact';
import type { PageName, Right } from '../page/api/api.ts';
import type { PageGroup } from '../text/page/ui-shell.ts';
import { lazy } from './lazy.tsx';
import { OverviewPage } from './overview/overview.tsx';
import { PAGE_RIGHT, type PageProps } from './page-contract.ts';
import { Queue } from './queue/queue.tsx';
import { Releases } from './releases/releases.tsx';
import { Signals } from './signals/signals.tsx';

export interface Page {
  /** Also the first part of its address: `#/releases`. */
  readonly name: PageName;
  readonly group: PageGroup;
  /** What opens it. */
  readonly role: Right;
  readonly component: FunctionComponent<PageProps>;
  /** In the bar at the foot of a phone; the others are under "more". */
  readonly bar: boolean;
}

/** As the navigation groups them: what one looks at daily, where one looks when something is wrong, what is set up, what is managed. */
const COMPONENTS: Readonly<Record<PageGroup, Readonly<Partial<Record<PageName, FunctionComponent<PageProps>>>>>> = {
  daily: {
    overview: OverviewPage,
    inbox: lazy(() => import('./inbox/inbox.tsx'), 'InboxPage'),
    releases: Releases,
    account: lazy(() => import('./account/account.tsx'), 'AccountPage'),
    duty: lazy(() => import('./duty/duty.tsx'), 'Duty'),
  },
  check: {
    signals: Signals,
    queue: Queue,
    pushes: lazy(() => import('./pushes/pushes.tsx'), 'Pushes'),
    diagnostics: lazy(() => import('./diagnostics/diagnostics.tsx'), 'Diagnostics'),
    logs: lazy(() => import('./more/logs.tsx'), 'Logs'),
  },
  setUp: {
    wizard: lazy(() => import('./wizard/wizard.tsx'), 'Wizard'),
    config: lazy(() => import('./config/config.tsx'), 'Configuration'),
    api: lazy(() => import('./more/api.tsx'), 'ApiHelp'),
  },
  manage: {
    users: lazy(() => import('./more/users.tsx'), 'Users'),
    backup: lazy(() => import('./more/backup.tsx'), 'Backup'),
    privacy: lazy(() => import('./more/privacy.tsx'), 'Privacy'),
    about: lazy(() => import('./more/about.tsx'), 'AboutBox'),
  },
};
const IN_BAR: readonly string[] = ['overview', 'inbox', 'releases', 'signals'] satisfies readonly PageName[];

export const PAGES: readonly Page[] = (Object.keys(COMPONENTS) as PageGroup[]).flatMap((group) =>
  Object.entries(COMPONENTS[group]).map(([key, component]) => {
    const name = key as PageName;
    return { name, group, role: PAGE_RIGHT[name], component, bar: IN_BAR.includes(name) };
  }),
);
