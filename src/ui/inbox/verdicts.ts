/**
 * Verdicts that can still be undone. They are held here for ten seconds; what is held when the page is hidden, closed or logged out of is sent at once,
 * so that leaving loses none.
 */
import { useEffect, useState } from 'preact/hooks';
import type { ReleaseListRow } from '../../page/api/api.ts';
import type { DecidedRecords, ReviewVerdict } from '../../page/api/api-duty.ts';
import { box, type FetchProblem } from '../fetch.ts';

const UNDO_MS = 10_000;
/** What waits, as a filter of releases. */
export const INBOX = { marked: 'inbox', limit: 100 };

export interface HeldVerdict {
  readonly rows: readonly ReleaseListRow[];
  readonly verdict: ReviewVerdict;
  readonly untilMs: number;
}
interface Held extends HeldVerdict {
  readonly reason: string | undefined;
  readonly timer: ReturnType<typeof setTimeout>;
}

let held: readonly Held[] = [];
let problem: FetchProblem | undefined;
/** By record: as it was when it was decided on. */
const decided = new Map<number, string>();
const watchers = new Set<() => void>();

function changed(): void {
  for (const watcher of watchers) watcher();
}

/** A new word on it makes it another case. */
const caseOf = ({ mark, answer, wishedAway }: ReleaseListRow): string =>
  [mark, answer, wishedAway].map((said) => said?.atWallMs ?? 0).join();

/** It waits no more, whatever a list says that was asked for before. */
export const isDecided = (row: ReleaseListRow): boolean => decided.get(row.id) === caseOf(row);

/** Here, and not undone. */
export const wasDecided = (id: number): boolean => decided.has(id);

export function giveVerdict(rows: readonly ReleaseListRow[], verdict: ReviewVerdict, reason?: string): void {
  for (const row of rows) decided.set(row.id, caseOf(row));
  const one: Held = {
    ...{ rows, verdict, reason },
    untilMs: Date.now() + UNDO_MS,
    timer: setTimeout(() => send(one), UNDO_MS),
  };
  held = [...held, one];
  problem = undefined;
  changed();
}

function letGo(one: Held): void {
  clearTimeout(one.timer);
  held = held.filter((each) => each !== one);
}

function reopen({ rows }: HeldVerdict): void {
  for (const { id } of rows) decided.delete(id);
}

async function send(one: Held): Promise<void> {
  letGo(one);
  const { rows, verdict, reason } = one;
  const body = { ids: rows.map(({ id }) => id), verdict, ...(reason !== undefined && { reason }) };
  const sending = box.post<DecidedRecords>('releases/decide', body);
  changed();
  const answer = await sending;
  if (answer.ok) return;
  reopen(one);
  problem = answer.problem;
  changed();
}

/** All of them, now. */
export async function sendHeld(): Promise<void> {
  await Promise.all(held.map(send));
}

/** The last one; returns what it was about. */
export function undo(): HeldVerdict | undefined {
  const last = held[held.length - 1];
  if (last === undefined) return undefined;
  letGo(last);
  reopen(last);
  changed();
  return last;
}

addEventListener('pagehide', sendHeld);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') sendHeld();
});

/** What can be undone, and what was not kept. Draws again whenever a verdict is given, undone or refused. */
export function useVerdicts(): { readonly last: HeldVerdict | undefined; readonly problem: FetchProblem | undefined } {
  const [, redraw] = useState(0);
  useEffect(() => {
    const watcher = (): void => redraw((before) => before + 1);
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
    };
  }, []);
  return { last: held[held.length - 1], problem };
}
