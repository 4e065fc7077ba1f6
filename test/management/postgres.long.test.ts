/** PostgreSQL, really run: its log of every statement with its duration, its locks, and who waited for one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { postgres, postgresFolder } from './databases.ts';
import { provePulls, STATEMENTS_LEAST, TABLE, VIEW } from './pull-proof.ts';

const ALLOWED = /^SELECT (?!.*( FOR UPDATE| FOR SHARE| INTO ))/i;

provePulls({
  name: 'PostgreSQL',
  start: async () => await postgres(postgresFolder(existsSync) ?? ''),
  source: ({ port }) =>
    `database: { kind: postgres, host: 127.0.0.1, port: ${port}, name: postgres, user: lanewarden, password: { secret: booth.password } }`,
  connect: async ({ port }) => {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port, user: 'root', database: 'postgres', options: '-c TimeZone=Asia/Shanghai' },
    });
    client.on('error', () => undefined);
    await client.connect();
    if ((await client.query("SELECT to_regclass('lanewarden_pay') AS found")).rows[0]?.found === null)
      await client.query(
        `${TABLE.replace(' NULL', '')}; ${VIEW}; CREATE USER lanewarden PASSWORD 'pw'; GRANT SELECT ON lanewarden_pay TO lanewarden`,
      );
    return {
      run: async (sql) => void (await client.query(sql)),
      // Whoever connects locks the database itself (an object) for a moment: against its removal, not against a row.
      locks: async () => {
        const { rows: found } = await client.query(`SELECT count(*) AS locks
          FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE a.usename = 'lanewarden' AND l.locktype NOT IN ('virtualxid', 'object') AND l.mode <> 'AccessShareLock'`);
        return Number(found[0]?.locks);
      },
      end: () => client.end().catch(() => undefined),
    };
  },
  proveReadOnly: async ({ folder }) => {
    const log = readFileSync(join(folder, 'postgres.log'), 'utf8');
    const statements = [...log.matchAll(/^lanewarden\|LOG: {2}(?:execute [^:]*|statement): (.*)/gm)];
    expect(statements.length).toBeGreaterThan(STATEMENTS_LEAST);
    expect(statements.map(([, text = '']) => text).filter((text) => !ALLOWED.test(text))).toEqual([]);
    const durations = [...log.matchAll(/^lanewarden\|LOG: {2}duration: ([\d.]+) ms/gm)].map(([, ms]) => Number(ms));
    const longestMs = Math.max(...durations);
    expect(durations.length).toBeGreaterThan(STATEMENTS_LEAST);
    expect([...log.matchAll(/still waiting for/g)]).toEqual([]);
    return { count: durations.length, longestMs };
  },
});
