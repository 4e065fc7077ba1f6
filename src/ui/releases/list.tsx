/** Releases, newest first, as filtered by the address; a page at a time. */
import { useEffect, useRef } from 'preact/hooks';
import type { ReleaseList } from '../../page/api/api.ts';
import { releasesText } from '../../text/page/ui-releases.ts';
import { shellText } from '../../text/page/ui-shell.ts';
import { boxAddress, useLoad } from '../fetch.ts';
import { Icon } from '../icons.tsx';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import { Empty, Loading, ProblemBox } from '../parts.tsx';
import { place, search } from '../route.ts';
import { Filters, filtersOf } from './filters.tsx';
import { Row } from './row.tsx';

const ON_A_PAGE = 30;
/** Many at once (a backlog that drains) ask once. */
const SETTLE_MS = 400;

export function List({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const filters = filtersOf(query);
  const filtered = Object.keys(filters).length > 0;
  const list = useLoad<ReleaseList>(`releases${search({ ...filters, before: query.before, limit: ON_A_PAGE })}`);
  useReloadOnRelease(list.reload);
  const items = list.value?.items ?? [];
  return (
    <>
      <Filters filters={filters} methods={list.value?.methods ?? []}>
        <a class="button" href={boxAddress(`releases.csv${search(filters)}`)} download>
          <Icon name="download" />
          {say(releasesText.csv)}
        </a>
      </Filters>
      <ProblemBox problem={list.problem} />
      {list.value === undefined && list.problem === undefined && <Loading text={shellText.loading} />}
      {list.value !== undefined && items.length === 0 && (
        <Empty>{say(filtered || query.before ? releasesText.none : releasesText.noneYet)}</Empty>
      )}
      {items.length > 0 && (
        <ul class="releases" aria-busy={list.loading}>
          {items.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </ul>
      )}
      <div class="row paging">
        {query.before !== undefined && (
          <a class="button" href={place('releases', filters)}>
            {say(releasesText.newest)}
          </a>
        )}
        {list.value?.next !== undefined && (
          <a class="button" href={place('releases', { ...filters, before: list.value.next })}>
            {say(releasesText.older)}
            <Icon name="next" />
          </a>
        )}
      </div>
    </>
  );
}

function useReloadOnRelease(reload: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>();
  useLive((event) => {
    if (event.event !== 'release') return;
    clearTimeout(timer.current);
    timer.current = setTimeout(reload, SETTLE_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}
