/** From the content of a request to its answer: understood as a whole or refused as a whole, each thing counted once. Knows no HTTP. */
import type { Clock } from '../clock.ts';
import { type FieldError, Problem } from '../http/problem.ts';
import { expiredText, fieldText, ignoredText } from '../text/intake.ts';
import type { Language, Text } from '../text/text.ts';
import { Arrivals } from './arrivals.ts';
import type { Channels } from './channels.ts';
import type { Checked } from './check.ts';
import { Memory } from './deduplication.ts';
import type { Refusals } from './refusals.ts';
import type { Elsewhere, Expired, IntakeOptions, IntakeOutcome, Understood } from './types.ts';

export const BATCH_MAX = 500;
/** Of a request or a message of a broker. */
export const BODY_BYTES_MAX = 1_000_000;
/** A store that has not answered by then is not going to. */
const ACCEPT_MS_MAX = 10_000;
const AGAIN = { 'retry-after': '2' };

export interface Receipt {
  readonly id?: string;
  /**
   * `duplicate`: told before; it counts once. `ignored`: nothing to do here. `expired`: over before it came; it lets nobody out. Of both
   * `reason` says why.
   */
  readonly status: 'accepted' | 'duplicate' | 'ignored' | 'expired';
  readonly reason?: string;
  /** Of an expired one: when it was over and when it came, by the clock of this box. */
  readonly expiredAt?: string;
  readonly receivedAt?: string;
}

/** What every channel receives by. */
export interface Shared {
  readonly accept: IntakeOptions['accept'];
  readonly clock: Clock;
  readonly memory: Memory;
  readonly arrivals: Arrivals;
  readonly channels: Pick<Channels, 'connected' | 'heard'>;
}

/** A channel that shares with no other remembers for itself. */
export function sharedOf(options: Omit<IntakeOptions, 'config' | 'cameras'>): Shared {
  const { accept, clock } = options;
  return {
    accept,
    clock,
    memory: options.memory ?? new Memory(clock),
    arrivals: options.arrivals ?? new Arrivals(() => clock.nowMs()),
    channels: options.channels ?? { connected: () => {}, heard: () => {} },
  };
}

export interface Receiver extends Shared {
  readonly understand: (value: unknown) => Checked<Understood>;
  readonly language: Language;
  /** Whose messages these are: the name of the channel they came over. */
  readonly sender: string;
  readonly refusals: Refusals;
}

/** How many things a request tells; a list is a batch. Throws Problem. */
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
  receiver.channels.heard(receiver.sender);
  const receipts = understood.map((message) => receiveOne(message, receiver));
  const finished = new AbortController();
  const late = receiver.clock.sleep(ACCEPT_MS_MAX, finished.signal).then((): 'late' => 'late');
  try {
    const results = await Promise.race([Promise.all(receipts), late]);
    if (results === 'late' || results.includes('full')) throw new Problem('full', { headers: AGAIN });
    return results as readonly Receipt[];
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
      if ('errors' in one && one.elsewhere !== undefined) tellElsewhere(one.elsewhere, receiver);
    throw new Problem('invalid', { errors });
  }
  const understood = checked.flatMap((one) => ('data' in one ? [one.data] : []));
  const conflicts = understood.flatMap((message, index) =>
    [...(receiver.memory.differences(message) ?? []), ...withinBatch(understood, index)].map(({ field, was }) =>
      at(index, { field, message: fieldText.differs(was) }),
    ),
  );
  if (conflicts.length > 0) throw new Problem('conflict', { errors: conflicts });
  return understood;
}

/** The message itself is answered without it: nothing waits for what comes of it, and what is lost costs a hint. */
function tellElsewhere(event: Elsewhere, { accept }: Receiver): void {
  void accept(event).catch(() => undefined);
}

/** The same id twice in one request, with something else. */
function withinBatch(understood: readonly Understood[], index: number): readonly { field: string; was: string }[] {
  const { id, content } = understood[index] as Understood;
  const first = id === undefined ? undefined : understood.findIndex((other) => other.id === id);
  const before = first === undefined || first >= index ? undefined : understood[first]?.content;
  if (before === undefined) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(content)])]
    .filter((field) => before[field] !== content[field])
    .map((field) => ({ field, was: before[field] ?? '' }));
}

/** Runs to `accept` without waiting, so that events stay in the order of arrival. */
async function receiveOne(message: Understood, receiver: Receiver): Promise<Receipt | 'full'> {
  const { memory, accept, language } = receiver;
  const id = message.id === undefined ? {} : { id: message.id };
  const reason = message.ignored && ignoredText[message.ignored];
  if (message.event === undefined) {
    if (message.elsewhere !== undefined) tellElsewhere(message.elsewhere, receiver);
    if (reason !== undefined) uncounted(message, 'ignored', reason, receiver);
    return { ...id, status: 'ignored', ...(reason && { reason: reason[language] }) };
  }
  const before = memory.outcome(message.id);
  if (before !== undefined) return receiptOf(await before, id, 'duplicate', language);
  const outcome: Promise<IntakeOutcome> = accept(message.event);
  memory.keep(message, outcome);
  const came = await outcome;
  if (typeof came === 'object') uncounted(message, 'expired', expiredText(...timesOf(came)), receiver);
  if (reason === undefined || came !== 'accepted') return receiptOf(came, id, 'accepted', language);
  uncounted(message, 'ignored', reason, receiver);
  return { ...id, status: 'ignored', reason: reason[language] };
}

/** An expired one is answered the same each time: who repeats it is to see why. */
function receiptOf(
  outcome: IntakeOutcome,
  id: Pick<Receipt, 'id'>,
  status: 'accepted' | 'duplicate',
  language: Language,
): Receipt | 'full' {
  if (outcome === 'full') return 'full';
  if (outcome === 'accepted') return { ...id, status };
  const [expiredAt, receivedAt] = timesOf(outcome);
  return { ...id, status: 'expired', reason: expiredText(expiredAt, receivedAt)[language], expiredAt, receivedAt };
}

const timesOf = ({ endedWallMs, receivedWallMs }: Expired): readonly [string, string] => [
  beijingTime(endedWallMs),
  beijingTime(receivedWallMs),
];

const BEIJING_OFFSET_MS = 8 * 3_600_000;
/** As senders in a park write it, with its offset. */
const beijingTime = (wallMs: number): string =>
  new Date(Math.round(wallMs) + BEIJING_OFFSET_MS).toISOString().replace('Z', '+08:00');

function uncounted(
  { id, event }: Understood,
  status: 'expired' | 'ignored',
  reason: Text,
  { arrivals, sender, refusals }: Receiver,
): void {
  if (status === 'expired') refusals.add('expired', sender, [{ field: id ?? '', message: reason }]);
  const plate = event?.kind === 'grant' ? event.grant.plate : undefined;
  arrivals.add({
    status,
    sender,
    reason,
    ...(id !== undefined && { id }),
    ...(event?.laneId !== undefined && { lane: event.laneId }),
    ...(plate !== undefined && { plate }),
  });
}
