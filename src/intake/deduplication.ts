/**
 * De-duplication: a repeated id with the same content counts once, with other content it is refused. It lives as long as the process; after a
 * restart the lane, which keeps its grants, recognises repetitions.
 */
import type { Clock } from '../clock.ts';
import type { IntakeOutcome, Understood } from './events.ts';

/** Two days of a busy site. The oldest goes first. */
const IDS_MAX = 20_000;

interface SeenMessage {
  readonly content: Understood['content'];
  readonly untilMs: number;
  readonly outcome: Promise<IntakeOutcome>;
}

/** A field that differs from the earlier message of the same id. */
export interface Difference {
  readonly field: string;
  readonly was: string;
}

export class Deduplication {
  readonly #seen = new Map<string, SeenMessage>();
  readonly #clock: Clock;
  readonly #idsMax: number;
  constructor(clock: Clock, idsMax: number = IDS_MAX) {
    this.#clock = clock;
    this.#idsMax = idsMax;
  }

  /** How a message differs from the earlier one of its id; undefined: the id is new. */
  differences({ id, content }: Understood): readonly Difference[] | undefined {
    const seen = this.#find(id);
    if (seen === undefined) return undefined;
    const fields = new Set([...Object.keys(seen.content), ...Object.keys(content)]);
    return [...fields]
      .filter((field) => seen.content[field] !== content[field])
      .map((field) => ({ field, was: seen.content[field] ?? '' }));
  }

  /** Outcome of the first message of this id, perhaps still pending; undefined: the id is new. */
  outcome(id: string | undefined): Promise<IntakeOutcome> | undefined {
    return this.#find(id)?.outcome;
  }

  /** Keeps the id; it is forgotten if the message is not accepted, so that it can be sent again. */
  keep({ id, content, sameForMs }: Understood, outcome: Promise<IntakeOutcome>): void {
    if (id === undefined) return;
    const untilMs = sameForMs === undefined ? Number.POSITIVE_INFINITY : this.#clock.nowMs() + sameForMs;
    const seen = { content, untilMs, outcome };
    this.#seen.delete(id);
    this.#seen.set(id, seen);
    const forget = () => {
      if (this.#seen.get(id) === seen) this.#seen.delete(id);
    };
    outcome.then((result) => result === 'full' && forget(), forget);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > this.#idsMax && oldest !== undefined) this.#seen.delete(oldest);
  }

  #find(id: string | undefined): SeenMessage | undefined {
    const seen = id === undefined ? undefined : this.#seen.get(id);
    return seen !== undefined && this.#clock.nowMs() < seen.untilMs ? seen : undefined;
  }
}
