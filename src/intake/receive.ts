/** From the content of a request to its answer: understood as a whole or refused as a whole, each thing counted once. Knows no HTTP. */
import type { Clock } from '../clock.ts';
import { fieldText, ignoredText } from '../text/intake.ts';
import type { Language } from '../text/text.ts';
import type { Checked } from './check.ts';
import type { Memory, Outcome } from './deduplication.ts';
import { type FieldError, Problem } from './problem.ts';
import type { IntakeOptions, Understood } from './types.ts';

export const BATCH_MAX = 500;
/** A store that has not answered by then is not going to. */
const ACCEPT_MS_MAX = 10_000;
const AGAIN = { 'retry-after': '2' };

export interface Receipt {
  readonly id?: string;
  /** `duplicate`: told before; it counts once. `ignored`: nothing to do here, and `reason` says why. */
  readonly status: 'accepted' | 'duplicate' | 'ignored';
  readonly reason?: string;
}

export interface Receiver {
  readonly understand: (value: unknown) => Checked<Understood>;
  readonly accept: IntakeOptions['accept'];
  readonly memory: Memory;
  readonly clock: Clock;
  readonly language: Language;
}

/** How many things a request tells; a list is a batch. Throws Problem. */
export function itemsOf(content: unknown): readonly unknown[] {
  if (!Array.isArray(content)) return [content];
  if (content.length === 0) throw new Problem('invalid', [{ field: '', message: fieldText.emptyBatch }]);
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
  const receipts = understood.map((message) => receiveOne(message, receiver));
  const finished = new AbortController();
  const late = receiver.clock.sleep(ACCEPT_MS_MAX, finished.signal).then((): 'late' => 'late');
  try {
    const results = await Promise.race([Promise.all(receipts), late]);
    if (results === 'late' || results.includes('full')) throw new Problem('full', [], AGAIN);
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
  if (errors.length > 0) throw new Problem('invalid', errors);
  const understood = checked.flatMap((one) => ('data' in one ? [one.data] : []));
  const conflicts = understood.flatMap((message, index) =>
    [...(receiver.memory.differences(message) ?? []), ...withinBatch(understood, index)].map(({ field, was }) =>
      at(index, { field, message: fieldText.differs(was) }),
    ),
  );
  if (conflicts.length > 0) throw new Problem('conflict', conflicts);
  return understood;
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
async function receiveOne(message: Understood, { memory, accept, language }: Receiver): Promise<Receipt | 'full'> {
  const id = message.id === undefined ? {} : { id: message.id };
  const reason = message.ignored === undefined ? {} : { reason: ignoredText[message.ignored][language] };
  if (message.event === undefined) return { ...id, status: 'ignored', ...reason };
  const before = memory.outcome(message.id);
  if (before !== undefined) return (await before) === 'full' ? 'full' : { ...id, status: 'duplicate' };
  const outcome: Promise<Outcome> = accept(message.event);
  memory.keep(message, outcome);
  if ((await outcome) === 'full') return 'full';
  return { ...id, status: message.ignored === undefined ? 'accepted' : 'ignored', ...reason };
}
