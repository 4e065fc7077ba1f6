/**
 * De-duplication: a repeated id with the same content counts once. With other content it is refused, or of a payment left to the lane. It lives as long as the process; after a
 * restart the lane, which keeps its grants, recognises repetitions.
 */
import type { Clock } from '../clock.ts';
import type { Grant } from '../lane/types.ts';
import type { IntakeOutcome, Understood } from './events.ts';
import { ownText, textOf } from './own-text.ts';

/** Ids kept: a day of four lanes at 200 vehicles an hour, in some 3 MB. The oldest is forgotten first. */
const IDS_MAX = 10_000;

interface SeenMessage {
  /** Packed: for a day this is most of what the intake holds. */
  readonly content: string;
  readonly untilMs: number | undefined;
  readonly issuedWallMs: number | undefined;
  outcome: Promise<IntakeOutcome> | IntakeOutcome;
}

/** A field that differs from the earlier message of the same id. */
export interface Difference {
  readonly field: string;
  readonly was: string;
}

type MessageKey = { readonly [Field in 'id' | 'space']?: Understood[Field] | undefined };

/** No id contains a control character. */
const keyOf = ({ id, space }: MessageKey): string | undefined =>
  id === undefined ? undefined : ownText(space === undefined ? id : `${space}\n${id}`);

export class Deduplication {
  readonly #seen = new Map<string, SeenMessage>();
  readonly #clock: Clock;
  readonly #idsMax: number;
  constructor(clock: Clock, idsMax: number = IDS_MAX) {
    this.#clock = clock;
    this.#idsMax = idsMax;
  }

  /** How a message differs from the earlier one of its id; undefined: the id is new. */
  differences({ id, space, content }: Understood): readonly Difference[] | undefined {
    const seen = this.#find({ id, space });
    if (seen === undefined) return undefined;
    if (seen.content === packed(content)) return [];
    const was = unpacked(seen.content);
    return [...new Set([...Object.keys(was), ...Object.keys(content)])]
      .filter((field) => was[field] !== content[field])
      .map((field) => ({ field, was: was[field] ?? '' }));
  }

  /** Outcome of the message that this one repeats, perhaps still pending; undefined: it repeats none. */
  outcome(message: MessageKey & Partial<Understood>): Promise<IntakeOutcome> | IntakeOutcome | undefined {
    const seen = this.#find(message);
    if (seen === undefined || !message.corrects) return seen?.outcome;
    const isSame = seen.content === packed(message.content ?? {}) && !isOfOtherDay(seen.issuedWallMs, message);
    return isSame ? seen.outcome : undefined;
  }

  /** Keeps the id; it is forgotten if the message is not accepted, so that it can be sent again. */
  keep(message: Understood, outcome: Promise<IntakeOutcome>): void {
    const { id, space, content, sameForMs } = message;
    const key = keyOf({ id, space });
    if (key === undefined) return;
    const untilMs = sameForMs === undefined ? undefined : this.#clock.nowMs() + sameForMs;
    const seen: SeenMessage = {
      content: packed(content),
      untilMs,
      issuedWallMs: writtenOf(message).issuedWallMs,
      outcome,
    };
    this.#seen.delete(key);
    this.#seen.set(key, seen);
    const forget = () => {
      if (this.#seen.get(key) === seen) this.#seen.delete(key);
    };
    // The promise is long settled when the id comes again.
    outcome.then((result) => {
      seen.outcome = result;
      if (result === 'full') forget();
    }, forget);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > this.#idsMax && oldest !== undefined) this.#seen.delete(oldest);
  }

  #find(message: MessageKey): SeenMessage | undefined {
    const key = keyOf(message);
    const seen = key === undefined ? undefined : this.#seen.get(key);
    return seen !== undefined && this.#clock.nowMs() < (seen.untilMs ?? Number.POSITIVE_INFINITY) ? seen : undefined;
  }
}

/** Ids that begin again each day, as the lane judges them (`lane/repetition.ts`). */
const OTHER_DAY_MS = 12 * 3_600_000;

/** The times of a payment as they were written, by the clock of its sender. */
export const writtenOf = ({ event }: Pick<Understood, 'event'>): NonNullable<Grant['written']> =>
  (event?.kind === 'grant' && event.grant.written) || {};

/** Where one of the two bears no time, they are of one day. */
const isOfOtherDay = (beforeMs: number | undefined, message: Pick<Understood, 'event'>): boolean => {
  const { issuedWallMs: issuedMs } = writtenOf(message);
  return beforeMs !== undefined && issuedMs !== undefined && Math.abs(issuedMs - beforeMs) >= OTHER_DAY_MS;
};

/** In one order of fields, whichever message they came in. */
const packed = (content: Understood['content']): string =>
  ownText(JSON.stringify(content, Object.keys(content).sort()));

const unpacked = (text: string): Understood['content'] => JSON.parse(textOf(text)) as Understood['content'];
