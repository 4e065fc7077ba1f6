/**
 * De-duplication by message id: the same message received twice counts once, and different content under the same id is refused. It lives
 * as long as the process; after a restart the lane, which keeps its grants, recognises a repetition.
 */
import type { Clock } from '../clock.ts';
import type { IntakeOutcome, Understood } from './events.ts';

/** Ids kept: a busy site's two days. The oldest is dropped first. */
const IDS_MAX = 20_000;

interface Told {
  readonly content: Understood['content'];
  readonly untilMs: number;
  readonly outcome: Promise<IntakeOutcome>;
}

/** A field that differs from the first message of the same id. */
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

  /** Differences from the first message of this id; undefined when the id is new. */
  differences({ id, content }: Understood): readonly Difference[] | undefined {
    const told = this.#find(id);
    if (told === undefined) return undefined;
    const fields = new Set([...Object.keys(told.content), ...Object.keys(content)]);
    return [...fields]
      .filter((field) => told.content[field] !== content[field])
      .map((field) => ({ field, was: told.content[field] ?? '' }));
  }

  /** Outcome of the first message of this id, which may still be pending; undefined when the id is new. */
  outcome(id: string | undefined): Promise<IntakeOutcome> | undefined {
    return this.#find(id)?.outcome;
  }

  /** Keeps the id from now on; a message that could not be accepted is dropped again, so that it can be resent. */
  keep({ id, content, sameForMs }: Understood, outcome: Promise<IntakeOutcome>): void {
    if (id === undefined) return;
    const untilMs = sameForMs === undefined ? Number.POSITIVE_INFINITY : this.#clock.nowMs() + sameForMs;
    const told = { content, untilMs, outcome };
    this.#told.delete(id);
    this.#told.set(id, told);
    const forget = () => {
      if (this.#told.get(id) === told) this.#told.delete(id);
    };
    outcome.then((result) => result === 'full' && forget(), forget);
    const [oldest] = this.#told.keys();
    if (this.#told.size > this.#idsMax && oldest !== undefined) this.#told.delete(oldest);
  }

  #find(id: string | undefined): Told | undefined {
    const told = id === undefined ? undefined : this.#told.get(id);
    return told !== undefined && this.#clock.nowMs() < told.untilMs ? told : undefined;
  }
}
