/** Repeatable random numbers: the same seed gives the same traffic, noise and plates. It must not know their use. */

export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** from ≤ x < to */
  between(from: number, to: number): number;
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T;
  /** True in `share` of the cases, 0…1. */
  chance(share: number): boolean;
}

/** The mulberry32 generator: 32 bits of state are plenty for traffic. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => from + (to - from) * next(),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    chance: (share) => next() < share,
  };
}
