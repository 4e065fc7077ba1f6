/** The inbox: what waits for a person, one record after the other, until none is left. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ReleaseList, ReleaseListRow, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { inboxText } from '../../text/page/ui-review.ts';
import { useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { say } from '../language.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Card, Loading, LoadState, ProblemBox } from '../parts.tsx';
import { useReloadOnRelease } from '../releases/list.tsx';
import { Row } from '../releases/row.tsx';
import { go, place } from '../route.ts';
import { InboxCard } from './card.tsx';
import { useKeys } from './keys.ts';
import { useSwipe } from './swipe.ts';
import { type Asking, Verbs } from './verbs.tsx';
import { giveVerdict, INBOX, isDecided, useVerdicts, wasDecided } from './verdicts.ts';

/** So many left: the next ones are asked for. */
const FEW = 10;

export function InboxPage({ route, role }: PageProps) {
  const path = `releases?marked=${INBOX.marked}&limit=${INBOX.limit}`;
  const list = useLoad<ReleaseList>(path);
  const { isBusy } = useVerdicts();
  const seen = list.value;
  const first = seen?.items.filter((row) => !isDecided(row)) ?? [];
  const next = first.length < FEW ? seen?.next : undefined;
  const more = useLoad<ReleaseList>(next === undefined ? undefined : `${path}&before=${next}`);
  const others = next === undefined ? [] : (more.value?.items.filter(({ id }) => id < next) ?? []);
  const rows = [...first, ...others.filter((row) => !isDecided(row))];
  const left = (seen?.total ?? 0) - (seen?.items.length ?? 0) - others.length + rows.length;
  const reload = (): void => {
    list.reload();
    more.reload();
  };
  // What was decided here is gone already: a list of a hundred is not asked for anew each time.
  useReloadOnRelease(reload, (id) => rows.length < FEW || !wasDecided(id));
  // More wait than were asked for: those come when the box knows of the verdicts.
  const isBehind = rows.length === 0 && left > 0;
  useEffect(() => {
    if (isBehind && !isBusy) list.reload();
  }, [isBehind, isBusy]);
  if (seen === undefined) return <LoadState of={list} />;
  return (
    <>
      <ProblemBox problem={list.problem ?? more.problem} />
      <p class="inbox-left quiet" role="status">
        {say(inboxText.left(left, seen.more === true))}
      </p>
      {rows.length > 0 && <Waiting rows={rows} role={role} at={Number(route.path[1])} />}
      {isBehind && <Loading />}
      {left === 0 && <Done />}
    </>
  );
}

const Done = () => (
  <Card>
    <h2>{say(inboxText.done)}</h2>
    <p class="quiet">{say(inboxText.doneHint)}</p>
    <HelpLink name="decide" />
  </Card>
);

const isAlike = (a: ReleaseListRow, b: ReleaseListRow): boolean =>
  a.laneId === b.laneId &&
  a.method === b.method &&
  a.state === b.state &&
  a.answer === undefined &&
  b.answer === undefined &&
  a.wishedAway?.who === b.wishedAway?.who &&
  a.wishedAway?.why === b.wishedAway?.why;

/** The record that the address names; where that is gone, the one before the eyes; where that is gone too, what came into its place. */
function usePlace(rows: readonly ReleaseListRow[], wanted: number): number {
  const kept = useRef({ wanted: Number.NaN, id: 0, index: 0 });
  const { current } = kept;
  const named = Object.is(wanted, current.wanted) ? current.id : wanted;
  const found = [named, current.id].map((id) => rows.findIndex((row) => row.id === id)).find((index) => index >= 0);
  const index = found ?? Math.min(current.index, rows.length - 1);
  kept.current = { wanted, index, id: rows[index]?.id ?? 0 };
  return index;
}

interface WaitingProps {
  /** At least one. */
  readonly rows: readonly ReleaseListRow[];
  readonly role: UserRole;
  readonly at: number;
}

function Waiting({ rows, role, at: wanted }: WaitingProps) {
  const at = usePlace(rows, wanted);
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const [asking, setAsking] = useState<Asking | undefined>();
  const row = rows[at] as ReleaseListRow;
  const picked = rows.filter(({ id }) => ticked.has(id));
  const chosen = picked.length > 0 ? picked : [row];
  const alike = rows.filter((each) => isAlike(each, row));
  const show = (index: number): void => {
    const next = rows[Math.max(0, Math.min(index, rows.length - 1))];
    setAsking(undefined);
    if (next !== undefined) go(place(`inbox/${next.id}`), true);
  };
  const toggle = (id: number): void =>
    setTicked(new Set(ticked.has(id) ? [...ticked].filter((each) => each !== id) : [...ticked, id]));
  /** On to the next that is left, whose address then is the place. */
  const moveOn = (from: readonly ReleaseListRow[]): void => {
    setTicked(new Set());
    setAsking(undefined);
    if (!from.includes(row)) return;
    const rest = rows.filter((each) => !from.includes(each));
    const next = rest.find(({ id }) => id < row.id) ?? rest[rest.length - 1];
    if (next !== undefined) go(place(`inbox/${next.id}`), true);
  };
  const swipe = useSwipe((to) => {
    if (!hasRight(role, 'operator')) return;
    // The card under the finger, whatever else is selected.
    setTicked(new Set());
    if (to === 'right') return setAsking('checked');
    giveVerdict([row], 'owed');
    moveOn([row]);
  });
  const open = (): void => {
    go(place(`inbox/${row.id}`), true);
    go(place(`releases/${row.id}`, { marked: INBOX.marked }));
  };
  useKeys((key, { target }) => {
    if (key === 'j') show(at + 1);
    else if (key === 'k') show(at - 1);
    else if (key === 'x') toggle(row.id);
    else if (key === 'enter' && target === document.body) open();
    else return false;
    return true;
  });
  useRowShown(at);
  return (
    <div class="inbox">
      <div class="inbox-main">
        <InboxCard key={row.id} row={row} swipe={swipe} />
        {/* Its pictures come while this one is looked at. */}
        {rows[at + 1] && <InboxCard key={rows[at + 1]?.id} row={rows[at + 1] as ReleaseListRow} isNext />}
        <div class="inbox-foot">
          {asking === undefined && (alike.length > 1 || picked.length > 0) && (
            <Several
              picked={picked.length}
              alike={alike.map(({ id }) => id)}
              onPick={(ids) => setTicked(new Set(ids))}
            />
          )}
          <Verbs rows={chosen} role={role} asking={asking} onAsk={setAsking} onDecided={() => moveOn(chosen)} />
        </div>
        <p class="hint">{say(matchMedia('(hover: none)').matches ? inboxText.swipe : inboxText.keys)}</p>
      </div>
      <section class="inbox-list" aria-label={say(inboxText.rest)}>
        <ul class="releases">
          {rows.map((each) => (
            <Row
              key={each.id}
              row={each}
              href={place(`inbox/${each.id}`)}
              isAt={each === row}
              pick={{ on: ticked.has(each.id), onToggle: () => toggle(each.id) }}
            />
          ))}
        </ul>
      </section>
    </div>
  );
}

interface SeveralProps {
  readonly picked: number;
  readonly alike: readonly number[];
  readonly onPick: (ids: readonly number[]) => void;
}

const Several = ({ picked, alike, onPick }: SeveralProps) => (
  <div class="row">
    {picked > 0 && <strong aria-live="polite">{say(inboxText.picked(picked))}</strong>}
    <Button look="link" onClick={() => onPick(picked > 0 ? [] : alike)}>
      {say(picked > 0 ? inboxText.clear : inboxText.alike(alike.length))}
    </Button>
  </div>
);

/** The row of the record is in sight. Of the list alone: the page stays where it is. */
function useRowShown(at: number): void {
  useLayoutEffect(() => {
    const list = document.querySelector('.inbox-list');
    const row = list?.querySelector<HTMLElement>('.release.at');
    if (list && row) list.scrollTop = row.offsetTop - list.clientHeight / 2;
  }, [at]);
}
