/** MariaDB, really run: its general log, its slow log of every statement, its locks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { expect } from 'vitest';
import { mariadb } from './databases.ts';
import { provePulls, STATEMENTS_LEAST, TABLE, VIEW } from './pull-proof.ts';

const ALLOWED = /^(SELECT|SET SESSION) (?!.*( FOR UPDATE| LOCK IN | INTO ))/i;

async function asRoot(port: number) {
  const root = await createConnection({
    ...{ host: '127.0.0.1', port, user: 'root', charset: 'utf8mb4', multipleStatements: true },
  });
  root.on('error', () => undefined);
  return { root, ask: async (text: string) => (await root.query<RowDataPacket[]>(text))[0] };
}

/** A server that starts anew numbers its connections anew: a number is ours from its login on. */
function statementsOfOurs(log: string): readonly string[] {
  const ours = new Set<string>();
  const found: string[] = [];
  for (const [, thread = '', command, text = ''] of log.matchAll(/\s(\d+)\s(Connect|Query|Prepare|Execute)\s+(.*)/g))
    if (command !== 'Connect') ours.has(thread) && found.push(text);
    else if (text.startsWith('lanewarden@')) ours.add(thread);
    else ours.delete(thread);
  return found;
}

provePulls({
  name: 'MariaDB',
  start: async () => await mariadb(),
  source: ({ port }) =>
    `database: { kind: mysql, host: 127.0.0.1, port: ${port}, name: park, user: lanewarden, password: { secret: booth.password } }`,
  connect: async ({ port }) => {
    const { root, ask } = await asRoot(port);
    await root.query("SET time_zone = '+08:00'");
    if ((await ask("SHOW DATABASES LIKE 'park'")).length === 0)
      await root.query(`CREATE DATABASE park CHARACTER SET utf8mb4; USE park; ${TABLE}; ${VIEW};
        CREATE USER lanewarden@127.0.0.1 IDENTIFIED BY 'pw'; GRANT SELECT ON park.lanewarden_pay TO lanewarden@127.0.0.1`);
    await root.query('USE park');
    return {
      run: async (sql) => void (await root.query(sql)),
      locks: async () => {
        const [found] = await ask(`SELECT coalesce(sum(t.trx_rows_locked + t.trx_tables_locked), 0) AS locks
          FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
          WHERE p.user = 'lanewarden'`);
        return Number(found?.locks);
      },
      end: async () => root.destroy(),
    };
  },
  proveReadOnly: async ({ port, folder }) => {
    const statements = statementsOfOurs(readFileSync(join(folder, 'general.log'), 'utf8'));
    expect(statements.length).toBeGreaterThan(STATEMENTS_LEAST);
    expect(statements.filter((text) => !ALLOWED.test(text))).toEqual([]);
    const slow = readFileSync(join(folder, 'slow.log'), 'utf8');
    const durations = [...slow.matchAll(/^# User@Host: lanewarden\[.*\n(?:# .*\n)*?# Query_time: ([\d.]+)/gm)];
    const longestMs = Math.max(...durations.map(([, seconds]) => Number(seconds) * 1_000));
    expect(durations.length).toBeGreaterThan(STATEMENTS_LEAST);
    const { root, ask } = await asRoot(port);
    const waits = await ask(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_row_lock_waits', 'Table_locks_waited')",
    );
    root.destroy();
    expect(waits.map(({ Value }) => Number(Value))).toEqual([0, 0]);
    return { count: durations.length, longestMs };
  },
});
