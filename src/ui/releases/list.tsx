/** Releases, newest first, as filtered by the address; a page at a time. */
import { useEffect, useRef } from 'preact/hooks';
import type { ReleaseList, ReleaseListRow, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { releasesText } from '../../text/page/ui-releases.ts';
import { reviewText } from '../../text/page/ui-review.ts';
import { shellText } from '../../text/page/ui-shell.ts';
import { useLoad } from '../fetch.ts';
import { Icon } from '../icons.tsx';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import { Download, Empty, Loading, ProblemBox } from '../parts.tsx';
import { MarkBar, useMarking } from '../review/marking.tsx';
import { place, search } from '../route.ts';
import { day } from '../time.tsx';
import { Filters, filtersOf } from './filters.tsx';
import { Row } from './row.tsx';

const ON_A_PAGE = 30;
/** Many changes at once (a draining backlog) reload once. */
const SETTLE_MS = 400;

interface ListProps {
  readonly query: Readonly<Record<string, string>>;
  readonly role: UserRole;
}

export function List({ query, role }: ListProps) {
  const filters = filtersOf(query);
  const filtered = Object.keys(filters).length > 0;
  const list = useLoad<ReleaseList>(`releases${search({ ...filters, before: query.before, limit: ON_A_PAGE })}`);
  useReloadOnRelease(list.reload);
  const items = list.value?.items ?? [];
  const marking = useMarking(items, role, list.reload);
  const seen = list.value;
  return (
    <>
      <Filters filters={filters} methods={list.value?.methods ?? []}>
        {hasRight(role, 'viewer') && (
          <Download path={`releases.csv${search(filters)}`}>{say(releasesText.csv)}</Download>
        )}
      </Filters>
      <ProblemBox problem={list.problem} />
      {list.value === undefined && list.problem === undefined && <Loading text={shellText.loading} />}
      {list.value !== undefined && items.length === 0 && (
        <Empty>{say(filtered || query.before ? releasesText.none : releasesText.noneYet)}</Empty>
      )}
      {seen !== undefined && items.length > 0 && (
        <p class="quiet">{say(reviewText.total(seen.total, seen.more === true))}</p>
      )}
      {byDay(items).map(([date, rows]) => (
        <section key={date} aria-label={date}>
          <h2 class="day-head">
            {date} <span class="quiet">{rows.length}</span>
          </h2>
          <ul class="releases" aria-busy={list.loading}>
            {rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                {...(marking.mayMark && { marking })}
                isAt={items[marking.at ?? -1] === row}
              />
            ))}
          </ul>
        </section>
      ))}
      <MarkBar marking={marking} onDone={list.reload} />
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

/** Newest first, as they come. */
function byDay(items: readonly ReleaseListRow[]): readonly (readonly [string, readonly ReleaseListRow[]])[] {
  const days = new Map<string, ReleaseListRow[]>();
  for (const row of items) {
    const date = day(row.releaseWallMs);
    days.set(date, [...(days.get(date) ?? []), row]);
  }
  return [...days];
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
