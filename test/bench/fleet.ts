/**
 * What it costs a box to be a member: two bundled programs side by side on boards of their own, one alone, the other with a broker, a heartbeat each
 * minute and a scrape every fifteen seconds. Goal: fleet.md section 4, 3 MB and 1 % of a core for MQTT and metrics together.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { TokenStore } from '../../src/page/access/made-tokens.ts';
import { bundled } from '../package/as-shipped.ts';
import { startBoards } from './boards/boards.ts';
import { configuration } from './boards/program.ts';
import { memory, ready, TICK_HZ, ticks } from './footprint.ts';

const POLL_MS = 25;
const SETTLE_MS = 60_000;
const MEASURE_MS = 120_000;
const SCRAPE_EVERY_MS = 15_000;
const SCRAPES = 300;
const PORTS = [28_451, 28_452] as const;
const BROKER_PORT = 28_453;
const clock = systemClock();

export async function run(): Promise<{ title: string; rows: readonly Record<string, unknown>[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-fleet-'));
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const app = await bundled(folder);
    const { ports, close } = await startBoards(folder, 'tcp', 4);
    ends.push(close);
    const broker = startBroker(folder);
    ends.push(() => broker.kill());
    const boxes = [];
    const tokens: string[] = [];
    for (const [index, pagePort] of PORTS.entries()) {
      const own = join(folder, `box${index}`);
      mkdirSync(join(own, 'state'), { recursive: true, mode: 0o700 });
      const config = configuration({
        folder: own,
        ports: ports.slice(2 * index, 2 * index + 2),
        pollMs: POLL_MS,
        pagePort,
      });
      tokens.push(await new TokenStore(join(own, 'state', 'page'), clock).add('prometheus', ['metrics'], 'bench'));
      if (index === 1)
        appendFileSync(
          config,
          `\npublish: { mqtt: { enabled: true, url: 'mqtt://127.0.0.1:${BROKER_PORT}', box: bench } }\n`,
        );
      const { child } = await ready(app, config, own);
      ends.push(() => child.kill('SIGKILL'));
      boxes.push(child);
      // The page of both is loaded: it costs the same whether a person or Prometheus asks.
      for (let tries = 0; (await answered(pagePort, '/api/v1/session').catch(() => 0)) === 0 && tries < 400; tries += 1)
        await clock.sleep(25);
    }
    const [alone, member] = boxes as [ChildProcess, ChildProcess];
    const token = tokens[1] as string;
    const ended = new AbortController();
    const scraping = scrapes(token, ended.signal);
    await clock.sleep(SETTLE_MS);
    const before = boxes.map(ticks);
    await clock.sleep(MEASURE_MS);
    const busy = boxes.map((each, index) => share(ticks(each) - (before[index] ?? 0), MEASURE_MS));
    const held = boxes.map(memory);
    ended.abort();
    await scraping;
    const quiet = ticks(alone);
    const began = ticks(member);
    let bytes = 0;
    for (let number = 0; number < SCRAPES; number += 1) bytes = await answered(PORTS[1], '/metrics', token);
    // What the lanes took meanwhile is taken off.
    const spent = ticks(member) - began - (ticks(alone) - quiet);
    return {
      title: `fleet: two buses at 40 Hz each; a broker, a heartbeat a minute, a scrape every ${SCRAPE_EVERY_MS / 1000} s, over ${MEASURE_MS / 1000} s`,
      rows: [
        { what: 'alone', ...held[0], 'processor %': busy[0] },
        { what: 'member', ...held[1], 'processor %': busy[1] },
        {
          what: 'difference',
          'private MB': round((held[1]?.['private MB'] ?? 0) - (held[0]?.['private MB'] ?? 0)),
          'PSS MB': round((held[1]?.['PSS MB'] ?? 0) - (held[0]?.['PSS MB'] ?? 0)),
          'processor %': round((busy[1] ?? 0) - (busy[0] ?? 0)),
        },
        { what: 'a scrape', 'processor ms': round((spent * 1000) / TICK_HZ / SCRAPES), bytes },
        { what: 'goal', 'private MB': 3, 'processor %': 1 },
      ],
    };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function startBroker(folder: string): ChildProcess {
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${BROKER_PORT} 127.0.0.1\nallow_anonymous true\nuser root\n`);
  return spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
}

async function scrapes(token: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await answered(PORTS[1], '/metrics', token);
    await clock.sleep(SCRAPE_EVERY_MS, signal);
  }
}

/** Prometheus keeps its connection. */
const agent = new Agent({ keepAlive: true });

/** The bytes of its answer. */
function answered(port: number, path: string, token?: string): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const asked = { host: '127.0.0.1', port, path, headers, agent, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    request(asked, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes));
    })
      .on('error', reject)
      .end();
  });
}

const share = (spent: number, overMs: number): number => round((spent * 1000 * 100) / TICK_HZ / overMs);
const round = (value: number): number => Math.round(value * 100) / 100;
