/**
 * What the box writes for a car that paid, for one that was let out by hand, and for a quiet minute: bytes and flushes as the kernel counts them on an
 * ext4 of its own (a loop device: root), and commits of the database. `--cars N` (6); `--also FILE`: another build's main.js, in turn.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { ended, startBoards } from './boards/boards.ts';
import { INTAKE_TOKEN, PROGRAM, startProgram } from './boards/program.ts';
import { driveOut } from './boards/vehicle.ts';

/** Past what a start writes behind itself. */
const SETTLE_MS = 100_000;
const QUIET_MS = 120_000;
/** Longer than ext4 waits with its own commit. */
const AFTER_CAR_MS = 12_000;
const DISK_BYTES = 2_000_000_000;
const SECTOR = 512;
const clock = systemClock();

interface Written {
  readonly bytes: number;
  readonly flushes: number;
}

export async function run(words: readonly string[]): Promise<{ title: string; rows: Record<string, unknown>[] }> {
  const { values } = parseArgs({
    args: [...words],
    options: { cars: { type: 'string', default: '6' }, also: { type: 'string', multiple: true, default: [] } },
  });
  const cars = Number(values.cars);
  const rows: Record<string, unknown>[] = [];
  for (const program of [PROGRAM, ...values.also]) rows.push(...(await measured(program, cars)));
  return { title: `wear: bytes and flushes of the kernel on ext4, ${cars} cars of each kind`, rows };
}

async function measured(program: string, cars: number): Promise<Record<string, unknown>[]> {
  const root = mkdtempSync(join(tmpdir(), 'lanewarden-wear-'));
  const [image, folder] = [join(root, 'disk.img'), join(root, 'disk')];
  mkdirSync(folder);
  execFileSync('truncate', ['-s', String(DISK_BYTES), image]);
  // Its tables are written now, and not behind the measurement.
  execFileSync('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image]);
  execFileSync('mount', ['-o', `loop,${mountOptions()}`, image, folder]);
  const device = execFileSync('findmnt', ['-no', 'SOURCE', folder], { encoding: 'utf8' }).trim();
  const counted = (): Written => {
    const fields = readFileSync(`/sys/block/${basename(device)}/stat`, 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return { bytes: (fields[6] ?? 0) * SECTOR, flushes: fields[15] ?? 0 };
  };
  const boards = await startBoards(folder, 'modbus-tcp', 1);
  const platform = createServer((_request, response) => response.end('{"code":"1001","message":"ok","seqno":"1"}'));
  await once(platform.listen(0, '127.0.0.1'), 'listening');
  const intakePort = await freePort();
  const { port: cloudPort } = platform.address() as AddressInfo;
  const child = await startProgram({ folder, program, ports: boards.ports, pollMs: 50, cloudPort, intakePort });
  try {
    await clock.sleep(SETTLE_MS);
    const of = async (what: string, times: number, work: () => Promise<void>) => {
      const before = counted();
      for (let n = 0; n < times; n += 1) await work();
      const after = counted();
      return {
        what,
        'kB each': Math.round((after.bytes - before.bytes) / times / 100) / 10,
        'flushes each': Math.round((10 * (after.flushes - before.flushes)) / times) / 10,
        program,
      };
    };
    return [
      await of('a quiet minute', QUIET_MS / 60_000, () => clock.sleep(60_000)),
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

/** Those of a prepared box. */
function mountOptions(): string {
  const [, options] = /\/data ext4 ([\w,=]+),errors=/.exec(readFileSync('deploy/prepare-pi.sh', 'utf8')) ?? [];
  if (options === undefined) throw new RangeError('deploy/prepare-pi.sh mounts no data partition');
  return options;
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
