/**
 * What a durable record costs, against a C program that only writes 4 KB and flushes, on the same disk, interleaved; and how many bytes a
 * record's whole life writes to a disk of its own (needs root). Goals: reliability.md 9, rows 2 and 3.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import type { Release } from '../../src/lane/types.ts';
import type { NewRecord } from '../../src/store/record-types.ts';
import { LIMITS, openStore } from '../../src/store/store.ts';
import { Ledger } from '../../src/store/thread/ledger.ts';
import { newLendingMemory } from '../../src/store/thread/picture-buffers.ts';

const RUNS = 5;
const COMMITS = 2_000;
/** Until the WAL has grown to its size and been through once, as the floor's file has: a box's WAL grows only on its first day. */
const WARM_UP = 1_000;
const LIFE_RECORDS = 500;
const FRAME_BYTES = 100_000;
const ROW_BYTES = 600;
const clock = systemClock();

interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function run(): Promise<{ title: string; rows: readonly Record<string, unknown>[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bench-'));
  try {
    const floor = join(folder, 'floor');
    execFileSync('gcc', ['-O2', '-o', floor, join(process.cwd(), 'test/bench/floor.c')]);
    const variants: Record<string, (run: number) => Promise<Measured>> = {
      'C: 4 KB pwrite + fdatasync': async () => floorOf(floor, join(folder, 'floor.bin')),
      'one record a commit, in the store thread': async (number) => inThread(join(folder, `thread${number}`)),
      'one record at a time, from the main thread': (number) => throughFacade(join(folder, `one${number}`), 1),
      'sixteen records at once, from the main thread': (number) => throughFacade(join(folder, `many${number}`), 16),
    };
    const measured = new Map<string, Measured[]>(Object.keys(variants).map((name) => [name, []]));
    // Interleaved: the disk of a shared machine has moods.
    for (let number = 0; number < RUNS; number += 1)
      for (const [name, variant] of Object.entries(variants)) measured.get(name)?.push(await variant(number));
    const rows = rowsOf(measured);
    return { title: `store: durable commits (median of ${RUNS})`, rows: [...rows, ...(await lifeCycle())] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(measured: ReadonlyMap<string, readonly Measured[]>): Record<string, unknown>[] {
  const all = [...measured].map(([name, runs]) => ({ name, runs }));
  const floor = all[0]?.runs ?? [];
  return all.map(({ name, runs }) => {
    // Each run is set against the floor of its own turn.
    const ratio = (of: (one: Measured) => number) => median(runs.map((one, at) => of(one) / of(floor[at] as Measured)));
    return {
      what: name,
      'per second': Math.round(median(runs.map(({ perSecond }) => perSecond))),
      'p50 ms': round(median(runs.map(({ p50Ms }) => p50Ms))),
      'p99 ms': round(median(runs.map(({ p99Ms }) => p99Ms))),
      'rate / floor': round(ratio(({ perSecond }) => perSecond)),
      'p50 / floor': round(ratio(({ p50Ms }) => p50Ms)),
      'p99 / floor': round(ratio(({ p99Ms }) => p99Ms)),
    };
  });
}

function floorOf(program: string, file: string): Measured {
  const [perSecond = 0, p50Ms = 0, p99Ms = 0] = execFileSync(program, [file, String(COMMITS)], { encoding: 'utf8' })
    .split(' ')
    .map(Number);
  return { perSecond, p50Ms, p99Ms };
}

/** The statements that the store thread runs for a put, each in its own transaction. */
async function inThread(path: string): Promise<Measured> {
  const moment = () => ({ nowMs: clock.nowMs(), wallMs: clock.wallMs() });
  const limits = { ...LIMITS, ballastBytes: 0 };
  const ledger = Ledger.open(
    {
      path,
      limits,
      version: 'bench',
      bootId: 'bench',
      moment: moment(),
      wallTrusted: true,
      tool: false,
      lending: newLendingMemory(),
    },
    moment(),
    () => undefined,
  );
  const put = (record: NewRecord, number: number) => {
    const serials = { first: `s${number}`, second: `t${number}` };
    ledger.begin();
    ledger.execute({ id: number, name: 'put', arguments: [record, serials], moment: moment(), journal: [] });
    ledger.commit();
  };
  for (let number = 0; number < WARM_UP; number += 1) put(newRecord(number), number);
  const records = newRecords();
  const took: number[] = [];
  const began = clock.nowMs();
  for (const [number, record] of records.entries()) {
    const at = clock.nowMs();
    put(record, number);
    took.push(clock.nowMs() - at);
  }
  const totalMs = clock.nowMs() - began;
  ledger.close();
  return summary(took, totalMs);
}

async function throughFacade(path: string, together: number): Promise<Measured> {
  const store = await openStore({ path, clock, wallTrusted: true, ballastBytes: 0 });
  for (let number = 0; number < WARM_UP; number += 1) await store.outbox.put(newRecord(number));
  const records = newRecords();
  const took: number[] = [];
  const began = clock.nowMs();
  const chain = async (): Promise<void> => {
    for (let record = records.shift(); record !== undefined; record = records.shift()) {
      const at = clock.nowMs();
      await store.outbox.put(record);
      took.push(clock.nowMs() - at);
    }
  };
  await Promise.all(Array.from({ length: together }, chain));
  const totalMs = clock.nowMs() - began;
  await store.close();
  return summary(took, totalMs);
}

/** put, attach, sending, delivered, with the journal edges of a release; bytes and flushes as the block device counts them. */
async function lifeCycle(): Promise<Record<string, unknown>[]> {
  if (process.getuid?.() !== 0)
    return [{ what: 'bytes of a record’s life: not here, it needs root for a disk of its own' }];
  const root = mkdtempSync(join(tmpdir(), 'lanewarden-disk-'));
  const disk = join(root, 'disk');
  mkdirSync(disk);
  execFileSync('truncate', ['-s', '400M', join(root, 'disk.img')]);
  execFileSync('mkfs.ext4', ['-q', join(root, 'disk.img')]);
  execFileSync('mount', ['-o', 'loop,noatime', join(root, 'disk.img'), disk]);
  try {
    const device = execFileSync('findmnt', ['-no', 'SOURCE', disk], { encoding: 'utf8' }).trim().replace('/dev/', '');
    const store = await openStore({ path: join(disk, 'state'), clock, wallTrusted: true, ballastBytes: 0 });
    const before = blockStatistics(device);
    for (let number = 0; number < LIFE_RECORDS; number += 1) {
      for (let edge = 0; edge < 10; edge += 1) store.journal.append('1001', { kind: 'tick', atMs: clock.nowMs() });
      const { id } = await store.outbox.put(newRecord(number));
      const bytes = Uint8Array.from({ length: FRAME_BYTES }, (_, at) => (at * 31 + number) & 0xff);
      await store.outbox.attach(id, { bytes, mediaType: 'image/jpeg', atMs: 0 });
      await store.outbox.sending(id);
      await store.outbox.delivered(id, { seqno: String(number) });
    }
    const after = blockStatistics(device);
    await store.close();
    const bytes = (after.bytes - before.bytes) / LIFE_RECORDS;
    return [
      {
        what: 'a record with a 100 KB frame, from put to delivered',
        'KB written': round(bytes / 1000),
        flushes: round((after.flushes - before.flushes) / LIFE_RECORDS),
        'bytes / payload': round(bytes / (FRAME_BYTES + ROW_BYTES)),
      },
    ];
  } finally {
    spawnSync('umount', [disk]);
    rmSync(root, { recursive: true, force: true });
  }
}

/** /sys/block/…/stat: field 7 sectors of 512 bytes written, field 16 flushes. */
function blockStatistics(device: string): { bytes: number; flushes: number } {
  execFileSync('sync');
  const fields = readFileSync(`/sys/block/${device}/stat`, 'utf8').trim().split(/\s+/).map(Number);
  return { bytes: (fields[6] ?? 0) * 512, flushes: fields[15] ?? 0 };
}

/** Made before anything is timed, as what the C program writes is: a lane makes them, not the store. */
const newRecords = (): NewRecord[] => Array.from({ length: COMMITS }, (_, at) => newRecord(WARM_UP + at));

export function newRecord(number: number): NewRecord {
  const release: Release = {
    ...{ id: `release-${number}`, verdict: 'manual', method: 1, desc: 'button', direction: 'exit' },
    ...{ releaseAtMs: Math.floor(clock.nowMs()), plate: { text: '粤B12345', confidence: 0.97, color: 'blue' } },
    ...{ passed: true, confidence: 'sure', degraded: false, reported: true },
    facts: [
      { kind: 'downReleased', atMs: number },
      { kind: 'noGrant', values: { fromMs: number, toMs: number + 15_000 } },
      { kind: 'button', atMs: number, values: { beforeMs: 300 } },
    ],
  };
  return {
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', release, releaseWallMs: clock.wallMs() },
    ...{ reason: '按钮开闸后有车通过，无缴费记录', methodDesc: '按钮开闸' },
  };
}

function summary(took: number[], totalMs: number): Measured {
  const sorted = took.toSorted((a, b) => a - b);
  return {
    perSecond: (took.length / totalMs) * 1000,
    p50Ms: sorted[Math.floor(sorted.length / 2)] ?? 0,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
