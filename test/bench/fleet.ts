/**
 * What it costs a box to be a member: bundled programs side by side on boards of their own: one alone, one scraped every fifteen seconds, one at a
 * broker with a heartbeat each minute, one with both. Goal: fleet.md section 4, 3 MB and 1 % of a core for MQTT and metrics together.
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
const FIRST_PORT = 28_451;
const BROKER_PORT = 28_449;
const UP_TRIES = 400;
const clock = systemClock();

const VARIANTS = [
  { what: 'alone', isScraped: false, publishes: false },
  { what: 'scraped', isScraped: true, publishes: false },
  { what: 'at a broker', isScraped: false, publishes: true },
  { what: 'both', isScraped: true, publishes: true },
] as const;

interface Box {
  readonly variant: (typeof VARIANTS)[number];
  readonly child: ChildProcess;
  readonly port: number;
  readonly token: string;
}

export async function run(): Promise<{ title: string; rows: readonly Record<string, unknown>[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-fleet-'));
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const app = await bundled(folder);
    const { ports, close } = await startBoards(folder, 'tcp', 2 * VARIANTS.length);
    ends.push(close);
    const broker = startBroker(folder);
    ends.push(() => broker.kill());
    const boxes: Box[] = [];
    for (const index of VARIANTS.keys()) {
      const box = await startBox(app, folder, index, ports.slice(2 * index, 2 * index + 2));
      ends.push(() => box.child.kill('SIGKILL'));
      boxes.push(box);
    }
    const ended = new AbortController();
    const scraping = Promise.all(
      boxes.filter(({ variant }) => variant.isScraped).map((box) => scrapes(box, ended.signal)),
    );
    await clock.sleep(SETTLE_MS);
    const before = boxes.map(({ child }) => ticks(child));
    await clock.sleep(MEASURE_MS);
    const rows = boxes.map(({ variant, child }, index) => ({
      what: variant.what,
      ...memory(child),
      'processor %': share(ticks(child) - (before[index] ?? 0), MEASURE_MS),
    }));
    ended.abort();
    await scraping;
    const [alone] = rows as [(typeof rows)[number]];
    const both = rows.at(-1) as typeof alone;
    return {
      title: `fleet: two buses at 40 Hz each; a heartbeat a minute, a scrape every ${SCRAPE_EVERY_MS / 1000} s, over ${MEASURE_MS / 1000} s`,
      rows: [
        ...rows,
        {
          what: 'both, more than alone',
          'private MB': round(both['private MB'] - alone['private MB']),
          'PSS MB': round(both['PSS MB'] - alone['PSS MB']),
          'processor %': round(both['processor %'] - alone['processor %']),
        },
        { what: 'a scrape', ...(await scrapeCost(boxes)) },
        { what: 'goal', 'private MB': 3, 'processor %': 1 },
      ],
    };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function startBox(app: string, folder: string, index: number, ports: readonly string[]): Promise<Box> {
  const variant = VARIANTS[index] as Box['variant'];
  const [own, port] = [join(folder, `box${index}`), FIRST_PORT + index];
  mkdirSync(join(own, 'state'), { recursive: true, mode: 0o700 });
  const config = configuration({ folder: own, ports, pollMs: POLL_MS, pagePort: port });
  const broker = `{ enabled: true, url: 'mqtt://127.0.0.1:${BROKER_PORT}', box: bench${index} }`;
  if (variant.publishes) appendFileSync(config, `\npublish: { mqtt: ${broker} }\n`);
  const token = await new TokenStore(join(own, 'state', 'page'), clock).add('prometheus', ['metrics'], 'bench');
  const { child } = await ready(app, config, own);
  // The page of each is loaded: it costs the same whether a person or Prometheus asks.
  for (let tries = 0; tries < UP_TRIES; tries += 1) {
    if ((await answered(port, '/api/v1/session').catch(() => 0)) > 0) break;
    await clock.sleep(25);
  }
  return { variant, child, port, token };
}

/** What the lanes take meanwhile is taken off. */
async function scrapeCost(boxes: readonly Box[]): Promise<{ readonly 'processor ms': number; readonly bytes: number }> {
  const [alone, , , both] = boxes as readonly [Box, Box, Box, Box];
  const [quiet, began] = [ticks(alone.child), ticks(both.child)];
  let bytes = 0;
  for (let number = 0; number < SCRAPES; number += 1) bytes = await answered(both.port, '/metrics', both.token);
  const spent = ticks(both.child) - began - (ticks(alone.child) - quiet);
  return { 'processor ms': round((spent * 1000) / TICK_HZ / SCRAPES), bytes };
}

function startBroker(folder: string): ChildProcess {
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${BROKER_PORT} 127.0.0.1\nallow_anonymous true\nuser root\n`);
  return spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
}

async function scrapes({ port, token }: Box, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await answered(port, '/metrics', token);
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
