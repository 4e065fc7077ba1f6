/**
 * What every input did during one recording, as stretches away from its level at rest: bounce, flicker and single disturbances taken out,
 * inputs that chatter set aside, inputs that do the same thing put together. Pure.
 */
import type { LevelSample } from '../learning.ts';

/** All that the inputs of the box did from `fromMs` to `toMs`. The lane was free and the arm down when it began. */
export interface Recording {
  readonly fromMs: number;
  readonly toMs: number;
  readonly before: ReadonlyMap<string, boolean>;
  /** In order of time. */
  readonly samples: readonly LevelSample[];
}

/** One stretch away from rest; `toMs` is infinite where the recording ends first. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Wave {
  readonly point: string;
  /** undefined: only pulses without a level. */
  readonly rest: boolean | undefined;
  readonly spans: readonly Span[];
  /** Other inputs that moved with it throughout: the same signal wired twice. */
  readonly twins: readonly string[];
}

export interface Waves {
  readonly moved: readonly Wave[];
  readonly still: readonly string[];
  readonly chattering: readonly string[];
  /** Moved for no longer than one poll: a disturbance on the wire. */
  readonly disturbed: readonly string[];
}

/** A gap of this length is a contact's bounce, a detector's flicker or the drawbar of a vehicle, not its end. */
const GAP_MS = 400;
/** A stretch as short as one slow poll is a disturbance: no finger and no relay is that quick. */
const DISTURBANCE_MS = 120;
/** One vehicle moves no input this often, bounce included. */
const CHANGES_MAX = 30;
const SPANS_MAX = 6;
/** Two inputs of a board that is read in turns show the same contact this far apart. */
const TWIN_MS = 120;
/** A pulse as short as this is too little to say that two inputs are one signal. */
const TWIN_SPAN_MS = 2_500;

export function wavesOf({ before, samples }: Recording, without: ReadonlySet<string> = new Set()): Waves {
  const levels = new Map(before);
  const rests = new Map(before);
  const changes = new Map<string, LevelSample[]>();
  for (const sample of samples) {
    const { point, value } = sample;
    if (value !== undefined && levels.get(point) === value) continue;
    // The first reading of an input is no change.
    if (value !== undefined && !levels.has(point)) rests.set(point, value);
    else changes.set(point, [...(changes.get(point) ?? []), sample]);
    if (value !== undefined) levels.set(point, value);
  }
  const points = [...new Set([...rests.keys(), ...changes.keys()])].filter((point) => !without.has(point));
  const moved: Wave[] = [];
  const chattering: string[] = [];
  const disturbed: string[] = [];
  for (const point of points) {
    const own = changes.get(point) ?? [];
    const spans = spansOf(own, rests.get(point));
    if (own.length > CHANGES_MAX || spans.length > SPANS_MAX) chattering.push(point);
    else if (spans.length > 0 && own.some(({ value }) => value !== undefined) && spans.every(isShort))
      disturbed.push(point);
    else if (spans.length > 0) moved.push({ point, rest: rests.get(point), spans, twins: [] });
  }
  const still = points.filter((point) => !changes.has(point));
  return { moved: withoutTwins(moved), still, chattering, disturbed };
}

const isShort = ({ fromMs, toMs }: Span): boolean => toMs - fromMs < DISTURBANCE_MS;

function spansOf(changes: readonly LevelSample[], rest: boolean | undefined): readonly Span[] {
  const raw: { fromMs: number; toMs: number }[] = [];
  for (const { value, atMs } of changes) {
    const last = raw.at(-1);
    if (value === rest && value !== undefined) {
      if (last !== undefined) last.toMs = atMs;
    } else if (last !== undefined && atMs - last.toMs < GAP_MS) last.toMs = Number.POSITIVE_INFINITY;
    else raw.push({ fromMs: atMs, toMs: Number.POSITIVE_INFINITY });
    // A pulse without a level has no length.
    const now = raw.at(-1);
    if (value === undefined && now !== undefined) now.toMs = atMs;
  }
  const long = raw.filter((span) => !isShort(span));
  return long.length > 0 ? long : raw;
}

function withoutTwins(waves: readonly Wave[]): readonly Wave[] {
  const kept: Wave[] = [];
  for (const wave of waves) {
    const at = kept.findIndex((other) => areTwins(other, wave));
    const first = kept[at];
    if (first === undefined) kept.push(wave);
    else kept[at] = { ...first, twins: [...first.twins, wave.point] };
  }
  return kept;
}

function areTwins(a: Wave, b: Wave): boolean {
  if (a.spans.length !== b.spans.length) return false;
  if (!a.spans.some(({ fromMs, toMs }) => toMs - fromMs >= TWIN_SPAN_MS)) return false;
  const near = (x: number, y: number): boolean => x === y || Math.abs(x - y) <= TWIN_MS;
  return a.spans.every((span, index) => {
    const other = b.spans[index];
    return other !== undefined && near(span.fromMs, other.fromMs) && near(span.toMs, other.toMs);
  });
}
