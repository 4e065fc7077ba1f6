/** Stores for tests: in a folder that goes away, on the machine's clock or a set one, with the compiled thread. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../src/clock.ts';
import type { Release } from '../../src/lane/types.ts';
import type { Limits } from '../../src/store/messages.ts';
import type { NewRecord } from '../../src/store/record-types.ts';
import { LIMITS, openStore, type StoreOptions } from '../../src/store/store.ts';
import { Ledger } from '../../src/store/thread/ledger.ts';
import { newLendingMemory } from '../../src/store/thread/picture-buffers.ts';
import type { Review, Store } from '../../src/store/types.ts';
import { endings, lastEndings } from '../endings.ts';
import { sharedThread } from './shared-thread.ts';

export const dist = process.env.LANEWARDEN_TEST_DIST ?? join(import.meta.dirname, '../../dist');

/** A file of the program as it is built; the quick tests need no build. */
export const programFile = (file: string): URL =>
  process.env.QUICK === '1' ? new URL(`../../${file}.ts`, import.meta.url) : pathToFileURL(join(dist, `${file}.js`));
/** A thread that has served other stores of the tests. */
export const storeThread = () => sharedThread(programFile('src/store/thread/store-thread'));
/** One with the surroundings of this moment: a thread has those of its start. */
export const newStoreThread = () => new Worker(programFile('src/store/thread/worker'));

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-store-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One that stays until the whole file is done. */
temporaryFolder.keep = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-store-'));
  lastEndings.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** No ballast and no low-water mark unless asked: the disk under test is the developer's. */
export async function open(options: Partial<StoreOptions> & { readonly path: string }): Promise<Store> {
  const store = await openStore({
    clock: systemClock(),
    ballastBytes: 0,
    lowWaterBytes: 0,
    ...options,
    thread: options.thread ?? storeThread(),
  });
  endings.push(() => store.close().catch(() => undefined));
  return store;
}

/** Not before what a store of the machine's clock has seen: lane time goes no faster than time. */
const FROM_WALL_MS = Math.max(Date.now(), Date.UTC(2026, 10, 24));

/** The store as its thread has it, in this one. `nowMs`: of the machine's clock in a boot that goes on from one opening to the next. */
export function openLedger(path: string, limits: Partial<Limits> = {}, nowMs = 0): Ledger {
  const moment = { nowMs, wallMs: FROM_WALL_MS + nowMs };
  const given = { path, version: 'test', bootId: 'one boot', moment, wallTrusted: true, tool: false };
  const all = { ...LIMITS, ballastBytes: 0, lowWaterBytes: 0, ...limits };
  return Ledger.open({ ...given, limits: all, lending: newLendingMemory() }, moment, () => undefined);
}

/** A whole round of housekeeping at that moment. Returns in how many parts it was done. */
export function keepHouse(path: string, limits: Partial<Limits>, nowMs: number): number {
  const ledger = openLedger(path, limits, nowMs);
  const round = ledger.space.retain({ nowMs, wallMs: Date.UTC(2026, 10, 24) + nowMs });
  let parts = 0;
  for (let isDone = false; !isDone; parts += 1) {
    ledger.begin('retention');
    isDone = round.next().done === true;
    ledger.commit();
  }
  ledger.close();
  return parts;
}

export function release(id: string, more: Partial<Release> = {}): Release {
  return {
    id,
    verdict: 'manual',
    method: 1,
    desc: 'button',
    direction: 'exit',
    releaseAtMs: 0,
    passed: true,
    confidence: 'sure',
    degraded: false,
    reported: true,
    facts: [{ kind: 'button', atMs: 0 }],
    ...more,
  };
}

export function record(id: string, more: Partial<NewRecord> & { readonly release?: Release } = {}): NewRecord {
  return {
    laneId: '1001',
    gateId: '1001',
    gateName: '通道A',
    release: release(id),
    releaseWallMs: Date.UTC(2026, 10, 24, 4, 0, 0),
    reason: '按钮开闸后有车通过',
    methodDesc: '按钮开闸',
    ...more,
  };
}

/** A small picture that is a whole JPEG by its markers: start, frame header, scan, `size` bytes, end. */
export function jpeg(size: number, seed = 0): Uint8Array {
  const body = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1) body[at] = (at * 31 + seed * 17) & 0x7f;
  const head = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0];
  return Uint8Array.from([...head, ...body, 0xff, 0xd9]);
}

export const frame = (size: number, seed = 0) =>
  ({ bytes: jpeg(size, seed), mediaType: 'image/jpeg', atMs: 0 }) as const;

/** Two people wish the record away, and the second may agree. Resolves to whether it is dropped. */
export async function dropByTwo(review: Review, id: number, who: string, why: string): Promise<boolean> {
  const first = await review.dismiss(id, who, why, 'asks');
  return (first === 'goesOut' ? await review.dismiss(id, 'installer', why, 'both') : first) === 'dropped';
}
