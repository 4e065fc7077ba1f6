/**
 * What is proved of every database that is read, with the real program and a till at work beside it: each payment counts once while the program and the
 * database are killed; and nobody waits while it reads. ROWS and KILLS make it longer: `npm run proof -- pull`.
 */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { endings } from '../endings.ts';
import { LONGEST_TEST_MS } from '../longest-wait.ts';
import { temporaryFolder } from '../store/open.ts';
import type { DatabaseServer } from './databases.ts';
import { PullProgram } from './pull-program.ts';

/** Of the table; and kills of the program, and as many of the database. */
const ROWS = Number(process.env.ROWS ?? 600);
const KILLS = Number(process.env.KILLS ?? 2);
const LOCK_MOST_MS = 1_000;
/** Fewer statements of ours than this in a log say that the log was not read right. */
export const STATEMENTS_LEAST = ROWS / 100;

export const TABLE = `CREATE TABLE fee_record (id BIGINT PRIMARY KEY, order_no VARCHAR(40), car_no VARCHAR(20), lane VARCHAR(10), money DECIMAL(10,2),
  pay_time TIMESTAMP(3) NULL, operator VARCHAR(20), state INT)`;
export const VIEW = `CREATE VIEW lanewarden_pay AS
  SELECT order_no, car_no, lane, money, pay_time, operator FROM fee_record WHERE state = 1`;

/** What pays, and what the database says of those who read. */
export interface Till {
  run(sql: string): Promise<void>;
  /** Locks that the program (its process: `pid`) has and a reader needs not. */
  locks(pid: number): Promise<number>;
  end(): Promise<void>;
}

/** What a log has of ours. Each statement is a transaction of its own: it holds nothing for longer. */
export interface Statements {
  readonly count: number;
  readonly longestMs: number;
}

export interface DatabaseKind {
  readonly name: string;
  start(): Promise<DatabaseServer>;
  /** Its member of `intake.systems`. */
  source(server: DatabaseServer): string;
  connect(server: DatabaseServer): Promise<Till>;
  /** In the database's own words: it was asked for rows alone. */
  proveReadOnly(server: DatabaseServer, pid: number): Promise<Statements>;
}

const clock = systemClock();

const local = (): string => new Date(clock.wallMs() + 8 * 3_600_000).toISOString().slice(0, 23).replace('T', ' ');
const row = (id: number): string =>
  `(${id}, 'P-${id}', '粤B${String(id).padStart(5, '0')}', '1', 5.50, '${local()}', '张三', 1)`;
const insert = (from: number, count: number): string =>
  `INSERT INTO fee_record VALUES ${Array.from({ length: count }, (_, index) => row(from + index)).join(',')}`;

/** What a pay is written by, anew after each kill of the database. */
async function connected(kind: DatabaseKind, server: DatabaseServer): Promise<Till> {
  let till: Till | undefined;
  await expect
    .poll(async () => {
      till = await kind.connect(server).catch(() => undefined);
      return till !== undefined;
    })
    .toBe(true);
  return till as unknown as Till;
}

async function opened(kind: DatabaseKind): Promise<{ server: DatabaseServer; program: PullProgram }> {
  const server = await kind.start();
  endings.push(() => server.stop('SIGKILL'));
  const system = `{ name: booth, profile: fee-record, lanes: { "1": "1001" }, every: 1s, ${kind.source(server)} }`;
  const program = new PullProgram(temporaryFolder(), system);
  endings.push(() => program.kill());
  return { server, program };
}

async function countedAll(program: PullProgram, rows: number): Promise<void> {
  await expect
    .poll(() => program.known(), { timeout: LONGEST_TEST_MS, message: program.lines })
    .toBeGreaterThanOrEqual(rows);
}

async function throughKills(kind: DatabaseKind): Promise<void> {
  const { server, program } = await opened(kind);
  let till = await connected(kind, server);
  let paid = 0;
  const pay = async (count: number): Promise<void> => {
    await till.run(insert(paid, count));
    paid += count;
  };
  await pay(1);
  program.start();
  await countedAll(program, paid);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const half = Math.floor((ROWS - 1 - paid) / (KILLS - kill) / 2);
    // In the middle of what was paid: some of it is counted, more waits.
    await pay(half);
    await countedAll(program, paid - half + 1);
    await till.end();
    await server.stop('SIGKILL');
    server.start();
    till = await connected(kind, server);
    const known = program.known();
    await pay(half);
    await countedAll(program, known + 1);
    await program.kill();
    program.start();
  }
  // Read after the last start: nothing of before is still on its way.
  await pay(ROWS - paid);
  await countedAll(program, ROWS);
  await expect.poll(() => program.fates()).toBe(ROWS);
  await kind.proveReadOnly(server, program.pid);
  await till.end();
  // The day's account is kept when it ends.
  await program.kill('SIGTERM');
  const numbers = { told: paid, known: program.known(), counted: program.accounted(), fates: program.fates() };
  console.info(`${kind.name}: ${KILLS} kills of the program, ${KILLS} of the database: ${JSON.stringify(numbers)}`);
  expect(numbers).toEqual({ told: ROWS, known: ROWS, counted: ROWS, fates: ROWS });
}

async function besideATill(kind: DatabaseKind): Promise<void> {
  const { server, program } = await opened(kind);
  const till = await connected(kind, server);
  await till.run(insert(0, ROWS - 100));
  program.start();
  const locks: number[] = [];
  let longestPayMs = 0;
  for (let paid = ROWS - 100; program.known() < ROWS; ) {
    if (paid < ROWS) {
      const fromMs = clock.nowMs();
      await till.run(insert(paid, 1));
      paid += 1;
      longestPayMs = Math.max(longestPayMs, clock.nowMs() - fromMs);
    }
    locks.push(await till.locks(program.pid));
  }
  const { count, longestMs } = await kind.proveReadOnly(server, program.pid);
  await program.kill();
  await till.end();
  console.info(
    `${kind.name}: ${ROWS} rows; the longest of ${count} statements of ours ${longestMs.toFixed(1)} ms; the longest payment beside it ${longestPayMs.toFixed(1)} ms; ${locks.length} looks at the locks`,
  );
  expect(longestMs).toBeLessThan(LOCK_MOST_MS);
  expect(longestPayMs).toBeLessThan(LOCK_MOST_MS);
  expect(locks.filter((count) => count > 0)).toEqual([]);
}

export function provePulls(kind: DatabaseKind): void {
  describe(kind.name, () => {
    it(
      `counts each of ${ROWS} payments once through ${KILLS} kills of the program and ${KILLS} of the database`,
      {
        timeout: 0,
      },
      () => throughKills(kind),
    );
    it(`is asked for rows alone, and nobody waits, while ${ROWS} are read with a till at work`, { timeout: 0 }, () =>
      besideATill(kind),
    );
  });
}
