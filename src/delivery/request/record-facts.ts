/**
 * What a platform profile may send of a record: the facts by name, each with its type and, where its values are few, those. Pure; it knows
 * no platform.
 */
import { hash } from 'node:crypto';
import { PLATE_COLORS } from '../../kinds.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { reasonWithDoubt } from '../../text/cloud.ts';
import { RELEASE_DESCS } from '../../text/lanes/lane.ts';

/** `time`: milliseconds since 1970; `money`: fen; `duration`: milliseconds. A list: one of these texts. */
export type FactType = 'text' | 'time' | 'money' | 'duration' | 'number' | readonly string[];

export const RECORD_FACTS = {
  serial: 'text',
  time: 'time',
  direction: ['entry', 'exit'],
  method: ['0', '1', '2', '3'],
  methodText: 'text',
  cause: RELEASE_DESCS,
  confidence: ['sure', 'likely', 'possible'],
  score: 'number',
  passed: ['yes', 'no'],
  plate: 'text',
  /** `unknown`: a plate was read without its colour. Absent without a plate. */
  plateColor: [...PLATE_COLORS, 'unknown'],
  plateConfidence: 'number',
  carType: ['0', '1', '2', '3', '4'],
  carText: 'text',
  lane: 'text',
  laneName: 'text',
  reason: 'text',
  operator: 'text',
  owed: 'money',
  entrySerial: 'text',
  entryTime: 'time',
  parked: 'duration',
  timeQuality: ['synced', 'corrected', 'manual', 'estimated', 'unknown'],
  pictureUrl: 'text',
  pictureBase64: 'text',
  pictureMd5: 'text',
  pictureSha256: 'text',
} as const satisfies Readonly<Record<string, FactType>>;

export type FactName = keyof typeof RECORD_FACTS;

/** Facts of the picture: a picture mode of the profile says which of them are made. */
export const PICTURE_FACTS = [
  'pictureUrl',
  'pictureBase64',
  'pictureMd5',
  'pictureSha256',
] as const satisfies readonly FactName[];
export type PictureFact = (typeof PICTURE_FACTS)[number];

/** Absent or empty: not known. */
export type PlatformFacts = Readonly<Partial<Record<FactName, string | number>>>;

export interface PictureOfRecord {
  readonly bytes?: Uint8Array | undefined;
  /** Where the platform can fetch it; `{serial}` and `{file}` stand for the serial and its name among the frames. */
  readonly url?: string | undefined;
  readonly wanted: readonly PictureFact[];
}

/** The same record gives the same facts at every attempt. */
export function factsOfRecord(record: OutboxRecord, picture: PictureOfRecord): PlatformFacts {
  const { release, known } = record;
  const plate = release.plate?.text ? release.plate : undefined;
  // What was reported of a vehicle holds for exactly the plate it was reported of.
  const car = known?.car !== undefined && known.car.plate === release.plate?.text ? known.car : undefined;
  const owed = known?.owed !== undefined && known.owed.plate === plate?.text ? known.owed.amount : undefined;
  const entryTime = known?.entry?.wallMs;
  // As the platform has it, whatever it turned out to be since.
  const { reason } = { ...record, ...(record.state === 'delivered' && record.turnedOut?.was) };
  const facts: Partial<Record<FactName, string | number | undefined>> = {
    serial: record.serial,
    time: record.releaseWallMs,
    direction: release.direction,
    method: String(release.method),
    methodText: record.methodDesc,
    cause: release.desc,
    confidence: release.confidence,
    score: release.score,
    passed: release.passed ? 'yes' : 'no',
    plate: plate?.text,
    plateColor: plate && (plate.color ?? car?.plateColor ?? 'unknown'),
    plateConfidence: plate?.confidence,
    carType: car?.carType,
    carText: car?.carDesc,
    lane: record.gateId,
    laneName: record.gateName,
    reason: record.timeQuality === 'unknown' ? reasonWithDoubt(reason) : reason,
    operator: record.operator,
    owed,
    entrySerial: known?.entry?.serial,
    entryTime,
    parked: entryTime === undefined ? undefined : Math.max(0, record.releaseWallMs - entryTime),
    timeQuality: record.timeQuality,
    ...pictureFacts(picture.wanted, { bytes: picture.bytes, url: pictureUrl(record, picture.url) }),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''));
}

function pictureUrl({ serial, pictureFile = '', picture }: OutboxRecord, url: string | undefined): string | undefined {
  if (picture !== 'attached') return undefined;
  return url?.replaceAll('{serial}', encodeURIComponent(serial)).replaceAll('{file}', encodeURIComponent(pictureFile));
}

/** `url`: of this very picture. */
export function pictureFacts(
  wanted: readonly PictureFact[],
  { bytes, url }: { readonly bytes?: Uint8Array | undefined; readonly url?: string | undefined },
): PlatformFacts {
  const make: Readonly<Record<PictureFact, () => string | undefined>> = {
    pictureUrl: () => url,
    pictureBase64: () => bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
    pictureMd5: () => bytes && hash('md5', bytes),
    pictureSha256: () => bytes && hash('sha256', bytes),
  };
  const made = wanted.map((name) => [name, make[name]()] as const);
  return Object.fromEntries(made.filter(([, value]) => value !== undefined));
}
