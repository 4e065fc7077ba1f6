/**
 * Verdicts that can still be undone. They are held here for ten seconds; what is held when the page is hidden, closed or logged out of is sent at once,
 * so that leaving loses none.
 */
import type { ReleaseListRow } from '../../page/api/api.ts';
import type { DecidedRecords, ReviewVerdict } from '../../page/api/api-duty.ts';
import { box, type FetchProblem, type FetchResult } from '../fetch.ts';
import { say } from '../language.ts';
import { uiProblemText } from '../problem-text.ts';
import { watchers } from '../watchers.ts';

const UNDO_MS = 10_000;
/** What waits, as a filter of releases. */
export const INBOX = { marked: 'inbox', limit: 100 };

export interface HeldVerdict {
  readonly rows: readonly ReleaseListRow[];
  readonly verdict: ReviewVerdict;
  readonly untilMs: number;
}
interface Held extends HeldVerdict {
  rows: readonly ReleaseListRow[];
  readonly reason: string | undefined;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** What became of the last ones, where that is not what was asked for. */
export interface NotKept {
  readonly problem?: FetchProblem;
  /** They are in the inbox again. */
  readonly isBack: boolean;
  /** Put aside meanwhile: nobody owes for them any more. */
  readonly gone: readonly ReleaseListRow[];
}

let held: readonly Held[] = [];
let inFlight = 0;
let notKept: NotKept | undefined;
/** Whose verdicts they are; undefined: nobody is logged in. */
let giver: string | undefined;
let lastGiver: string | undefined;
/** By record: as it was when it was decided on. */
const decided = new Map<number, string>();
const { changed, use } = watchers();

/** A new word on it makes it another case. */
const caseOf = ({ mark, answer, wishedAway }: ReleaseListRow): string =>
  [mark, answer, wishedAway].map((said) => said?.atWallMs ?? 0).join();

/** It waits no more, whatever a list says that was asked for before. */
export const isDecided = (row: ReleaseListRow): boolean => decided.get(row.id) === caseOf(row);

/** Here, and not undone. */
export const wasDecided = (id: number): boolean => decided.has(id);

export const isOwn = (who: string): boolean => who === giver;

/** Whoever is logged in from now on. What is held of somebody else is not sent in this name. */
export function setGiver(user: string | undefined): void {
  if (user === giver) return;
  for (const one of held) {
    letGo(one);
    notKept = {
      problem: { code: 'unauthorized', message: say(uiProblemText.unauthorized), errors: [] },
      isBack: true,
      gone: [],
    };
  }
  decided.clear();
  // Somebody else's; the same one learns of it at the next login.
  if (user !== undefined && user !== lastGiver) notKept = undefined;
  lastGiver = user ?? giver;
  giver = user;
  changed();
}

export function giveVerdict(rows: readonly ReleaseListRow[], verdict: ReviewVerdict, reason?: string): void {
  const ids = new Set(rows.map(({ id }) => id));
  // The last word counts: what is still held of the same record is never sent beside it.
  for (const other of held) {
    other.rows = other.rows.filter(({ id }) => !ids.has(id));
    if (other.rows.length === 0) letGo(other);
  }
  for (const row of rows) decided.set(row.id, caseOf(row));
  const one: Held = {
    ...{ rows, verdict, reason },
    untilMs: Date.now() + UNDO_MS,
    timer: setTimeout(() => send(one), UNDO_MS),
  };
  held = [...held, one];
  notKept = undefined;
  changed();
}

function letGo(one: Held): void {
  clearTimeout(one.timer);
  held = held.filter((each) => each !== one);
}

/** But for what has been decided on anew since. */
function reopen(rows: readonly ReleaseListRow[]): void {
  const anew = new Set(held.flatMap((each) => each.rows.map(({ id }) => id)));
  for (const { id } of rows) if (!anew.has(id)) decided.delete(id);
}

async function send(one: Held): Promise<void> {
  letGo(one);
  const { rows, verdict, reason } = one;
  const by = giver;
  const body = { ids: rows.map(({ id }) => id), verdict, ...(reason !== undefined && { reason }) };
  const sending = box.post<DecidedRecords>('releases/decide', body);
  inFlight += 1;
  changed();
  const answer = await sending;
  inFlight -= 1;
  // Said to whoever gave them.
  if (by === giver) answered(rows, answer);
  changed();
}

function answered(rows: readonly ReleaseListRow[], answer: FetchResult<DecidedRecords>): void {
  if (!answer.ok) {
    reopen(rows);
    notKept = { problem: answer.problem, isBack: true, gone: [] };
    return;
  }
  const { decided: made, notKept: full } = answer.value;
  const back = rows.filter(({ id }) => full.includes(id) || !made.some((each) => each.id === id));
  const gone = rows.filter(({ id }) => made.some((each) => each.id === id && each.sending === 'gone'));
  reopen(back);
  if (back.length + gone.length > 0) notKept = { isBack: back.length > 0, gone };
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
  reopen(last.rows);
  changed();
  return last;
}

addEventListener('pagehide', sendHeld);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') sendHeld();
});

/** Draws again whenever a verdict is given, undone or answered. */
export function useVerdicts(): {
  /** Can be undone. */
  readonly last: HeldVerdict | undefined;
  readonly notKept: NotKept | undefined;
  /** The box does not know of all of them yet. */
  readonly isBusy: boolean;
} {
  use();
  return { last: held[held.length - 1], notKept, isBusy: held.length + inFlight > 0 };
}
