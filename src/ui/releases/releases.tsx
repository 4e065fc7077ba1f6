/** The releases: the list, or one of them when the address names it. */
import type { PageProps } from '../page-contract.ts';
import { Detail } from './detail.tsx';
import { List } from './list.tsx';

export function Releases({ route, role }: PageProps) {
  const id = route.path[1];
  return id === undefined ? <List query={route.query} role={role} /> : <Detail key={id} id={id} role={role} />;
}
