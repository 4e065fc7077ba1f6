/** Who was on duty in a lane at a moment, from the shifts that were told, signed on or stand in the roster: the newest word counts. Pure. */

export interface Shift {
  readonly key: string;
  readonly operator: string;
  readonly lanes: readonly string[];
  /** false: goes off duty. */
  readonly on: boolean;
  /** Lane time. */
  readonly atMs: number;
  readonly wallMs: number;
  readonly untilMs?: number;
  readonly by: 'message' | 'pin' | 'roster';
  readonly source?: string;
}

/** A shift that nobody ended is over after so long. */
export const SHIFT_LONGEST_MS = 16 * 3_600_000;

const endOf = ({ atMs, untilMs }: Shift): number =>
  Math.min(untilMs ?? Number.POSITIVE_INFINITY, atMs + SHIFT_LONGEST_MS);

/** Those on duty, the newest last. `shifts`: in order of time. */
function peopleAt(shifts: readonly Shift[], lane: string, atMs: number): readonly Shift[] {
  const people = new Map<string, Shift>();
  for (const shift of shifts) {
    if (shift.atMs > atMs) break;
    if (shift.atMs <= atMs - SHIFT_LONGEST_MS || !shift.lanes.includes(lane)) continue;
    people.delete(shift.operator);
    if (shift.on && endOf(shift) > atMs) people.set(shift.operator, shift);
  }
  return [...people.values()];
}

export const onDutyAt = (shifts: readonly Shift[], lane: string, atMs: number): Shift | undefined =>
  peopleAt(shifts, lane, atMs).at(-1);

export interface DutyInterval {
  readonly fromMs: number;
  readonly toMs: number;
  /** The newest last; none: nobody signed on. The roster is a plan: it counts only where nobody else is on duty. */
  readonly operators: readonly string[];
}

/** Without gaps, from one moment to another. */
export function dutyIntervals(
  shifts: readonly Shift[],
  lane: string,
  fromMs: number,
  toMs: number,
): readonly DutyInterval[] {
  const changes = shifts
    .filter(({ lanes, atMs }) => lanes.includes(lane) && atMs < toMs && atMs > fromMs - SHIFT_LONGEST_MS)
    .flatMap((shift) => [shift.atMs, ...(shift.on ? [endOf(shift)] : [])]);
  const edges = [...new Set([fromMs, ...changes.filter((at) => at > fromMs && at < toMs)])].sort((a, b) => a - b);
  const intervals: { fromMs: number; toMs: number; operators: readonly string[] }[] = [];
  for (const [index, begin] of edges.entries()) {
    const people = peopleAt(shifts, lane, begin);
    const signedOn = people.filter(({ by }) => by !== 'roster');
    const operators = (signedOn.length > 0 ? signedOn : people).map(({ operator }) => operator);
    const end = edges[index + 1] ?? toMs;
    const last = intervals.at(-1);
    if (last !== undefined && last.operators.join('\n') === operators.join('\n')) last.toMs = end;
    else intervals.push({ fromMs: begin, toMs: end, operators });
  }
  return intervals;
}

/** Adds a shift in its place; the same key again is the same shift. */
export function withShift(shifts: readonly Shift[], shift: Shift): readonly Shift[] {
  if (shifts.some(({ key }) => key === shift.key)) return shifts;
  const at = shifts.findLastIndex(({ atMs }) => atMs <= shift.atMs);
  return [...shifts.slice(0, at + 1), shift, ...shifts.slice(at + 1)];
}
