/**
 * The undelivered records of a box as a zip file, and back into another box: `records.json` first, then the pictures of each record as they
 * were. It streams, so that a full queue needs no more memory than the pictures of one record. It knows the store by its contract only.
 */
import { closeSync, fsyncSync, writeSync } from 'node:fs';
import { strFromU8, strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { queueFileText } from '../../text/store.ts';
import type { Text } from '../../text/text.ts';
import { OPEN_STATES, TIME_QUALITIES } from '../record-states.ts';
import type { BesidePlace, OutboxRecord } from '../record-types.ts';
import { openForOwner } from '../thread/owner.ts';
import type { RecordFilter, Store } from '../types.ts';
import type { ForeignRecord } from './exported-record.ts';
import { ZipFile } from './zip-file.ts';

/** `lanewarden-queue` 1. Pictures are named by their place in the list, because a serial may hold any character. */
interface Manifest {
  readonly format: 'lanewarden-queue';
  readonly version: 1;
  readonly records: readonly (ForeignRecord & Named)[];
}

/** Where in the zip the pictures of a record are. One missing there was removed or damaged during the export. */
interface Named {
  readonly picture?: string;
  readonly beside?: readonly { readonly place: BesidePlace; readonly offsetMs: number; readonly picture: string }[];
}

export type QueueFileCode =
  | 'notQueue' // the file is no export of ours, or was cut or damaged
  | 'newer'; // written by a newer version

/** Documented in docs/en/errors.md. */
export class QueueFileError extends Error {
  override readonly name = 'QueueFileError';
  readonly code: QueueFileCode;
  readonly text: Text;
  constructor(code: QueueFileCode, message: string) {
    super(message);
    this.code = code;
    this.text = queueFileText[code](message);
  }
}

/** A zip without its 64-bit extension ends at 4 GB and 65 535 entries. Records whose pictures do not fit stay behind with them. */
const LIMITS = { records: 60_000, pictures: 65_000, bytes: 3_500_000_000 };
const PAGE = 500;
/** Bounds of a file from outside: the list of 60 000 records, and a picture. */
const LIST_BYTES_MAX = 128_000_000;
const PICTURE_BYTES_MAX = 20_000_000;
const MANIFEST = 'records.json';

export interface Exported {
  readonly records: number;
  readonly pictures: number;
  /** Records that did not fit into one file: export again after these have been imported. */
  readonly left: number;
}

/** Writes the open records, or those released within `range`, oldest first. Replaces the file. Rejects with the error of the file system. */
export async function exportQueue(
  store: Store,
  file: string,
  range: Pick<RecordFilter, 'fromWallMs' | 'toWallMs'> = {},
  limits = LIMITS,
): Promise<Exported> {
  const all = (await undelivered(store, range)).toReversed();
  const handle = openForOwner(file);
  try {
    const chosen = all.slice(0, fitting(all, limits));
    const pictures = await writeZip(store, chosen, handle);
    fsyncSync(handle);
    return { records: chosen.length, pictures, left: all.length - chosen.length };
  } finally {
    closeSync(handle);
  }
}

/** How many of the first records fit, with their pictures. The list of records is written first, so this must be known before. */
function fitting(records: readonly OutboxRecord[], limits: typeof LIMITS): number {
  let pictures = 0;
  let bytes = 0;
  const past = records.findIndex(({ pictureBytes, beside = [] }) => {
    pictures += beside.length + (pictureBytes === undefined ? 0 : 1);
    bytes += (pictureBytes ?? 0) + beside.reduce((sum, each) => sum + each.bytes, 0);
    return pictures > limits.pictures || bytes > limits.bytes;
  });
  return Math.min(limits.records, past === -1 ? records.length : past);
}

async function undelivered(
  store: Store,
  range: Pick<RecordFilter, 'fromWallMs' | 'toWallMs'>,
): Promise<OutboxRecord[]> {
  const all: OutboxRecord[] = [];
  for (;;) {
    const beforeId = all.at(-1)?.id;
    const page = await store.review.list({
      ...range,
      states: OPEN_STATES,
      limit: PAGE,
      ...(beforeId === undefined ? {} : { beforeId }),
    });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

async function writeZip(store: Store, records: readonly OutboxRecord[], handle: number) {
  let failure: Error | undefined;
  const zip = new Zip((error, chunk) => {
    if (error !== null) failure = error;
    else writeSync(handle, chunk);
  });
  const entries: (ForeignRecord & Named)[] = [];
  for (const [index, record] of records.entries()) {
    const tries = record.attempts === 0 ? undefined : (await store.review.get(record.id))?.attempts;
    entries.push({ ...foreign(record), ...(tries && { tries }), ...namesOf(record, index) });
  }
  const manifest: Manifest = { format: 'lanewarden-queue', version: 1, records: entries };
  const text = new ZipDeflate(MANIFEST);
  zip.add(text);
  text.push(strToU8(JSON.stringify(manifest, undefined, 1)), true);
  let pictures = 0;
  for (const [index, record] of records.entries()) {
    for await (const { name, picture } of picturesOf(store, record, namesOf(record, index))) {
      // A JPEG does not get smaller.
      const entry = new ZipPassThrough(name);
      zip.add(entry);
      entry.push(picture, true);
      pictures += 1;
    }
  }
  zip.end();
  if (failure !== undefined) throw failure;
  return pictures;
}

function namesOf({ picture, beside }: OutboxRecord, index: number): Named {
  const name = `pictures/${String(index + 1).padStart(5, '0')}`;
  return {
    ...(picture === 'attached' ? { picture: `${name}.jpg` } : {}),
    ...(beside && {
      beside: beside.map(({ place, offsetMs }) => ({ place, offsetMs, picture: `${name}-${place}.jpg` })),
    }),
  };
}

/** The whole pictures, the own one of the record first. */
async function* picturesOf(store: Store, { id }: OutboxRecord, names: Named) {
  const own = names.picture === undefined ? undefined : await store.outbox.picture(id);
  if (names.picture !== undefined && own !== undefined) yield { name: names.picture, picture: own };
  for (const { place, picture: name } of names.beside ?? []) {
    const picture = await store.outbox.besidePicture(id, place);
    if (picture !== undefined) yield { name, picture };
  }
}

/** Without what belongs to this box only. */
function foreign(record: OutboxRecord): ForeignRecord {
  const { laneId, gateId, gateName, release, releaseWallMs, reason, methodDesc } = record;
  const { operator, operatorBy, known, entrySerial } = record;
  const { serial, timeQuality, sent, corrections, attempts, unknownAnswers, lastWhy, pictureWhy } = record;
  return {
    ...{ laneId, gateId, gateName, release, releaseWallMs, reason, methodDesc, serial, timeQuality, sent },
    ...{ attempts, unknownAnswers },
    ...(operator === undefined ? {} : { operator }),
    ...(operatorBy === undefined ? {} : { operatorBy }),
    ...(known === undefined ? {} : { known }),
    ...(entrySerial === undefined ? {} : { entrySerial }),
    ...(corrections === undefined ? {} : { corrections }),
    ...(lastWhy === undefined ? {} : { lastWhy }),
    ...(pictureWhy === undefined ? {} : { pictureWhy }),
    state: record.state as ForeignRecord['state'],
  };
}

export interface Imported {
  readonly records: number;
  /** Records that this box has already. */
  readonly known: number;
  /** Kept here now, those of known records too. */
  readonly pictures: number;
  /** Pictures without room in this box. Once there is some, importing again attaches them. */
  readonly noRoom: number;
  /** Damaged pictures in the file; their records were imported without. */
  readonly damaged: number;
}

/** Imports the records of a file, each with its serial. A second import of the same file adds only what was missing. */
export async function importQueue(store: Store, file: string): Promise<Imported> {
  const zip = ZipFile.open(file);
  if (zip === undefined) throw new QueueFileError('notQueue', 'it is no zip, or its end is missing');
  try {
    const result = { records: 0, known: 0, pictures: 0, noRoom: 0, damaged: 0 };
    // In the order of the list: the order in which they are sent.
    for (const entry of manifestOf(zip).records) {
      const { record, pictures, damaged } = found(zip, entry);
      const adopted = await store.review.adopt(record, pictures);
      if (adopted.isNew) result.records += 1;
      else result.known += 1;
      result.pictures += adopted.pictures;
      result.noRoom += adopted.noRoom;
      result.damaged += damaged;
    }
    return result;
  } finally {
    zip.close();
  }
}

function manifestOf(zip: ZipFile): Manifest {
  const bytes = zip.read(MANIFEST, LIST_BYTES_MAX);
  if (bytes === undefined)
    throw new QueueFileError('notQueue', `${MANIFEST} is ${zip.has(MANIFEST) ? 'damaged' : 'not in it'}`);
  let manifest: Partial<Omit<Manifest, 'version'>> & { readonly version?: number };
  try {
    manifest = JSON.parse(strFromU8(bytes)) as typeof manifest;
  } catch (error) {
    throw new QueueFileError('notQueue', (error as Error).message);
  }
  const { format, version, records } = manifest;
  if (format !== 'lanewarden-queue' || !Array.isArray(records))
    throw new QueueFileError('notQueue', `${MANIFEST} is none of ours`);
  if (version !== 1) throw new QueueFileError('newer', `version ${String(version)}`);
  const wrong = records.findIndex((each) => !isForeign(each));
  if (wrong >= 0) throw new QueueFileError('notQueue', `records[${wrong}] of ${MANIFEST} is no record`);
  return { format, version, records };
}

/** The fields that the store needs. Whether the rest can be sent is found out later. */
function isForeign(each: Partial<ForeignRecord> | null): boolean {
  const { laneId, serial, release, releaseWallMs, state, timeQuality, attempts = 0, unknownAnswers = 0 } = each ?? {};
  return (
    [laneId, serial, release?.id].every((text) => typeof text === 'string' && text !== '') &&
    [releaseWallMs, attempts, unknownAnswers].every(Number.isSafeInteger) &&
    OPEN_STATES.some((known) => known === state) &&
    TIME_QUALITIES.some((known) => known === timeQuality)
  );
}

/** A damaged picture does not keep a record from being imported; the record says so. */
function found(zip: ZipFile, { picture: name, beside = [], ...record }: ForeignRecord & Named) {
  const picture = name === undefined ? undefined : zip.read(name, PICTURE_BYTES_MAX);
  const others = beside.flatMap(({ picture: other, ...rest }) => {
    const bytes = zip.read(other, PICTURE_BYTES_MAX);
    return bytes === undefined ? [] : [{ ...rest, picture: bytes }];
  });
  const names = [...(name === undefined ? [] : [name]), ...beside.map((other) => other.picture)];
  const inFile = names.filter((each) => zip.has(each)).length;
  const isDamaged = name !== undefined && picture === undefined && zip.has(name);
  return {
    record: isDamaged ? { ...record, pictureWhy: 'damaged' } : record,
    pictures: { ...(picture && { picture }), beside: others },
    damaged: inFile - others.length - (picture === undefined ? 0 : 1),
  };
}
