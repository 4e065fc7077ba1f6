/**
 * MariaDB and PostgreSQL, really run: each payment of a busy table counts once while box and server are killed, and the server's own log has no statement of
 * ours but SELECT and settings of the session.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { readProfile } from '../../src/config/profiles.ts';
import type { SystemConfig } from '../../src/config/types.ts';
import { intakeProfiles } from '../../src/management/profile.ts';
import type { IntakeProfile } from '../../src/management/profile-form.ts';
import { temporaryFolder } from '../store/open.ts';
import { type DatabaseServer, mariadb, postgres, postgresFolder } from './databases.ts';
import { openPullBox, password } from './pull-box.ts';

const servers: DatabaseServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop('SIGKILL')));
});

const TABLE = `CREATE TABLE fee_record (id BIGINT PRIMARY KEY, order_no VARCHAR(40), car_no VARCHAR(20), lane VARCHAR(10), money DECIMAL(10,2),
  pay_time TIMESTAMP(3) NULL, operator VARCHAR(20), state INT)`;
const VIEW = `CREATE VIEW lanewarden_pay AS
  SELECT order_no, car_no, lane, money, pay_time, operator FROM fee_record WHERE state = 1`;

function system(kind: 'mysql' | 'postgres', port: number, name: string): SystemConfig {
  const profile = readProfile(intakeProfiles, 'fee-record').profile as IntakeProfile;
  const database = { kind, host: '127.0.0.1', port, name, user: 'lanewarden', password: password('pw'), tls: false };
  const own = {
    name: 'booth',
    profileName: 'fee-record',
    profile,
    values: {},
    secrets: {},
    lanes: { '1': '1001' },
    from: [],
  };
  return { ...own, everyMs: 300, database };
}

interface Till {
  pay(from: number, count: number): Promise<void>;
  end(): Promise<void>;
}

/** What a pay is written by, anew after each kill of the server. */
async function connected<T>(connect: () => Promise<T>): Promise<T> {
  let found: { readonly till: T } | undefined;
  await expect
    .poll(async () => {
      found = await connect().then(
        (till) => ({ till }),
        () => undefined,
      );
      return found !== undefined;
    })
    .toBe(true);
  return (found as unknown as { readonly till: T }).till;
}

const local = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 23).replace('T', ' ');
const row = (id: number): string => `(${id}, 'P-${id}', '粤B12345', '1', 5.50, '${local()}', '张三', 1)`;
const rows = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => row(from + index)).join(',');

/** Ten rounds of payments, with a kill of the box in each and of the server in every other one. */
async function eachOnce(server: DatabaseServer, config: SystemConfig, connect: () => Promise<Till>): Promise<void> {
  const folder = temporaryFolder();
  const times = new Map<string, number>();
  const accept = async (id: string) => {
    times.set(id, (times.get(id) ?? 0) + 1);
    return 'accepted' as const;
  };
  let till = await connected(connect);
  await till.pay(0, 1);
  for (let round = 0; round < 10; round += 1) {
    const box = await openPullBox([config], folder, accept);
    await till.pay(1 + round * 100, 100);
    if (round % 2 === 1) {
      await till.end();
      await server.stop('SIGKILL');
      server.start();
      till = await connected(connect);
    }
    if (round % 3 === 0) await expect.poll(() => times.size).toBeGreaterThan(round * 100);
    await box.kill();
  }
  const box = await openPullBox([config], folder, accept);
  await expect.poll(() => times.size, { message: box.lines.join('\n') }).toBe(1_001);
  await box.kill();
  await till.end();
  expect([...times.values()].filter((count) => count > 1)).toEqual([]);
  expect(box.grants.every(({ plate, amount }) => plate === '粤B12345' && amount === 550)).toBe(true);
}

it('MariaDB', async () => {
  const server = await mariadb();
  servers.push(server);
  const connect = async (): Promise<Till> => {
    const root = await createConnection({
      host: '127.0.0.1',
      port: server.port,
      user: 'root',
      charset: 'utf8mb4',
      timezone: '+08:00',
      multipleStatements: true,
    });
    root.on('error', () => undefined);
    await root.query("SET time_zone = '+08:00'");
    if ((await root.query("SHOW DATABASES LIKE 'park'").then(([found]) => (found as unknown[]).length)) === 0)
      await root.query(`CREATE DATABASE park CHARACTER SET utf8mb4; USE park; ${TABLE}; ${VIEW};
        CREATE USER lanewarden@127.0.0.1 IDENTIFIED BY 'pw'; GRANT SELECT ON park.lanewarden_pay TO lanewarden@127.0.0.1`);
    await root.query('USE park');
    return {
      pay: async (from, count) => void (await root.query(`INSERT INTO fee_record VALUES ${rows(from, count)}`)),
      end: async () => root.destroy(),
    };
  };
  await eachOnce(server, system('mysql', server.port, 'park'), connect);
  const log = readFileSync(join(server.folder, 'general.log'), 'utf8');
  const threads = new Set([...log.matchAll(/\s(\d+)\sConnect\s+lanewarden@/g)].map(([, thread]) => thread));
  const ours = [...log.matchAll(/\s(\d+)\s(Query|Prepare|Execute)\s+(.*)/g)].filter(([, thread]) =>
    threads.has(thread),
  );
  const statements = ours.map(([, , , text]) => text ?? '');
  expect(statements.length).toBeGreaterThan(20);
  expect(statements.filter((text) => !/^(SELECT|SET SESSION) /.test(text))).toEqual([]);
  expect(statements.filter((text) => / FOR UPDATE| LOCK IN | INTO /i.test(text))).toEqual([]);
});

it('PostgreSQL', async () => {
  const bin = postgresFolder(existsSync);
  if (bin === undefined) return expect.unreachable();
  const server = await postgres(bin);
  servers.push(server);
  const connect = async (): Promise<Till> => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'root',
      database: 'postgres',
      options: '-c TimeZone=Asia/Shanghai',
    });
    client.on('error', () => undefined);
    await client.connect();
    if ((await client.query("SELECT to_regclass('lanewarden_pay') AS found")).rows[0]?.found === null)
      await client.query(
        `${TABLE.replace(' NULL', '')}; ${VIEW}; CREATE USER lanewarden PASSWORD 'pw'; GRANT SELECT ON lanewarden_pay TO lanewarden`,
      );
    return {
      pay: async (from, count) => void (await client.query(`INSERT INTO fee_record VALUES ${rows(from, count)}`)),
      end: () => client.end().catch(() => undefined),
    };
  };
  await eachOnce(server, system('postgres', server.port, 'postgres'), connect);
  const log = readFileSync(join(server.folder, 'postgres.log'), 'utf8');
  const ours = [...log.matchAll(/^lanewarden\|LOG: {2}(?:execute [^:]*|statement): (.*)/gm)].map(
    ([, text]) => text ?? '',
  );
  expect(ours.length).toBeGreaterThan(20);
  expect(ours.filter((text) => !text.startsWith('SELECT '))).toEqual([]);
});
