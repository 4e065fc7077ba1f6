/**
 * The undelivered records of a box as a zip file, and back into another box: `records.json` first, then each picture as it was. It streams,
 * so that a full queue needs no more memory than one picture. It knows the store by its contract only.
 */
import { closeSync, createReadStream, fsyncSync, openSync, writeSync } from 'node:fs';
import { strFromU8, strToU8, Unzip, type UnzipFile, UnzipInflate, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { queueFileText } from '../text/store.ts';
import type { Text } from '../text/text.ts';
import type { ForeignRecord, OutboxRecord, Store } from './types.ts';

/** `lanewarden-queue` 1. Pictures are named by their place in the list, because a serial may hold any character. */
interface Manifest {
  readonly format: 'lanewarden-queue';
  readonly version: 1;
  readonly records: readonly (ForeignRecord & { readonly picture?: string })[];
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
/** A zip without its 64-bit extension ends at 4 GB and 65 535 entries. */
const RECORDS_MAX = 60_000;
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
  const manifest: Manifest = {
    format: 'lanewarden-queue',
    version: 1,
    records: records.map((record, index) => ({
      ...foreign(record),
      ...(record.picture === 'attached' ? { picture: pictureName(index) } : {}),
    })),
  };
  const text = new ZipDeflate(MANIFEST);
  zip.add(text);
  text.push(strToU8(JSON.stringify(manifest, undefined, 1)), true);
  let pictures = 0;
  let bytes = 0;
  for (const [index, record] of records.entries()) {
    const picture =
      record.picture === 'attached' && bytes < BYTES_MAX ? await store.outbox.picture(record.id) : undefined;
    if (picture === undefined) continue;
    // A JPEG does not get smaller.
    const entry = new ZipPassThrough(pictureName(index));
    zip.add(entry);
    entry.push(picture, true);
    pictures += 1;
    bytes += picture.length;
  }
  zip.end();
  if (failure !== undefined) throw failure;
  return { chosen: records.length, pictures };
}

function pictureName(index: number): string {
  return `pictures/${String(index + 1).padStart(5, '0')}.jpg`;
}

/** Without what belongs to this box only. */
function foreign(record: OutboxRecord): ForeignRecord {
  const { laneId, gateId, gateName, release, releaseWallMs, reason, methodDesc, operator, entrySerial } = record;
  const { serial, timeQuality, sent } = record;
  return {
    ...{ laneId, gateId, gateName, release, releaseWallMs, reason, methodDesc, serial, timeQuality, sent },
    ...(operator === undefined ? {} : { operator }),
    ...(entrySerial === undefined ? {} : { entrySerial }),
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
  const adopt = async (record: ForeignRecord, picture: Uint8Array | undefined) => {
    if (!(await store.review.adopt(record, picture))) result.known += 1;
    else {
      result.records += 1;
      if (picture !== undefined) result.pictures += 1;
    }
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 262_144 })) {
    reading.push(chunk as Uint8Array, false);
    for (const { record, picture } of reading.complete()) await adopt(record, picture);
  }
  reading.push(new Uint8Array(), true);
  for (const { record, picture } of reading.complete()) await adopt(record, picture);
  // Records whose picture was not in the file, after the others.
  for (const record of reading.rest()) await adopt(record, undefined);
  return result;
}

/** Takes a zip apart as it comes: the manifest first, then a picture at a time. */
class Reading {
  readonly #unzip: Unzip;
  #waiting: Map<string, ForeignRecord> | undefined;
  #without: ForeignRecord[] = [];
  #complete: { record: ForeignRecord; picture: Uint8Array }[] = [];

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
  }

  complete(): readonly { record: ForeignRecord; picture: Uint8Array }[] {
    const complete = this.#complete;
    this.#complete = [];
    return complete;
  }

  rest(): readonly ForeignRecord[] {
    if (this.#waiting === undefined) throw new QueueFileError('notQueue', `there is no ${MANIFEST} in it`);
    return [...this.#without, ...this.#waiting.values()];
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
    for (const { picture, ...record } of manifest.records) {
      if (picture === undefined) this.#without.push(record);
      else this.#waiting.set(picture, record);
    }
  }

  #picture(name: string, picture: Uint8Array): void {
    const record = this.#waiting?.get(name);
    if (record === undefined) return;
    this.#waiting?.delete(name);
    this.#complete.push({ record, picture });
  }
}
