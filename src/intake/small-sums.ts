/** Senders all of whose sums since the start are under ¥1: perhaps they send yuan where fen are meant. */

/** So many paid sums say something. */
const SUMS_LEAST = 10;
const YUAN_FEN = 100;
const SENDERS_MAX = 100;

export class SmallSums {
  /** Sums in a row under ¥1; 0 for ever after a larger one. */
  readonly #counts = new Map<string, number>();

  /** In fen. A sum of 0 says nothing. */
  add(sender: string, amount: number | undefined): void {
    if (amount === undefined || amount === 0) return;
    const count = this.#counts.get(sender);
    if (count === undefined && this.#counts.size >= SENDERS_MAX) return;
    this.#counts.set(sender, amount >= YUAN_FEN || count === 0 ? 0 : (count ?? 0) + 1);
  }

  get senders(): readonly string[] {
    return [...this.#counts].flatMap(([sender, count]) => (count >= SUMS_LEAST ? [sender] : []));
  }
}
