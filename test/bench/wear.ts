/**
 * What the box as it is shipped writes for a car that paid, for one that was let out by hand, and for a quiet minute: bytes and flushes as the kernel
 * counts them on an ext4 of its own (a loop device: root), mounted as prepare-pi mounts it, and commits of the database. `--cars N` (6); `--quiet N`:
 * minutes (10: what is written every five); `--also FILE`: another build's main.js, in turn. `--most`: fails above twice the goals.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { FRAME_HEADER, PAGE, WAL_HEADER } from '../../src/store/repair/wal.ts';
import { bundled } from '../package/as-shipped.ts';
import { ended, startBoards } from './boards/boards.ts';
import { databaseOf, INTAKE_TOKEN, startProgram } from './boards/program.ts';
import { driveOut } from './boards/vehicle.ts';

/** Past what a start writes behind itself: the WAL has its length. */
const SETTLE_MS = 30_000;
/** Longer than what rides along waits. */
const AFTER_CAR_MS = 12_000;
/** Goals; twice as much fails. */
const GOALS: Readonly<Record<string, { readonly kB: number; readonly flushes: number }>> = {
  'a quiet minute': { kB: 7, flushes: 1 },
  'a paid car': { kB: 60, flushes: 6 },
};
const DISK_BYTES = 2_000_000_000;
const SECTOR = 512;
/** Of the whole machine, and put back. */
const DIRTY = '/proc/sys/vm/dirty_expire_centisecs';
const clock = systemClock();

interface Written {
  readonly bytes: number;
  readonly flushes: number;
  readonly commits: number;
}

type Row = Readonly<Record<'kB each' | 'flushes each' | 'commits each', number>> & { readonly what: string };

export async function run(words: readonly string[]): Promise<{ title: string; rows: Record<string, unknown>[] }> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      cars: { type: 'string', default: '6' },
      quiet: { type: 'string', default: '10' },
      also: { type: 'string', multiple: true, default: [] },
      most: { type: 'boolean', default: false },
    },
  });
  const cars = Number(values.cars);
  const rows: Row[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-wear-'));
  const before = readFileSync(DIRTY, 'utf8');
  try {
    writeFileSync(DIRTY, prepared(/^vm\.dirty_expire_centisecs = (\d+)$/m));
    const shipped = await bundled(folder, 'own');
    for (const program of [shipped, ...values.also]) {
      const what = program === shipped ? 'as shipped' : program;
      rows.push(...(await measured(program, cars, Number(values.quiet))).map((row) => ({ ...row, program: what })));
    }
  } finally {
    writeFileSync(DIRTY, before);
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.most) for (const row of rows) assert(isWithin(row), `too much for ${JSON.stringify(row)}`);
  return { title: `wear: bytes and flushes of the kernel on ext4, ${cars} cars of each kind`, rows };
}

const isWithin = ({ what, 'kB each': kB, 'flushes each': flushes }: Row): boolean => {
  const goal = GOALS[what];
  return goal === undefined || (kB <= 2 * goal.kB && flushes <= 2 * goal.flushes);
};

async function measured(program: string, cars: number, quietMinutes: number): Promise<Row[]> {
  const root = mkdtempSync(join(tmpdir(), 'lanewarden-wear-'));
  const [image, folder] = [join(root, 'disk.img'), join(root, 'disk')];
  mkdirSync(folder);
  execFileSync('truncate', ['-s', String(DISK_BYTES), image]);
  // Its tables are written now, and not behind the measurement.
  execFileSync('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image]);
  execFileSync('mount', ['-o', `loop,${prepared(/\/data ext4 ([\w,=]+),errors=/)}`, image, folder]);
  const device = execFileSync('findmnt', ['-no', 'SOURCE', folder], { encoding: 'utf8' }).trim();
  const counted = (): Written => {
    const fields = readFileSync(`/sys/block/${basename(device)}/stat`, 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return {
      bytes: (fields[6] ?? 0) * SECTOR,
      flushes: fields[15] ?? 0,
      commits: commitsIn(`${databaseOf({ folder })}-wal`),
    };
  };
  const boards = await startBoards(folder, 'modbus-tcp', 1);
  const platform = createServer((_request, response) => response.end('{"code":"1001","message":"ok","seqno":"1"}'));
  await once(platform.listen(0, '127.0.0.1'), 'listening');
  const intakePort = await freePort();
  const { port: cloudPort } = platform.address() as AddressInfo;
  const child = await startProgram({ folder, program, ports: boards.ports, pollMs: 50, cloudPort, intakePort });
  try {
    await clock.sleep(SETTLE_MS);
    // The length of the WAL, and what making the disk left behind.
    execFileSync('sync', ['-f', folder]);
    const of = async (what: string, times: number, work: () => Promise<void>) => {
      const before = counted();
      for (let n = 0; n < times; n += 1) await work();
      const after = counted();
      return {
        what,
        'kB each': Math.round((after.bytes - before.bytes) / times / 100) / 10,
        'flushes each': Math.round((10 * (after.flushes - before.flushes)) / times) / 10,
        'commits each': Math.round((10 * (after.commits - before.commits)) / times) / 10,
      };
    };
    return [
      ...(quietMinutes > 0 ? [await of('a quiet minute', quietMinutes, () => clock.sleep(60_000))] : []),
      await of('a paid car', cars, async () => {
        await pay(intakePort, `P${Date.now()}`);
        await driveOut(boards, AFTER_CAR_MS);
      }),
      await of('a car let out by hand', cars, () => driveOut(boards, AFTER_CAR_MS)),
    ];
  } finally {
    await ended(child);
    boards.close();
    platform.closeAllConnections();
    platform.close();
    execFileSync('umount', ['-l', folder]);
    rmSync(root, { recursive: true, force: true });
  }
}

/** What a prepared box has. */
function prepared(what: RegExp): string {
  const [, value] = what.exec(readFileSync('deploy/prepare-pi.sh', 'utf8')) ?? [];
  if (value === undefined) throw new RangeError(`deploy/prepare-pi.sh has no ${what.source}`);
  return value;
}

/** Since its last checkpoint. */
function commitsIn(wal: string): number {
  const bytes = readFileSync(wal);
  let commits = 0;
  for (let at = WAL_HEADER; at < bytes.length && bytes.subarray(at + 8, at + 16).equals(bytes.subarray(16, 24)); ) {
    if (bytes.readUInt32BE(at + 4) > 0) commits += 1;
    at += FRAME_HEADER + PAGE;
  }
  return commits;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function pay(port: number, id: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/grants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${INTAKE_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id, lane: '1001', issuedAt: new Date().toISOString(), kind: 'paid' }),
  });
  if (!response.ok) throw new RangeError(`the payment is refused: ${response.status} ${await response.text()}`);
}
