/** A park of real programs, each in a network of its own, at one switch: real network namespaces. Needs root. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { temporaryFolder } from '../store/open.ts';
import { eventually, PROGRAM, type Running, start } from '../stories/processes.ts';

export const PARK = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';
export const SECRET = 'the-secret-of-this-park';
const PORT = 8082;

const run = (...words: readonly string[]): string =>
  execFileSync(words[0] as string, words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

export interface ParkBox {
  readonly state: string;
  readonly config: string;
  start(): Promise<Running>;
  stop(): Promise<void>;
  /** Of the newest signed head. */
  head(): HeadRow;
  /** Watch reports of this kind. */
  outside(): readonly Readonly<Record<string, unknown>>[];
  /** The head of this run is remembered by another one. */
  witnessed(): Promise<void>;
  output(): string;
}

export interface HeadRow {
  readonly chain: string;
  readonly last: number;
  readonly wall_ms: number;
  readonly head: string;
  readonly key: string;
  readonly signature: string;
  readonly ways: string;
}

export interface BoxChoice {
  readonly park?: string;
  readonly secret?: string;
  readonly state?: string;
  /** Further sections. */
  readonly more?: string;
}

export class Park {
  readonly #name: string;
  readonly #net: number;
  readonly #ends: (() => unknown)[] = [];
  #count = 0;

  constructor() {
    this.#name = `lwp${process.pid}`;
    this.#net = process.pid % 250;
    run('ip', 'link', 'add', this.#name, 'type', 'bridge');
    this.#ends.push(() => run('ip', 'link', 'delete', this.#name));
    run('ip', 'address', 'add', `${this.address}/24`, 'broadcast', '+', 'dev', this.#name);
    run('ip', 'link', 'set', this.#name, 'up');
  }

  /** Of this test, at the switch. */
  get address(): string {
    return `10.77.${this.#net}.254`;
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }

  /** As a stranger in the network sends it. Resolves when all has left. */
  async strangerSends(datagrams: Iterable<Buffer>): Promise<void> {
    const socket = createSocket('udp4');
    socket.bind(0, this.address);
    await once(socket, 'listening');
    socket.setBroadcast(true);
    for (const each of datagrams)
      await new Promise<void>((resolve) =>
        socket.send(each, PORT, this.address.replace('.254', '.255'), () => resolve()),
      );
    socket.close();
  }

  /** What all in the network can hear, until as many. */
  async overheard(count: number): Promise<readonly Buffer[]> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    const heard: Buffer[] = [];
    socket.on('message', (datagram) => heard.push(datagram));
    // Not what parks of other tests say on this machine.
    socket.bind(PORT, this.address.replace('.254', '.255'));
    await eventually('datagrams are overheard', () => heard.length >= count);
    socket.close();
    return heard;
  }

  /** With a lane whose board does not answer. */
  box(lane: string, { park = PARK, secret = SECRET, state, more = '' }: BoxChoice = {}): ParkBox {
    this.#count += 1;
    const space = `${this.#name}n${this.#count}`;
    const folder = temporaryFolder();
    const [config, at] = [join(folder, 'lanewarden.yaml'), state ?? join(folder, 'state')];
    this.#connect(space);
    mkdirSync(at, { recursive: true });
    writeFileSync(
      join(folder, 'secrets.yaml'),
      JSON.stringify({ 'cloud.appSecret': secret, 'hook.key': `whsec_${Buffer.alloc(32, 7).toString('base64')}` }),
      { mode: 0o600 },
    );
    writeFileSync(
      config,
      `version: 1
park: { uuid: "${park}" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }
lines: [{ id: a, port: "tcp://127.0.0.1:9", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }]
lanes: [{ id: "${lane}", name: A, direction: exit, points: { down: io.di1 } }]
store: { path: "${at}" }
${more}`,
    );
    return this.#boxOf(space, config, at);
  }

  #connect(space: string): void {
    const wire = `${this.#name}w${this.#count}`;
    run('ip', 'netns', 'add', space);
    this.#ends.push(() => run('ip', 'netns', 'delete', space));
    run('ip', 'link', 'add', wire, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
    run('ip', 'link', 'set', wire, 'master', this.#name, 'up');
    const within = (...words: readonly string[]) => run('ip', 'netns', 'exec', space, 'ip', ...words);
    const address = `10.77.${this.#net}.${this.#count}/24`;
    within('address', 'add', address, 'broadcast', '+', 'dev', 'eth0');
    within('link', 'set', 'eth0', 'up');
    within('link', 'set', 'lo', 'up');
  }

  #boxOf(space: string, config: string, state: string): ParkBox {
    let running: Running | undefined;
    const stop = async (): Promise<void> => {
      await running?.end();
      running = undefined;
    };
    this.#ends.push(stop);
    const rows = <Row>(sql: string): Row[] => {
      const database = new Sqlite(join(state, 'lanewarden.db'), { readonly: true });
      try {
        return database.prepare(sql).all() as Row[];
      } finally {
        database.close();
      }
    };
    const newest = () => rows<HeadRow>('SELECT * FROM chain_head ORDER BY last DESC LIMIT 1')[0];
    const head = () => newest() as HeadRow;
    /** Of the run before. */
    let formerLast = 0;
    return {
      state,
      config,
      stop,
      head,
      start: async () => {
        formerLast = existsSync(join(state, 'lanewarden.db')) ? (newest()?.last ?? 0) : 0;
        const words = [process.execPath, PROGRAM, 'run', '--config', config, '--lang', 'en'];
        running = start('ip', ['netns', 'exec', space, ...words]);
        await running.says('watching');
        return running;
      },
      outside: () =>
        rows<{ readonly gap: string }>("SELECT gap FROM observation WHERE why = 'outside'").map(
          ({ gap }) => (JSON.parse(gap) as { readonly detail: Readonly<Record<string, unknown>> }).detail,
        ),
      witnessed: () =>
        eventually(
          'another box has the newest head',
          () => (newest()?.last ?? 0) > formerLast && head().ways.includes('lan'),
          () => running?.output() ?? '',
        ),
      output: () => running?.output() ?? '',
    };
  }
}

/** The state folder of a box that has stopped becomes that of this copy. */
export function putBack(copy: string, state: string): void {
  rmSync(state, { recursive: true });
  cpSync(copy, state, { recursive: true });
}
