/** The releases: the list, or one of them when the address names it. */
import { lazy } from '../lazy.tsx';
import type { PageProps } from '../page-contract.ts';
import { List } from './list.tsx';

const Release = lazy(() => import('./detail.tsx'), 'Detail');

export function Releases({ route, role }: PageProps) {
  const id = route.path[1];
  return id === undefined ? <List query={route.query} role={role} /> : <Release key={id} route={route} role={role} />;
}
