/** One row of `release` as the rest of the program sees it, and what of a new record goes into which column. No SQL runs here. */
import { besideOf } from './beside-rows.ts';
import type { NewRecord, OutboxRecord, RecordState, TimeQuality } from './types.ts';

export interface ReleaseRow {
  readonly id: number;
  readonly lane_id: string;
  readonly release_id: string;
  readonly serial: string;
  readonly serial_kind: 'generated' | 'entry' | 'foreign';
  readonly state: RecordState;
  readonly boot_seq: number;
  readonly at_ms: number;
  readonly put_ms: number;
  readonly due_ms: number;
  readonly wall_ms: number;
  readonly time_quality: TimeQuality;
  readonly attempts: number;
  readonly unknown_answers: number;
  readonly sent_ms: number | null;
  readonly settled_ms: number | null;
  readonly picture: OutboxRecord['picture'];
  readonly picture_why: string | null;
  readonly frame_file: string | null;
  readonly frame_bytes: number | null;
  readonly frame_crc32: number | null;
  readonly last_why: string | null;
  readonly seqno: string | null;
  readonly warning: string | null;
  readonly body: string;
  /** `BESIDE_COLUMN`, where it was asked for. */
  readonly beside?: string;
}

export const RECORD_STATES: readonly RecordState[] = [
  'waiting',
  'held',
  'parked',
  'delivered',
  'withdrawn',
  'review',
  'dropped',
];

/** The body holds the record as it was put, without what has a column of its own. */
export function bodyOf(record: NewRecord): string {
  const { laneId: _lane, releaseWallMs: _wall, ...body } = record;
  return JSON.stringify(body);
}

export function recordOf(row: ReleaseRow): OutboxRecord {
  return recordWith(row, JSON.parse(row.body) as RecordBody);
}

export type RecordBody = Omit<NewRecord, 'laneId' | 'releaseWallMs'>;

/** The same, where the parsed body is at hand. */
export function recordWith(row: ReleaseRow, body: RecordBody): OutboxRecord {
  return {
    ...body,
    id: row.id,
    laneId: row.lane_id,
    releaseWallMs: row.wall_ms,
    timeQuality: row.time_quality,
    serial: row.serial,
    state: row.state,
    attempts: row.attempts,
    unknownAnswers: row.unknown_answers,
    sent: row.sent_ms !== null,
    picture: row.picture,
    ...(row.frame_file === null ? {} : { pictureFile: row.frame_file }),
    ...(row.picture_why === null ? {} : { pictureWhy: row.picture_why }),
    ...(row.last_why === null ? {} : { lastWhy: row.last_why }),
    ...(row.seqno === null ? {} : { seqno: row.seqno }),
    ...(row.warning === null ? {} : { warning: row.warning }),
    ...(row.beside === undefined || row.beside === '[]' ? {} : { beside: besideOf(row.beside) }),
  };
}
