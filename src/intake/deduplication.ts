/**
 * Which ids have been told, with what: the same thing told twice counts once, and another thing under the same id is refused.
 * It lives as long as the process; after a restart the lane, which keeps its grants, is the judge of a repetition.
 */
import type { Clock } from '../clock.ts';
import type { IntakeOutcome, Understood } from './types.ts';

/** Ids kept: a busy site's two days. The oldest is forgotten first. */
const IDS_MAX = 20_000;

interface Told {
  readonly content: Understood['content'];
  readonly untilMs: number;
  readonly outcome: Promise<IntakeOutcome>;
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
    const fields = new Set([...Object.keys(told.content), ...Object.keys(content)]);
    return [...fields]
      .filter((field) => told.content[field] !== content[field])
      .map((field) => ({ field, was: told.content[field] ?? '' }));
  }

  /** What came of the first telling of this id, which may still be under way; undefined when the id is new. */
  outcome(id: string | undefined): Promise<IntakeOutcome> | undefined {
    return this.#find(id)?.outcome;
  }

  /** Keeps the id from now on; what could not be accepted is forgotten again, so that it can be sent once more. */
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
