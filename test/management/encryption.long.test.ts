/** Encrypted connections to real servers: rows are read of one whose certificate is of the authority that is named and bears its address, of no other. */
import { existsSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DatabaseConfig } from '../../src/config/types.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { temporaryFolder } from '../store/open.ts';
import { authority } from './certificates.ts';
import { type DatabaseServer, mariadb, postgres, postgresFolder } from './databases.ts';
import { openPullBox, password, pulledSystem } from './pull-box.ts';

const PROFILE = `maker: M
model: m
source: s
payment: { id: { field: order_no }, plate: { field: car_no }, issuedAt: { field: pay_time, time: local } }
sql: { table: fee_record, cursor: { column: id, overlap: 20 } }
`;
const TABLE =
  'CREATE TABLE fee_record (id INT PRIMARY KEY, order_no VARCHAR(40), car_no VARCHAR(20), pay_time VARCHAR(30))';
const ROW = `INSERT INTO fee_record VALUES (1, 'P-1', 'B12345', '2026-11-30 08:00:00')`;
/** In the trade's words and in English. */
const UNTRUSTED = /证书不可信.*certificate of the database server is not trusted \(.+\); check database\.ca/s;
const BARE = /不提供加密.*offers no encryption/s;

const folder = temporaryFolder.keep();
const ours = authority(folder, 'ours');
const theirs = authority(folder, 'theirs');

const KINDS = {
  mysql: {
    start: (isEncrypted: boolean) => mariadb(isEncrypted ? ours.sign('IP:127.0.0.1') : undefined),
    name: 'park',
    fill: async (port: number) => {
      const root = await createConnection({ host: '127.0.0.1', port, user: 'root', multipleStatements: true });
      await root.query(`CREATE DATABASE park; USE park; ${TABLE}; ${ROW}; CREATE USER lanewarden IDENTIFIED BY 'pw';
        GRANT SELECT ON park.fee_record TO lanewarden`);
      await root.end();
    },
  },
  postgres: {
    start: (isEncrypted: boolean) =>
      postgres(postgresFolder(existsSync) ?? '', isEncrypted ? ours.sign('IP:127.0.0.1') : undefined),
    name: 'postgres',
    fill: async (port: number) => {
      const root = new pg.Client({ host: '127.0.0.1', port, user: 'root', database: 'postgres' });
      await root.connect();
      await root.query(
        `${TABLE}; ${ROW}; CREATE USER lanewarden PASSWORD 'pw'; GRANT SELECT ON fee_record TO lanewarden`,
      );
      await root.end();
    },
  },
} as const;

describe.each(['mysql', 'postgres'] as const)('a server of %s', (kind) => {
  const { start, name, fill } = KINDS[kind];
  const servers: DatabaseServer[] = [];
  beforeAll(async () => {
    servers.push(await start(true), await start(false));
    for (const { port } of servers) await vi.waitFor(() => fill(port), { timeout: LONGEST_WAIT_MS, interval: 100 });
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop('SIGKILL'))));

  /** What the box reads, or says. */
  async function read(server: DatabaseServer | undefined, more: Partial<DatabaseConfig>): Promise<string> {
    const own = { kind, name, port: server?.port, host: '127.0.0.1', user: 'lanewarden', password: password('pw') };
    const system = pulledSystem(PROFILE, { database: { ...own, tls: true, ...more } });
    const box = await openPullBox([system], temporaryFolder());
    const found = (): string => [...box.grants.map(({ id }) => id), ...box.lines].join('\n');
    await expect.poll(found).not.toBe('');
    await box.kill();
    return found();
  }

  it('is read when its certificate is of our authority', async () => {
    expect(await read(servers[0], { ca: ours.pem })).toBe('booth:P-1');
  });

  it('is not read when it is of another authority', async () => {
    expect(await read(servers[0], { ca: theirs.pem })).toMatch(UNTRUSTED);
  });

  it('is not read when only the well-known authorities are trusted', async () => {
    expect(await read(servers[0], {})).toMatch(UNTRUSTED);
  });

  it('is not read under a name that its certificate does not bear', async () => {
    expect(await read(servers[0], { ca: ours.pem, host: 'localhost' })).toMatch(UNTRUSTED);
  });

  it('gets no login without encryption', async () => {
    expect(await read(servers[1], { ca: ours.pem })).toMatch(BARE);
  });
});
