/** Props of every page, and the order of roles. It knows no page. */
import type { Right, UserRole } from '../page/api/api.ts';
import type { PageRoute } from './route.ts';

export interface PageProps {
  /** `path[0]` is the page itself. */
  readonly route: PageRoute;
  readonly role: UserRole;
}

/** As `src/page/routes.ts`. An auditor reads everything; he acts on nothing but a dismissal, to which he agrees. */
const RIGHTS: Readonly<Record<UserRole, readonly Right[]>> = {
  booth: ['booth'],
  viewer: ['booth', 'viewer'],
  operator: ['booth', 'viewer', 'office', 'operator'],
  auditor: ['booth', 'viewer', 'office', 'auditor'],
  installer: ['booth', 'viewer', 'office', 'operator', 'auditor', 'installer'],
};

export const may = (role: UserRole, needed: Right): boolean => RIGHTS[role].includes(needed);
