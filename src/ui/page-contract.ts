/** Props of every page, and who may open which. It knows no page. */
import type { PageName, Right, UserRole } from '../page/api/api.ts';
import { hasRight } from '../page/api/rights.ts';
import type { PageRoute } from './route.ts';

export interface PageProps {
  /** `path[0]` is the page itself. */
  readonly route: PageRoute;
  readonly role: UserRole;
}

export const PAGE_RIGHT: Readonly<Record<PageName, Right>> = {
  overview: 'booth',
  releases: 'booth',
  inbox: 'office',
  duty: 'booth',
  queue: 'viewer',
  account: 'booth',
  signals: 'viewer',
  wizard: 'installer',
  config: 'auditor',
  pushes: 'office',
  diagnostics: 'office',
  logs: 'office',
  backup: 'installer',
  privacy: 'auditor',
  users: 'viewer',
  api: 'viewer',
  about: 'viewer',
};

/** A page that links to another one asks first: a link that is refused is none. */
export const mayOpen = (role: UserRole, page: PageName): boolean => hasRight(role, PAGE_RIGHT[page]);
