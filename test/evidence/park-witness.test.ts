/** What boxes of one park make of each other's datagrams: real stores, on a network of this test that loses, repeats and forges. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openBoxKey } from '../../src/evidence/box-key.ts';
import { HeadsOfOthers } from '../../src/evidence/heads-of-others.ts';
import {
  isSignedHead,
  parkKey,
  parkMessage,
  type ReturnedHead,
  readParkMessage,
} from '../../src/evidence/park-message.ts';
import { ParkWitness } from '../../src/evidence/park-witness.ts';
import { signHead } from '../../src/evidence/signed-heads.ts';
import { headText } from '../../src/store/chain/chain.ts';
import type { Store } from '../../src/store/types.ts';
import { open, temporaryFolder } from '../store/open.ts';

const PARK = { uuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a', secret: 'the-secret-of-this-park' };
const machine = systemClock();
/** A hundred times as fast: 20 seconds are 0.2. */
const clock = {
  ...machine,
  nowMs: () => machine.nowMs() * 100,
  sleep: (ms: number, signal?: AbortSignal) => machine.sleep(ms / 100, signal),
};

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Everybody hears everything, himself too. */
class Wire {
  readonly said: string[] = [];
  readonly #takers = new Set<(datagram: Buffer) => void>();
  /** Of each datagram, whether it arrives. */
  carries: (text: string) => boolean = () => true;

  readonly network = {
    send: async (text: string) => {
      this.said.push(text);
      if (this.carries(text)) this.bring(text);
    },
    listen: (take: (datagram: Buffer) => void, _: () => void, signal: AbortSignal) => {
      if (signal.aborted) return Promise.resolve();
      this.#takers.add(take);
      return new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          this.#takers.delete(take);
          resolve();
        });
      });
    },
  };

  bring(text: string): void {
    for (const take of this.#takers) take(Buffer.from(text));
  }
}

interface Box {
  readonly path: string;
  readonly witness: ParkWitness;
  readonly head: ReturnedHead;
  outside(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

/** One run, with rows more and a head over them. */
async function run(wire: Wire, box: string, path = temporaryFolder(), park = PARK): Promise<Box> {
  const store: Store = await open({ path, wallTrusted: true });
  const { chain, looks } = store;
  const time = { ...store.time, wallMsAt: () => machine.wallMs() };
  for (let at = 0; at < 200; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  const folder = join(path, 'page');
  const signed = await signHead({ store, clock: machine, folder }, await openBoxKey(folder));
  const { ways: _, ...head } = signed as ReturnedHead & { readonly ways: unknown };
  const file = join(path, 'park-heads.json');
  const parts = {
    box,
    park,
    store: { chain, looks, time },
    clock,
    network: wire.network,
    file,
    flooded: () => undefined,
  };
  const witness = new ParkWitness(parts);
  const over = new AbortController();
  const running = witness.run(over.signal);
  let isOver = false;
  const stop = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    over.abort();
    await running;
    await store.close();
  };
  endings.push(stop);
  const outside = async () =>
    (await store.looks.observations(50)).flatMap(({ seen }) => (seen.why === 'outside' ? [{ ...seen.detail }] : []));
  return { path, witness, head, outside, stop };
}

const witnessed = (box: Box, count = 1) => expect.poll(() => box.witness.count).toBe(count);

it('an older image tells itself by what another box remembers, and once over restarts', async () => {
  const wire = new Wire();
  await run(wire, 'b');
  const [path, image] = [temporaryFolder(), temporaryFolder()];
  await (await run(wire, 'a', path)).stop();
  cpSync(path, image, { recursive: true });
  const second = await run(wire, 'a', path);
  await witnessed(second);
  await second.stop();
  const back = await run(wire, 'a', image);
  await expect.poll(back.outside).toMatchObject([{ way: 'lan', found: 'rewritten', head: second.head.head }]);
  await back.stop();
  const again = await run(wire, 'a', image);
  await witnessed(again);
  expect(await again.outside()).toHaveLength(1);
});

it('another card under the name of a box tells itself; a box of another park is not heard', async () => {
  const wire = new Wire();
  await run(wire, 'b');
  const first = await run(wire, 'a');
  const foreign = await run(wire, 'a', temporaryFolder(), { ...PARK, secret: 'another' });
  await witnessed(first);
  await first.stop();
  const second = await run(wire, 'a');
  await expect.poll(second.outside).toMatchObject([{ found: 'otherChain', head: first.head.head }]);
  expect(foreign.witness.count).toBe(0);
  expect(await foreign.outside()).toEqual([]);
});

it('what was overheard and is sent again, changed or in another name reports nothing and is not kept', async () => {
  const wire = new Wire();
  const [a, b] = [await run(wire, 'a'), await run(wire, 'b')];
  await witnessed(a);
  await witnessed(b);
  const said = [...wire.said];
  await a.stop();
  const now = await run(wire, 'a', a.path);
  await witnessed(now);
  for (const each of said) {
    wire.bring(each);
    wire.bring(each.replace(/"last":\d+/g, '"last":999999'));
    wire.bring(each.replaceAll('"box":"a"', '"box":"c"'));
  }
  await witnessed(now);
  expect([...(await now.outside()), ...(await b.outside())]).toEqual([]);
  await b.stop();
  const kept = JSON.parse(readFileSync(join(b.path, 'park-heads.json'), 'utf8')) as {
    readonly name: string;
    readonly heads: readonly { readonly head: ReturnedHead }[];
  }[];
  expect(kept.map(({ name, heads }) => [name, heads[0]?.head.head])).toEqual([['a', now.head.head]]);
});

it('who has the park’s secret and no key of the box makes it report one thing a start, and no rewriting', async () => {
  const wire = new Wire();
  const a = await run(wire, 'a');
  const key = await parkKey(PARK.uuid, PARK.secret);
  await expect.poll(() => wire.said.length).toBeGreaterThan(0);
  const own = readParkMessage(key, Buffer.from(wire.said[0] as string)) as { readonly run: string };
  for (let at = 0; at < 5; at += 1) {
    const made = await openBoxKey(temporaryFolder());
    const head = { chain: a.head.chain, last: at + 1, head: `${at}`.repeat(64), wallMs: 1 };
    const heads = [{ ...head, key: made.publicKey, signature: made.sign(headText(head, 1)) }];
    wire.bring(parkMessage(key, { to: 'a', run: own.run, by: 'c', has: 'none', heads }));
  }
  await expect.poll(a.outside).toMatchObject([{ found: 'otherKey' }]);
});

/** Heads as this key signs them, one behind the other. */
async function heads(count: number, folder = temporaryFolder()): Promise<readonly ReturnedHead[]> {
  const key = await openBoxKey(folder);
  return Array.from({ length: count }, (_, at) => {
    const head = { chain: 'c'.repeat(32), last: at + 1, head: `${at % 10}`.repeat(64), wallMs: at };
    return { ...head, key: key.publicKey, signature: key.sign(headText(head, at)) };
  });
}

it('heads that come in haste push out none of the hours before', async () => {
  const others = await HeadsOfOthers.open(join(temporaryFolder(), 'heads.json'));
  const all = await heads(200);
  const HOUR = 3_600_000;
  for (let at = 0; at < 5; at += 1) others.keep('a', all[at] as ReturnedHead, at * HOUR);
  for (let at = 5; at < 199; at += 1) others.keep('a', all[at] as ReturnedHead, 5 * HOUR + at);
  expect(others.besides('a', all[199] as ReturnedHead).map(({ last }) => last)).toEqual([199, 5, 4, 3, 2]);
});

it('64 boxes are remembered, those of long standing, also over a restart', async () => {
  const file = join(temporaryFolder(), 'heads.json');
  const others = await HeadsOfOthers.open(file);
  const [head] = await heads(1);
  for (let at = 0; at < 1_000; at += 1) others.keep(`box${at}`, head as ReturnedHead, at);
  await others.write();
  const again = await HeadsOfOthers.open(file);
  expect([0, 63, 64, 999].map((at) => again.isNewest(`box${at}`, head as ReturnedHead))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  // One that is gone for good makes room.
  again.keep('new', head as ReturnedHead, 100 * 86_400_000);
  expect(again.isNewest('new', head as ReturnedHead)).toBe(true);
  rmSync(file);
  expect((await HeadsOfOthers.open(file)).isNews('box0', head as ReturnedHead)).toBe(true);
});

it('twenty signatures are looked at in a second, and none of what is no news', async () => {
  const wire = new Wire();
  const b = await run(wire, 'b');
  await witnessed(await run(wire, 'a'));
  const key = await parkKey(PARK.uuid, PARK.secret);
  const all = await heads(300);
  const real = [...wire.said];
  expect(all.every(isSignedHead)).toBe(true);
  const fromMs = clock.nowMs();
  for (let times = 0; times < 100; times += 1) for (const each of real) wire.bring(each);
  for (const head of all) wire.bring(parkMessage(key, { box: `box${head.last}`, run: '1', head }));
  const seconds = Math.floor((clock.nowMs() - fromMs) / 1_000) + 1;
  await b.stop();
  const kept = JSON.parse(readFileSync(join(b.path, 'park-heads.json'), 'utf8')) as readonly object[];
  expect(kept.length).toBeGreaterThan(1);
  expect(kept.length).toBeLessThanOrEqual(20 * seconds);
});
