/** Logs refused messages: the first at once, then a count each minute, so that a thousand errors of one sender are one line. */
import type { Clock } from '../clock.ts';
import type { FieldError, ProblemCode } from '../http/problem.ts';
import type { Log } from '../log.ts';
import { intakeLog } from '../text/intake.ts';

const LOG_EVERY_MS = 60_000;
/** Rows kept; the oldest is dropped first, and then logged anew. */
const ROWS_MAX = 200;

export class RefusalLog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #rows = new Map<string, { count: number; loggedMs: number }>();
  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * `who`: the name of a token, the address of a sender without one, or a topic. `retained`: kept by a broker from before; `expired`:
   * over on arrival; `reusedId`: counted, under an id that another payment had; `tlsAtPlain`: a handshake on the plain port. `errors` are for senders that get no answer: the log names the field.
   */
  add(
    code: ProblemCode | 'retained' | 'expired' | 'reusedId' | 'tlsAtPlain',
    who: string,
    errors: readonly FieldError[] = [],
  ): void {
    const key = `${code} ${who}`;
    const nowMs = this.#clock.nowMs();
    const row = this.#rows.get(key);
    if (row !== undefined && nowMs - row.loggedMs < LOG_EVERY_MS) {
      row.count += 1;
      return;
    }
    this.#log.warn(intakeLog.refused(code, who, (row?.count ?? 0) + 1, errors));
    this.#rows.delete(key);
    this.#rows.set(key, { count: 0, loggedMs: nowMs });
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > ROWS_MAX && oldest !== undefined) this.#rows.delete(oldest);
  }
}
