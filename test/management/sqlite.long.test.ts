/** SQLite, a file: its "server" is the till that writes it, killed in the middle of a transaction. The kernel says how it is open, and who locks it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../store/open.ts';
import type { DatabaseServer } from './databases.ts';
import { provePulls, TABLE, VIEW } from './pull-proof.ts';

const SCRIPT = join(import.meta.dirname, 'sqlite-till.mjs');
/** Never committed. */
const HALF_DONE = `INSERT INTO fee_record
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
  SELECT 1000000 + i, 'never-' || i, '粤Z00000', '1', 1, '2099-01-01 00:00:00.000', '', 1 FROM n`;

class SqliteTill implements DatabaseServer {
  readonly port = 0;
  readonly folder = temporaryFolder();
  #child: ChildProcess | undefined;

  start(): void {
    this.#child = spawn(process.execPath, [SCRIPT, join(this.folder, 'park.db')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  async ready(): Promise<void> {
    if (this.#child !== undefined) await once(this.#child, 'message');
  }

  async run(sql: string, isOpen = false): Promise<void> {
    const child = this.#child as ChildProcess;
    const done = once(child, 'message');
    child.send({ sql, isOpen });
    await done;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    await this.#leaveHalfDone(child);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async #leaveHalfDone(child: ChildProcess): Promise<void> {
    const done = once(child, 'message');
    child.send({ sql: HALF_DONE, isOpen: true });
    await done;
  }
}

const fileOf = ({ folder }: DatabaseServer): string => join(folder, 'park.db');

provePulls({
  name: 'SQLite',
  start: async () => {
    const till = new SqliteTill();
    till.start();
    return till;
  },
  source: (server) => `file: ${fileOf(server)}`,
  connect: async (server) => {
    const till = server as SqliteTill;
    await till.ready();
    await till.run(
      `${TABLE.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS')}; ${VIEW.replace('CREATE VIEW', 'CREATE VIEW IF NOT EXISTS')}`,
    );
    const { ino } = statSync(fileOf(server));
    return {
      run: (sql) => till.run(sql),
      locks: async (pid) =>
        readFileSync('/proc/locks', 'utf8')
          .split('\n')
          .filter((line) => new RegExp(` WRITE ${pid} \\S+:${ino} `).test(line)).length,
      end: async () => undefined,
    };
  },
  proveReadOnly: async (server, pid) => {
    const file = fileOf(server);
    const open = readdirSync(`/proc/${pid}/fd`).filter((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith(file);
      } catch {
        return false;
      }
    });
    const modes = open.map((fd) => /flags:\s*\d*(\d)/.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1]);
    // O_RDONLY: nothing of it can be written, whatever the statement.
    expect([...new Set(modes)]).toEqual(['0']);
    // It has no log: how long others waited is what there is.
    return { count: 0, longestMs: 0 };
  },
});
