/** What each role may do: the server asks it for every route, the page for what it offers. */
import type { Right, UserRole } from './api.ts';

const RIGHTS: Readonly<Record<UserRole, readonly Right[]>> = {
  booth: ['booth'],
  viewer: ['booth', 'viewer'],
  operator: ['booth', 'viewer', 'office', 'operator'],
  // Reads all there is and changes nothing: the one thing that an auditor does is to agree to a dismissal.
  auditor: ['booth', 'viewer', 'office', 'auditor'],
  installer: ['booth', 'viewer', 'office', 'operator', 'auditor', 'installer'],
};

export const USER_ROLES = Object.keys(RIGHTS) as readonly UserRole[];

export const hasRight = (role: UserRole, right: Right): boolean => RIGHTS[role].includes(right);
