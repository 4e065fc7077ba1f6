/**
 * The rows of frames from before and after a record's picture. Runs in the store thread, inside its transaction. They are for a person at
 * the box: nothing here is ever sent.
 */
import type { Frame } from '../../driver.ts';
import type { ForeignPictures } from '../files/exported-record.ts';
import type { Moment } from '../moment.ts';
import type { BesidePlace } from '../record-types.ts';
import type { OutboxContext, OutboxRows } from './outbox-rows.ts';

interface BesideRow {
  readonly place: BesidePlace;
  readonly offset_ms: number;
  readonly frame_file: string;
  readonly frame_bytes: number;
  readonly frame_crc32: number;
}

/** A column for statements that read `release`: what stands beside each record, as JSON (see `besideOf`). */
export const BESIDE_COLUMN = `(SELECT json_group_array(json_object('place', place, 'offsetMs', offset_ms, 'bytes', frame_bytes))
  FROM beside WHERE release_id = release.id) AS beside`;

export class BesideRows {
  readonly #context: OutboxContext;
  readonly #outbox: OutboxRows;
  readonly #sql;

  constructor(context: OutboxContext, outbox: OutboxRows) {
    this.#context = context;
    this.#outbox = outbox;
    const { database } = context;
    this.#sql = {
      one: database.prepare('SELECT * FROM beside WHERE release_id = ? AND place = ?'),
      insert: database.prepare('INSERT INTO beside VALUES (?, ?, ?, ?, ?, ?)'),
      forget: database.prepare('DELETE FROM beside WHERE release_id = ? AND place = ?'),
    };
  }

  /** false: no room, a disk that refuses, or there is one already. Throws StoreError `unknown`. */
  keep(id: number, place: BesidePlace, frame: Frame, moment: Moment): boolean {
    const { at_ms } = this.#outbox.row(id);
    return this.#keep(
      id,
      { place, offsetMs: this.#context.timeline.laneMs(frame.atMs) - at_ms, picture: frame.bytes },
      moment,
    );
  }

  /** Those that are not there yet. Returns how many were kept and how many found no room. */
  adopt(id: number, frames: ForeignPictures['beside'], moment: Moment): { pictures: number; noRoom: number } {
    const missing = (frames ?? []).filter(({ place }) => this.#sql.one.get(id, place) === undefined);
    const pictures = missing.filter((frame) => this.#keep(id, frame, moment)).length;
    return { pictures, noRoom: missing.length - pictures };
  }

  picture(id: number, place: BesidePlace): Uint8Array | undefined {
    const row = this.#sql.one.get(id, place) as BesideRow | undefined;
    if (row === undefined) return undefined;
    const bytes = this.#context.frames.read(row.frame_file, row.frame_crc32);
    if (bytes !== undefined) return bytes;
    this.#context.together(() => this.#sql.forget.run(id, place));
    this.#context.frames.remove(row.frame_file);
    return undefined;
  }

  #keep(
    id: number,
    { place, offsetMs, picture }: NonNullable<ForeignPictures['beside']>[number],
    moment: Moment,
  ): boolean {
    if (this.#sql.one.get(id, place) !== undefined) return false;
    const kept = this.#outbox.keepFrame(picture, moment, 'beside');
    if (typeof kept === 'string') return false;
    this.#sql.insert.run(id, place, Math.round(offsetMs), kept.file, kept.bytes, kept.crc32);
    this.#context.say({ kind: 'frame', id, place, sha256: kept.sha256, bytes: kept.bytes }, moment);
    return true;
  }
}
