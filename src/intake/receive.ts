/** From the content of a request to its receipts: accepted or refused as a whole, each item counted once. Knows no HTTP. */
import type { Clock } from '../clock.ts';
import { type FieldError, Problem } from '../http/problem.ts';
import { expiredText, fieldText, ignoredText, reusedIdText, unverifiedText } from '../text/intake.ts';
import { beijingTime, type Language, type Text } from '../text/text.ts';
import type { Channels } from './channels.ts';
import type { Checked } from './check.ts';
import { Deduplication, type Difference, writtenOf } from './deduplication.ts';
import type { Elsewhere, Expired, IntakeOutcome, Understood } from './events.ts';
import { type IgnoredMessage, IgnoredMessages } from './ignored-messages.ts';
import type { IntakeOptions } from './intake-contract.ts';
import { RefinedReads } from './pushes/refined-reads.ts';
import type { RefusalLog } from './refusal-log.ts';

export const BATCH_MAX = 500;
/** Of a request or a message of a broker. */
export const BODY_BYTES_MAX = 1_000_000;
/** Longest wait for the store. */
const ACCEPT_MS_MAX = 10_000;
const AGAIN = { 'retry-after': '2' };

export interface Receipt {
  readonly id?: string;
  /**
   * `duplicate`: received before, counted once. `ignored`: not for this box. `expired`: over before it came, covers no vehicle. `reason`
   * explains the last two.
   */
  readonly status: 'accepted' | 'duplicate' | 'ignored' | 'expired';
  readonly reason?: string;
  /** Of an accepted payment: what a person should look at. */
  readonly warning?: string;
  /** If expired: its end and its arrival, by the clock of this box. */
  readonly expiredAt?: string;
  readonly receivedAt?: string;
}

/** Shared by all channels. */
export interface Shared {
  readonly accept: IntakeOptions['accept'];
  readonly clock: Clock;
  readonly memory: Deduplication;
  readonly ignored: IgnoredMessages;
  readonly channels: Pick<Channels, 'connected' | 'received'>;
  readonly refined: RefinedReads;
}

/** A channel without shared parts gets its own. */
export function sharedOf(options: Omit<IntakeOptions, 'config' | 'cameras'>): Shared {
  const { accept, clock } = options;
  return {
    accept,
    clock,
    memory: options.memory ?? new Deduplication(clock),
    ignored: options.ignored ?? new IgnoredMessages(() => clock.nowMs()),
    channels: options.channels ?? { connected: () => {}, received: () => {} },
    refined: new RefinedReads(),
  };
}

export interface Receiver extends Shared {
  readonly understand: (value: unknown) => Checked<Understood>;
  readonly language: Language;
  /** The name of the channel. */
  readonly sender: string;
  readonly refusals: RefusalLog;
  /** Of plates: the account of what came. */
  readonly became?: (item: Understood, receipt: Receipt) => void;
}

/** The items of a request; a list is a batch. Throws Problem. */
export function requestItems(content: unknown): readonly unknown[] {
  if (!Array.isArray(content)) return [content];
  if (content.length === 0) throw new Problem('invalid', { errors: [{ field: '', message: fieldText.emptyBatch }] });
  if (content.length > BATCH_MAX) throw new Problem('tooLarge');
  return content;
}

/** One receipt for each item, in order. Throws Problem: invalid, conflict (nothing was accepted), full (some may have been). */
export async function receive(
  items: readonly unknown[],
  isBatch: boolean,
  receiver: Receiver,
): Promise<readonly Receipt[]> {
  const understood = understandAll(items, isBatch, receiver);
  receiver.channels.received(receiver.sender);
  const receipts = understood.map((message) => receiveOne(message, receiver));
  const finished = new AbortController();
  const late = receiver.clock.sleep(ACCEPT_MS_MAX, finished.signal).then((): 'late' => 'late');
  try {
    const results = await Promise.race([Promise.all(receipts), late]);
    if (results === 'late' || results.includes('full')) throw new Problem('full', { headers: AGAIN });
    const all = results as readonly Receipt[];
    for (const [index, receipt] of all.entries()) receiver.became?.(understood[index] as Understood, receipt);
    return all;
  } finally {
    finished.abort();
  }
}

function understandAll(items: readonly unknown[], isBatch: boolean, receiver: Receiver): readonly Understood[] {
  const at = (index: number, { field, message }: FieldError): FieldError => ({
    field: isBatch ? `[${index}]${field === '' ? '' : `.${field}`}` : field,
    message,
  });
  const checked = items.map((item) => receiver.understand(item));
  const errors = checked.flatMap((one, index) => ('errors' in one ? one.errors.map((error) => at(index, error)) : []));
  if (errors.length > 0) {
    for (const one of checked)
      if ('errors' in one && one.elsewhere !== undefined) hintElsewhere(one.elsewhere, receiver);
    throw new Problem('invalid', { errors });
  }
  const understood = checked.flatMap((one) => ('data' in one ? [one.data] : []));
  const conflicts = understood.flatMap((message, index) =>
    conflicting(message, [...fromBefore(message, receiver.memory), ...withinBatch(understood, index)]).map(
      ({ field, was }) => at(index, { field, message: fieldText.differs(was) }),
    ),
  );
  if (conflicts.length > 0) throw new Problem('conflict', { errors: conflicts });
  return understood;
}

/** A vehicle may be read better under its id, but not in another lane. */
function conflicting({ refines }: Understood, differing: readonly Difference[]): readonly Difference[] {
  return refines && !differing.some(({ field }) => field === 'lane') ? [] : differing;
}

/** From an earlier message. */
const fromBefore = (message: Understood, memory: Deduplication): readonly Difference[] =>
  message.corrects ? [] : (memory.differences(message) ?? []);

/** Not awaited: the answer does not depend on it, and a loss costs a hint only. */
function hintElsewhere(event: Elsewhere, { accept }: Receiver): void {
  void accept(event).catch(() => undefined);
}

/** The same id twice in one request, with other content. */
function withinBatch(understood: readonly Understood[], index: number): readonly Difference[] {
  const { id, content } = understood[index] as Understood;
  const first = id === undefined ? undefined : understood.findIndex((other) => other.id === id);
  const before = first === undefined || first >= index ? undefined : understood[first]?.content;
  if (before === undefined) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(content)])]
    .filter((field) => before[field] !== content[field])
    .map((field) => ({ field, was: before[field] ?? '' }));
}

/** Calls `accept` without awaiting anything first, so that events keep their order of arrival. */
async function receiveOne(message: Understood, receiver: Receiver): Promise<Receipt | 'full'> {
  const { memory, accept, language } = receiver;
  const id = message.id === undefined ? {} : { id: message.id };
  const reason = message.ignored && ignoredText[message.ignored];
  if (message.event === undefined) {
    if (message.elsewhere !== undefined) hintElsewhere(message.elsewhere, receiver);
    if (reason !== undefined) uncounted(message, 'ignored', reason, receiver);
    return { ...id, status: 'ignored', ...(reason && { reason: reason[language] }) };
  }
  const before = memory.outcome(message);
  const refinement = refinementOf(message, receiver);
  if (before !== undefined && refinement?.kind !== 'better')
    return receiptOf(await before, message, 'duplicate', language);
  const outcome: Promise<IntakeOutcome> = accept(
    refinement?.kind === 'better' ? { ...refinement.event, readAtMs: refinement.atMs } : message.event,
  );
  memory.keep(message, outcome);
  const came = await outcome;
  if (message.unverified !== undefined && came !== 'full')
    uncounted(message, 'unverified', unverifiedText[message.unverified], receiver);
  if (typeof came === 'object') uncounted(message, 'expired', expiredText(...timesOf(came, message)), receiver);
  if (came === 'reusedId') uncounted(message, 'reusedId', reusedIdText, receiver);
  if (reason === undefined || came !== 'accepted') return receiptOf(came, message, 'accepted', language);
  uncounted(message, 'ignored', reason, receiver);
  return { ...id, status: 'ignored', reason: reason[language] };
}

/** How a plate compares with the one read before under its id. */
function refinementOf({ id, event, refines }: Understood, { refined }: Receiver) {
  if (!refines || id === undefined || event?.kind !== 'plate') return undefined;
  return { event, ...refined.take(`${event.laneId} ${id}`, { ...event.plate, atMs: event.readAtMs }) };
}

/** A repeated expired message gets the same answer, so that its sender sees the reason. */
function receiptOf(
  outcome: IntakeOutcome,
  message: Understood,
  status: 'accepted' | 'duplicate',
  language: Language,
): Receipt | 'full' {
  if (outcome === 'full') return 'full';
  const id = message.id === undefined ? {} : { id: message.id };
  if (outcome === 'accepted') return { ...id, status };
  if (outcome === 'reusedId') return { ...id, status, warning: reusedIdText[language] };
  if (outcome === 'repeated') return { ...id, status: 'duplicate' };
  const [expiredAt, receivedAt] = timesOf(outcome, message);
  return { ...id, status: 'expired', reason: expiredText(expiredAt, receivedAt)[language], expiredAt, receivedAt };
}

/** What the sender wrote is repeated as it was written; through lane time and back it would be a millisecond off. */
function timesOf({ endedWallMs, receivedWallMs, lifeMs }: Expired, message: Understood): readonly [string, string] {
  const { issuedWallMs, endsWallMs } = writtenOf(message);
  const bornWallMs = issuedWallMs !== undefined && lifeMs !== undefined ? issuedWallMs + lifeMs : undefined;
  const endMs = endsWallMs ?? bornWallMs ?? endedWallMs;
  return [beijingTime(Math.round(endMs)), beijingTime(Math.round(receivedWallMs))];
}

function uncounted(
  { id, event, theirLane }: Understood,
  status: IgnoredMessage['status'],
  reason: Text,
  { ignored, sender, refusals }: Receiver,
): void {
  if (status === 'expired' || status === 'reusedId')
    refusals.add(status, sender, [{ field: id ?? '', message: reason }]);
  const plate =
    event?.kind === 'grant' ? event.grant.plate : event?.kind === 'vehicle' ? event.vehicle.plate : undefined;
  ignored.add({
    status,
    sender,
    reason,
    ...(id !== undefined && { id }),
    ...((event?.laneId ?? theirLane) !== undefined && { lane: event?.laneId ?? theirLane }),
    ...(plate !== undefined && { plate }),
  });
}
