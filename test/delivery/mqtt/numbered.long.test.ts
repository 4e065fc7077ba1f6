/** What is published with a number, at a real Mosquitto and over deaths of the program at any moment: nothing is lost unseen, nothing comes twice under another number. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../intake/broker.ts';
import { until } from '../../intake/mqtt-box.ts';
import { temporaryFolder } from '../../store/open.ts';
import { Receiver } from './receiver.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const each of children) each.kill('SIGKILL');
  await broker.close();
});

interface Child {
  readonly process: ChildProcess;
  readonly said: string[];
  readonly ended: Promise<unknown>;
}

function child(...words: readonly unknown[]): Child {
  const script = join(import.meta.dirname, 'publish-child.mjs');
  const process_ = spawn(process.execPath, [script, ...words.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(process_);
  const said: string[] = [];
  process_.stdout.setEncoding('utf8').on('data', (text: string) => said.push(...text.split('\n').filter(Boolean)));
  return { process: process_, said, ended: new Promise((resolve) => process_.once('close', resolve)) };
}

/** The number of each watch report. */
const reports = new Map<unknown, string>();

async function listen(got: Receiver, ids: Set<string>): Promise<void> {
  const { client } = await broker.publisher();
  client.on('message', (topic, payload) => {
    got.take(payload.toString());
    if (topic.endsWith('/report')) {
      const { id, number } = JSON.parse(payload.toString());
      const written = JSON.stringify(number);
      if ((reports.get(id) ?? written) !== written) got.alarms.push(`report ${id} came under two numbers`);
      reports.set(id, written);
    }
    const { id } = JSON.parse(payload.toString()) as { readonly id?: string };
    if (id !== undefined) ids.add(id);
  });
  await client.subscribeAsync('lanewarden/gate/#', { qos: 1 });
}

it('is whole at the receiver after five deaths, with the broker away at one of them, and says so after a restore', async () => {
  const folder = temporaryFolder();
  const got = new Receiver();
  const ids = new Set<string>();
  await listen(got, ids);
  const decided: string[] = [];
  for (const [at, many] of [3, 70, 1, 25, 9].entries()) {
    const box = child(folder, broker.port, at * 1_000);
    await until('it has decided', () => box.said.length >= many);
    if (at === 2) await broker.kill('SIGTERM');
    if (at === 2) await until('it goes on', () => box.said.length >= many + 10);
    box.process.kill('SIGKILL');
    await box.ended;
    decided.push(...box.said);
    if (at === 2) {
      // The receiver's connection went with the broker, which keeps nothing for those who ask without a session.
      await broker.start();
      await listen(got, ids);
    }
    if (at === 1) cpSync(folder, `${folder}-backup`, { recursive: true });
  }
  const last = child(folder, broker.port, 9_000, 5);
  await until('it is done', () => last.said.includes('all'));
  decided.push(...last.said.filter((each) => each !== 'all'));
  await until(
    'every release has come',
    () => decided.every((id) => ids.has(id)),
    () => decided.filter((id) => !ids.has(id)).join(),
  );
  last.process.kill('SIGTERM');
  await last.ended;
  expect(got.alarms).toEqual([]);
  expect(got.series).toHaveLength(1);
  expect(got.missing()).toEqual([]);

  // A restored backup gives its numbers under another series: it cannot give one twice.
  expect(reports.size).toBeGreaterThan(1);
  reports.clear();
  rmSync(folder, { recursive: true, force: true });
  cpSync(`${folder}-backup`, folder, { recursive: true });
  rmSync(join(folder, 'alive'), { force: true });
  const restored = child(folder, broker.port, 20_000, 3);
  await until('it is done', () => restored.said.includes('all'));
  await until('they have come', () => restored.said.filter((each) => each !== 'all').every((id) => ids.has(id)));
  restored.process.kill('SIGTERM');
  await restored.ended;
  expect(got.alarms).toEqual([]);
  expect(got.series).toHaveLength(2);
  rmSync(`${folder}-backup`, { recursive: true, force: true });
});
