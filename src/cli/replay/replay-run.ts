/** Folds a stretch of journal again: as it was judged then, and as it would be judged with other settings. It reads no store and prints nothing. */
import { deadlineMs, initialState, type LaneState, STATE_VERSION, step } from '../../lane/lane.ts';
import { DEFAULT_SETTINGS } from '../../lane/settings.ts';
import type { LaneEffect, LaneEvent, LaneSettings, Release } from '../../lane/types.ts';

/** One journalled event. `seq` rises; `wallMs` belongs to the event's time, by today's knowledge. */
export interface ReplayRow {
  readonly seq: number;
  readonly laneId: string;
  readonly event: LaneEvent;
  readonly wallMs: number;
}

/** The settings in force for rows with a higher `seq`, until the next epoch of the lane. */
export interface ReplayEpoch {
  readonly seq: number;
  readonly laneId: string;
  readonly settings: unknown;
}

/** What a replay reads of the store, without writing to it. */
export interface ReplaySource {
  /** Ids of the lanes that have a journal. */
  lanes(): readonly string[];
  /** The newest snapshot of the lane made before `wallMs`, as the bridge kept it; undefined when there is none. */
  snapshot(laneId: string, wallMs: number): { readonly seq: number; readonly state: unknown } | undefined;
  /** Rows of the lane with a higher `seq` than `afterSeq`, in order, up to `untilWallMs`. */
  rows(laneId: string, afterSeq: number, untilWallMs: number): Iterable<ReplayRow>;
  /** Every epoch of the lane, oldest first. */
  epochs(laneId: string): readonly ReplayEpoch[];
  close(): void;
}

/** A release with its wall time, and whether it was taken back. */
export interface ReplayedRelease {
  readonly release: Release;
  readonly wallMs: number;
  readonly withdrawn: boolean;
}

export type ReplayChange = 'same' | 'changed' | 'gone' | 'new';
export interface Pair {
  readonly change: ReplayChange;
  /** The verdict of then. */
  readonly before?: ReplayedRelease;
  /** The verdict of now. */
  readonly after?: ReplayedRelease;
  /** Members that differ. */
  readonly members: readonly string[];
}

export interface Replayed {
  readonly laneId: string;
  readonly pairs: readonly Pair[];
  readonly summary: Readonly<Record<ReplayChange, number>>;
  readonly rows: number;
  /** Nothing older was left to begin from: the first verdicts may lack what happened before. */
  readonly fromNothing: boolean;
}

export interface ReplayRange {
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

/** A verdict may come this long after what it is about. */
const VERDICT_MS = 15 * 60_000;

/**
 * Replays one lane. `settings`: what to judge with now, by those of then; the same object back means: as it was.
 * Then: the journal as it is, ticks included, so the verdicts are those given, byte for byte.
 */
export function replayLane(
  source: ReplaySource,
  laneId: string,
  range: ReplayRange,
  settings: (then: LaneSettings) => LaneSettings,
): Replayed {
  const begin = source.snapshot(laneId, range.fromWallMs);
  const kept = begin?.state as { readonly version?: unknown; readonly state?: LaneState } | undefined;
  const usable = kept?.version === STATE_VERSION && kept.state !== undefined;
  const afterSeq = usable ? (begin?.seq ?? 0) : 0;
  const epochs = source.epochs(laneId);
  const first = settingsAt(epochs, afterSeq + 1);
  if (first === undefined) return { laneId, pairs: [], summary: count([]), rows: 0, fromNothing: true };
  const from = usable ? (kept.state as LaneState) : initialState(first);
  const then = new Fold(from, false);
  const now = new Fold(from, true);
  let rows = 0;
  for (const row of source.rows(laneId, afterSeq, range.toWallMs + VERDICT_MS)) {
    const inForce = settingsAt(epochs, row.seq) ?? first;
    const wanted = settings(inForce);
    then.take(row, inForce);
    now.take(row, wanted, same(inForce, wanted) ? 'journalled' : 'ownTicks', then);
    rows += 1;
  }
  const pairs = pair(then.judged(range), now.judged(range));
  return { laneId, pairs, summary: count(pairs), rows, fromNothing: !usable };
}

function settingsAt(epochs: readonly ReplayEpoch[], seq: number): LaneSettings | undefined {
  const found = epochs.findLast((epoch) => epoch.seq < seq) ?? epochs[0];
  // Settings of an earlier version lack what came since.
  return found === undefined ? undefined : { ...DEFAULT_SETTINGS, ...(found.settings as LaneSettings) };
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What a release is about: it is the same one in both folds although its number may differ. */
function subject(release: Release): string {
  const vehicle = release.facts.find((fact) => fact.kind === 'vehicle');
  const about = vehicle?.atMs ?? (release.verdict === 'automatic' ? release.desc : 'opening');
  return `${release.releaseAtMs}/${about}`;
}

class Fold {
  #state: LaneState;
  readonly #mayTick: boolean;
  readonly #judged = new Map<string, { release: Release; wallMs: number; withdrawn: boolean }>();
  /** Wall time less lane time, as of the last row. */
  #offsetMs = 0;

  constructor(state: LaneState, mayTick: boolean) {
    this.#state = state;
    this.#mayTick = mayTick;
  }

  take(row: ReplayRow, settings: LaneSettings, ticks: 'journalled' | 'ownTicks' = 'journalled', then?: Fold): void {
    const { event } = row;
    this.#offsetMs = row.wallMs - event.atMs;
    if (ticks === 'journalled' || !this.#mayTick) {
      this.#step(event, settings);
      return;
    }
    for (let due = deadlineMs(this.#state, settings); due !== undefined && due <= event.atMs; ) {
      this.#step({ kind: 'tick', atMs: due }, settings);
      due = deadlineMs(this.#state, settings);
    }
    if (event.kind === 'tick') return;
    if (event.kind === 'sent' || event.kind === 'unsent') this.#sent(event, settings, then);
    else this.#step(event, settings);
  }

  /** The record that left then was about something: whatever release is about that now has left. */
  #sent(event: Extract<LaneEvent, { kind: 'sent' | 'unsent' }>, settings: LaneSettings, then: Fold | undefined): void {
    const about = then === undefined ? undefined : then.#judged.get(event.releaseId);
    if (about === undefined) return;
    const wanted = subject(about.release);
    for (const { release } of this.#judged.values()) {
      if (subject(release) === wanted) this.#step({ ...event, releaseId: release.id }, settings);
    }
  }

  #step(event: LaneEvent, settings: LaneSettings): void {
    const [state, effects] = step(this.#state, event, settings);
    this.#state = state;
    for (const effect of effects) this.#keep(effect);
  }

  #keep(effect: LaneEffect): void {
    if (effect.kind === 'release') {
      const { release } = effect;
      this.#judged.set(release.id, { release, wallMs: release.releaseAtMs + this.#offsetMs, withdrawn: false });
    }
    const taken = effect.kind === 'withdraw' ? this.#judged.get(effect.releaseId) : undefined;
    if (taken !== undefined) taken.withdrawn = true;
  }

  judged({ fromWallMs, toWallMs }: ReplayRange): readonly ReplayedRelease[] {
    return [...this.#judged.values()].filter(({ wallMs }) => wallMs >= fromWallMs && wallMs < toWallMs);
  }
}

/** What does not count as a difference: how the releases and pictures were numbered. */
const NUMBERS: ReadonlySet<string> = new Set(['id', 'captureId', 'openingId']);

function pair(then: readonly ReplayedRelease[], now: readonly ReplayedRelease[]): readonly Pair[] {
  const left = [...now];
  const pairs = then.map((before): Pair => {
    const key = subject(before.release);
    const index = left.findIndex(({ release }) => subject(release) === key);
    const [after] = index < 0 ? [] : left.splice(index, 1);
    if (after === undefined) return { change: 'gone', before, members: [] };
    const members = differences(before, after);
    return { change: members.length === 0 ? 'same' : 'changed', before, after, members };
  });
  const added = left.map((after): Pair => ({ change: 'new', after, members: [] }));
  return [...pairs, ...added].sort((a, b) => wallOf(a) - wallOf(b));
}

const wallOf = ({ before, after }: Pair): number => (before ?? after)?.wallMs ?? 0;

function differences(before: ReplayedRelease, after: ReplayedRelease): readonly string[] {
  const one: Readonly<Record<string, unknown>> = { ...before.release, withdrawn: before.withdrawn };
  const other: Readonly<Record<string, unknown>> = { ...after.release, withdrawn: after.withdrawn };
  const members = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...members].filter((member) => !NUMBERS.has(member) && !same(one[member], other[member]));
}

function count(pairs: readonly Pair[]): Readonly<Record<ReplayChange, number>> {
  const of = (change: ReplayChange): number => pairs.filter((one) => one.change === change).length;
  return { same: of('same'), changed: of('changed'), gone: of('gone'), new: of('new') };
}
