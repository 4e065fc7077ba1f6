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
  /** Says only that nobody has changed: it is no sign-on, and begins nothing. */
  readonly affirms?: true;
  /** Who said so: the sender of a message, the user who affirms. */
  readonly source?: string;
}

/** Without an end that is known a shift is over after this time; guards of 24 hours have their end in the roster, or in the message. */
export const SHIFT_LONGEST_MS = 16 * 3_600_000;
/** No shift is longer, whatever end a message gives. */
export const SHIFT_END_MAX_MS = 48 * 3_600_000;

/** Somebody who has signed on so shortly before a row of the roster begins does that shift, in the place of the one planned. */
const RELIEF_MS = 30 * 60_000;

const endOf = ({ atMs, untilMs }: Shift): number =>
  Math.min(untilMs ?? atMs + SHIFT_LONGEST_MS, atMs + SHIFT_END_MAX_MS);

interface Presence {
  readonly shift: Shift;
  /** The one that its operator has been on duty since without a break. */
  readonly since: Shift;
  readonly endMs: number;
}

/** Those on duty, the newest last. `shifts`: in order of time. */
function peopleAt(shifts: readonly Shift[], lane: string, atMs: number): readonly Presence[] {
  const people = new Map<string, Presence>();
  for (const shift of shifts) {
    if (shift.atMs > atMs) break;
    if (!shift.lanes.includes(lane)) continue;
    const before = people.get(shift.operator);
    if (shift.affirms) {
      // A known end stays: whoever stays longer says so himself. No word of others makes a shift longer than any is.
      if (before && before.endMs >= shift.atMs && before.shift.untilMs === undefined)
        people.set(shift.operator, {
          ...before,
          endMs: Math.min(endOf(shift), before.shift.atMs + SHIFT_END_MAX_MS),
        });
      continue;
    }
    const newest = [...people.values()].findLast(({ endMs }) => endMs >= shift.atMs);
    people.delete(shift.operator);
    if (!shift.on) continue;
    // Not one who forgot to sign off from an earlier shift: somebody else has been on duty since.
    const isStill = before !== undefined && before.endMs >= shift.atMs && before === newest;
    people.set(shift.operator, { shift, since: isStill ? before.since : shift, endMs: endOf(shift) });
    if (shift.by === 'roster') keepReliefNewest(people, shift.atMs);
  }
  return [...people.values()].filter(({ endMs }) => endMs > atMs);
}

/** The one who signed on for a row of the roster was there first, and stays the newest. */
function keepReliefNewest(people: Map<string, Presence>, beginMs: number): void {
  for (const [operator, other] of [...people])
    if (isRelief(other, beginMs)) {
      people.delete(operator);
      people.set(operator, other);
    }
}

const isRelief = ({ shift, endMs }: Presence, beginMs: number): boolean =>
  shift.by !== 'roster' && shift.atMs > beginMs - RELIEF_MS && endMs > beginMs;

export const onDutyAt = (shifts: readonly Shift[], lane: string, atMs: number): Shift | undefined =>
  peopleAt(shifts, lane, atMs).at(-1)?.shift;

/** The same with the shift that it goes back to: signed on again, or in the roster as well, somebody goes on with the shift begun. */
export function dutyAt(
  shifts: readonly Shift[],
  lane: string,
  atMs: number,
): { readonly operator: string; readonly sinceWallMs: number } | undefined {
  const presence = peopleAt(shifts, lane, atMs).at(-1);
  return presence && { operator: presence.shift.operator, sinceWallMs: presence.since.wallMs };
}

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
    .filter((shift) => shift.lanes.includes(lane) && shift.atMs < toMs && endOf(shift) > fromMs)
    .flatMap((shift) => [shift.atMs, ...(shift.on ? [endOf(shift)] : [])]);
  const edges = [...new Set([fromMs, ...changes.filter((at) => at > fromMs && at < toMs)])].sort((a, b) => a - b);
  const intervals: { fromMs: number; toMs: number; operators: readonly string[] }[] = [];
  for (const [index, begin] of edges.entries()) {
    const people = peopleAt(shifts, lane, begin);
    const signedOn = people.filter(({ shift }) => shift.by !== 'roster');
    const operators = (signedOn.length > 0 ? signedOn : people).map(({ shift }) => shift.operator);
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
