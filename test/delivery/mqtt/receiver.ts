/**
 * A receiver of numbered messages, by docs/en/publishing.md and nothing else: it sees what is missing, takes what comes again for one, and raises an
 * alarm where a number comes with other contents. A model for one of your own.
 */
import { createHash } from 'node:crypto';

interface Series {
  /** SHA-256 of the payload of each number that came. */
  readonly seen: Map<number, string>;
  /** As the status message said. */
  first: number;
  last: number;
}

export interface Missing {
  readonly series: string;
  readonly n: number;
  /** `false`: the box has it no more. */
  readonly mayCome: boolean;
}

export class Receiver {
  readonly #series = new Map<string, Series>();
  /** What a person has to look at. */
  readonly alarms: string[] = [];
  duplicates = 0;

  /** A message of the box as it came; one without a number is no business of a receiver. */
  take(payload: string): void {
    const { number, numbers } = JSON.parse(payload) as {
      readonly number?: {
        readonly box: string;
        readonly series: string;
        readonly destination: string;
        readonly n: number;
      };
      readonly numbers?: { readonly series: string; readonly first: number; readonly last: number };
    };
    if (numbers !== undefined) this.#status(numbers);
    if (number === undefined) return;
    const { series, n } = number;
    const { seen } = this.#of(series);
    const digest = createHash('sha256').update(payload).digest('hex');
    if (seen.has(n)) this.duplicates += 1;
    if ((seen.get(n) ?? digest) !== digest) this.alarms.push(`${series} ${n}: came with other contents`);
    seen.set(n, digest);
  }

  /** Numbers that did not come; also at the end, as far as the status said. */
  missing(): readonly Missing[] {
    return [...this.#series].flatMap(([series, { seen, first, last }]) => {
      const to = Math.max(last, ...seen.keys());
      return Array.from({ length: to }, (_, at) => at + 1)
        .filter((n) => !seen.has(n))
        .map((n) => ({ series, n, mayCome: n >= first }));
    });
  }

  /** More than one: the box was restored, rolled back or replaced in between. */
  get series(): readonly string[] {
    return [...this.#series.keys()];
  }

  #status({ series, first, last }: { readonly series: string; readonly first: number; readonly last: number }): void {
    const known = this.#of(series);
    known.first = Math.max(known.first, first);
    known.last = Math.max(known.last, last);
  }

  #of(series: string): Series {
    let known = this.#series.get(series);
    if (known === undefined) {
      known = { seen: new Map(), first: 1, last: 0 };
      this.#series.set(series, known);
    }
    return known;
  }
}
