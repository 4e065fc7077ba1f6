/**
 * The undelivered records of a box as a zip file, and back into another box: `records.json` first, then the pictures of each record as they
 * were. It streams, so that a full queue needs no more memory than the pictures of one record. It knows the store by its contract only.
 */
import { closeSync, createReadStream, fsyncSync, openSync, writeSync } from 'node:fs';
import { strFromU8, strToU8, Unzip, type UnzipFile, UnzipInflate, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { queueFileText } from '../text/store.ts';
import type { Text } from '../text/text.ts';
import type { BesidePlace, ForeignPictures, ForeignRecord, OutboxRecord, Store } from './types.ts';

/** `lanewarden-queue` 1. Pictures are named by their place in the list, because a serial may hold any character. */
interface Manifest {
  readonly format: 'lanewarden-queue';
  readonly version: 1;
  readonly records: readonly (ForeignRecord & Named)[];
}

/** Where in the zip the pictures of a record are. One that the zip has not was removed or damaged while it was written. */
interface Named {
  readonly picture?: string;
  readonly beside?: readonly { readonly place: BesidePlace; readonly offsetMs: number; readonly picture: string }[];
}

export type QueueFileCode =
  | 'notQueue' // the file is no export of ours, or damaged
  | 'newer'; // written by a newer version

/** Documented in docs/store.md. */
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

const STATES = ['waiting', 'held', 'parked', 'review'] as const;
/** A zip without its 64-bit extension ends at 4 GB and 65 535 entries. Pictures past that stay behind, records never. */
const RECORDS_MAX = 60_000;
const PICTURES_MAX = 65_000;
const BYTES_MAX = 3_500_000_000;
const PAGE = 500;
const MANIFEST = 'records.json';

export interface Exported {
  readonly records: number;
  readonly pictures: number;
  /** Records that did not fit into one file: export again after these have been imported. */
  readonly left: number;
}

/** Writes what waits, is held, parked or for review, oldest first. Replaces the file. Rejects with the file system's error. */
export async function exportQueue(store: Store, file: string): Promise<Exported> {
  const all = (await undelivered(store)).toReversed();
  const handle = openSync(file, 'w', 0o600);
  try {
    const { chosen, pictures } = await writeZip(store, all.slice(0, RECORDS_MAX), handle);
    fsyncSync(handle);
    return { records: chosen, pictures, left: all.length - chosen };
  } finally {
    closeSync(handle);
  }
}

async function undelivered(store: Store): Promise<OutboxRecord[]> {
  const all: OutboxRecord[] = [];
  for (;;) {
    const beforeId = all.at(-1)?.id;
    const page = await store.review.list({
      states: STATES,
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
  let bytes = 0;
  for (const [index, record] of records.entries()) {
    for await (const { name, picture } of picturesOf(store, record, namesOf(record, index))) {
      if (bytes + picture.length > BYTES_MAX || pictures === PICTURES_MAX) break;
      // A JPEG does not get smaller.
      const entry = new ZipPassThrough(name);
      zip.add(entry);
      entry.push(picture, true);
      pictures += 1;
      bytes += picture.length;
    }
  }
  zip.end();
  if (failure !== undefined) throw failure;
  return { chosen: records.length, pictures };
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

/** Those that are still whole, the record's own first. */
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
  const { laneId, gateId, gateName, release, releaseWallMs, reason, methodDesc, operator, entrySerial } = record;
  const { serial, timeQuality, sent, corrections, attempts, unknownAnswers, lastWhy, pictureWhy } = record;
  return {
    ...{ laneId, gateId, gateName, release, releaseWallMs, reason, methodDesc, serial, timeQuality, sent },
    ...{ attempts, unknownAnswers },
    ...(operator === undefined ? {} : { operator }),
    ...(entrySerial === undefined ? {} : { entrySerial }),
    ...(corrections === undefined ? {} : { corrections }),
    ...(lastWhy === undefined ? {} : { lastWhy }),
    ...(pictureWhy === undefined ? {} : { pictureWhy }),
    state: record.state as ForeignRecord['state'],
  };
}

export interface Imported {
  readonly records: number;
  /** Serials that this box has already. */
  readonly known: number;
  readonly pictures: number;
}

/** Takes over the records of a file, each with the serial it had. Twice the same file changes nothing. */
export async function importQueue(store: Store, file: string): Promise<Imported> {
  const reading = new Reading();
  const result = { records: 0, known: 0, pictures: 0 };
  const adopt = async ({ record, pictures }: Found) => {
    if (!(await store.review.adopt(record, pictures))) result.known += 1;
    else {
      result.records += 1;
      result.pictures += (pictures.picture === undefined ? 0 : 1) + (pictures.beside?.length ?? 0);
    }
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 262_144 })) {
    reading.push(chunk as Uint8Array, false);
    for (const found of reading.complete()) await adopt(found);
  }
  reading.push(new Uint8Array(), true);
  for (const found of reading.complete()) await adopt(found);
  // Records of which the file has no picture, after the others.
  for (const record of reading.rest()) await adopt({ record, pictures: {} });
  return result;
}

interface Found {
  readonly record: ForeignRecord;
  readonly pictures: ForeignPictures;
}

/** A record whose pictures are coming: they stand one after the other. */
interface Open {
  readonly entry: ForeignRecord & Named;
  readonly found: Map<string, Uint8Array>;
}

/** Takes a zip apart as it comes: the manifest first, then the pictures of one record after the other. */
class Reading {
  readonly #unzip: Unzip;
  /** Records not yet handed over, by the names of their pictures. */
  #waiting: Map<string, ForeignRecord & Named> | undefined;
  #records = new Set<ForeignRecord & Named>();
  #open: Open | undefined;
  #complete: Found[] = [];

  constructor() {
    this.#unzip = new Unzip((entry) => this.#entry(entry));
    this.#unzip.register(UnzipInflate);
  }

  push(chunk: Uint8Array, last: boolean): void {
    try {
      this.#unzip.push(chunk, last);
    } catch (error) {
      throw error instanceof QueueFileError ? error : new QueueFileError('notQueue', (error as Error).message);
    }
    if (last) this.#finish();
  }

  complete(): readonly Found[] {
    const complete = this.#complete;
    this.#complete = [];
    return complete;
  }

  rest(): readonly ForeignRecord[] {
    if (this.#waiting === undefined) throw new QueueFileError('notQueue', `there is no ${MANIFEST} in it`);
    return [...this.#records].map(bare);
  }

  #entry(entry: UnzipFile): void {
    const chunks: Uint8Array[] = [];
    entry.ondata = (error, chunk, final) => {
      if (error !== null) throw new QueueFileError('notQueue', error.message);
      chunks.push(chunk);
      if (!final) return;
      const bytes = Buffer.concat(chunks);
      if (entry.name === MANIFEST) this.#manifest(bytes);
      else this.#picture(entry.name, bytes);
    };
    entry.start();
  }

  #manifest(bytes: Uint8Array): void {
    let manifest: Partial<Manifest> & { readonly version?: number };
    try {
      manifest = JSON.parse(strFromU8(bytes)) as typeof manifest;
    } catch (error) {
      throw new QueueFileError('notQueue', (error as Error).message);
    }
    if (manifest.format !== 'lanewarden-queue' || !Array.isArray(manifest.records))
      throw new QueueFileError('notQueue', `${MANIFEST} is none of ours`);
    if (manifest.version !== 1) throw new QueueFileError('newer', `version ${String(manifest.version)}`);
    this.#waiting = new Map();
    for (const entry of manifest.records) {
      this.#records.add(entry);
      const { picture: own, beside = [] }: Named = entry;
      for (const name of [own, ...beside.map(({ picture }) => picture)])
        if (name !== undefined) this.#waiting.set(name, entry);
    }
  }

  #picture(name: string, picture: Uint8Array): void {
    const entry = this.#waiting?.get(name);
    if (entry === undefined || (entry !== this.#open?.entry && !this.#records.has(entry))) return;
    if (entry !== this.#open?.entry) {
      this.#finish();
      this.#records.delete(entry);
      this.#open = { entry, found: new Map() };
    }
    this.#open.found.set(name, picture);
  }

  #finish(): void {
    if (this.#open === undefined) return;
    const { entry, found } = this.#open;
    this.#open = undefined;
    const picture = entry.picture === undefined ? undefined : found.get(entry.picture);
    const beside = (entry.beside ?? []).flatMap(({ picture: name, ...rest }) => {
      const bytes = found.get(name);
      return bytes === undefined ? [] : [{ ...rest, picture: bytes }];
    });
    this.#complete.push({ record: bare(entry), pictures: { ...(picture && { picture }), beside } });
  }
}

function bare({ picture: _picture, beside: _beside, ...record }: ForeignRecord & Named): ForeignRecord {
  return record;
}
