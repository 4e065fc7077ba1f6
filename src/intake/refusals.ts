/** Tells the log of refused messages: the first at once, then each minute how many. A system that errs a thousand times is one line. */
import type { Clock } from '../clock.ts';
import type { FieldError, ProblemCode } from '../http/problem.ts';
import type { Log } from '../log.ts';
import { intakeLog } from '../text/intake.ts';

const TOLD_EVERY_MS = 60_000;
/** Rows kept; the oldest is forgotten first, and then told anew. */
const ROWS_MAX = 200;

export class Refusals {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #rows = new Map<string, { count: number; toldMs: number }>();
  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * `who`: the name of a token, the address of who has none, or a topic. `retained`: what a broker kept from before; `expired`: over before it came. `errors` are for
   * senders who get no answer: the log names the field.
   */
  add(code: ProblemCode | 'retained' | 'expired', who: string, errors: readonly FieldError[] = []): void {
    const key = `${code} ${who}`;
    const nowMs = this.#clock.nowMs();
    const row = this.#rows.get(key);
    if (row !== undefined && nowMs - row.toldMs < TOLD_EVERY_MS) {
      row.count += 1;
      return;
    }
    this.#log.warn(intakeLog.refused(code, who, (row?.count ?? 0) + 1, errors));
    this.#rows.delete(key);
    this.#rows.set(key, { count: 0, toldMs: nowMs });
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > ROWS_MAX && oldest !== undefined) this.#rows.delete(oldest);
  }
}
