/**
 * From a change at a board to its row being durable in the journal, two buses at 20 Hz, and how often the disk is flushed for a vehicle. A row is
 * durable when another connection reads it: SQLite shows a commit only after its flush. Goal: p99 at most the period and 60 ms.
 * `--wire pty|tcp|modbus-tcp`, `--poll MS` (50), `--changes N` (200), `--vehicles N` (12); `--also FILE`: another build's main.js, in turn.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import {
  type Boards,
  ended,
  type FlushCounter,
  flushCounter,
  quantile,
  startBoards,
  type Wire,
} from './boards/boards.ts';
import { durableAfter } from './boards/durable.ts';
import { databaseOf, JOURNAL, PROGRAM, startProgram } from './boards/program.ts';
import { driveOut } from './boards/vehicle.ts';

const BUSES = 2;
const SETTLE_MS = 5_000;
/** The lane is quiet again, its deadlines included. */
const AFTER_VEHICLE_MS = 4_000;
const clock = systemClock();

interface Measured {
  readonly latenciesMs: readonly number[];
  readonly flushesPerVehicle: number;
  readonly idleFlushesPerMinute: number;
}

export async function run(words: readonly string[]): Promise<{ title: string; rows: Record<string, unknown>[] }> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      wire: { type: 'string', default: 'modbus-tcp' },
      poll: { type: 'string', default: '50' },
      changes: { type: 'string', default: '200' },
      vehicles: { type: 'string', default: '12' },
      also: { type: 'string', multiple: true, default: [] },
    },
  });
  const pollMs = Number(values.poll);
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-latency-'));
  const rows: Record<string, unknown>[] = [];
  try {
    for (const program of [PROGRAM, ...values.also]) {
      const one = { folder: mkdtempSync(join(folder, 'run-')), wire: values.wire as Wire, pollMs, program };
      const measured = await measure(one, Number(values.changes), Number(values.vehicles));
      rows.push({
        what: program,
        'p50 ms': round(quantile(measured.latenciesMs, 0.5)),
        'p99 ms': round(quantile(measured.latenciesMs, 0.99)),
        'longest ms': round(Math.max(...measured.latenciesMs)),
        'flushes a vehicle': round(measured.flushesPerVehicle),
        'flushes a quiet minute': round(measured.idleFlushesPerMinute),
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const title = `latency: change at a board to its durable journal row, ${BUSES} buses every ${pollMs} ms, ${values.changes} changes (goal p99 ${pollMs + 60} ms)`;
  return { title, rows };
}

const round = (value: number): number => Math.round(value * 100) / 100;

interface Run {
  readonly folder: string;
  readonly wire: Wire;
  readonly pollMs: number;
  readonly program: string;
}

async function measure(one: Run, changes: number, vehicles: number): Promise<Measured> {
  const boards = await startBoards(one.folder, one.wire, BUSES);
  const flushes = flushCounter(one.folder, 'program');
  // Each vehicle is an opening that nobody paid for: its record is sent, and accepted.
  const platform = createServer((_request, response) => response.end('{"code":"1001","message":"ok","seqno":"1"}'));
  await once(platform.listen(0, '127.0.0.1'), 'listening');
  const { port } = platform.address() as AddressInfo;
  const child = await startProgram({
    ...one,
    ports: boards.ports,
    cloudPort: port,
    environment: flushes.environment,
  });
  try {
    await clock.sleep(SETTLE_MS);
    const latenciesMs = await durableAfter(boards, BUSES, changes, { database: databaseOf(one), ...JOURNAL });
    const flushesPerVehicle = await driven(boards, flushes, vehicles);
    const before = flushes.count();
    const forMs = 30_000;
    await clock.sleep(forMs);
    return { latenciesMs, flushesPerVehicle, idleFlushesPerMinute: ((flushes.count() - before) / forMs) * 60_000 };
  } finally {
    await ended(child);
    boards.close();
    platform.closeAllConnections();
    platform.close();
  }
}

/** Vehicles one after the other at the first board; the flushes of each, those of the quiet before the next one included. */
async function driven(boards: Boards, flushes: FlushCounter, vehicles: number): Promise<number> {
  await clock.sleep(AFTER_VEHICLE_MS);
  const before = flushes.count();
  for (let vehicle = 0; vehicle < vehicles; vehicle += 1) await driveOut(boards, AFTER_VEHICLE_MS);
  return (flushes.count() - before) / vehicles;
}
