/**
 * What the program costs a small box: from its start to READY, private memory and processor with two buses at 40 Hz, as it is shipped (one bundle,
 * the flags of the unit), against a bare Node of the same run. Goals: issue "On the box": 300 ms, 40 MB; reliability.md 9, rows 8 and 9.
 * The boards are TCP slaves in a process of their own; READY is the word on the notification socket.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { bundled, ENVIRONMENT, FLAGS } from '../package/as-shipped.ts';
import { startPark, visitPage } from '../soak/surroundings.ts';
import { startBoards } from './boards/boards.ts';
import { configuration } from './boards/program.ts';

/** A vehicle every twenty seconds at each of two buses; then somebody looks at the page all the time. */
const TRAFFIC = { lanes: 2, rate: 180, broker: false };
const TRAFFIC_SETTLE_MS = 60_000;
const STARTS = 7;
/** Until the heap is what it stays. */
const SETTLE_MS = 20_000;
const MEASURE_MS = 20_000;
const POLL_MS = 25;
export const TICK_HZ = 100;
const KILOBYTE = 1024;
/** Below those the system hands out. */
const PAGE_PORT = 28_443;
const PAGE_TRIES = 400;
const clock = systemClock();
const BARE = ['-e', 'setInterval(() => {}, 1000)'];

interface Socket {
  on(event: 'message', listener: (bytes: Buffer) => void): void;
  bind(path: string): void;
  close(): void;
}

export async function run(): Promise<{ title: string; rows: readonly Record<string, unknown>[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-footprint-'));
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const app = await bundled(folder);
    const { ports, close } = await startBoards(folder, 'tcp', 2);
    ends.push(close);
    const config = configuration({ folder, ports, pollMs: POLL_MS, pagePort: PAGE_PORT });
    const starts = await coldStarts(app, config, folder);
    const bare = spawn(process.execPath, [...FLAGS, ...BARE], { stdio: 'ignore' });
    ends.push(() => bare.kill());
    const { child } = await ready(app, config, folder);
    ends.push(() => child.kill('SIGKILL'));
    // Loaded when it is first asked for: memory is that of a box that somebody looks at.
    await pageAnswers(PAGE_PORT);
    await clock.sleep(SETTLE_MS);
    const before = [bare, child].map(ticks);
    await clock.sleep(MEASURE_MS);
    const processor = [bare, child].map((each, index) =>
      round(((ticks(each) - (before[index] ?? 0)) * 1000 * 100) / TICK_HZ / MEASURE_MS),
    );
    const [idle, ours] = [bare, child].map(memory);
    child.kill('SIGKILL');
    const busy = await amongTraffic(app, join(folder, 'park'));
    return {
      title: `footprint: two buses at 40 Hz, a page that was asked for, after ${(SETTLE_MS + MEASURE_MS) / 1000} s; starts: median of ${STARTS}`,
      rows: [
        { what: 'node -e 0', 'start ms': starts.bare },
        { what: 'bare node', ...idle, 'processor %': processor[0] },
        {
          what: 'lanewarden run',
          'start ms': starts.ours,
          'page’s first answer ms': starts.answered,
          'of it processor ms': starts.busy,
          ...ours,
          'processor %': processor[1],
        },
        { what: 'among traffic', ...busy },
        {
          what: 'ratio to bare node',
          'start ms': round(starts.ours / starts.bare),
          'private MB': round((ours?.['private MB'] ?? 0) / (idle?.['private MB'] ?? 1)),
          'PSS MB': round((ours?.['PSS MB'] ?? 0) / (idle?.['PSS MB'] ?? 1)),
        },
        { what: 'goal', 'start ms': 300, 'private MB': 40, 'PSS MB': 65 },
      ],
    };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Two buses with a vehicle every twenty seconds, cameras with a ring, and the page with its live stream open. */
async function amongTraffic(app: string, folder: string): Promise<Record<string, number>> {
  const park = await startPark(folder, clock, TRAFFIC);
  const { child } = await ready(app, park.configFile, folder);
  const ended = new AbortController();
  try {
    // It is loaded a moment after READY: who signs in at once finds nobody.
    await pageAnswers(park.pagePort);
    const visit = visitPage(park, clock, ended.signal);
    await Promise.race([visit, clock.sleep(TRAFFIC_SETTLE_MS)]);
    const before = ticks(child);
    await clock.sleep(MEASURE_MS);
    const processor = round(((ticks(child) - before) * 1000 * 100) / TICK_HZ / MEASURE_MS);
    ended.abort();
    await visit;
    return { ...memory(child), 'processor %': processor, vehicles: park.seen.vehicles };
  } finally {
    ended.abort();
    child.kill('SIGKILL');
    await park.close();
  }
}

/** In turn, so that both see the same machine. The state is that of a box that was cut from the mains. */
async function coldStarts(
  app: string,
  config: string,
  folder: string,
): Promise<{ readonly bare: number; readonly ours: number; readonly busy: number; readonly answered: number }> {
  const bare: number[] = [];
  const ours: number[] = [];
  const busy: number[] = [];
  const answered: number[] = [];
  for (let number = 0; number < STARTS; number += 1) {
    const startMs = clock.nowMs();
    await new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('exit', resolve));
    bare.push(clock.nowMs() - startMs);
    const { child, tookMs, startMs: began } = await ready(app, config, folder);
    ours.push(tookMs);
    busy.push((ticks(child) * 1000) / TICK_HZ);
    await pageAnswers(PAGE_PORT);
    answered.push(clock.nowMs() - began);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  return { bare: median(bare), ours: median(ours), busy: median(busy), answered: median(answered) };
}

export async function ready(
  app: string,
  config: string,
  folder: string,
): Promise<{ readonly child: ChildProcess; readonly tookMs: number; readonly startMs: number }> {
  const { createSocket } = createRequire(import.meta.url)('unix-dgram') as { createSocket(type: 'unix_dgram'): Socket };
  const path = join(folder, 'notify');
  rmSync(path, { force: true });
  const socket = createSocket('unix_dgram');
  const heard = new Promise<void>((resolve) => {
    socket.on('message', (bytes) => {
      if (String(bytes).includes('READY=1')) resolve();
    });
  });
  socket.bind(path);
  const startMs = clock.nowMs();
  const child = spawn(process.execPath, [...FLAGS, app, 'run', '--config', config], {
    env: { ...process.env, ...ENVIRONMENT, NOTIFY_SOCKET: path, WATCHDOG_USEC: '30000000' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const died = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(Object.assign(new RangeError(`it ended with ${code}`))));
  });
  died.catch(() => undefined);
  await Promise.race([heard, died]);
  const tookMs = clock.nowMs() - startMs;
  socket.close();
  return { child, tookMs, startMs };
}

/** Asks as a browser does that was told of the box a moment too early. */
async function pageAnswers(port: number): Promise<void> {
  const address = { host: '127.0.0.1', port, path: '/api/v1/session', rejectUnauthorized: false };
  for (let tries = 0; ; tries += 1) {
    const error = await new Promise<Error | undefined>((resolve) => {
      get(address, (response) => response.resume().on('end', () => resolve(undefined))).on('error', resolve);
    });
    if (error === undefined) return;
    if (tries === PAGE_TRIES) throw error;
    await clock.sleep(5);
  }
}

/** Private memory as reliability.md 8.4 counts it: what only this process has and has written; pages of files that nobody else maps stand beside it. */
export function memory({ pid }: ChildProcess): {
  readonly 'private MB': number;
  readonly 'private, clean MB': number;
  readonly 'PSS MB': number;
} {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) * KILOBYTE) / 1e6;
  return {
    'private MB': round(megabytes('Private_Dirty')),
    'private, clean MB': round(megabytes('Private_Clean')),
    'PSS MB': round(megabytes('Pss')),
  };
}

/** Of all its threads, user and system. */
export function ticks({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

const round = (value: number): number => Math.round(value * 100) / 100;

function median(values: readonly number[]): number {
  return round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}
