/** A damaged database of which the disk cannot read a block any more: the salvage does without it and ends. A disk that is away is waited for. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { StoreNotice } from '../../src/store/notice.ts';
import { quarantine } from '../../src/store/repair/quarantine.ts';
import { LIMITS, openStore } from '../../src/store/store.ts';
import { newLendingMemory } from '../../src/store/thread/picture-buffers.ts';
import { missing } from '../line/tools.ts';
import { library } from '../power/library.ts';
import { dist, frame, record, storeThread, temporaryFolder } from './open.ts';

const IN_FILE = 60;
const IN_WAL = 40;
const BLOCK = 4_096;
const EVERYTHING = Number.MAX_SAFE_INTEGER;

let folder = '';
let template = '';

/** Records in the database itself, and more that are in its WAL only. */
beforeAll(async () => {
  folder = temporaryFolder.keep();
  const path = join(folder, 'state');
  const options = { path, clock: systemClock(), ballastBytes: 0, lowWaterBytes: 0 };
  for (const [name, records] of [
    ['file', IN_FILE],
    ['wal', IN_WAL],
  ] as const) {
    const store = await openStore({ ...options, thread: storeThread() });
    for (let number = 1; number <= records; number += 1) {
      const { id } = await store.outbox.put(record(`${name}${number}`));
      if (name === 'file') await store.outbox.attach(id, frame(1_000, number));
    }
    template = join(folder, name);
    if (name === 'wal') cpSync(path, template, { recursive: true });
    await store.close();
  }
  const moment = { nowMs: systemClock().nowMs(), wallMs: Date.now() };
  const told = { path: template, version: 'test', moment, limits: LIMITS, lending: newLendingMemory(), bootId: 'test' };
  quarantine({ ...told, wallTrusted: false, tool: false }, moment, () => undefined, 'a test', undefined).close();
});

interface Outcome {
  readonly salvaged: Extract<StoreNotice, { kind: 'salvaged' }>;
  readonly refused?: readonly string[];
  readonly ids: readonly string[];
  readonly path: string;
}

function salvage(file: string, from: number, to: number, flag?: string): Outcome {
  const path = join(temporaryFolder(), 'state');
  cpSync(template, path, { recursive: true });
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../power/salvage.mjs'), dist, path, ...(flag === undefined ? [] : [flag])],
    {
      env: {
        ...process.env,
        LD_PRELOAD: library(folder, 'eioread'),
        ...{ EIO_FILE: `damaged/1/${file}`, EIO_FROM: String(from), EIO_TO: String(to) },
        ...(flag !== undefined && { EIO_WHILE: flag }),
      },
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { ...(JSON.parse(stdout) as Omit<Outcome, 'path'>), path };
}

const count = (ids: readonly string[], name: string): number => ids.filter((id) => id.startsWith(name)).length;

describe.skipIf(missing('gcc'))('a block that cannot be read', () => {
  it.each([
    ['of the WAL, its first', 'lanewarden.db-wal', 0],
    ['of the WAL, in its middle', 'lanewarden.db-wal', 20],
    ['of the database', 'lanewarden.db', 12],
  ])('%s: the rest is saved, and what could not be read is told', (_, file, block) => {
    const { salvaged, ids, path } = salvage(file, block * BLOCK, (block + 1) * BLOCK);
    expect(salvaged).toMatchObject({ kind: 'salvaged', records: ids.length });
    // A block of the disk holds two pages, or lies across three frames.
    expect(salvaged.lostPages).toBeGreaterThanOrEqual(2);
    expect(salvaged.lostPages).toBeLessThanOrEqual(3);
    // What the database alone held of records is a handful.
    expect(count(ids, 'file')).toBeGreaterThanOrEqual(IN_FILE - 8);
    expect(count(ids, 'wal')).toBeGreaterThanOrEqual(IN_WAL - 1);
    expect(readdirSync(join(path, 'damaged', '1'))).not.toContain('unfinished');
  });

  it('with the newest version of a page: an older one has all but what came last', () => {
    const at = readFileSync(join(template, 'damaged', '1', 'lanewarden.db-wal')).lastIndexOf(`"id":"wal${IN_WAL}"`);
    const { salvaged, ids } = salvage('lanewarden.db-wal', at, at + 1);
    expect(salvaged).toMatchObject({ records: ids.length, lostPages: 1 });
    expect(ids).toHaveLength(IN_FILE + IN_WAL - 1);
  });

  it('nor any other of the database: what its WAL holds is saved', () => {
    const { salvaged, ids } = salvage('lanewarden.db', 0, EVERYTHING);
    expect(salvaged).toMatchObject({ records: ids.length, lostPages: expect.any(Number) });
    expect(count(ids, 'wal')).toBe(IN_WAL);
  });

  it('because the disk is away for a moment: nothing is given up', () => {
    const flag = join(temporaryFolder(), 'away');
    const { salvaged, refused, ids } = salvage('lanewarden.db', 0, EVERYTHING, flag);
    expect(refused).toEqual(['SQLITE_IOERR_FSYNC']);
    expect(salvaged).toEqual({ kind: 'salvaged', records: IN_FILE + IN_WAL, unreadable: 0 });
    expect(ids).toHaveLength(IN_FILE + IN_WAL);
  });
});
