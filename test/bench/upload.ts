/**
 * Draining a backlog over TLS to a server in a process of its own: store, signature and uploader against as many bare `undici.request` loops
 * on the same bodies as it has records on the wire, at a platform that takes its time and at one that answers at once. Each drain stands
 * between two runs of the loops, so that a busy machine meets both alike. Goals: reliability.md 9, row 10.
 * `--only TEXT`: the parts whose name has it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import type { MultipartBody } from '../../src/delivery/request/multipart.ts';
import { BACKLOG_MOST, createUploader } from '../../src/delivery/upload/uploader.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/types.ts';
import { createClient } from '../delivery/flat-client.ts';
import { bareLoops, curl, madeOnTheWay, nodeHttps, type Peer } from '../upload/peers.ts';
import { makeCertificate, type Platform, startPlatform } from '../upload/platform.ts';
import { bodyOf, frameOf, newRecord, putRecords } from '../upload/records.ts';

/** How long the answer comes after the request, and how many records a run has: a drain begins with one alone on the wire, which is to weigh little. */
const PLATFORMS = [
  { afterMs: 0, records: 400, runs: 9 },
  { afterMs: 20, records: 240, runs: 5 },
  { afterMs: 80, records: 160, runs: 4 },
  // After an outage of an hour: from the first connection, which both sides make anew.
  { afterMs: 20, records: 40, runs: 7, isCold: true },
  { afterMs: 80, records: 40, runs: 7, isCold: true },
] as const satisfies readonly Runs[];
const AT_ONCE_RECORDS = 400;
const OTHERS_RUNS = 3;
/** No further runs of a part after its time: all takes less than 150 s, also on a busy machine, where most of it is filling the store. */
const PART_MS = 30_000;
const RUNS_LEAST = 2;
const clock = systemClock();

interface Measured {
  readonly perSecond: number;
  /** Of all threads of this process, and of the platform's, a record. */
  readonly cpuUs: number;
  readonly platformUs: number;
}
type Row = Readonly<Record<string, unknown>>;

export async function run(words: readonly string[]): Promise<{ title: string; rows: readonly Row[] }> {
  const { values } = parseArgs({ args: [...words], options: { only: { type: 'string', default: '' } } });
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bench-'));
  const platforms: Platform[] = [];
  try {
    const certificate = makeCertificate(folder);
    const rows: Row[] = [];
    const startAt = async (afterMs: number): Promise<Platform> => {
      const platform = await startPlatform(certificate, afterMs);
      platforms.push(platform);
      return platform;
    };
    for (const runs of PLATFORMS) {
      if (!nameOf(runs).includes(values.only)) continue;
      rows.push(...(await against(await startAt(runs.afterMs), join(folder, nameOf(runs)), runs)));
    }
    if ('others'.includes(values.only)) rows.push(...(await others(await startAt(0), folder, certificate.cert)));
    if ('live'.includes(values.only)) rows.push(...(await live(join(folder, 'live'), await startAt(0))));
    return { title: 'upload: records of 120 KB over TLS, one box (medians)', rows };
  } finally {
    for (const platform of platforms) platform.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Runs {
  readonly afterMs: number;
  readonly records: number;
  readonly runs: number;
  /** Each run makes its connections; else they are kept from the one before. */
  readonly isCold?: boolean;
}

const nameOf = ({ afterMs, records, isCold }: Runs): string =>
  `${afterMs === 0 ? 'answers at once' : `answers after ${afterMs} ms`}${isCold ? `, ${records} records from cold` : ''}`;

/** A drain, then the loops, and so on; after a run of each that does not count. */
async function against(platform: Platform, path: string, one: Runs): Promise<Row[]> {
  const { records, runs, isCold = false } = one;
  const beganMs = clock.nowMs();
  const bodies = Array.from({ length: records }, (_, number) => bodyOf(number, platform.settings));
  const loops = bareLoops(platform.settings, BACKLOG_MOST, (number) => bodies[number] as MultipartBody, isCold);
  const drain = await openDrain(path, platform, isCold);
  const bare: Measured[] = [];
  const ours: Measured[] = [];
  try {
    await drain.fill(records);
    await drain.send(records);
    await loops.send(records);
    bare.push(await timed(() => loops.send(records), records, platform));
    for (let number = 0; goesOn(number, runs, beganMs); number += 1) {
      await drain.fill(records);
      ours.push(await timed(() => drain.send(records), records, platform));
      bare.push(await timed(() => loops.send(records), records, platform));
    }
  } finally {
    loops.close();
    await drain.close();
  }
  const ratios = ours.map(({ perSecond }, at) => perSecond / mean(bare.slice(at, at + 2).map((one) => one.perSecond)));
  return [
    rowOf(`${nameOf(one)}: ${BACKLOG_MOST} bare undici.request loops`, bare),
    {
      ...rowOf(`${nameOf(one)}: lanewarden`, ours),
      'rate / bare loops': round(median(ratios)),
      'least and most': `${round(Math.min(...ratios))} ${round(Math.max(...ratios))}`,
    },
  ];
}

const goesOn = (number: number, runs: number, beganMs: number): boolean =>
  number < runs && (number < RUNS_LEAST || clock.nowMs() - beganMs < PART_MS);

export interface Drain extends Peer {
  readonly store: Store;
  fill(count: number): Promise<void>;
  close(): Promise<void>;
}

/** One store and, unless cold, one client for all runs; an uploader for each, whose backlog is all there is at its start. */
export async function openDrain(path: string, { settings }: Platform, isCold: boolean): Promise<Drain> {
  const store = await openStore({ path, clock, wallTrusted: true, ballastBytes: 0 });
  let client = createClient(settings, { clock });
  let filled = 0;
  return {
    store,
    fill: async (count) => {
      await putRecords(store.outbox, filled, count);
      filled += count;
    },
    send: async (count) => {
      const stopping = new AbortController();
      if (isCold) {
        await client.close();
        client = createClient(settings, { clock });
      }
      let done = 0;
      const all = new Promise<void>((resolve) => {
        const uploader = createUploader({
          ...{ outbox: store.outbox, client, clock },
          onReceipt: () => {
            done += 1;
            if (done === count) resolve();
          },
        });
        void uploader.run(stopping.signal);
      });
      await all;
      stopping.abort();
    },
    close: async () => {
      await client.close();
      await store.close();
      rmSync(path, { recursive: true });
    },
  };
}

async function others(platform: Platform, folder: string, cert: string): Promise<Row[]> {
  const { settings } = platform;
  const bodies = Array.from({ length: AT_ONCE_RECORDS }, (_, number) => bodyOf(number, settings));
  const peers: Readonly<Record<string, Peer>> = {
    'one bare loop': bareLoops(settings, 1, (number) => bodies[number] as MultipartBody),
    'the same, reading, hashing, signing and joining each': bareLoops(
      ...([settings, 1, madeOnTheWay(folder, AT_ONCE_RECORDS, settings)] as const),
    ),
    'node:https, keep-alive': nodeHttps(settings, bodies),
    'curl, one process, keep-alive': curl(folder, settings, bodies, cert),
  };
  const measured = new Map(Object.keys(peers).map((name): [string, Measured[]] => [name, []]));
  const beganMs = clock.nowMs();
  for (let number = 0; goesOn(number, OTHERS_RUNS, beganMs); number += 1)
    for (const [name, peer] of Object.entries(peers))
      measured.get(name)?.push(await timed(() => peer.send(AT_ONCE_RECORDS), AT_ONCE_RECORDS, platform));
  for (const peer of Object.values(peers)) peer.close();
  return [...measured].map(([name, runs]) => rowOf(name, runs));
}

async function timed(work: () => Promise<void>, records: number, platform: Platform): Promise<Measured> {
  const cpuBefore = process.cpuUsage();
  const platformBefore = platform.cpuUs();
  const began = clock.nowMs();
  await work();
  const tookMs = clock.nowMs() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  const platformUs = (platform.cpuUs() - platformBefore) / records;
  return { perSecond: (records / tookMs) * 1000, cpuUs: (user + system) / records, platformUs };
}

function rowOf(what: string, runs: readonly Measured[]): Row {
  const medianOf = (of: (one: Measured) => number): number => Math.round(median(runs.map(of)));
  return {
    what,
    runs: runs.length,
    'records per second': medianOf(({ perSecond }) => perSecond),
    'CPU µs a record': medianOf(({ cpuUs }) => cpuUs),
    'and the platform’s': medianOf(({ platformUs }) => platformUs),
    // With nothing else to do and never waiting; a loop that takes turns with the platform stays far below.
    'these cores allow a second': medianOf(
      ({ cpuUs, platformUs }) => (availableParallelism() * 1e6) / (cpuUs + platformUs),
    ),
  };
}

/** How soon a record that comes in the middle of a drain on a slow line leaves, and what the drain adds to the memory. */
async function live(path: string, { settings }: Platform): Promise<Row[]> {
  const store = await openStore({ path, clock, wallTrusted: true, ballastBytes: 0 });
  await putRecords(store.outbox, 0, 200);
  const client = createClient(settings, { clock });
  const stopping = new AbortController();
  const left = new Map<number, number>();
  const uploader = createUploader({
    ...{ outbox: store.outbox, client, clock, settings: { bandwidthBytesPerSecond: 625_000 } },
    onSending: ({ id }) => left.set(id, clock.nowMs()),
  });
  const running = uploader.run(stopping.signal);
  await clock.sleep(500);
  const before = process.memoryUsage().rss;
  const waits: number[] = [];
  for (let number = 0; number < 10; number += 1) {
    await clock.sleep(300);
    const { id } = await store.outbox.put(newRecord(10_000 + number));
    await store.outbox.attach(id, frameOf(number));
    const readyMs = clock.nowMs();
    while (!left.has(id)) await clock.sleep(5);
    waits.push((left.get(id) ?? 0) - readyMs);
  }
  const grown = process.memoryUsage().rss - before;
  stopping.abort();
  await running;
  await client.close();
  await store.close();
  const what = 'a new record during a drain at 5 Mbit/s leaves after, slowest of 10';
  return [{ what, ms: Math.round(Math.max(...waits)), 'RSS growth MB': round(grown / 1e6) }];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
