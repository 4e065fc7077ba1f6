/** Releases, newest first, as filtered by the address; a page at a time. */
import { useEffect, useRef } from 'preact/hooks';
import type { ReleaseList, ReleaseListRow, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { reviewText } from '../../text/page/ui-review.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { useLive } from '../live.ts';
import { Download, Empty, LinkButton, LoadState } from '../parts.tsx';
import { go, place, search } from '../route.ts';
import { day } from '../time.tsx';
import { Filters, filtersOf } from './filters.tsx';
import { Row } from './row.tsx';

export const ON_A_PAGE = 30;
/** Many changes at once (a draining backlog) reload once. */
const SETTLE_MS = 400;

export function List({ query, role }: { readonly query: Readonly<Record<string, string>>; readonly role: UserRole }) {
  const filters = filtersOf(query);
  const shown = { ...filters, before: query.before };
  const filtered = Object.keys(filters).length > 0;
  const list = useLoad<ReleaseList>(`releases${search({ ...shown, limit: ON_A_PAGE })}`);
  useReloadOnRelease(list.reload);
  const items = list.value?.items ?? [];
  const at = Number(query.at);
  const isHere = items.some(({ id }) => id === at);
  // Back from a record: the list comes later than the page.
  useEffect(() => {
    if (isHere) document.querySelector('.release.at')?.scrollIntoView({ block: 'center' });
  }, [isHere]);
  const seen = list.value;
  return (
    <>
      <Filters filters={filters} methods={list.value?.methods ?? []}>
        {hasRight(role, 'viewer') && (
          <Download path={`releases.csv${search(filters)}`}>{say(releasesText.csv)}</Download>
        )}
      </Filters>
      <LoadState of={list} />
      {list.value !== undefined && items.length === 0 && (
        <Empty>{say(filtered || query.before ? releasesText.none : releasesText.noneYet)}</Empty>
      )}
      {seen !== undefined && items.length > 0 && (
        <p class="quiet">{say(reviewText.total(seen.total, seen.more === true))}</p>
      )}
      {byDay(items).map(([date, rows]) => (
        <section key={date} aria-label={date}>
          <h2 class="list-title">
            {date} <span class="quiet">{rows.length}</span>
          </h2>
          <ul class="releases" aria-busy={list.loading}>
            {rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                href={place(`releases/${row.id}`, shown)}
                onOpen={() => go(place('releases', { ...shown, at: row.id }), true)}
                isAt={row.id === at}
              />
            ))}
          </ul>
        </section>
      ))}
      <div class="row paging">
        {query.before !== undefined && <LinkButton to={place('releases', filters)} text={releasesText.newest} />}
        {list.value?.next !== undefined && (
          <LinkButton
            to={place('releases', { ...filters, before: list.value.next })}
            text={releasesText.older}
            icon="next"
          />
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

/** Reloads when something happens to a record. */
export function useReloadOnRelease(reload: () => void, matters: (id: number) => boolean = () => true): void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>();
  useLive((event) => {
    if (event.event !== 'release' || !matters(event.data.id)) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(reload, SETTLE_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}
