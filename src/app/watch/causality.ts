/**
 * Causality watch of one lane: whether an output of the box (an alarm relay, a request to a peer near the box) raises its arm. An output that finds the arm
 * resting and loop A free is followed by a rise, or it is not. Judged are its last rises in a row, with like delays, against the chance that the arm rose by
 * itself just then, measured in the time without an output: docs/decisions/0035-causality-watch.md. Pure.
 */
import type { Role } from '../../lane/types.ts';

const WITHIN_MS = 1_500;
const ALIKE_MS = 300;
/** An edge is known so much later than it happened: polled, debounced, sorted. */
const LATE_MS = 1_000;
/** So many runs by chance are expected of an output in the time it is remembered; above it, the rises prove nothing. */
const CHANCE_MOST = 1e-4;
/** The time that an output's number is remembered for. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;
/** Of resting time: long enough for a rate, short enough for the rush of an evening. */
const SPELL_MS = HOUR_MS / 2;
/** A rush is remembered, and fades by a half in some 70 spells. */
const FADE = 0.99;
const RUN_MOST = 20;

export interface WatchedLane {
  readonly roles: readonly Role[];
  readonly closeTimeMs: number;
}

/** Survives a restart. */
export interface CausalityKept {
  /** By output: how many found the arm resting since then, and the delays of the last ones that were followed, in a row. */
  readonly outputs: Readonly<Record<string, OutputKept>>;
  /** Rises without an output, in so much resting time, and the most in any spell before. */
  readonly rises: number;
  readonly restMs: number;
  readonly peakPerMs: number;
}

interface OutputKept {
  readonly count: number;
  readonly sinceMs: number;
  readonly delaysMs: readonly number[];
}

/** What the arm did after an output. */
export interface FollowedOutput {
  readonly output: string;
  readonly delaysMs: readonly number[];
  /** Too often alike for chance: it raises the arm. */
  readonly isCause: boolean;
}

type Level = boolean | null;

export class LaneCausality {
  /** Of the arm. Without `down` it is seen when it is up, a travel time after it left. */
  readonly #limit: 'down' | 'up';
  readonly #hasA: boolean;
  readonly #withinMs: number;
  readonly #levels = new Map<Role, Level>();
  readonly #outputs: Map<string, OutputKept>;
  /** Outputs that may still be followed by a rise. */
  readonly #pending = new Map<string, number>();
  #restSinceMs = 0;
  #rises: number;
  #restMs: number;
  #peakPerMs: number;

  constructor({ roles, closeTimeMs }: WatchedLane, kept?: CausalityKept) {
    this.#limit = roles.includes('down') ? 'down' : 'up';
    this.#hasA = roles.includes('approach');
    this.#withinMs = WITHIN_MS + (this.#limit === 'down' ? 0 : closeTimeMs);
    this.#outputs = new Map(Object.entries(kept?.outputs ?? {}));
    this.#rises = kept?.rises ?? 0;
    this.#restMs = kept?.restMs ?? 0;
    this.#peakPerMs = kept?.peakPerMs ?? 0;
  }

  get kept(): CausalityKept {
    const outputs = Object.fromEntries(this.#outputs);
    return { outputs, rises: this.#rises, restMs: this.#restMs, peakPerMs: this.#peakPerMs };
  }

  /** Another one before the first could be followed counts as the same. */
  output(name: string, atMs: number): void {
    this.#settle(atMs);
    if ((this.#isResting || !this.isKnown) && !this.#pending.has(name)) this.#pending.set(name, atMs);
  }

  /** `on` null: it can no longer be seen. @returns outputs that a rise followed just now */
  edge(role: Role, on: Level, atMs: number): readonly FollowedOutput[] {
    this.#settle(atMs);
    const before = this.#isResting;
    this.#levels.set(role, on);
    if (this.#isResting) {
      if (!before) this.#restSinceMs = atMs;
      return [];
    }
    if (!this.isKnown) return [];
    if (before) this.#rested(atMs - this.#restSinceMs);
    const isRise = before && role === this.#limit && on === (this.#limit === 'up');
    // A car has come, or a point is lost: nothing follows from the outputs just before it.
    const found = isRise ? this.#rise(atMs) : [];
    this.#pending.clear();
    return found;
  }

  /** A person has let it run again. */
  forget(name: string): void {
    this.#outputs.delete(name);
    this.#pending.delete(name);
  }

  /** With loop A free; a lane without one never shows a vehicle there. */
  get #isResting(): boolean {
    return (
      this.#levels.get(this.#limit) === (this.#limit === 'down') &&
      (!this.#hasA || this.#levels.get('approach') === false)
    );
  }

  /** The first readings of a start may come after its first output. */
  get isKnown(): boolean {
    return this.#levels.has(this.#limit) && (!this.#hasA || this.#levels.has('approach'));
  }

  #rise(atMs: number): readonly FollowedOutput[] {
    const before = [...this.#pending].filter(([, sentMs]) => sentMs <= atMs && atMs - sentMs <= this.#withinMs);
    if (before.length === 0) this.#rises += 1;
    return before.map(([name, sentMs]) => {
      const delayMs = atMs - sentMs;
      this.#restMs = Math.max(0, this.#restMs - delayMs);
      const { delaysMs: run } = this.#known(name, atMs);
      const isAlike = run.every((each) => Math.abs(each - delayMs) <= ALIKE_MS);
      const delaysMs = isAlike ? [...run, delayMs].slice(-RUN_MOST) : [delayMs];
      const count = this.#count(name, atMs, delaysMs);
      const isCause = delaysMs.length >= 2 && this.#byChance(count, delaysMs.length) <= CHANCE_MOST;
      return { output: name, delaysMs, isCause };
    });
  }

  /** Runs of this length that are expected of so many outputs if none of them moves anything. */
  #byChance(outputs: number, length: number): number {
    const perMs = Math.max(this.#peakPerMs, (this.#rises + 1) / (this.#restMs + HOUR_MS));
    const anyTime = 1 - Math.exp(-perMs * this.#withinMs);
    const alike = 1 - Math.exp(-perMs * 2 * ALIKE_MS);
    return outputs * anyTime * alike ** (length - 1);
  }

  /** Outputs that nothing followed. */
  #settle(nowMs: number): void {
    for (const [name, sentMs] of this.#pending) {
      if (nowMs - sentMs <= this.#withinMs + LATE_MS) continue;
      this.#pending.delete(name);
      this.#restMs = Math.max(0, this.#restMs - this.#withinMs);
      this.#count(name, nowMs, []);
    }
  }

  #known(name: string, nowMs: number): OutputKept {
    const known = this.#outputs.get(name) ?? { count: 0, sinceMs: nowMs, delaysMs: [] };
    return nowMs - known.sinceMs < REMEMBERED_MS ? known : { ...known, count: known.count / 2, sinceMs: nowMs };
  }

  #count(name: string, nowMs: number, delaysMs: readonly number[]): number {
    const { count, sinceMs } = this.#known(name, nowMs);
    this.#outputs.set(name, { count: count + 1, sinceMs, delaysMs });
    return count + 1;
  }

  #rested(forMs: number): void {
    this.#restMs += Math.max(0, forMs);
    if (this.#restMs < SPELL_MS) return;
    this.#peakPerMs = Math.max(this.#rises / this.#restMs, this.#peakPerMs * FADE);
    this.#rises = 0;
    this.#restMs = 0;
  }
}
