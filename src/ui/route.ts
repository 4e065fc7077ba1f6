/**
 * The route in the fragment of the address: `#/releases/12?day=2026-11-24`. Links are plain links, "back" is the browser's, and the box knows no
 * routes.
 */
import { useEffect, useState } from 'preact/hooks';

export interface PageRoute {
  /** `/releases/12` is `['releases', '12']`. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

export function parseRoute(hash: string): PageRoute {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const query: Record<string, string> = {};
  for (const pair of search.split('&')) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (name !== '') query[decoded(name)] = decoded(value);
  }
  return { path: path.split('/').filter(Boolean).map(decoded), query };
}

/** `?a=1&b=2` without empty values. */
export function search(query: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Address of a place in the page, for `href`. */
export const place = (path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string =>
  `#/${path}${search(query)}`;

/** Navigates; `replace` adds no history entry (filters while typing) and leaves the page where it is scrolled to. */
export function go(to: string, replace = false): void {
  if (replace) {
    // Not location.replace: Firefox scrolls to the top a moment later, under a finger that is on its way.
    history.replaceState(history.state, '', to);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else location.hash = to.slice(1);
}

export function useRoute(): PageRoute {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = (): void => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}
