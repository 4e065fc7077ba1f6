/** The day's sheet as one file to hand on: its CSV, the records of the day and small pictures of them. */
import { strToU8, type Zippable, zipSync } from 'fflate';
import { beginOf, DAY_MS } from '../../account/days.ts';
import { preparePicture } from '../../delivery/jpeg-reencoding.ts';
import { csvOf } from '../../page/routes/csv.ts';
import { releaseRow } from '../../status/record-view.ts';
import { THUMBNAIL_BYTES_MAX } from '../../status/thumbnails.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { writeForOwner } from '../../store/thread/owner.ts';
import type { Store } from '../../store/types.ts';
import { BYTE_ORDER_MARK } from '../../text/spreadsheet.ts';
import { beijingTime, type Language } from '../../text/text.ts';

/** Some 10 MB of pictures. */
export const PICTURES_MAX = 500;
const RECORDS_MAX = 20_000;

export interface ZipSheet {
  readonly day: string;
  readonly lane?: string | undefined;
  /** The sheet as CSV. */
  readonly csv: string;
  readonly trend: string;
}

export async function writeSheetZip(
  file: string,
  { day, lane, csv, trend }: ZipSheet,
  store: Store,
  language: Language,
): Promise<{ readonly records: number; readonly pictures: number }> {
  const fromWallMs = beginOf(day);
  const range = { fromWallMs, toWallMs: fromWallMs + DAY_MS, ...(lane !== undefined && { laneId: lane }) };
  const records = await store.review.list({ ...range, limit: RECORDS_MAX });
  const whole = records.filter(({ damaged }) => damaged !== true);
  const files: Zippable = {
    [`account-${day}.csv`]: strToU8(csv),
    [`records-${day}.csv`]: strToU8(
      BYTE_ORDER_MARK +
        csvOf(
          whole.map((record) => releaseRow(record)),
          language,
          true,
        ),
    ),
    [`trend-${day}.svg`]: strToU8(trend),
  };
  let pictures = 0;
  for (const record of whole.slice(0, PICTURES_MAX)) {
    const picture = record.picture === 'attached' ? await store.outbox.picture(record.id) : undefined;
    const { bytes } = await preparePicture(picture, THUMBNAIL_BYTES_MAX);
    if (bytes === undefined) continue;
    // Packed already.
    files[`pictures/${pictureName(record)}`] = [bytes, { level: 0 }];
    pictures += 1;
  }
  writeForOwner(file, zipSync(files));
  return { records: whole.length, pictures };
}

/** `0912-1001-粤B12345-17.jpg`: in the order of the day, with no character that a file system refuses. */
function pictureName({ id, laneId, releaseWallMs, release }: OutboxRecord): string {
  const time = beijingTime(releaseWallMs).slice(11, 16).replace(':', '');
  const words = [time, laneId, release.plate?.text ?? '', String(id)].filter((word) => word !== '');
  return `${words.join('-').replaceAll(/[^\p{L}\p{N}-]/gu, '_')}.jpg`;
}
