/**
 * One box, three destinations: a healthy one, one that answers three requests of ten with a fault, one that is dead until the end; and the box is killed
 * again and again. None loses a release, gets one under two numbers, or gets it out of order; the healthy one has each within a second.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ofMinutes } from '../../at-length.ts';
import { type Broker, startBroker } from '../../intake/broker.ts';
import { until } from '../../intake/mqtt-box.ts';
import { LONGEST_TEST_MS } from '../../longest-wait.ts';
import { temporaryFolder } from '../../store/open.ts';
import { Receiver } from '../mqtt/receiver.ts';
import { type Received, receiver, SECRET } from './receivers.ts';

const KILLS = Number(process.env.KILLS ?? ofMinutes(30, 12));
const BACKLOG = ofMinutes(3_000, 1_200);

const children: ChildProcess[] = [];
afterAll(() => children.forEach((each) => void each.kill('SIGKILL')));

interface Decided {
  readonly serial: string;
  readonly id: number;
  readonly atMs: number;
}

interface Child {
  readonly process: ChildProcess;
  readonly decided: Decided[];
  isReady: boolean;
  isDone: boolean;
  readonly ended: Promise<unknown>;
}

function box(...words: readonly unknown[]): Child {
  const script = join(import.meta.dirname, 'sending-child.mjs');
  const started = spawn(process.execPath, [script, ...words.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, WEBHOOK_SECRET: SECRET },
  });
  children.push(started);
  const decided: Decided[] = [];
  const ended = new Promise((resolve) => started.once('close', resolve));
  const child: Child = { process: started, decided, isReady: false, isDone: false, ended };
  let rest = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [serial = '', id, atMs] = line.split(' ');
      if (serial === 'ready') child.isReady = true;
      else if (serial === 'all') child.isDone = true;
      else decided.push({ serial, id: Number(id), atMs: Number(atMs) });
    }
  });
  return child;
}

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What arrived: each message once by its id, in the order of its first coming. */
function judged(got: readonly Received[]) {
  const first = new Map<string, Received>();
  const changed: string[] = [];
  for (const each of got) {
    const known = first.get(each.id);
    if (known !== undefined && known.sha256 !== each.sha256) changed.push(each.id);
    if (known === undefined) first.set(each.id, each);
  }
  const messages = [...first.values()];
  return {
    changed,
    unsigned: got.filter(({ signed }) => !signed).length,
    serials: messages.map(({ event }) => event.data.id as string),
    numbers: messages.map(({ event }) => (event.data.number as { n: number }).n),
    at: new Map(messages.map(({ event, at }) => [event.data.id as string, at])),
  };
}

it(
  `is whole at each over ${KILLS} kills, in order, and the healthy one is never kept waiting`,
  async () => {
    const path = temporaryFolder();
    const healthy = await receiver();
    const faulty = await receiver('--faults', '30');
    const deadPort = await freePort();
    const ways = [`healthy=${healthy.port}`, `faulty=${faulty.port}`, `dead=${deadPort}`];
    const decided: Decided[] = [];
    const killedAt: number[] = [];
    for (let at = 0; at < KILLS; at += 1) {
      const run = box(path, at * 1_000, 1_000, 25, ...ways);
      await until('it has decided', () => run.decided.length >= 6 + ((at * 7) % 19));
      killedAt.push(Date.now());
      run.process.kill('SIGKILL');
      await run.ended;
      decided.push(...run.decided);
    }
    const dead = await receiver('--port', `${deadPort}`);
    const last = box(path, 900_000, 20, 7, ...ways);
    await until('it has decided', () => last.isDone);
    decided.push(...last.decided);
    // A release may have been kept in the moment of a kill, before it could be said.
    const all = [healthy, faulty, dead];
    const has = (got: readonly Received[]) => new Set(got.map(({ event }) => event.data.id));
    const isWhole = (): boolean => all.every(({ got }) => decided.every(({ serial }) => has(got).has(serial)));
    const arrived = (): number => all.reduce((sum, { got }) => sum + got.length, 0);
    while (!isWhole()) {
      const before = arrived();
      await until('more comes', () => arrived() > before);
    }
    last.process.kill('SIGTERM');
    await last.ended;
    const [one, two, three] = [judged(healthy.got), judged(faulty.got), judged(dead.got)];
    for (const each of [one, two, three]) {
      expect([each.changed, each.unsigned]).toEqual([[], 0]);
      expect(new Set(each.serials).size).toBe(each.serials.length);
      expect(each.numbers).toEqual(each.numbers.map((_, at) => at + 1));
    }
    expect(two.serials).toEqual(one.serials);
    expect(three.serials).toEqual(one.serials);
    expect(one.serials.filter((serial) => decided.some((each) => each.serial === serial))).toEqual(
      decided.map(({ serial }) => serial),
    );
    // Of those that no kill lay between.
    const late = decided
      .map(({ serial, atMs }) => ({ atMs, arrivedMs: one.at.get(serial) as number }))
      .filter(({ atMs, arrivedMs }) => !killedAt.some((killed) => killed >= atMs && killed <= arrivedMs))
      .map(({ atMs, arrivedMs }) => arrivedMs - atMs);
    expect(late.length).toBeGreaterThan(3 * KILLS);
    expect(Math.max(...late)).toBeLessThan(5_000);
  },
  LONGEST_TEST_MS,
);

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

it(
  `a broker that was away for ${BACKLOG} releases gets them all, in order, each once by its number, over kills`,
  async () => {
    const path = temporaryFolder();
    const ways = [`mqtt=${broker.port}`];
    const begun = box(path, 0, 0, 0, ...ways);
    await until('it is ready', () => begun.isReady);
    begun.process.kill('SIGKILL');
    await begun.ended;
    await broker.kill('SIGTERM');
    const decided: string[] = [];
    for (let at = 0; at < 3; at += 1) {
      const run = box(path, 10_000 * (at + 1), BACKLOG / 3, 0, ...ways);
      await until('it is done', () => run.isDone);
      run.process.kill('SIGKILL');
      await run.ended;
      decided.push(...run.decided.map(({ serial }) => serial));
    }
    expect(decided).toHaveLength(BACKLOG);
    await broker.start();
    const got = new Receiver();
    const ids: string[] = [];
    const { client } = await broker.publisher();
    client.on('message', (topic, payload) => {
      if (!topic.endsWith('/release')) return;
      got.take(payload.toString());
      ids.push((JSON.parse(payload.toString()) as { id: string }).id);
    });
    await client.subscribeAsync('lanewarden/gate/#', { qos: 1 });
    for (let kills = 0; new Set(ids).size < BACKLOG && kills < 20; kills += 1) {
      const before = new Set(ids).size;
      const run = box(path, 500_000, 0, 0, ...ways);
      await until('some more come', () => new Set(ids).size >= Math.min(BACKLOG, before + 400));
      run.process.kill('SIGKILL');
      await run.ended;
    }
    expect([...new Set(ids)]).toEqual(decided);
    expect([got.alarms, got.missing(), got.series.length]).toEqual([[], [], 1]);
  },
  LONGEST_TEST_MS,
);
