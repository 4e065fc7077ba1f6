/** The built program with one management system to read, killed as by a power cut; and what its journal counted, read beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { dist } from '../store/open.ts';

export class PullProgram {
  readonly #folder: string;
  readonly #config: string;
  #child: ChildProcess | undefined;
  #lines = '';

  constructor(folder: string, system: string) {
    this.#folder = folder;
    this.#config = join(folder, 'lanewarden.yaml');
    mkdirSync(join(folder, 'state'), { mode: 0o700 });
    const secrets = 'cloud.appSecret: "0123456789abcdef"\nbooth.password: "pw"\n';
    writeFileSync(join(folder, 'secrets.yaml'), secrets, { mode: 0o600 });
    writeFileSync(
      this.#config,
      `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }
page: { enabled: false }
lines:
  - { id: bus, port: "modbus-tcp://127.0.0.1:9", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-poe-eth-io-8ch, unit: 1 }] }
lanes:
  - { id: "1001", name: 通道A, direction: exit, reporting: { by: tester, reason: nothing drives here }, points: { barrier: io.di1, up: io.di2 } }
intake:
  systems:
    - ${system}
store: { path: state }
`,
    );
  }

  start(): void {
    const child = spawn(process.execPath, [join(dist, 'src/main.js'), 'run', '--config', this.#config], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        this.#lines = (this.#lines + String(bytes)).slice(-20_000);
      });
    this.#child = child;
  }

  /** kill -9, or its end. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    if (child.exitCode !== null) throw new Error(`it had ended by itself: ${this.#lines}`);
    child.kill(signal);
    await once(child, 'exit');
  }

  /** Payments in the journal, by their ids: what verdicts are made of. */
  known(): number {
    const [row] = this.#read<{ count: number }>(
      'SELECT count(DISTINCT json_extract(event, \'$.grant.id\')) AS count FROM journal WHERE event LIKE \'{"kind":"grant"%\'',
    );
    return row?.count ?? 0;
  }

  /** Payments whose fate can be asked. */
  fates(): number {
    return this.#read("SELECT key FROM park_fact WHERE kind = 'grant'").length;
  }

  /** Payments that its account has, which counts one that counts twice twice. */
  accounted(): number {
    const rows = this.#read<{ told: number }>(
      `SELECT json_extract(each.value, '$[0]') AS told FROM account, json_each(account.rows, '$.rows') AS each
         WHERE each.key LIKE '%told%'`,
    );
    return rows.reduce((sum, { told }) => sum + told, 0);
  }

  #read<T>(query: string): readonly T[] {
    const file = join(this.#folder, 'state', 'lanewarden.db');
    if (!existsSync(file)) return [];
    const database = new Database(file, { readonly: true });
    try {
      return database.prepare(query).all() as T[];
    } catch (error) {
      // Its first start makes the tables.
      if (error instanceof Error && /no such table/.test(error.message)) return [];
      throw error;
    } finally {
      database.close();
    }
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get lines(): string {
    return this.#lines;
  }
}
