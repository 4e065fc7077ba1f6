/** Props of every page, and the order of roles. It knows no page. */
import type { UserRole } from '../page/api/api.ts';
import type { PageRoute } from './route.ts';

export interface PageProps {
  /** `path[0]` is the page itself. */
  readonly route: PageRoute;
  readonly role: UserRole;
}

const RANK: Readonly<Record<UserRole, number>> = { booth: -1, viewer: 0, operator: 1, installer: 2 };

/** Each role may all that those before it may. */
export const may = (role: UserRole, needed: UserRole): boolean => RANK[role] >= RANK[needed];
