/**
 * What three other destinations take from the platform: a backlog drained over TLS alone, and with a webhook that answers, one that refuses three in
 * ten and one that is dead, each with the same backlog, in turn. Goal: at least 0.95 of the rate alone. `--rounds N` (7), `--records N` (240).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAlarmCauses } from '../../src/app/alarm-causes.ts';
import { ConfirmedPeers } from '../../src/app/confirmed-peers.ts';
import { createDestinations, type Destinations } from '../../src/app/destinations.ts';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import { destinationPeer } from '../../src/config/written-peers.ts';
import type { WebhookConfig } from '../../src/delivery/settings.ts';
import { openBoxKey } from '../../src/evidence/box-key.ts';
import type { Store } from '../../src/store/types.ts';
import { makeCertificate, startPlatform } from '../upload/platform.ts';
import { type Drain, openDrain } from './upload.ts';

const ANSWER_AFTER_MS = 20;
const GOAL = 0.95;
const clock = systemClock();

/** Two receivers in a process of their own: their work is not the box's. Prints their ports. */
const RECEIVERS = `
const { createServer } = require('node:http');
for (const share of [0, 0.3]) {
  const server = createServer((request, answer) => {
    request.resume().once('end', () => answer.writeHead(Math.random() < share ? 503 : 204).end());
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}`;

export async function run(words: readonly string[]): Promise<{ title: string; rows: Record<string, unknown>[] }> {
  const { values } = parseArgs({
    args: [...words],
    options: { rounds: { type: 'string', default: '7' }, records: { type: 'string', default: '240' } },
  });
  const records = Number(values.records);
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bench-'));
  const platform = await startPlatform(makeCertificate(folder), ANSWER_AFTER_MS);
  const receivers = spawn(process.execPath, ['-e', RECEIVERS], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ports = [...(await portsOf(receivers)), 9];
  const alone = await openDrain(join(folder, 'alone'), platform, false);
  const beside = await openDrain(join(folder, 'beside'), platform, false);
  const seconds: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] };
  try {
    await begun(beside.store, ports);
    for (let round = 0; round <= Number(values.rounds); round += 1) {
      const both = [
        { name: 'alone', drain: alone, ports: [] as number[] },
        { name: 'beside', drain: beside, ports },
      ] as const;
      for (const { name, drain, ports: to } of round % 2 === 0 ? both : both.toReversed()) {
        const took = await drained(drain, records, to);
        // The first makes the connections.
        if (round > 0) seconds[name].push(took);
      }
    }
  } finally {
    receivers.kill();
    await alone.close();
    await beside.close();
    platform.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const ratio = median(seconds.alone.map((took, at) => took / (seconds.beside[at] ?? Number.NaN)));
  return {
    title: `destinations: ${records} records of 120 KB to a platform that answers after ${ANSWER_AFTER_MS} ms (medians of ${values.rounds} rounds)`,
    rows: [
      { what: 'alone', 'records per second': Math.round(records / median(seconds.alone)) },
      {
        what: 'with three destinations, one dead, one faulty',
        'records per second': Math.round(records / median(seconds.beside)),
        'rate / alone': Math.round(ratio * 100) / 100,
        goal: `>= ${GOAL}`,
        met: ratio >= GOAL,
      },
    ],
  };
}

/** Seconds from the first request to the last answer of the platform; the destinations begin at the same moment. */
async function drained(drain: Drain, records: number, ports: readonly number[]): Promise<number> {
  await drain.fill(records);
  const stop = new AbortController();
  const running = ports.length === 0 ? undefined : (await destinationsTo(drain.store, ports)).run(stop.signal);
  const beganMs = clock.nowMs();
  await drain.send(records);
  const took = (clock.nowMs() - beganMs) / 1_000;
  stop.abort();
  await running;
  return took;
}

/** Each is told of what comes after it was first begun. */
async function begun(store: Store, ports: readonly number[]): Promise<void> {
  const stop = new AbortController();
  const running = (await destinationsTo(store, ports)).run(stop.signal);
  while ((await store.destinations()).length < ports.length) await clock.sleep(5);
  stop.abort();
  await running;
}

async function destinationsTo(store: Store, ports: readonly number[]): Promise<Destinations> {
  const webhooks = ports.map((port): WebhookConfig => {
    const takes = { facts: ['release'], confidence: 'possible' } as const;
    const secret = new Secret(`whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`);
    return {
      ...{ name: `to-${port}`, kind: 'webhook', url: `http://127.0.0.1:${port}/`, secret, timeoutMs: 5_000 },
      ...{ picture: 'none', takes },
    };
  });
  const quiet = (): void => undefined;
  const peers = await ConfirmedPeers.read({ store, clock, key: await openBoxKey(mkdtempSync(join(tmpdir(), 'key-'))) });
  for (const each of webhooks) await peers.confirm(destinationPeer(each), 'bench', 'page');
  return createDestinations({
    peers,
    config: { destinations: webhooks, lanes: [{ id: '1001', name: '通道A' }], page: { pauseMaxMs: 60_000 } } as never,
    ...{ store, clock, log: { debug: quiet, info: quiet, warn: quiet, error: quiet } },
    ...{ alarms: createAlarmCauses(), accounts: { keep: async () => undefined } as never },
  });
}

async function portsOf(child: ChildProcess): Promise<number[]> {
  let text = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    text += String(bytes);
  });
  while (text.split('\n').length < 3) await once(child.stdout as NodeJS.ReadableStream, 'data');
  return text.trim().split('\n').map(Number);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
