/** Props of every page. It knows no page. */
import type { UserRole } from '../page/api/api.ts';
import type { PageRoute } from './route.ts';

export interface PageProps {
  /** `path[0]` is the page itself. */
  readonly route: PageRoute;
  readonly role: UserRole;
}
