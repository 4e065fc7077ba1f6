/** What the page shows of the database beside records: the journal around a moment, free space, damage. Runs in the store thread, bounded. */

import type { Moment } from '../moment.ts';
import type { Damage, JournalAround, Room } from '../types.ts';
import type { Database } from './database.ts';
import type { FrameFolder } from './frames.ts';
import { jsonField } from './json.ts';
import type { TimelineReader } from './timeline.ts';

/** Events may be out of order by less than a second. */
const DISORDER_MS = 1_000;
const ROWS_MAX = 5_000;
/**
 * Rows of the lane searched backwards for the levels at the beginning; the level of a role that was silent for longer is unknown. Each may be a page:
 * those of other lanes lie between.
 */
const BACK_ROWS_MAX = 400;
/** The rate of pictures is taken over this many of the last. */
const PACE_PICTURES = 2_000;
/** How long a damaged database is reported: a card that has begun to fail goes on. */
const DAMAGE_TOLD_MS = 7 * 86_400_000;

export const PICTURES_SQL = `SELECT coalesce(sum(frame_bytes), 0) AS own, (SELECT total(frame_bytes) FROM beside INDEXED BY beside_bytes) AS beside,
  (SELECT wall_ms FROM release INDEXED BY release_framed WHERE frame_file IS NOT NULL ORDER BY id LIMIT 1) AS oldest
  FROM release WHERE frame_file IS NOT NULL`;
export const PACE_SQL = `SELECT coalesce(sum(frame_bytes), 0) AS bytes, min(put_ms) AS first, max(put_ms) AS last FROM
  (SELECT frame_bytes, put_ms FROM release INDEXED BY release_framed WHERE frame_file IS NOT NULL ORDER BY id DESC LIMIT ${PACE_PICTURES})`;

/** The index of the lane holds its rows in their order, whatever lies between. */
const OF_LANE = `FROM journal INDEXED BY journal_lane WHERE lane_id = @laneId AND lane_id <> ''`;

interface Row {
  readonly at_ms: number;
  readonly event: string;
}

/** Of the rows that both queries give. */
export function pictureUse(total: unknown, pace: unknown): Pick<Room, 'framesBytes' | 'bytesPerDay' | 'oldestWallMs'> {
  const { own, beside, oldest } = total as { own: number; beside: number; oldest: number | null };
  const { bytes: paced, first, last } = pace as { bytes: number; first: number | null; last: number | null };
  const forMs = (last ?? 0) - (first ?? 0);
  return {
    framesBytes: own + beside,
    // Less than an hour says nothing of a day. The frames beside the last pictures are not looked for: they have their share of all.
    ...(forMs >= 3_600_000 && { bytesPerDay: (paced / forMs) * 86_400_000 * (1 + beside / own) }),
    ...(oldest !== null && { oldestWallMs: oldest }),
  };
}

export class LookRows {
  readonly #frames: FrameFolder;
  readonly #timeline: TimelineReader;
  readonly #sql;

  constructor(database: Database, frames: FrameFolder, timeline: TimelineReader) {
    this.#frames = frames;
    this.#timeline = timeline;
    this.#sql = {
      ends: database.prepare(`SELECT (SELECT min(seq) ${OF_LANE}) AS first, (SELECT max(seq) ${OF_LANE}) AS last`),
      at: database.prepare(`SELECT seq, at_ms ${OF_LANE} AND seq >= @seq ORDER BY seq LIMIT 1`),
      from: database.prepare(`SELECT at_ms, event ${OF_LANE} AND seq >= @seq ORDER BY seq LIMIT ${ROWS_MAX}`),
      back: database.prepare(`SELECT event ${OF_LANE} AND seq < @seq ORDER BY seq DESC LIMIT ${BACK_ROWS_MAX}`).pluck(),
      total: database.prepare(PICTURES_SQL),
      pace: database.prepare(PACE_SQL),
      damaged: database.prepare(`SELECT max(id) AS id, at_ms FROM incident WHERE kind = 'quarantined' AND at_ms >= ?`),
      saved: database.prepare(
        `SELECT count(*) AS count, coalesce(sum(${jsonField('detail', '$.records')}), 0) AS records,
           coalesce(sum(${jsonField('detail', '$.unreadable')}), 0) AS unreadable, coalesce(sum(${jsonField('detail', '$.lostPages')}), 0) AS lostPages
         FROM incident WHERE kind = 'salvaged' AND id > ?`,
      ),
    };
  }

  /** The events of a lane with times in [fromMs, toMs], in order, and earlier ones that give the levels at the beginning. */
  around(laneId: string, fromMs: number, toMs: number): JournalAround<string> | undefined {
    const seq = this.#firstAt(laneId, fromMs - DISORDER_MS, toMs);
    if (seq === undefined) return undefined;
    const rows: string[] = [];
    const before: string[] = [];
    const roles = new Set<string>();
    for (const { at_ms, event } of this.#sql.from.iterate({ laneId, seq }) as IterableIterator<Row>) {
      if (at_ms > toMs + DISORDER_MS) break;
      if (at_ms >= fromMs && at_ms <= toMs) rows.push(event);
      else if (at_ms < fromMs) before.push(event);
    }
    for (const event of this.#sql.back.iterate({ laneId, seq }) as IterableIterator<string>) {
      const role = /^\{"kind":"(?:edge|lost)","role":"(\w+)"/.exec(event)?.[1];
      if (role === undefined || roles.has(role)) continue;
      roles.add(role);
      before.unshift(event);
    }
    return { before, rows };
  }

  room(moment: Moment): Room {
    const damage = this.#damage(moment);
    const wear = this.#frames.wear();
    return {
      freeBytes: this.#frames.freeBytes(),
      ...pictureUse(this.#sql.total.get(), this.#sql.pace.get()),
      ...(wear && { wear }),
      ...(damage && { damage }),
    };
  }

  #damage({ nowMs }: Moment): Damage | undefined {
    const laneMs = this.#timeline.laneMs(nowMs);
    const last = this.#sql.damaged.get(laneMs - DAMAGE_TOLD_MS) as { id: number | null; at_ms: number };
    if (last.id === null) return undefined;
    const { count, ...saved } = this.#sql.saved.get(last.id) as { count: number } & NonNullable<Damage['saved']>;
    return { agoMs: Math.max(0, laneMs - last.at_ms), ...(count > 0 && { saved }) };
  }

  /** The first row of a lane at or after a moment, by bisection: rows are in order of time but for a second. undefined: they begin after `toMs`. */
  #firstAt(laneId: string, atMs: number, toMs: number): number | undefined {
    const { first, last } = this.#sql.ends.get({ laneId }) as { first: number | null; last: number | null };
    if (first === null || last === null) return undefined;
    const begin = this.#sql.at.get({ laneId, seq: first }) as { at_ms: number };
    if (begin.at_ms > toMs) return undefined;
    let low = first;
    let high = last + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#sql.at.get({ laneId, seq: middle }) as { seq: number; at_ms: number } | undefined;
      if (row === undefined || row.at_ms >= atMs) high = middle;
      else low = row.seq + 1;
    }
    return low;
  }
}
