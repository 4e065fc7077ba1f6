/**
 * The boots of the machine and how lane time and wall time relate to each: lane time = Clock.nowMs + lane offset, wall time = Clock.nowMs + wall
 * offset. Nothing is ordered or expired by wall time; records only show it.
 */

import type { Moment } from '../moment.ts';
import type { TimeQuality } from '../record-types.ts';
import type { SerialBoot } from '../serial.ts';
import { qualityBy } from '../time-source.ts';
import type { Boot } from '../types.ts';
import type { Database } from './database.ts';
import type { Life } from './heartbeat.ts';

interface BootRow {
  readonly boot_seq: number;
  readonly boot_id: string;
  readonly first_ms: number;
  readonly lane_offset_ms: number;
  readonly wall_offset_ms: number;
  readonly offset_source: string;
  readonly quality: TimeQuality;
}

export interface Start {
  readonly bootId: string;
  readonly moment: Moment;
  readonly wallTrusted: boolean;
  readonly life: Life | undefined;
  readonly unclean: boolean;
  /** The first boot of the successor of a damaged database: its number, and what was known of wall time. */
  readonly successor?: { readonly bootSeq: number; readonly wall?: KnownWall };
}

export interface KnownWall {
  readonly offsetMs: number;
  readonly source: string;
  readonly quality: TimeQuality;
}

/** How far the wall clock may have been slewed since a restart in the same boot and is still believed. */
const SLEW_MS = 2_000;
/** Rows searched for the latest moment: what the box says of itself stands before lane events that waited for it. */
const LAST_ROWS = 200;
/** An opening in progress is of the last boot, or of one that soon ended before it. */
const BOOTS_TOLD = 8;
export const OFF_MOST_MS = 366 * 86_400_000;
/** A quiet box writes no row for so long; ahead of that only a clock that is trusted shows that time has passed. */
const QUIET_MS = 86_400_000;
/** Before every moment. */
const NEVER = Number.MIN_SAFE_INTEGER;

/** No box existed before this: a clock that shows an earlier time was never set. */
const NEVER_SET_BEFORE_MS = Date.UTC(2024, 0, 1);
/** A smaller error of the time is not reported. */
const WORTH_SAYING_MS = 1_000;

export interface WallTime {
  readonly bootSeq: number;
  readonly wallMs: number;
  readonly quality: TimeQuality;
  /** Carried over a power cut from the last durable mark: it may be later by this much. */
  readonly errorMs?: number;
  /** Of quality `manual`: it may be earlier or later by this much. */
  readonly withinMs?: number;
}

export class TimelineReader {
  readonly #database: Database;
  #boots: BootRow[];
  readonly boot: Boot;
  /** By how much the last sign of life was ahead of all time that can have passed; undefined: it was believed, or no clock shows it. */
  readonly aheadMs: number | undefined;
  /** The system clock's offset when this run began the boot, unless something had set it by then. */
  readonly #unsetOffsetMs: number | undefined;
  /** Wall time less lane time by the last heartbeat, where no boot says it. */
  readonly #lifeShiftMs: number;
  #withinMs: number | undefined;

  private constructor(
    database: Database,
    boots: BootRow[],
    boot: Boot,
    { life, aheadMs }: Believed,
    unsetOffsetMs?: number,
  ) {
    this.aheadMs = aheadMs;
    this.#database = database;
    this.#boots = boots;
    this.boot = boot;
    this.#unsetOffsetMs = unsetOffsetMs;
    this.#lifeShiftMs = life?.wallTrusted ? life.wallMs - life.laneMs : NEVER;
  }

  /** Begins or continues a boot. A monotonic clock that ran back means a new boot, whatever the boot id of the kernel is. */
  static begin(database: Database, given: Start): TimelineReader {
    const boots = readBoots(database);
    const last = boots.at(-1);
    const keptMs = lastKeptMs(database);
    const start = believed(boots, keptMs, given);
    const { moment, life } = start;
    const lastLaneMs = Math.max(life?.laneMs ?? 0, keptMs);
    const known = last !== undefined || life !== undefined;
    // What had happened since then was not all on the disk, or nobody had looked yet.
    const keptUntilMs = Math.max(life?.waitsSinceMs ?? lastLaneMs, lastKeptMs(database, 'of lanes'));
    const unseenMs = Math.max(0, lastLaneMs - Math.min(life?.blindSinceMs ?? lastLaneMs, keptUntilMs));
    const lastNowMs = last === undefined ? 0 : lastLaneMs - last.lane_offset_ms;
    // Half a second of grace: a journalled event may lie in the future of the moment by a kernel time stamp's rounding.
    const same = last !== undefined && last.boot_id === start.bootId && moment.nowMs + 500 >= lastNowMs;
    const nowMs = Math.floor(moment.nowMs);
    const wallMs = last && isKnown(last.quality) ? lastLaneMs - last.lane_offset_ms + last.wall_offset_ms : undefined;
    const rest = { startMs: nowMs, unclean: start.unclean };
    if (!same && last !== undefined && life?.bootId === last.boot_id)
      boots.push(keepMark(database, boots.pop() as BootRow, life));
    if (same) {
      const blindMs = Math.max(0, nowMs - lastNowMs) + unseenMs;
      const driftMs = Math.abs(moment.wallMs - moment.nowMs - last.wall_offset_ms);
      const boot = bootOf(last, { ...rest, blindMs, newBoot: false });
      const timeline = new TimelineReader(database, boots, boot, start);
      if (isKnown(last.quality) && driftMs > SLEW_MS && !start.wallTrusted) timeline.stepped();
      return timeline;
    }
    // The successor of a database that was damaged in the middle of a boot continues the lane time of that boot.
    const sameLife =
      last === undefined && life?.bootId === start.bootId && nowMs >= Math.floor(life.nowMs) ? life : undefined;
    const blindMs = sameLife !== undefined ? nowMs - Math.floor(sameLife.nowMs) : known ? blindOf(start, wallMs) : 0;
    const wall = start.successor?.wall ?? {
      offsetMs: Math.round(moment.wallMs - moment.nowMs),
      source: 'system',
      quality: start.wallTrusted ? 'synced' : 'unknown',
    };
    const current: BootRow = {
      boot_seq: last === undefined ? (start.successor?.bootSeq ?? 1) : last.boot_seq + 1,
      boot_id: start.bootId,
      first_ms: nowMs,
      lane_offset_ms: known ? Math.ceil(lastLaneMs + blindMs) - nowMs : 0,
      wall_offset_ms: wall.offsetMs,
      offset_source: wall.source,
      quality: wall.quality,
    };
    database
      .prepare(
        `INSERT INTO boot (boot_seq, boot_id, first_ms, lane_offset_ms, wall_offset_ms, offset_source, quality)
         VALUES (@boot_seq, @boot_id, @first_ms, @lane_offset_ms, @wall_offset_ms, @offset_source, @quality)`,
      )
      .run(current);
    return new TimelineReader(
      database,
      [...boots, current],
      bootOf(current, { ...rest, blindMs: blindMs + unseenMs, newBoot: sameLife === undefined }),
      start,
      start.wallTrusted ? undefined : Math.round(moment.wallMs - moment.nowMs),
    );
  }

  /** For a tool beside the running bridge: uses the newest boot and begins none. */
  static follow(database: Database, given: Start): TimelineReader {
    const boots = readBoots(database);
    const last = boots.at(-1);
    if (last === undefined) return TimelineReader.begin(database, given);
    const rest = { startMs: Math.floor(given.moment.nowMs), blindMs: 0, newBoot: false, unclean: false };
    const keptMs = lastKeptMs(database);
    const start = believed(boots, keptMs, given);
    const lastLaneMs = Math.max(start.life?.laneMs ?? 0, keptMs);
    const nowMs = Math.floor(start.moment.nowMs);
    // In a boot that the program has not begun yet, or on another machine, it is the time of the last heartbeat.
    const isIts = last.boot_id === start.bootId && nowMs + 500 >= lastLaneMs - last.lane_offset_ms;
    const boot = isIts ? last : { ...last, lane_offset_ms: lastLaneMs - nowMs };
    return new TimelineReader(database, boots, bootOf(boot, rest), start);
  }

  get #current(): BootRow {
    return this.#boots.at(-1) as BootRow;
  }

  get boots(): readonly SerialBoot[] {
    return this.#boots
      .slice(-BOOTS_TOLD)
      .map(({ boot_id, first_ms, lane_offset_ms }) => ({ bootId: boot_id, fromMs: first_ms + lane_offset_ms }));
  }

  get quality(): TimeQuality {
    return this.#current.quality;
  }

  get knownWall(): KnownWall {
    const { wall_offset_ms: offsetMs, offset_source: source, quality } = this.#current;
    return { offsetMs, source, quality };
  }

  get wallOffsetMs(): number {
    return this.#current.wall_offset_ms;
  }

  laneMs(nowMs: number): number {
    return Math.floor(nowMs) + this.boot.laneOffsetMs;
  }

  /** The wall time of a moment in lane time. `claimedMs`: the reading of the system clock at the caller, for a boot without a better source. */
  wallTime(atMs: number, claimedMs: number): WallTime {
    const boot = this.#boots.findLast((row) => row.first_ms + row.lane_offset_ms <= atMs) ?? this.#current;
    const claimedShiftMs = Math.round(claimedMs) - atMs;
    const wallMs = atMs + this.#shiftMs(boot, claimedShiftMs);
    if (isVouched(boot))
      return {
        bootSeq: boot.boot_seq,
        wallMs,
        quality: boot.quality,
        ...(boot === this.#current && this.#withinMs !== undefined && { withinMs: this.#withinMs }),
      };
    const quality = isKnown(this.quality) ? 'estimated' : 'unknown';
    const errorMs = boot === this.#current ? 0 : Math.round(claimedMs) - wallMs;
    return { bootSeq: boot.boot_seq, wallMs, quality, ...(errorMs > WORTH_SAYING_MS && { errorMs }) };
  }

  /**
   * Wall time less lane time of a boot by what is known now; without a better source by the system clock at `moment`. Of a boot that was lost with a
   * damaged database it is that of this one, once that is known; undefined before.
   */
  shiftMs(bootSeq: number, moment: Moment): number | undefined {
    const boot = this.#boots.find((row) => row.boot_seq === bootSeq);
    if (boot === undefined && !isKnown(this.quality)) return undefined;
    return this.#shiftMs(boot ?? this.#current, Math.round(moment.wallMs) - this.laneMs(moment.nowMs));
  }

  /**
   * Wall time less lane time before which no moment of this boot without a confirmed time can lie: lane time goes on from boot to boot and never
   * faster than time. Only the newest synchronised boot counts, not the latest date; a person's phone where there never was one.
   */
  notBeforeMs(bootSeq = this.boot.bootSeq): number {
    const boot = this.#boots.find((row) => row.boot_seq === bootSeq);
    return boot === undefined ? NEVER : this.#notBeforeMs(boot);
  }

  #notBeforeMs({ boot_seq }: BootRow): number {
    const former = this.#boots.filter((row) => row.boot_seq < boot_seq && isVouched(row));
    const best = former.findLast(({ offset_source: by }) => qualityBy(by) !== 'manual') ?? former.at(-1);
    return best === undefined ? this.#lifeShiftMs : best.wall_offset_ms - best.lane_offset_ms;
  }

  #shiftMs(boot: BootRow, claimedMs: number): number {
    if (isVouched(boot)) return boot.wall_offset_ms - boot.lane_offset_ms;
    const notBeforeMs = this.#notBeforeMs(boot);
    if (boot === this.#current) return Math.max(claimedMs, notBeforeMs);
    if (!isVouched(this.#current)) return Math.max(this.#beforeTheCut(boot, claimedMs), notBeforeMs);
    const latestMs = this.#shiftMs(this.#current, claimedMs);
    return Math.min(latestMs, Math.max(this.#beforeTheCut(boot, latestMs), notBeforeMs));
  }

  /**
   * Counted back from this boot (`latestMs`) a moment of the former one comes out too late, by the time the machine was off. The clock of that boot
   * is better where it was set at all, with the error that it turned out to have.
   */
  #beforeTheCut(boot: BootRow, latestMs: number): number {
    const ownMs = boot.wall_offset_ms - boot.lane_offset_ms;
    const wasSet = boot.first_ms + boot.wall_offset_ms >= NEVER_SET_BEFORE_MS;
    if (!wasSet) return latestMs;
    if (!isKnown(this.quality)) return ownMs;
    if (this.#unsetOffsetMs === undefined) return latestMs;
    return Math.min(latestMs, ownMs + this.#current.wall_offset_ms - this.#unsetOffsetMs);
  }

  /** Wall time of a moment in lane time by the current boot, whatever its quality. */
  wallMs(atMs: number): number {
    return atMs + this.#shiftMs(this.#current, this.#current.wall_offset_ms - this.boot.laneOffsetMs);
  }

  /** Wall time becomes known, or known better. `withinMs`: of quality `manual`. */
  synced(nowMs: number, wallMs: number, source: string, withinMs?: number): void {
    this.#withinMs = withinMs;
    this.#change({ wall_offset_ms: Math.round(wallMs - nowMs), offset_source: source, quality: qualityBy(source) });
    this.#database
      .prepare('UPDATE boot SET synced_at_ms = ? WHERE boot_seq = ?')
      .run(Math.floor(nowMs), this.boot.bootSeq);
  }

  /** The system clock was stepped: the former offset stays the best guess, unconfirmed. */
  stepped(): void {
    this.#withinMs = undefined;
    if (isKnown(this.quality)) this.#change({ quality: 'unknown', offset_source: 'before-step' });
  }

  #change(values: Partial<BootRow>): void {
    const row = { ...this.#current, ...values };
    this.#database
      .prepare(
        `UPDATE boot SET wall_offset_ms = @wall_offset_ms, offset_source = @offset_source, quality = @quality
         WHERE boot_seq = @boot_seq`,
      )
      .run(row);
    this.#boots = [...this.#boots.slice(0, -1), row];
  }
}

/**
 * The file with the last sign of life carries a checksum and no signature: whoever has the card could make all that is kept old enough to be deleted.
 * Lane time never goes faster than time, which the kernel's clock shows in the same boot and a trusted wall clock after a synchronised one. Without
 * either a sign of life far ahead of the newest row is left alone: lane time then lacks a quiet time, and nothing is deleted too early.
 */
function believed(boots: readonly BootRow[], keptMs: number, start: Start): Believed {
  const { life, moment, wallTrusted, bootId } = start;
  const last = boots.at(-1);
  if (life === undefined || last === undefined) return start;
  const isSameBoot = last.boot_id === bootId && life.bootId === bootId;
  if (isSameBoot && life.laneMs <= moment.nowMs + 500 + last.lane_offset_ms) return start;
  const aheadMs = life.laneMs + Math.max(0, wallGapOf(start)) - keptMs;
  if (aheadMs <= QUIET_MS) return start;
  const known = boots.findLast(({ quality }) => isKnown(quality));
  const passedMs = known && wallTrusted ? moment.wallMs - known.wall_offset_ms + known.lane_offset_ms - keptMs : -1;
  const isShown = passedMs >= 0 && aheadMs > passedMs + QUIET_MS;
  if (passedMs >= 0 && passedMs < OFF_MOST_MS && !isShown) return start;
  return { ...start, life: undefined, ...(isShown && { aheadMs: Math.round(aheadMs - passedMs) }) };
}

type Believed = Start & { readonly aheadMs?: number };

/** The last durable mark shows the system clock of a boot without a confirmed time. */
function keepMark(database: Database, last: BootRow, life: Life): BootRow {
  if (last.quality !== 'unknown' || last.offset_source !== 'system') return last;
  const row = { ...last, wall_offset_ms: Math.round(life.wallMs - life.nowMs) };
  database.prepare('UPDATE boot SET wall_offset_ms = ? WHERE boot_seq = ?').run(row.wall_offset_ms, row.boot_seq);
  return row;
}

/** A source has confirmed its offset, at some time. */
function isVouched({ quality, offset_source }: BootRow): boolean {
  return quality !== 'unknown' || offset_source !== 'system';
}

export function isKnown(quality: TimeQuality): boolean {
  return quality === 'synced' || quality === 'corrected' || quality === 'manual';
}

function bootOf(row: BootRow, rest: Omit<Boot, 'bootSeq' | 'bootId' | 'laneOffsetMs'>): Boot {
  return { bootSeq: row.boot_seq, bootId: row.boot_id, laneOffsetMs: row.lane_offset_ms, ...rest };
}

/** Off since its start at least, and as long as two trusted readings of the wall clock show: over a year, one of them was wrong. A torn sign of life shortens nothing: the newest row shows it. */
function blindOf(start: Start, rowWallMs: number | undefined): number {
  return Math.max(0, Math.floor(start.moment.nowMs), Math.floor(wallGapOf(start, rowWallMs)));
}

function wallGapOf({ moment, life, wallTrusted }: Start, rowWallMs = Number.NaN): number {
  const wallGapMs = wallTrusted ? moment.wallMs - (life?.wallTrusted === true ? life.wallMs : rowWallMs) : 0;
  return wallGapMs < OFF_MOST_MS ? wallGapMs : 0;
}

function readBoots(database: Database): BootRow[] {
  return database.prepare('SELECT * FROM boot ORDER BY boot_seq').all() as BootRow[];
}

function lastKeptMs(database: Database, whose?: 'of lanes'): number {
  const rows = `SELECT at_ms, lane_id FROM journal ORDER BY seq DESC LIMIT ${LAST_ROWS}`;
  const journal = database.prepare(`SELECT coalesce(max(at_ms), 0) FROM (${rows}) WHERE lane_id > ?`).pluck();
  if (whose !== undefined) return journal.get('') as number;
  const put = database.prepare('SELECT put_ms FROM release ORDER BY id DESC LIMIT 1').pluck();
  return Math.max(journal.get(-1) as number, (put.get() ?? 0) as number);
}
