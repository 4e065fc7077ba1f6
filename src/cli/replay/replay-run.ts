/** Folds a stretch of the journal again: with its own settings, and with others. It reads no store and prints nothing. */
import { type LaneState, STATE_VERSION } from '../../lane/lane.ts';
import { LaneRunner, type LaneRunnerOptions } from '../../lane/lane-runner.ts';
import { DEFAULT_SETTINGS } from '../../lane/settings.ts';
import type { LaneEffect, LaneEvent, LaneSettings, Release } from '../../lane/types.ts';
import type { JournalEvent } from '../../store/files/journal-reader.ts';

/** Settings in force for rows with a higher `seq`, until the next epoch of the lane. */
export interface ReplayEpoch {
  readonly seq: number;
  readonly laneId: string;
  readonly settings: unknown;
}

/** Read-only access of a replay to the store. */
export interface ReplaySource {
  /** Ids of all lanes with a journal. */
  lanes(): readonly string[];
  /** The lane's newest snapshot before `wallMs`; undefined when there is none. */
  snapshot(laneId: string, wallMs: number): { readonly seq: number; readonly state: unknown } | undefined;
  /** Rows of the lane with a higher `seq` than `afterSeq`, in order, up to `untilWallMs`. */
  rows(laneId: string, afterSeq: number, untilWallMs: number): Iterable<JournalEvent>;
  /** The verdicts as they were given and stored, oldest first; absent: of a store from before they were. */
  given?(laneId: string): readonly { readonly release: Release; readonly version: string }[];
  /** All epochs of the lane, oldest first. */
  epochs(laneId: string): readonly ReplayEpoch[];
  close(): void;
}

/** A release with its wall time, and whether it was withdrawn. */
export interface ReplayedRelease {
  readonly release: Release;
  readonly wallMs: number;
  readonly withdrawn: boolean;
}

/** A verdict as it was given and stored with its record. */
export interface GivenRelease extends ReplayedRelease {
  readonly version: string;
  /** Members in which the same journal, under the settings of then, gives something else now; `release`: it gives none at all. */
  readonly unlike: readonly string[];
}

/** `seconds`: the same verdict on the same grounds, and only times in it differ. */
export type ReplayChange = 'same' | 'seconds' | 'changed' | 'gone' | 'new';
export interface Pair {
  readonly change: ReplayChange;
  /** As it was given; absent: nothing was stored. */
  readonly given?: GivenRelease;
  /** What the journal gives under the settings of then. */
  readonly before?: ReplayedRelease;
  /** The new verdict. */
  readonly after?: ReplayedRelease;
  /** Members that differ. */
  readonly members: readonly string[];
}

export interface Replayed {
  readonly laneId: string;
  readonly pairs: readonly Pair[];
  readonly summary: Readonly<Record<ReplayChange, number>>;
  readonly rows: number;
  /** Verdicts that the journal no longer yields as they were given. */
  readonly unlike: number;
  /** No snapshot was old enough: the first verdicts may lack their history. */
  readonly fromNothing: boolean;
}

export interface ReplayRange {
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

/** The latest a verdict may follow its event. */
const VERDICT_MS = 15 * 60_000;

/**
 * Replays one lane. `settings` maps the original settings to the new ones; the same object means unchanged. The first fold follows the
 * journal, ticks included, and gives the original verdicts byte for byte.
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
  if (first === undefined) return { laneId, pairs: [], summary: count([]), rows: 0, unlike: 0, fromNothing: true };
  const from = { settings: first, ...(usable && { state: kept.state as LaneState }) };
  const then = new Fold(from);
  const now = new Fold(from);
  let rows = 0;
  for (const row of source.rows(laneId, afterSeq, range.toWallMs + VERDICT_MS)) {
    const inForce = settingsAt(epochs, row.seq) ?? first;
    const wanted = settings(inForce);
    then.take(row, inForce);
    now.take(row, wanted, same(inForce, wanted) ? undefined : then);
    rows += 1;
  }
  const given = (source.given?.(laneId) ?? [])
    .map((one) => ({ ...one, wallMs: one.release.releaseAtMs + then.offsetMs, withdrawn: false }))
    .filter(({ wallMs }) => wallMs >= range.fromWallMs && wallMs < range.toWallMs);
  const pairs = withGiven(pair(then.judged(range), now.judged(range)), given);
  const unlike = pairs.filter((one) => (one.given?.unlike.length ?? 0) > 0).length;
  return { laneId, pairs, summary: count(pairs), rows, unlike, fromNothing: !usable };
}

function settingsAt(epochs: readonly ReplayEpoch[], seq: number): LaneSettings | undefined {
  const found = epochs.findLast((epoch) => epoch.seq < seq) ?? epochs[0];
  // Settings of an earlier version lack newer keys.
  return found === undefined ? undefined : { ...DEFAULT_SETTINGS, ...(found.settings as LaneSettings) };
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Identifies a release in both folds, where its number may differ. */
function subject(release: Release): string {
  const about = vehicleMs(release) ?? (release.verdict === 'automatic' ? release.desc : 'opening');
  return `${release.releaseAtMs}/${about}`;
}

const vehicleMs = ({ facts }: Release): number | undefined => facts.find((fact) => fact.kind === 'vehicle')?.atMs;

class Fold {
  readonly #runner: LaneRunner;
  readonly #judged = new Map<string, { release: Release; wallMs: number; withdrawn: boolean }>();
  /** Wall time minus lane time, as of the last row. */
  offsetMs = 0;

  constructor(from: Pick<LaneRunnerOptions, 'settings' | 'state'>) {
    this.#runner = new LaneRunner({ ...from, after: (_, effects) => this.#keep(effects) });
  }

  /** `then`: the fold under the settings of then; this one makes ticks of its own, instead of those of the journal. */
  take({ event, wallMs }: JournalEvent, settings: LaneSettings, then?: Fold): void {
    this.offsetMs = wallMs - event.atMs;
    this.#runner.settings = settings;
    if (then === undefined) this.#keep(this.#runner.fold(event));
    else if (event.kind === 'tick') this.#runner.tickUntil(event.atMs);
    else if (event.kind === 'sent' || event.kind === 'unsent') this.#sent(event, then);
    else this.#runner.feed(event);
  }

  /** A record left at this point: any release of the same subject has left as well. */
  #sent(event: Extract<LaneEvent, { kind: 'sent' | 'unsent' }>, then: Fold): void {
    this.#runner.tickUntil(event.atMs);
    const about = then.#judged.get(event.releaseId);
    if (about === undefined) return;
    const wanted = subject(about.release);
    for (const { release } of this.#judged.values())
      if (subject(release) === wanted) this.#keep(this.#runner.fold({ ...event, releaseId: release.id }));
  }

  #keep(effects: readonly LaneEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'release') {
        const { release } = effect;
        this.#judged.set(release.id, { release, wallMs: release.releaseAtMs + this.offsetMs, withdrawn: false });
      }
      const taken = effect.kind === 'withdraw' ? this.#judged.get(effect.releaseId) : undefined;
      if (taken !== undefined) taken.withdrawn = true;
    }
  }

  judged({ fromWallMs, toWallMs }: ReplayRange): readonly ReplayedRelease[] {
    return [...this.#judged.values()].filter(({ wallMs }) => wallMs >= fromWallMs && wallMs < toWallMs);
  }
}

/** Members that do not count as differences: numbers of releases and pictures. */
const NUMBERS: ReadonlySet<string> = new Set(['id', 'captureId', 'openingId']);

/** Times that differ by more than this are another verdict. */
const SECONDS_MS = 60_000;
/** Releases without a common vehicle that are this near are one. */
const NEAR_MS = 10_000;

function pair(then: readonly ReplayedRelease[], now: readonly ReplayedRelease[]): readonly Pair[] {
  const left = [...now];
  const found = new Map<ReplayedRelease, ReplayedRelease>();
  const take = (isOne: (before: Release, after: Release) => boolean): void => {
    for (const before of then) {
      const index = found.has(before) ? -1 : left.findIndex(({ release }) => isOne(before.release, release));
      const [after] = index < 0 ? [] : left.splice(index, 1);
      if (after !== undefined) found.set(before, after);
    }
  };
  take((before, after) => subject(before) === subject(after));
  // Other settings move a release by seconds: the vehicle tells, and without one the time.
  take((before, after) => vehicleMs(before) !== undefined && vehicleMs(before) === vehicleMs(after));
  take((before, after) => Math.abs(before.releaseAtMs - after.releaseAtMs) <= NEAR_MS);
  const pairs = then.map((before): Pair => {
    const after = found.get(before);
    if (after === undefined) return { change: 'gone', before, members: [] };
    const members = differences(before, after);
    const change = members.length === 0 ? 'same' : differsInSeconds(before, after) ? 'seconds' : 'changed';
    return { change, before, after, members };
  });
  const added = left.map((after): Pair => ({ change: 'new', after, members: [] }));
  return [...pairs, ...added].sort((a, b) => wallOf(a) - wallOf(b));
}

const wallOf = ({ given, before, after }: Pair): number => (before ?? after ?? given)?.wallMs ?? 0;

/** Beside each verdict the one that was given; one that the journal does not yield at all stands alone. */
function withGiven(pairs: readonly Pair[], given: readonly Omit<GivenRelease, 'unlike'>[]): readonly Pair[] {
  const left = [...given];
  const beside = pairs.map((one): Pair => {
    const key = one.before && subject(one.before.release);
    const index = left.findIndex(({ release }) => subject(release) === key);
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (found === undefined || one.before === undefined) return one;
    // Whether it was withdrawn came later.
    const unlike = differences({ ...found, withdrawn: one.before.withdrawn }, one.before);
    return { ...one, given: { ...found, unlike } };
  });
  const alone = left.map((found): Pair => ({ change: 'gone', given: { ...found, unlike: ['release'] }, members: [] }));
  return [...beside, ...alone].sort((a, b) => wallOf(a) - wallOf(b));
}

const differsInSeconds = (before: ReplayedRelease, after: ReplayedRelease): boolean =>
  before.withdrawn === after.withdrawn && isLike('release', before.release, after.release);

/** Equal but for times, which are near. */
function isLike(name: string, one: unknown, other: unknown): boolean {
  if (NUMBERS.has(name) || one === other) return true;
  if (typeof one === 'number' && typeof other === 'number')
    return name.endsWith('Ms') && Math.abs(one - other) <= SECONDS_MS;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const members = [one, other] as readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];
  return [...names].every((each) => isLike(each, members[0][each], members[1][each]));
}

function differences(before: ReplayedRelease, after: ReplayedRelease): readonly string[] {
  const one: Readonly<Record<string, unknown>> = { ...before.release, withdrawn: before.withdrawn };
  const other: Readonly<Record<string, unknown>> = { ...after.release, withdrawn: after.withdrawn };
  const members = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...members].filter((member) => !NUMBERS.has(member) && !same(one[member], other[member]));
}

function count(pairs: readonly Pair[]): Readonly<Record<ReplayChange, number>> {
  const of = (change: ReplayChange): number => pairs.filter((one) => one.change === change).length;
  return { same: of('same'), seconds: of('seconds'), changed: of('changed'), gone: of('gone'), new: of('new') };
}
