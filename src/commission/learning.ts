/**
 * Finds the point that moved: from every reading of every point it derives the person's next step and finally the point and polarity of
 * a role. Pure: no clock, no configuration. It waits for one action, then for its reversal; ambiguous actions are repeated.
 */
import type { LearnResult } from '../page/api/api-setup.ts';

/** `point` is `device.point`. A pulse without a level has no value. */
export interface LevelSample {
  readonly point: string;
  readonly value: boolean | undefined;
  readonly atMs: number;
}

export interface LearningSettings {
  /** The role's value after the action. */
  readonly becomes: boolean;
  /** Which moved point counts: the arm leaves one limit first and reaches the other last. */
  readonly order: 'first' | 'last';
  /** After this quiet time the action's changes are complete. */
  readonly quietMs: number;
  /** A point that returned sooner is a pulse (the button that opened), not what is looked for. */
  readonly leastMs: number;
  /** A contact that somebody presses for a moment, and that rests in between. */
  readonly isPress?: boolean;
  /** Points of other roles, here or in another lane, with the role's name. */
  readonly taken: ReadonlyMap<string, string>;
  /** Those of them that follow from an opening (arm, loops): no button, however often they move. */
  readonly follow?: ReadonlySet<string>;
}

export type Learned = Omit<LearnResult, 'device'>;

export type LearningNow =
  | { readonly kind: 'ask' }
  | { readonly kind: 'settling' | 'back'; readonly points: readonly string[] }
  /** Several points moved together: ambiguous so far. */
  | { readonly kind: 'again'; readonly points: readonly string[] }
  | { readonly kind: 'wrongOne'; readonly point: string; readonly taken: string }
  /** Only what follows from an opening moved: whoever opened, it was not what is tested. */
  | { readonly kind: 'onlyArm'; readonly point: string; readonly taken: string }
  /** A press and its end could not be told apart. */
  | { readonly kind: 'unclear'; readonly points: readonly string[] }
  | { readonly kind: 'done'; readonly learned: Learned };

/** Two points that move within a poll of each other cannot be ordered. */
const TOGETHER_MS = 150;
/** A busy neighbouring lane is never quiet: after this time it is judged regardless. */
const BUSY_MOST_MS = 20_000;
/** Nobody presses a second time sooner, unless the first was its end; and nobody is asked to hold a button for so long. */
const REST_MS = 3_000;
/** After this many rounds the first mover wins, and the others are named. */
const ROUNDS_MOST = 3;

interface Moved {
  readonly point: string;
  readonly firstMs: number;
  /** Its first return. */
  backMs?: number;
  /** Value after its first edge; undefined for a pulse. */
  readonly to: boolean | undefined;
}

export class Learning {
  readonly #settings: LearningSettings;
  readonly #levels = new Map<string, boolean>();
  /** Levels at rest: those at the beginning, until they turn out wrong. */
  readonly #rests = new Map<string, boolean>();
  readonly #changedMs = new Map<string, number>();
  #moved = new Map<string, Moved>();
  #lastMs = 0;
  #beganMs = 0;
  #now: LearningNow = { kind: 'ask' };
  /** Remaining candidates of the rounds so far. */
  #candidates: readonly string[] | undefined;
  #chosen: Moved | undefined;
  #others: readonly string[] = [];
  #rounds = 0;
  #wrong: string | undefined;

  constructor(settings: LearningSettings, levels: ReadonlyMap<string, boolean>) {
    this.#settings = settings;
    for (const [point, level] of levels) {
      this.#levels.set(point, level);
      this.#rests.set(point, level);
    }
  }

  get now(): LearningNow {
    return this.#now;
  }

  /** Number of known points. */
  get known(): number {
    return this.#levels.size;
  }

  take({ point, value, atMs }: LevelSample): void {
    if (value === undefined) {
      this.#edge(point, undefined, atMs);
      return;
    }
    const before = this.#levels.get(point);
    this.#levels.set(point, value);
    if (before === undefined || before === value) return;
    if (this.#settings.isPress && !this.#isPressed(point, value, atMs)) return;
    this.#edge(point, value, atMs);
  }

  /** Whether this change may be part of a press. Not the end of one from before the test; nor the arm, once it is clear who moved it. */
  #isPressed(point: string, to: boolean, atMs: number): boolean {
    const lastedMs = atMs - (this.#changedMs.get(point) ?? Number.NEGATIVE_INFINITY);
    this.#changedMs.set(point, atMs);
    if (!this.#rests.has(point) && lastedMs >= REST_MS) this.#rests.set(point, !to);
    if (this.#now.kind === 'settling' || this.#now.kind === 'back') return true;
    const isAnswered = this.#now.kind === 'wrongOne' || this.#now.kind === 'onlyArm';
    if (isAnswered && this.#settings.follow?.has(point)) return false;
    return this.#rests.get(point) === !to;
  }

  /** Its levels are unknown; the next reading is no edge. */
  forget(deviceId: string): void {
    for (const point of this.#levels.keys()) if (point.startsWith(`${deviceId}.`)) this.#levels.delete(point);
  }

  /** Call it regularly: it judges once quiet. */
  tick(nowMs: number): void {
    const isQuiet = nowMs - this.#lastMs >= this.#settings.quietMs || nowMs - this.#beganMs >= BUSY_MOST_MS;
    if (this.#now.kind === 'settling' && isQuiet) this.#judge(nowMs);
    if (this.#now.kind === 'back' && isQuiet) this.#checkReversal(nowMs);
  }

  #edge(point: string, to: boolean | undefined, atMs: number): void {
    if (this.#now.kind === 'done') return;
    this.#lastMs = atMs;
    if (this.#now.kind === 'back') {
      this.#pressedAgain(point, to);
      return;
    }
    if (this.#moved.size === 0) this.#beganMs = atMs;
    const moved = this.#moved.get(point);
    if (moved === undefined) this.#moved.set(point, { point, firstMs: atMs, to });
    else moved.backMs ??= atMs;
    this.#now = { kind: 'settling', points: [...this.#moved.keys()] };
  }

  /** After the action: the candidates among the moved points. */
  #judge(nowMs: number): void {
    const order = this.#settings.order === 'first' ? 1 : -1;
    const isPulse = ({ firstMs, backMs }: Moved) =>
      (backMs ?? Number.POSITIVE_INFINITY) - firstMs < this.#settings.leastMs;
    const lasting = [...this.#moved.values()].filter((moved) => !isPulse(moved));
    const inOrder = lasting.sort((a, b) => order * (a.firstMs - b.firstMs));
    // On its way to loop B a car crosses loop A: a point with a role counts only when nothing else moved.
    const free = inOrder.filter(({ point }) => !this.#settings.taken.has(point));
    const { follow } = this.#settings;
    const acting = inOrder.filter(({ point }) => !follow?.has(point));
    const eligible = [free, acting, inOrder].find(({ length }) => length > 0) ?? [];
    const [first] = eligible;
    // Only pulses so far: not the action that was asked for.
    if (first === undefined) {
      this.#restart({ kind: 'ask' });
      return;
    }
    // Known, and not what was asked for: said at once, without waiting for its return.
    const taken = this.#settings.taken.get(first.point);
    if (this.#settings.isPress && taken !== undefined && this.#wrong !== first.point) {
      const isArm = follow?.has(first.point) === true;
      if (!isArm) this.#wrong = first.point;
      this.#restart({ kind: isArm ? 'onlyArm' : 'wrongOne', point: first.point, taken });
      return;
    }
    const together = eligible.filter(({ firstMs }) => Math.abs(firstMs - first.firstMs) <= TOGETHER_MS);
    const before = this.#candidates;
    const still = together.filter(({ point }) => before === undefined || before.includes(point));
    const left = still.length > 0 ? still : together;
    this.#candidates = left.map(({ point }) => point);
    this.#rounds += 1;
    [this.#chosen] = left;
    this.#others = inOrder.map(({ point }) => point).filter((point) => point !== this.#chosen?.point);
    this.#now = { kind: 'back', points: this.#candidates };
    this.#checkReversal(nowMs);
  }

  /** The reversal: done when the point is back at its value before the action. */
  #checkReversal(nowMs: number): void {
    const chosen = this.#chosen;
    if (chosen === undefined || (chosen.to !== undefined && this.#levels.get(chosen.point) === chosen.to)) return;
    // At rest for a while, or it was the press that ended.
    if (this.#settings.isPress && nowMs - (this.#changedMs.get(chosen.point) ?? 0) < REST_MS) return;
    const points = this.#candidates ?? [];
    const taken = this.#settings.taken.get(chosen.point);
    if (points.length > 1 && this.#rounds < ROUNDS_MOST) this.#restart({ kind: 'again', points });
    else if (taken !== undefined && this.#wrong !== chosen.point) {
      this.#wrong = chosen.point;
      this.#candidates = undefined;
      this.#restart({ kind: 'wrongOne', point: chosen.point, taken });
    } else this.#now = { kind: 'done', learned: this.#learned(chosen, taken) };
  }

  /** Away again so soon after its return: what looked like rest was perhaps the press. */
  #pressedAgain(point: string, to: boolean | undefined): void {
    const chosen = this.#chosen;
    if (!this.#settings.isPress || to === undefined || point !== chosen?.point || to !== chosen.to) return;
    this.#rests.delete(point);
    this.#candidates = undefined;
    this.#restart({ kind: 'unclear', points: [point] });
  }

  #learned({ point, to }: Moved, taken: string | undefined): Learned {
    return {
      point,
      activeLow: to !== undefined && to !== this.#settings.becomes,
      others: this.#others,
      ...(taken !== undefined && { taken }),
      ...(to === undefined && { pulsesOnly: true }),
    };
  }

  #restart(now: LearningNow): void {
    this.#moved = new Map();
    this.#chosen = undefined;
    this.#now = now;
  }
}
