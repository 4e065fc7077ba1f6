/**
 * Every way to explain what the inputs did as one opening with one car. Each gives each role an input or none; what a car and an arm cannot
 * do rules it out, what they seldom do and what it leaves unexplained makes it dear. Pure.
 */
import type { Span, Wave } from './waves.ts';

/** `press`: what opened the arm. `relay`: a second pulse that followed it. */
const SIGNAL_PARTS = ['down', 'up', 'press', 'relay', 'approach', 'barrier', 'exit'] as const;
export type SignalPart = (typeof SIGNAL_PARTS)[number];
type Cast = Readonly<Partial<Record<SignalPart, Wave>>>;
export interface Explanation {
  readonly cast: Cast;
  readonly cost: number;
  /** Inputs that moved and have no part in it. */
  readonly unexplained: readonly string[];
}

/** Explanations dearer than the best by more than this are no doubt. */
export const DOUBT = 2.5;
/** The first input without a part says that something else moved too; another lane then has more of them. */
const UNEXPLAINED = 3;
const UNEXPLAINED_MORE = 1;
const costOfIdle = (count: number): number => (count <= 0 ? 0 : UNEXPLAINED + UNEXPLAINED_MORE * (count - 1));
/** Edges of two inputs are seen this far apart although they were together: a slow poll of each, and debounce. */
const SLACK_MS = 250;
const EXPLANATIONS_MAX = 2_000;
/** Few arms take less from one limit to the other. */
const QUICK_ARM_MS = 800;

/** What an opening without any car showed: only arm and button can have moved. */
export interface EmptyOpening {
  readonly moved: ReadonlyMap<string, Wave>;
}

/** The best first. At most EXPLANATIONS_MAX of those that are in doubt. */
export function explanationsOf(waves: readonly Wave[], empty?: EmptyOpening): readonly Explanation[] {
  let best = Number.POSITIVE_INFINITY;
  const found: Explanation[] = [];
  const tell = (depth: number, cast: Cast, cost: number): void => {
    const taken = new Set(Object.values(cast).map(({ point }) => point));
    const idle = waves.length - taken.size;
    const least = cost + costOfIdle(idle - (SIGNAL_PARTS.length - depth));
    if (least > best + DOUBT || found.length >= EXPLANATIONS_MAX) return;
    const part = SIGNAL_PARTS[depth];
    if (part === undefined) {
      best = Math.min(best, least);
      const unexplained = waves.filter(({ point }) => !taken.has(point)).map(({ point }) => point);
      found.push({ cast, cost: least, unexplained });
      return;
    }
    for (const wave of waves) {
      if (taken.has(wave.point) || !mayPlay(part, wave, empty)) continue;
      const next = { ...cast, [part]: wave };
      const more = COST[part](next, empty);
      if (more !== undefined) tell(depth + 1, next, cost + more);
    }
    const without = MISSING[part](cast);
    tell(depth + 1, cast, cost + without);
  };
  tell(0, {}, 0);
  return found.filter(({ cost }) => cost <= best + DOUBT).sort((a, b) => a.cost - b.cost);
}

export const isArmPart = (part: SignalPart): boolean =>
  part === 'down' || part === 'up' || part === 'press' || part === 'relay';

/** In an opening without a car the arm and the button move, the loops do not. */
function mayPlay(part: SignalPart, { point }: Wave, empty: EmptyOpening | undefined): boolean {
  return empty === undefined || isArmPart(part) === empty.moved.has(point);
}

/** What it costs that a lane has no such signal: some are seldom left out. */
const MISSING: Readonly<Record<SignalPart, (cast: Cast) => number>> = {
  down: () => 0,
  up: ({ down }) => (down === undefined ? 1 : 0),
  press: () => 0.5,
  // A drive starts at once; what comes later answers through the management system, or is the upper limit.
  relay: ({ down, press }) => ((first(down)?.fromMs ?? 0) - (first(press)?.fromMs ?? Infinity) > 1_000 ? 0.5 : 0),
  approach: () => 1,
  barrier: () => 1.5,
  exit: () => 0,
};

/** undefined: it cannot be. */
const COST: Readonly<Record<SignalPart, (cast: Cast, empty?: EmptyOpening) => number | undefined>> = {
  down: ({ down }) => (only(down, 2_000) === undefined ? undefined : 0),
  up: costOfUp,
  press: costOfPress,
  relay: costOfRelay,
  approach: costOfApproach,
  barrier: costOfBarrier,
  exit: costOfExit,
};

/** The one stretch of an input that moved once and came back. */
function only(wave: Wave | undefined, leastMs: number): Span | undefined {
  const [span, second] = wave?.spans ?? [];
  if (span === undefined || second !== undefined || !Number.isFinite(span.toMs)) return undefined;
  return span.toMs - span.fromMs >= leastMs ? span : undefined;
}
const first = (wave: Wave | undefined): Span | undefined => wave?.spans[0];
const within = (value: number, least: number, most: number): boolean => value >= least && value <= most;

/** The arm stands up between leaving one limit and coming back to it, and takes about as long both ways. */
function costOfUp({ down, up }: Cast, empty?: EmptyOpening): number | undefined {
  const u = only(up, 500);
  if (u === undefined) return undefined;
  if (down === undefined) return 0.3;
  const whole = only(down, 0);
  const cost = whole && costOfTravel(whole, u);
  // The opening without a car shows the same two.
  const [d2, u2] = [only(empty?.moved.get(down.point), 0), only(empty?.moved.get(up?.point ?? ''), 0)];
  if (d2 !== undefined && u2 !== undefined && costOfTravel(d2, u2) === undefined) return undefined;
  return cost;
}

function costOfTravel(down: Span, up: Span): number | undefined {
  const [rise, fall] = [up.fromMs - down.fromMs, down.toMs - up.toMs];
  if (!within(rise, 300, 9_000) || !within(fall, 300, 9_000)) return undefined;
  const unlike = Math.abs(Math.log(fall / rise));
  // So quick a limit may be a light that follows the arm, or the arm inside a button that was held.
  const cost = Math.min(rise, fall) < QUICK_ARM_MS ? 1.5 : 0;
  if (unlike > Math.log(4)) return undefined;
  return unlike > Math.log(2.2) ? cost + 1.5 : cost;
}

/** A pulse just before the arm leaves: far shorter than the opening. */
function costOfPress({ down, up, press }: Cast): number | undefined {
  const p = first(press);
  const last = press?.spans.at(-1);
  if (p === undefined || last === undefined || (press?.spans.length ?? 0) > 2) return undefined;
  const held = { fromMs: p.fromMs, toMs: last.toMs };
  // One that stays in until the arm is down looks like the arm.
  const isLatched = held.toMs - held.fromMs > 8_000;
  if (isLatched && last !== p) return undefined;
  const cost = isLatched ? 1.5 : held.toMs - held.fromMs > 3_000 ? 1 : 0;
  const toDown = costBeforeDown(held, first(down), isLatched);
  const toUp = costBeforeUp(held, first(up), down !== undefined, isLatched);
  return toDown === undefined || toUp === undefined ? undefined : cost + toDown + toUp;
}

/** Some systems think for long before the arm starts: that is no reason to take its lower limit for the upper one. */
function costBeforeDown(held: Span, d: Span | undefined, isLatched: boolean): number | undefined {
  if (d === undefined) return 0;
  if (!within(d.fromMs - held.fromMs, -SLACK_MS, 8_000) || (held.toMs > d.toMs && !isLatched)) return undefined;
  return d.fromMs - held.fromMs > 2_500 ? 0.5 : 0;
}

function costBeforeUp(held: Span, u: Span | undefined, hasDown: boolean, isLatched: boolean): number | undefined {
  if (u === undefined) return 0;
  if (!within(u.fromMs - held.fromMs, 500, 10_000) || (held.toMs > u.toMs && !isLatched)) return undefined;
  return !hasDown && u.fromMs - held.fromMs < 900 ? 1.5 : 0;
}

/** The management system answers a button with its own contact. */
function costOfRelay({ down, press, relay }: Cast): number | undefined {
  const [p, r] = [first(press), first(relay)];
  if (p === undefined || r === undefined || (relay?.spans.length ?? 0) > 1 || !Number.isFinite(r.toMs))
    return undefined;
  const d = first(down);
  if (!within(r.fromMs - p.fromMs, 0, 2_000) || r.toMs - r.fromMs > 5_000) return undefined;
  return d !== undefined && r.fromMs > d.fromMs + SLACK_MS ? undefined : 0;
}

/** When the opening began, as far as this explanation knows. */
const beganMs = ({ down, press, up }: Cast): number | undefined => (first(down) ?? first(press) ?? first(up))?.fromMs;

/** The car stands on loop A before the arm moves, and leaves it under the open arm. */
function costOfApproach(cast: Cast): number | undefined {
  const a = first(cast.approach);
  if (a === undefined || a.toMs - a.fromMs < 800 || !Number.isFinite(a.toMs)) return undefined;
  const [d, u, began] = [first(cast.down), first(cast.up), beganMs(cast)];
  if (began !== undefined && a.toMs < began) return undefined;
  if (u !== undefined && a.fromMs > u.toMs) return undefined;
  let cost = began !== undefined && a.fromMs > began ? 1.5 : 0;
  // A detector that is slow to let go; else it is the arm that stands inside it.
  if ((u !== undefined && a.toMs > u.toMs) || (d !== undefined && a.toMs > d.toMs)) cost += 2;
  // The driver waits for the arm.
  if (u !== undefined && a.toMs < u.fromMs + 1_500) cost += 0.7;
  return cost;
}

/** Loop B is reached after loop A and left after it, under an arm that does not come down on a car. */
function costOfBarrier(cast: Cast): number | undefined {
  const b = only(cast.barrier, 300);
  if (b === undefined || b.toMs - b.fromMs > 90_000) return undefined;
  const [a, d, u] = [first(cast.approach), first(cast.down), first(cast.up)];
  const began = beganMs(cast);
  if (isLeftUnderArm(b, began, d, u)) return undefined;
  // A nose on it, or what is lit or printed for a car that waits.
  let cost = began !== undefined && b.fromMs < began ? 2 : 0;
  // Faster than anybody leaves a car park.
  if (b.toMs - b.fromMs < 1_200) cost += 1.2;
  if (a !== undefined) {
    const withA = costAfterApproach(cost, a, b, Math.max(u?.fromMs ?? 0, began ?? 0), began ?? 0);
    if (withA === undefined) return undefined;
    cost = withA;
  }
  // Nobody drives under an arm that has just begun to rise.
  if (began !== undefined && within(b.fromMs - began, 0, d === undefined ? 1_200 : 500)) cost += 1.5;
  return u !== undefined && b.fromMs < u.fromMs - SLACK_MS && b.fromMs >= (began ?? 0) ? cost + 0.7 : cost;
}

/** Before the opening, before the arm is up, or when it is coming down. */
function isLeftUnderArm(b: Span, began: number | undefined, d: Span | undefined, u: Span | undefined): boolean {
  if (began !== undefined && b.toMs < began) return true;
  if (d !== undefined && b.toMs > d.toMs - 300) return true;
  return u !== undefined && (b.toMs > u.toMs + SLACK_MS || b.toMs < u.fromMs);
}

/** `cost`, and that of loop B by the same car as loop A. `freeMs`: from when on it may drive. */
function costAfterApproach(cost: number, a: Span, b: Span, freeMs: number, began: number): number | undefined {
  if (b.fromMs < a.fromMs + 150 || b.toMs < a.toMs + 100 || b.fromMs > a.toMs + 4_000) return undefined;
  const withDelay = b.fromMs > a.toMs + 1_500 ? cost + 1.5 : cost;
  // A car is on both for as long as it takes to roll its own length, less the way between them.
  const both = a.toMs - Math.max(b.fromMs, freeMs);
  return b.fromMs >= began && both > 3_000 ? withDelay + (both > 6_000 ? 2.5 : 1) : withDelay;
}

/** Loop C is reached and left after loop B, by the same car at about the same speed. A lane has one as its third loop. */
function costOfExit(cast: Cast): number | undefined {
  const [b, c] = [first(cast.barrier), only(cast.exit, 300)];
  if (b === undefined || c === undefined || c.toMs - c.fromMs > 90_000) return undefined;
  const [front, rear] = [c.fromMs - b.fromMs, c.toMs - b.toMs];
  if (front < 150 || rear < 150 || c.fromMs > b.toMs + 3_000) return undefined;
  const began = beganMs(cast);
  if (began !== undefined && c.fromMs < began) return undefined;
  const u = first(cast.up);
  let cost = cast.approach === undefined ? 2.3 : 0.3;
  if (c.fromMs > b.toMs) cost += 1;
  if (u !== undefined && c.fromMs < u.fromMs) cost += 1.5;
  // A car that stood on loop B has no time of its front.
  if (began === undefined || b.fromMs > began) {
    if (!within(rear / front, 0.08, 4)) return undefined;
    if (!within(rear / front, 0.15, 2)) cost += 2;
  } else cost += 0.6;
  return cost;
}
