/** Checks that several stories share: what the cashier sees, what a message says, and that it came once. */
import { practiceText as text } from '../../text/commands/practice.ts';
import type { Text } from '../../text/text.ts';
import type { CounterAnswer, CounterEvent } from './counter.ts';
import { ensure, type PracticeLane, type PracticeStage, type SentItem } from './stage.ts';

export const PATHS = {
  grants: '/api/v1/grants',
  entries: '/api/v1/entries',
  charges: '/api/v1/charges',
  vehicles: '/api/v1/vehicles',
  shifts: '/api/v1/shifts',
} as const;

/** What the cashier sees of a message. */
export type Shown = 'told' | 'waiting' | 'expired' | 'refused' | 'token';

/** Clocks of one machine, and the time between the event and the message. */
export const TIME_ERROR_MS = 4_000;

export function shows(answer: CounterAnswer, wanted: Shown, ...or: readonly Shown[]): void {
  ensure(
    [wanted, ...or].some((one) => one === answer.shown),
    () => text.wrongShown(wanted, String(answer.shown)),
  );
}

/** A car whose payment is told at its lane, and whose arm must not wait for the answer. */
export function pass(
  stage: PracticeStage,
  lane: PracticeLane,
  fields: Readonly<Record<string, string | number>>,
): Promise<CounterAnswer> {
  return stage.alone(() => passNow(stage, lane, fields));
}

/** As `pass`, within `alone`. */
export const passNow = (
  stage: PracticeStage,
  lane: PracticeLane,
  fields: Readonly<Record<string, string | number>>,
): Promise<CounterAnswer> =>
  lifts(stage, lane, { event: 'pass', order: stage.order(), lane: lane.id, kind: 'paid', ...fields });

/** The arm is watched from the line on: a car may be gone before a slow answer. */
async function lifts({ ask, site }: PracticeStage, lane: PracticeLane, event: CounterEvent): Promise<CounterAnswer> {
  const sinceMs = site.clock.nowMs();
  const answer = ask(event);
  // Whichever fails first is named; neither is left unobserved.
  const [answered, lifted] = await Promise.allSettled([answer, lane.lifted(sinceMs)]);
  if (lifted.status === 'rejected') throw lifted.reason;
  if (answered.status === 'rejected') throw answered.reason;
  return answered.value;
}

/** Opens the arm and nothing else. */
export const open = async (stage: PracticeStage, lane: PracticeLane): Promise<void> => {
  await stage.alone(() => lifts(stage, lane, { event: 'open', lane: lane.id }));
};

/** The first message to a path with these fields that the box took. */
export async function message(
  stage: PracticeStage,
  path: string,
  fields: Readonly<Record<string, unknown>>,
  withinMs?: number,
): Promise<SentItem> {
  const [key = '', value] = Object.entries(fields)[0] ?? [];
  const taken = await stage.until(
    () => stage.sent(path, (item) => item[key] === value).find(({ request }) => request.status === 202),
    () =>
      text.noMessage(path, key, String(value), stage.sent(path, (item) => item[key] === value).at(-1)?.request.status),
    withinMs,
  );
  for (const [field, wanted] of Object.entries(fields)) isField(field, wanted, taken.item[field]);
  return taken;
}

const wrongField = (field: string, wanted: unknown, seen: unknown): Text =>
  field === 'amount' && Number(seen) * 100 === wanted
    ? text.yuan(wanted as number, Number(seen))
    : text.wrongField(field, String(wanted), String(seen));

export const isField = (field: string, wanted: unknown, seen: unknown): void =>
  ensure(seen === wanted, () => wrongField(field, wanted, seen));

/** A time of a message is written, and right. */
export function timeIs(item: SentItem['item'], field: string, wantedWallMs: number, errorMs = TIME_ERROR_MS): void {
  const written = Date.parse(String(item[field]));
  const errorS = Math.round((written - wantedWallMs) / 100) / 10;
  ensure(Math.abs(written - wantedWallMs) <= errorMs, () =>
    text.wrongTime(field, String(item[field]), Number.isNaN(written) ? undefined : errorS),
  );
}

/** A payment, as it must be told: with an id of its own, its lane, and when it was paid. */
export async function payment(
  stage: PracticeStage,
  fields: Readonly<Record<string, unknown>>,
  withinMs?: number,
): Promise<SentItem> {
  const taken = await message(stage, PATHS.grants, fields, withinMs);
  timeIs(taken.item, 'issuedAt', taken.request.wallMs);
  return taken;
}

/** The kind that the box understood; `paid` is usual. */
export function kindIs(stage: PracticeStage, id: unknown, wanted: string): void {
  const kind = stage.received('grant').find(({ event }) => event.grant.id === id)?.event.grant.kind;
  isField('kind', wanted, kind);
}

/** However often it was sent, it had one id, and the box counted it once. */
export function countedOnce(stage: PracticeStage, path: string, key: string, value: unknown): void {
  const ids = new Set(stage.sent(path, (item) => item[key] === value).map(({ item }) => item.id));
  ensure(ids.size === 1, () => text.severalIds(ids.size));
  const counted = stage.received('grant').filter(({ event }) => ids.has(event.grant.id)).length;
  ensure(counted === 1, () => text.countedTimes(counted));
}
