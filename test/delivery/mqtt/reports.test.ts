/** Watch reports at a real Mosquitto: in one row of numbers with the releases, each once, whatever ends in between. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { type BoxKey, openBoxKey } from '../../../src/evidence/box-key.ts';
import { type ChainRow, isSigned, ROW_TEXT, sha256 } from '../../../src/store/chain/chain.ts';
import type { Store } from '../../../src/store/types.ts';
import { startBroker } from '../../intake/broker.ts';
import { open, record, temporaryFolder } from '../../store/open.ts';
import { barePublisher } from './bare-publisher.ts';
import { Receiver } from './receiver.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function publishing(store: Store, port: number, clock: Clock = systemClock(), key?: BoxKey) {
  const publisher = barePublisher(store, port, { clock, key });
  const over = new AbortController();
  const run = publisher.run(over.signal);
  const stop = async (): Promise<void> => {
    over.abort();
    await run;
  };
  return { publisher, stop };
}

interface Came {
  readonly evidence?: ChainRow;
  readonly id: number | string;
  readonly kind?: string;
  readonly number: { readonly n: number; readonly series: string };
}

it('have numbers without a gap, also those that waited before there was a broker', async () => {
  const broker = await startBroker();
  endings.push(() => broker.close());
  const got = new Receiver();
  const came: Came[] = [];
  const { client } = await broker.publisher();
  client.on('message', (topic, payload) => {
    got.take(payload.toString());
    if (/(report|release)$/.test(topic)) came.push(JSON.parse(payload.toString()));
  });
  await client.subscribeAsync('lanewarden/gate/#', { qos: 1 });
  const path = temporaryFolder();
  let store = await open({ path });
  const report = (who: string) => store.looks.report({ why: 'pause', who, lasts: true });
  await report('one');
  await report('two');
  let box = publishing(store, broker.port);
  await expect
    .poll(() => came.map(({ id, number }) => [id, number.n]))
    .toEqual([
      [1, 1],
      [2, 2],
    ]);
  const { id } = await store.outbox.put(record('r1'));
  box.publisher.on({ kind: 'record', id });
  await expect.poll(() => came.length).toBe(3);
  await report('three');
  await expect.poll(() => came.length).toBe(4);
  expect(came.map(({ number }) => number.n)).toEqual([1, 2, 3, 4]);
  expect(came[3]).toMatchObject({ id: 3, kind: 'pause' });

  await broker.kill('SIGTERM');
  await report('four');
  await box.stop();
  await store.close();
  // A release names the row of the chain that has it.
  const [evidence] = came.flatMap((each) => each.evidence ?? []);
  const database = new Database(join(path, 'lanewarden.db'), { readonly: true });
  const text = database.prepare(`SELECT ${ROW_TEXT} FROM journal WHERE seq = ?`).pluck().get(evidence?.row) as string;
  expect(text).toContain('"kind":"record"');
  expect(sha256(text)).toBe(evidence?.digest);
  expect(evidence?.chain).toBe(database.prepare('SELECT id FROM chain').pluck().get());
  database.close();
  store = await open({ path });
  await broker.start();
  const { client: other } = await broker.publisher();
  const later: Came[] = [];
  other.on('message', (topic, payload) => {
    got.take(payload.toString());
    if (/(report|release)$/.test(topic)) later.push(JSON.parse(payload.toString()));
  });
  await other.subscribeAsync('lanewarden/gate/#', { qos: 1 });
  box = publishing(store, broker.port);
  endings.push(box.stop);
  await expect.poll(() => later.find(({ id }) => id === 4)?.number.n).toBe(5);
  await report('five');
  await expect.poll(() => later.find(({ id }) => id === 5)?.number.n).toBe(6);
  // Those that the killed broker may have forgotten come again as they were.
  expect([got.alarms, got.missing(), got.series.length]).toEqual([[], [], 1]);
  const numbers = new Map([...came, ...later].map(({ id: of, kind, number }) => [`${kind} ${of}`, number.n]));
  expect([...numbers.values()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

it('are done with when the broker has saved them, and get no second number', async () => {
  const broker = await startBroker();
  endings.push(() => broker.close());
  const numbers: [number, number][] = [];
  const { client } = await broker.publisher();
  client.on('message', (_, payload) => {
    const { id, number } = JSON.parse(payload.toString());
    numbers.push([id, number.n]);
  });
  await client.subscribeAsync('lanewarden/gate/report', { qos: 1 });
  const store = await open({ path: temporaryFolder() });
  const report = (who: string) => store.looks.report({ why: 'pause', who, lasts: true });
  // The five minutes in which a broker may forget pass in five seconds.
  const machine = systemClock();
  const clock: Clock = {
    nowMs: () => 60 * machine.nowMs(),
    wallMs: () => machine.wallMs(),
    sleep: (ms, signal) => machine.sleep(ms / 60, signal),
  };
  const box = publishing(store, broker.port, clock);
  endings.push(box.stop);
  await report('one');
  await expect.poll(() => numbers.length).toBe(1);
  let more = 1;
  await expect
    .poll(async () => {
      more += 1;
      await report(`${more}`);
      await expect.poll(() => numbers.some(([id]) => id === more)).toBe(true);
      return (await store.numbers('mqtt').count()).waiting < more;
    })
    .toBe(true);
  expect(new Map(numbers).size).toBe(more);
  expect(numbers.filter(([id, n]) => id !== n)).toEqual([]);
});

it('do not come again once the centre says that it has them, also after the box was started anew', async () => {
  const broker = await startBroker();
  endings.push(() => broker.close());
  const came: Came['number'][] = [];
  const { client, publish } = await broker.publisher();
  client.on('message', (_, payload) => came.push((JSON.parse(payload.toString()) as Came).number));
  await client.subscribeAsync('lanewarden/gate/report', { qos: 1 });
  const store = await open({ path: temporaryFolder() });
  const report = (who: string) => store.looks.report({ why: 'pause', who, lasts: true });
  const waiting = async (): Promise<number> => (await store.numbers('mqtt').count()).waiting;
  const first = publishing(store, broker.port);
  for (const who of ['one', 'two', 'three']) await report(who);
  await expect.poll(() => came.length).toBe(3);
  const has = (text: string) => publish('lanewarden/gate/received', text, { retain: true });
  // Nobody takes these for what a centre has.
  for (const text of ['', 'nonsense', 'null', '{"series":1,"through":"3"}', '{"series":"another","through":3}'])
    await has(text);
  expect(await waiting()).toBe(3);
  await has(JSON.stringify({ series: came[0]?.series, through: 2 }));
  await expect.poll(waiting).toBe(1);
  await first.stop();
  const next = publishing(store, broker.port);
  endings.push(next.stop);
  await report('four');
  await expect.poll(() => came.at(-1)?.n).toBe(4);
  expect(came.map(({ n }) => n)).toEqual([1, 2, 3, 3, 4]);
});

it('are signed by the box, as a verifier of the document checks it, and bear the same signature when they come again', async () => {
  const broker = await startBroker();
  endings.push(() => broker.close());
  const came: string[] = [];
  const { client } = await broker.publisher();
  const statuses: string[] = [];
  client.on('message', (topic, payload) => {
    if (/(report|release)$/.test(topic)) came.push(payload.toString());
    if (/"online"/.test(payload.toString())) statuses.push(payload.toString());
  });
  await client.subscribeAsync('lanewarden/gate/#', { qos: 1 });
  const path = temporaryFolder();
  const key = await openBoxKey(path);
  const store = await open({ path });
  const box = publishing(store, broker.port, systemClock(), key);
  await store.looks.report({ why: 'pause', who: '张三', lasts: true });
  const { id } = await store.outbox.put(record('r1'));
  box.publisher.on({ kind: 'record', id });
  await expect.poll(() => came.length).toBe(2);
  expect(statuses).toHaveLength(1);
  // How far the numbers go is its word too.
  for (const payload of [...came, ...statuses]) {
    const { signature } = JSON.parse(payload) as { readonly signature: string };
    const end = `,"signature":"${signature}"}`;
    expect(payload.endsWith(end)).toBe(true);
    const text = `lanewarden message 1\n${sha256(`${payload.slice(0, -end.length)}}`)}`;
    expect(isSigned(text, key.publicKey, signature)).toBe(true);
  }
  await box.stop();
  // Until the broker has saved them they come again at each connection.
  const again = publishing(store, broker.port, systemClock(), key);
  await expect.poll(() => came.length).toBe(4);
  expect(new Set(came).size).toBe(2);
  await again.stop();
});
