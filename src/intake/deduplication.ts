/**
 * Which ids have been told, with what: the same thing told twice counts once, and another thing under the same id is refused.
 * It lives as long as the process; after a restart the lane, which keeps its grants, is the judge of a repetition.
 */
import type { Clock } from '../clock.ts';
import { ownText, textOf } from './own-text.ts';
import type { Outcome, Understood } from './types.ts';

/** Ids kept: a day of four lanes at 200 vehicles an hour, in some 3 MB. The oldest is forgotten first. */
const IDS_MAX = 10_000;

interface Told {
  /** Packed: for a day this is most of what the intake holds. */
  readonly content: string;
  readonly untilMs: number | undefined;
  outcome: Promise<Outcome> | Outcome;
}

/** A field that differs from what the same id said before. */
export interface Difference {
  readonly field: string;
  readonly was: string;
}

export class Memory {
  readonly #told = new Map<string, Told>();
  readonly #clock: Clock;
  readonly #idsMax: number;
  constructor(clock: Clock, idsMax: number = IDS_MAX) {
    this.#clock = clock;
    this.#idsMax = idsMax;
  }

  /** How a message differs from what its id said before; undefined when the id is new. */
  differences({ id, content }: Understood): readonly Difference[] | undefined {
    const told = this.#find(id);
    if (told === undefined) return undefined;
    if (told.content === packed(content)) return [];
    const was = unpacked(told.content);
    return [...new Set([...Object.keys(was), ...Object.keys(content)])]
      .filter((field) => was[field] !== content[field])
      .map((field) => ({ field, was: was[field] ?? '' }));
  }

  /** What came of the first telling of this id, which may still be under way; undefined when the id is new. */
  outcome(id: string | undefined): Promise<Outcome> | Outcome | undefined {
    return this.#find(id)?.outcome;
  }

  /** Keeps the id from now on; what could not be accepted is forgotten again, so that it can be sent once more. */
  keep({ id, content, sameForMs }: Understood, outcome: Promise<Outcome>): void {
    if (id === undefined) return;
    const untilMs = sameForMs === undefined ? undefined : this.#clock.nowMs() + sameForMs;
    const told: Told = { content: packed(content), untilMs, outcome };
    const key = ownText(id);
    this.#told.delete(key);
    this.#told.set(key, told);
    const forget = () => {
      if (this.#told.get(key) === told) this.#told.delete(key);
    };
    // The promise has been kept for long when the id comes again.
    outcome.then((result) => {
      told.outcome = result;
      if (result === 'full') forget();
    }, forget);
    const [oldest] = this.#told.keys();
    if (this.#told.size > this.#idsMax && oldest !== undefined) this.#told.delete(oldest);
  }

  #find(id: string | undefined): Told | undefined {
    const told = id === undefined ? undefined : this.#told.get(ownText(id));
    return told !== undefined && this.#clock.nowMs() < (told.untilMs ?? Number.POSITIVE_INFINITY) ? told : undefined;
  }
}

const packed = (content: Understood['content']): string => ownText(JSON.stringify(content));

const unpacked = (text: string): Understood['content'] => JSON.parse(textOf(text)) as Understood['content'];
