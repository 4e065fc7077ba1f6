/** Maps a row of `release` to the record that the rest of the program sees, and a new record to its columns. No SQL runs here. */

import type { KeptMark } from '../park-facts/review-marks.ts';
import type { BesideFrame, NewRecord, OutboxRecord, RecordState, TimeQuality } from '../record-types.ts';
import { parsed } from './json.ts';

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
  /** `BESIDE_COLUMN`, where it was selected. */
  readonly beside?: string;
  /** `MARK_COLUMN`, where it was selected. */
  readonly mark?: string | null;
  /** `ANSWER_COLUMN`, likewise. */
  readonly answer?: string | null;
}

/** The body holds the record as it was put, without what has a column of its own. */
export function recordBody(record: NewRecord): string {
  // A copy with two gaps, which JSON leaves out: in Node 20 a rest pattern takes several times as long.
  return JSON.stringify({ ...record, laneId: undefined, releaseWallMs: undefined });
}

export type RecordBody = Omit<NewRecord, 'laneId' | 'releaseWallMs'>;

type Writable<Whole> = { -readonly [Name in keyof Whole]: Whole[Name] };

/** The range of Date. */
const DATES_MS = 8.64e15;

/** Written into the parsed body itself: in Node 20 a literal that begins with a spread takes six times as long. */
export function recordFromRow(row: ReleaseRow): OutboxRecord {
  const body = parsed<RecordBody>(row.body);
  const isDamaged = !isWhole(body) || Math.abs(row.wall_ms) > DATES_MS;
  const record = (isDamaged ? nothingLeft(row) : body) as Writable<OutboxRecord>;
  record.id = row.id;
  record.laneId = row.lane_id;
  record.releaseWallMs = isDamaged ? Math.min(Math.max(row.wall_ms, 0), DATES_MS) : row.wall_ms;
  record.timeQuality = row.time_quality;
  record.serial = row.serial;
  record.state = row.state;
  record.attempts = row.attempts;
  record.unknownAnswers = row.unknown_answers;
  record.sent = row.sent_ms !== null;
  record.picture = row.picture;
  const turned = record.corrections?.find(({ turnedOut }) => turnedOut);
  if (turned !== undefined) record.turnedOut = turned;
  if (row.frame_file !== null) record.pictureFile = row.frame_file;
  if (row.frame_bytes !== null) record.pictureBytes = row.frame_bytes;
  if (row.picture_why !== null) record.pictureWhy = row.picture_why;
  if (row.last_why !== null) record.lastWhy = row.last_why;
  if (row.seqno !== null) record.seqno = row.seqno;
  if (row.warning !== null) record.warning = row.warning;
  if (row.mark != null) {
    const mark = parsed<KeptMark>(row.mark);
    if (mark !== undefined) record.mark = mark;
  }
  const answer = row.answer == null ? undefined : parsed<KeptMark>(row.answer);
  if (answer !== undefined) record.answer = answer;
  if (row.beside !== undefined && row.beside !== '[]') record.beside = besideOf(row.beside);
  return record;
}

function besideOf(column: string): readonly BesideFrame[] {
  return (JSON.parse(column) as BesideFrame[]).sort((a, b) => a.offsetMs - b.offsetMs);
}

/** Whether the fields without which a record means nothing are present. */
function isWhole(body: RecordBody | undefined): boolean {
  const { release, gateId, gateName, methodDesc, reason } = (body ?? {}) as Partial<RecordBody>;
  const texts = [gateId, gateName, methodDesc, reason, release?.desc, release?.direction];
  return (
    typeof release?.releaseAtMs === 'number' &&
    Array.isArray(release.facts) &&
    texts.every((text) => typeof text === 'string') &&
    // The remains of a damaged record stay damaged on another box.
    methodDesc !== ''
  );
}

/** In the shape of a record, so that it can be listed, shown and dropped like any other. */
function nothingLeft(row: ReleaseRow): RecordBody & Pick<OutboxRecord, 'damaged'> {
  const release = {
    id: row.release_id,
    verdict: 'unknown',
    method: 0,
    desc: 'unknown',
    direction: 'exit',
    releaseAtMs: row.at_ms,
    passed: false,
    confidence: 'possible',
    degraded: true,
    reported: true,
    facts: [],
  } as const;
  return { damaged: true, gateId: row.lane_id, gateName: row.lane_id, methodDesc: '', reason: '', release };
}
