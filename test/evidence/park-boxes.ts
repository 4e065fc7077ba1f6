/** A park of real programs, each in a network of its own, at one switch: real network namespaces. Needs root. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect } from 'vitest';
import { temporaryFolder } from '../store/open.ts';
import { eventually, PROGRAM, type Running, start } from '../stories/processes.ts';

export const PARK = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';
export const SECRET = 'the-secret-of-this-park';
const PORT = 8082;
const FORWARDED = 8081;
/** Of this test, at the switch. */
const ADDRESS = '10.77.0.254';
const AT_SWITCH = new URL('at-switch.mjs', import.meta.url).pathname;

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
  readonly #ends: (() => unknown)[] = [];
  #count = 0;

  constructor() {
    this.#name = `lwp${process.pid}`;
    run('ip', 'netns', 'add', this.#name);
    this.#ends.push(() => run('ip', 'netns', 'delete', this.#name));
    this.#atSwitch('link', 'add', 'switch', 'type', 'bridge');
    this.#atSwitch('address', 'add', `${ADDRESS}/24`, 'broadcast', '+', 'dev', 'switch');
    for (const link of ['switch', 'lo']) this.#atSwitch('link', 'set', link, 'up');
  }

  /** Nothing of it is in the machine's own network: browsers of other tests give up what they load when that changes. */
  #atSwitch(...words: readonly string[]): void {
    run('ip', '-n', this.#name, ...words);
  }

  #helper(...words: readonly string[]): Running {
    const running = start('ip', ['netns', 'exec', this.#name, process.execPath, AT_SWITCH, ...words]);
    this.#ends.push(() => running.end());
    return running;
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }

  /** The address in the network of a server that listens at this path. */
  async forward(path: string): Promise<string> {
    await this.#helper('forward', ADDRESS, `${FORWARDED}`, path).says('ready');
    return `http://${ADDRESS}:${FORWARDED}`;
  }

  /** As a stranger in the network sends it, so many times. Resolves when all has left. */
  async strangerSends(datagrams: readonly Buffer[], times: number): Promise<void> {
    const helper = this.#helper('send', ADDRESS, `${PORT}`);
    helper.process.stdin?.end(JSON.stringify({ datagrams: datagrams.map((each) => each.toString('base64')), times }));
    expect(await helper.ended, helper.output()).toBe(0);
  }

  /** From now on what all in the network can hear, until as many. */
  async overheard(): Promise<(count: number) => Promise<readonly Buffer[]>> {
    const helper = this.#helper('hear', ADDRESS, `${PORT}`);
    await helper.says('ready');
    const heard = () => helper.lines().slice(1);
    return async (count) => {
      await eventually('datagrams are overheard', () => heard().length >= count);
      return heard().map((line) => Buffer.from(line, 'base64'));
    };
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
    const wire = `wire${this.#count}`;
    run('ip', 'netns', 'add', space);
    this.#ends.push(() => run('ip', 'netns', 'delete', space));
    this.#atSwitch('link', 'add', wire, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
    this.#atSwitch('link', 'set', wire, 'master', 'switch', 'up');
    const within = (...words: readonly string[]) => run('ip', 'netns', 'exec', space, 'ip', ...words);
    const address = `10.77.0.${this.#count}/24`;
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
