/** What the broker remembers of a box, against the box that connects: a real Mosquitto, and stores as somebody with the card leaves them. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { type BoxKey, openBoxKey } from '../../../src/evidence/box-key.ts';
import { signHead } from '../../../src/evidence/signed-heads.ts';
import type { SignedHead } from '../../../src/store/chain/chain.ts';
import type { Store } from '../../../src/store/types.ts';
import { type Broker, startBroker, USER } from '../../intake/broker.ts';
import { open, temporaryFolder } from '../../store/open.ts';
import { rewrite } from '../../store/rewrite.ts';
import { barePublisher } from './bare-publisher.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** One run of a box: its store, which has rows more and a head over them, and what it publishes. */
interface Run {
  readonly head: SignedHead;
  /** Watch reports of this kind. */
  readonly outside: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The broker has the heartbeat of this run. */
  readonly kept: () => Promise<void>;
  stop(): Promise<void>;
}

async function run(path: string, broker: Broker, box = 'gate'): Promise<Run> {
  const store = await open({ path, wallTrusted: true });
  const clock = systemClock();
  for (let at = 0; at < 200; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  const publisher = barePublisher(store, broker.port, { box, clock });
  const head = (await signHead({ store, clock, folder: join(path, 'page') }, await keyOf(path))) as SignedHead;
  publisher.heartbeat({ wallMs: clock.wallMs(), version: '1', config: '', upMs: 0, head });
  const over = new AbortController();
  const running = publisher.run(over.signal);
  let isOver = false;
  const stop = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    over.abort();
    await running;
    await store.close();
  };
  endings.push(stop);
  return { head, stop, outside: () => outsideOf(store), kept: () => retains(broker, box, head) };
}

const keyOf = (path: string): Promise<BoxKey> => openBoxKey(join(path, 'page'));

async function outsideOf(store: Store) {
  const seen = (await store.looks.observations(50)).map((each) => each.seen);
  return seen.flatMap((each) => (each.why === 'outside' ? [{ ...each.detail }] : []));
}

async function retains(broker: Broker, box: string, { head }: SignedHead): Promise<void> {
  const { client } = await broker.publisher();
  const got: string[] = [];
  client.on('message', (_, payload) => got.push(payload.toString()));
  await client.subscribeAsync(`lanewarden/${box}/heartbeat`, { qos: 1 });
  await expect.poll(() => got.some((text) => text.includes(head))).toBe(true);
  client.end(true);
}

async function started(extra?: string): Promise<Broker> {
  const broker = await startBroker(extra);
  endings.push(() => broker.close());
  return broker;
}

/** The head of the run before was compared when the new one is at the broker: one connection keeps the order. */
async function comparedBy(now: Run): Promise<readonly unknown[]> {
  await now.kept();
  return now.outside();
}

it('a start, a power cut right behind a published head and another key of the box are no news', async () => {
  const broker = await started();
  const [path, cut] = [temporaryFolder(), temporaryFolder()];
  const first = await run(path, broker);
  await first.kept();
  // Nothing was closed: as the disk is when the mains go.
  cpSync(path, cut, { recursive: true });
  rmSync(join(cut, 'lock'), { force: true });
  await first.stop();
  const second = await run(cut, broker);
  expect(await comparedBy(second)).toEqual([]);
  await second.stop();
  rmSync(join(cut, 'page'), { recursive: true });
  const third = await run(cut, broker);
  expect(third.head.key).not.toBe(second.head.key);
  expect(await comparedBy(third)).toEqual([]);
});

it('an older image tells itself, whether it has caught up with its rows or not', async () => {
  const broker = await started();
  const [path, image, other] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  await (await run(path, broker)).stop();
  for (const copy of [image, other]) cpSync(path, copy, { recursive: true });
  await (await run(path, broker)).stop();
  const second = await run(path, broker);
  await second.kept();
  await second.stop();
  const behind = await run(image, broker);
  await expect
    .poll(behind.outside)
    .toMatchObject([
      { way: 'mqtt', found: 'behind', last: second.head.last, head: second.head.head, key: second.head.key },
    ]);
  await behind.kept();
  await behind.stop();
  // From here on the broker remembers the image.
  expect(await comparedBy(await run(image, broker))).toHaveLength(1);
  await (await run(path, broker, 'twin')).kept();
  for (let times = 0; times < 3; times += 1) await (await run(other, await started())).stop();
  const caughtUp = await run(other, broker, 'twin');
  await expect.poll(caughtUp.outside).toMatchObject([{ found: 'rewritten' }]);
});

it('a backup is told where it lacks what the broker knows, and not where it has all of it', async () => {
  const broker = await started();
  const [path, early, late] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  await (await run(path, broker)).stop();
  cpSync(join(path, 'lanewarden.db'), join(early, 'lanewarden.db'));
  const second = await run(path, broker);
  await second.kept();
  await second.stop();
  cpSync(join(path, 'lanewarden.db'), join(late, 'lanewarden.db'));
  const whole = await run(late, broker);
  expect(await comparedBy(whole)).toEqual([]);
  await whole.stop();
  await (await run(path, broker)).kept();
  const lacking = await run(early, broker);
  await expect.poll(lacking.outside).toMatchObject([{ found: 'behind', chain: second.head.chain }]);
});

it('a chain rewritten with the key of the box tells itself', async () => {
  const broker = await started();
  const path = temporaryFolder();
  const first = await run(path, broker);
  await first.kept();
  await first.stop();
  rewrite(path, first.head.last - 50);
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec('DELETE FROM chain_head');
  database.close();
  const second = await run(path, broker);
  expect(second.head.key).toBe(first.head.key);
  await expect.poll(second.outside).toMatchObject([{ found: 'rewritten', last: first.head.last }]);
});

it('another card, and an emptied state folder, tell themselves once, with the rights that a centre gives', async () => {
  const broker = await started(`acl_file ${join(import.meta.dirname, '../../../deploy/fleet/broker/boxes.acl')}`);
  const first = await run(temporaryFolder(), broker, USER);
  await first.kept();
  await first.stop();
  const path = temporaryFolder();
  const second = await run(path, broker, USER);
  await expect.poll(second.outside).toMatchObject([{ found: 'otherChain', chain: first.head.chain }]);
  await second.kept();
  await second.stop();
  expect(await comparedBy(await run(path, broker, USER))).toHaveLength(1);
});

it('what bears no signature of a head is not compared', async () => {
  const broker = await started();
  const other = await broker.publisher();
  const evidence = { chain: '0'.repeat(32), last: 5, head: '1'.repeat(64), wallMs: 1, key: '2'.repeat(64) };
  const forged = { box: 'gate', evidence: { ...evidence, signature: '3'.repeat(128) } };
  await other.publish('lanewarden/gate/heartbeat', JSON.stringify(forged), { qos: 1, retain: true });
  expect(await comparedBy(await run(temporaryFolder(), broker))).toEqual([]);
});
