/**
 * Which point moved: told every look at every point, it says what a person should do next and, in the end, which point a role is wired to
 * and how. Pure: no clock, no configuration. One action is waited for, then the way back; what moved together is asked for again.
 */

/** `point` is `device.point`. A pulse without a level has no value. */
export interface LevelSample {
  readonly point: string;
  readonly value: boolean | undefined;
  readonly atMs: number;
}

export interface LearningSettings {
  /** Value of the role after the action. */
  readonly becomes: boolean;
  /** Which of those that moved is meant: the arm leaves one limit first and reaches the other last. */
  readonly order: 'first' | 'last';
  /** Everything that the action moves has moved after this much quiet. */
  readonly quietMs: number;
  /** The points that have another role, here or in another lane, and its name. */
  readonly taken: ReadonlyMap<string, string>;
}

export interface Learned {
  readonly point: string;
  readonly activeLow: boolean;
  readonly others: readonly string[];
  readonly taken?: string;
  readonly pulsesOnly?: true;
}

export type LearningNow =
  | { readonly kind: 'ask' }
  | { readonly kind: 'settling' | 'back'; readonly points: readonly string[] }
  /** Several moved together: which one is not clear yet. */
  | { readonly kind: 'again'; readonly points: readonly string[] }
  | { readonly kind: 'wrongOne'; readonly point: string; readonly taken: string }
  | { readonly kind: 'done'; readonly learned: Learned };

/** Two points that move within a poll of each other cannot be told apart. */
const TOGETHER_MS = 150;
/** A neighbouring lane in traffic is never quiet: after this long it is judged as it is. */
const BUSY_MOST_MS = 20_000;
/** After so many rounds the first that moved is taken, and the others are named. */
const ROUNDS_MOST = 3;

interface Moved {
  readonly point: string;
  readonly firstMs: number;
  /** Value after its first edge; undefined for a pulse. */
  readonly to: boolean | undefined;
}

export class Learning {
  readonly #settings: LearningSettings;
  readonly #levels = new Map<string, boolean>();
  #moved = new Map<string, Moved>();
  #lastMs = 0;
  #beganMs = 0;
  #now: LearningNow = { kind: 'ask' };
  /** Those that may be it after the rounds so far. */
  #candidates: readonly string[] | undefined;
  #chosen: Moved | undefined;
  #others: readonly string[] = [];
  #rounds = 0;
  #wrong: string | undefined;

  constructor(settings: LearningSettings, levels: ReadonlyMap<string, boolean>) {
    this.#settings = settings;
    for (const [point, level] of levels) this.#levels.set(point, level);
  }

  get now(): LearningNow {
    return this.#now;
  }

  /** Points that are known now. */
  get known(): number {
    return this.#levels.size;
  }

  look({ point, value, atMs }: LevelSample): void {
    if (value === undefined) {
      this.#edge(point, undefined, atMs);
      return;
    }
    const before = this.#levels.get(point);
    this.#levels.set(point, value);
    if (before !== undefined && before !== value) this.#edge(point, value, atMs);
  }

  /** Its levels are not known any more; the next look is no edge. */
  forget(deviceId: string): void {
    for (const point of this.#levels.keys()) if (point.startsWith(`${deviceId}.`)) this.#levels.delete(point);
  }

  /** To be called now and then: what has been quiet long enough is judged. */
  tick(nowMs: number): void {
    const isQuiet = nowMs - this.#lastMs >= this.#settings.quietMs || nowMs - this.#beganMs >= BUSY_MOST_MS;
    if (this.#now.kind === 'settling' && isQuiet) this.#judge();
    if (this.#now.kind === 'back' && isQuiet) this.#look();
  }

  #edge(point: string, to: boolean | undefined, atMs: number): void {
    if (this.#now.kind === 'done') return;
    this.#lastMs = atMs;
    if (this.#now.kind === 'back') return;
    if (this.#moved.size === 0) this.#beganMs = atMs;
    if (!this.#moved.has(point)) this.#moved.set(point, { point, firstMs: atMs, to });
    this.#now = { kind: 'settling', points: [...this.#moved.keys()] };
  }

  /** The action is over: which of those that moved may be it? */
  #judge(): void {
    const order = this.#settings.order === 'first' ? 1 : -1;
    const inOrder = [...this.#moved.values()].sort((a, b) => order * (a.firstMs - b.firstMs));
    // On its way to loop B a car crosses loop A: what is known as something else is meant only when nothing else moved.
    const free = inOrder.filter(({ point }) => !this.#settings.taken.has(point));
    const eligible = free.length > 0 ? free : inOrder;
    const [first] = eligible;
    if (first === undefined) return;
    const together = eligible.filter(({ firstMs }) => Math.abs(firstMs - first.firstMs) <= TOGETHER_MS);
    const before = this.#candidates;
    const still = together.filter(({ point }) => before === undefined || before.includes(point));
    const left = still.length > 0 ? still : together;
    this.#candidates = left.map(({ point }) => point);
    this.#rounds += 1;
    [this.#chosen] = left;
    this.#others = inOrder.map(({ point }) => point).filter((point) => point !== this.#chosen?.point);
    this.#now = { kind: 'back', points: this.#candidates };
    this.#look();
  }

  /** The way back: done when the point is as it was before the action. */
  #look(): void {
    const chosen = this.#chosen;
    if (chosen === undefined || (chosen.to !== undefined && this.#levels.get(chosen.point) === chosen.to)) return;
    const points = this.#candidates ?? [];
    const taken = this.#settings.taken.get(chosen.point);
    if (points.length > 1 && this.#rounds < ROUNDS_MOST) this.#restart({ kind: 'again', points });
    else if (taken !== undefined && this.#wrong !== chosen.point) {
      this.#wrong = chosen.point;
      this.#candidates = undefined;
      this.#restart({ kind: 'wrongOne', point: chosen.point, taken });
    } else this.#now = { kind: 'done', learned: this.#learned(chosen, taken) };
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
