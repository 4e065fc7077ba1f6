/** A bounded table by plate: each row is one JSON text of a byte a character, so that a hundred thousand cost megabytes. The oldest goes first. */
import { ownText, textOf } from '../../intake/own-text.ts';

export class PlateTable<Row> {
  readonly #rows = new Map<string, string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(plate: string): Row | undefined {
    const row = this.#rows.get(ownText(plate));
    return row === undefined ? undefined : (JSON.parse(textOf(row)) as Row);
  }

  *values(): Generator<Row> {
    for (const row of [...this.#rows.values()]) yield JSON.parse(textOf(row)) as Row;
  }

  set(plate: string, row: Row | undefined): void {
    const key = ownText(plate);
    this.#rows.delete(key);
    if (row === undefined) return;
    this.#rows.set(key, ownText(JSON.stringify(row)));
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > this.#most && oldest !== undefined) this.#rows.delete(oldest);
  }
}

/** Of the store; undefined: it is damaged, for a worn card garbles text. */
export function parsedRow<Row>(text: string): Row | undefined {
  try {
    return JSON.parse(text) as Row;
  } catch {
    return undefined;
  }
}
