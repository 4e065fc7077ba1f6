/** What boxes of one park make of each other's datagrams: real stores, on a network of this test that loses, repeats and forges. */
import { cpSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openBoxKey } from '../../src/evidence/box-key.ts';
import { HeadsOfOthers } from '../../src/evidence/heads-of-others.ts';
import { OutsideHeads } from '../../src/evidence/outside-heads.ts';
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
  readonly store: Store;
  outside(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

interface Choice {
  readonly park?: typeof PARK;
  /** The disk does not answer so many comparisons. */
  readonly fails?: number;
  readonly slept?: (ms: number) => void;
}

/** One run, with rows more and a head over them. */
async function run(
  wire: Wire,
  box: string,
  path = temporaryFolder(),
  { park = PARK, fails = 0, slept = () => undefined }: Choice = {},
): Promise<Box> {
  const store: Store = await open({ path, wallTrusted: true });
  const { chain, looks } = store;
  const time = { ...store.time, wallMsAt: () => machine.wallMs() };
  for (let at = 0; at < 200; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  const folder = join(path, 'page');
  const signed = await signHead({ store, clock: machine, folder }, await openBoxKey(folder));
  const { ways: _, ...head } = signed as ReturnedHead & { readonly ways: unknown };
  const file = join(path, 'park-heads.json');
  let failures = fails;
  const compare: typeof chain.compare = (each) => {
    failures -= 1;
    return failures < 0 ? chain.compare(each) : Promise.reject(new Error('the disk does not answer'));
  };
  const parts = {
    box,
    park,
    store: { chain: { ...chain, compare }, looks, time },
    clock: {
      ...clock,
      sleep: (ms: number, signal?: AbortSignal) => {
        slept(ms);
        return clock.sleep(ms, signal);
      },
    },
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
  return { path, witness, head, store, outside, stop };
}

const witnessed = (box: Box, count = 1) => expect.poll(() => box.witness.count).toBe(count);

/** Of box a, which another has heard a second run of since. */
async function olderImage(wire: Wire): Promise<{ image: string; second: Box }> {
  const [path, image] = [temporaryFolder(), temporaryFolder()];
  await (await run(wire, 'a', path)).stop();
  cpSync(path, image, { recursive: true });
  const second = await run(wire, 'a', path);
  await witnessed(second);
  await second.stop();
  return { image, second };
}

it('an older image tells itself by what another box remembers, and once over restarts', async () => {
  const wire = new Wire();
  await run(wire, 'b');
  const { image, second } = await olderImage(wire);
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
  const foreign = await run(wire, 'a', temporaryFolder(), { park: { ...PARK, secret: 'another' } });
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

it('who has the park’s secret and no key of the box makes it report eight things a start, and no rewriting', async () => {
  const wire = new Wire();
  const a = await run(wire, 'a');
  const key = await parkKey(PARK.uuid, PARK.secret);
  await expect.poll(() => wire.said.length).toBeGreaterThan(0);
  const own = readParkMessage(key, Buffer.from(wire.said[0] as string)) as { readonly run: string };
  for (let at = 0; at < 12; at += 1) {
    const made = await openBoxKey(temporaryFolder());
    const head = { chain: a.head.chain, last: at + 1, head: `${at % 10}`.repeat(64), wallMs: 1 };
    const heads = [{ ...head, key: made.publicKey, signature: made.sign(headText(head, 1)) }];
    wire.bring(parkMessage(key, { to: 'a', run: own.run, by: 'c', has: 'none', heads }));
  }
  await expect.poll(a.outside).toHaveLength(8);
  expect(new Set((await a.outside()).map(({ found }) => found))).toEqual(new Set(['otherKey']));
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
  expect([0, 63, 64, 999].map((at) => again.remembers(`box${at}`, head as ReturnedHead))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  // One that is gone for good makes room.
  again.keep('new', head as ReturnedHead, 100 * 86_400_000);
  expect(again.remembers('new', head as ReturnedHead)).toBe(true);
  rmSync(file);
  expect((await HeadsOfOthers.open(file)).isNews('box0', head as ReturnedHead, 0)).toBe(true);
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

/** As somebody else signs it who has the park's secret. */
async function forged(parts: Partial<ReturnedHead> = {}, folder = temporaryFolder()): Promise<ReturnedHead> {
  const key = await openBoxKey(folder);
  const head = { chain: 'd'.repeat(32), last: 1, head: 'e'.repeat(64), wallMs: 1, ...parts };
  return { ...head, key: key.publicKey, signature: key.sign(headText(head, head.wallMs)) };
}

it('a message of the park in another form is no message', async () => {
  const wire = new Wire();
  const [a, b] = [await run(wire, 'a'), await run(wire, 'b')];
  await witnessed(a);
  const key = await parkKey(PARK.uuid, PARK.secret);
  const noText = { toString: 1, valueOf: 1 };
  const wrong = [{ wallMs: noText }, { signature: noText }, { chain: 1 }, { last: '9' }, { more: 'x'.repeat(400) }];
  const { run: own } = readParkMessage(key, Buffer.from(wire.said[0] as string)) as { readonly run: string };
  const by = wire.said.find((each) => each.includes(`"box":"a"`)) ?? '';
  const { run: ofA } = readParkMessage(key, Buffer.from(by)) as { readonly run: string };
  for (const each of [null, 7, ...wrong.map((parts) => ({ ...a.head, ...parts }))]) {
    const head = each as unknown as ReturnedHead;
    for (const box of ['a', 'c']) wire.bring(parkMessage(key, { box, run: 'r', head }));
    for (const run of [own, ofA]) wire.bring(parkMessage(key, { to: 'a', run, by: 'c', has: 'none', heads: [head] }));
  }
  await b.stop();
  const kept = JSON.parse(readFileSync(join(b.path, 'park-heads.json'), 'utf8')) as readonly { name: string }[];
  expect(kept.map(({ name }) => name)).toEqual(['a']);
});

it('what is said again before each true announcement does not take its answers', async () => {
  const wire = new Wire();
  const [path, image] = [temporaryFolder(), temporaryFolder()];
  await run(wire, 'b');
  for (let times = 0; times < 2; times += 1) {
    const before = await run(wire, 'a', path);
    await witnessed(before);
    await before.stop();
    if (times === 0) cpSync(path, image, { recursive: true });
  }
  const ofA = (text: string): boolean => text.includes('"box":"a"');
  const old = new Set(wire.said.filter(ofA));
  wire.carries = (text) => {
    if (ofA(text) && !old.has(text)) for (const each of old) wire.bring(each);
    return true;
  };
  const back = await run(wire, 'a', image);
  await expect.poll(back.outside).toMatchObject([{ found: 'rewritten' }]);
});

it('neither another key nor a clock of 2099 takes the place of what is remembered', async () => {
  const others = await HeadsOfOthers.open(join(temporaryFolder(), 'heads.json'));
  const now = Date.UTC(2026, 10, 30);
  const said = (head: ReturnedHead) => others.isNews('a', head, now) && others.keep('a', head, now);
  const folder = temporaryFolder();
  const first = await forged({ last: 100, wallMs: now }, folder);
  said(first);
  for (let at = 0; at < 9; at += 1) said(await forged({ chain: first.chain, last: 2 ** 53 - 1, wallMs: 8.64e15 }));
  for (let at = 0; at < 9; at += 1) said(await forged({ chain: first.chain, last: 2 ** 53 - 1, wallMs: now + at }));
  const later = await forged({ last: 101, wallMs: Date.UTC(2099, 0, 1) }, folder);
  const last = await forged({ last: 102, wallMs: now }, folder);
  expect([later, last].map(said)).toEqual([true, true]);
  expect([first, later, last].map((each) => others.remembers('a', each))).toEqual([true, true, true]);
  // Another chain by the same key, as after a backup was restored.
  expect(said(await forged({ chain: 'f'.repeat(32), last: 1, wallMs: now + 1 }, folder))).toBe(true);
  expect(others.besides('a', await forged()).length).toBeLessThanOrEqual(7);
});

it('an older image that goes on, however late, pushes out no head with more rows', async () => {
  const others = await HeadsOfOthers.open(join(temporaryFolder(), 'heads.json'));
  const folder = temporaryFolder();
  const HOUR = 3_600_000;
  const true_ = await forged({ last: 100, wallMs: 0 }, folder);
  others.keep('a', true_, 0);
  for (let at = 1; at < 20; at += 1) {
    const head = await forged({ last: at, wallMs: at * HOUR }, folder);
    if (others.isNews('a', head, at * HOUR)) others.keep('a', head, at * HOUR);
  }
  expect(others.remembers('a', true_)).toBe(true);
});

it('heads by the key of the box are twenty reports a run, those by others eight of a way', async () => {
  const a = await run(new Wire(), 'a');
  const outside = new OutsideHeads(a.store);
  const { chain } = a.head;
  for (let at = 0; at < 30; at += 1) {
    const own = await forged({ chain, last: 1_000 + at, head: `${at}`.padStart(64, '0') }, join(a.path, 'page'));
    await outside.returned(JSON.stringify(own), 'lan');
  }
  expect((await a.outside()).map(({ found }) => found)).toEqual(Array.from({ length: 20 }, () => 'behind'));
  for (let at = 0; at < 12; at += 1) {
    const other = await forged({ chain: 'd'.repeat(32), head: `${at}`.padStart(64, 'f') });
    await outside.returned(JSON.stringify(other), 'lan');
  }
  expect((await a.outside()).filter(({ found }) => found === 'otherChain')).toHaveLength(8);
});

it('a head that the disk did not answer for is compared when it comes again', async () => {
  const wire = new Wire();
  await run(wire, 'b');
  const { image, second } = await olderImage(wire);
  const back = await run(wire, 'a', image, { fails: 2 });
  await expect.poll(back.outside).toMatchObject([{ found: 'rewritten', head: second.head.head }]);
});

it('a file that cannot be read is not written over, and one of another form begins anew', async () => {
  const file = join(temporaryFolder(), 'heads.json');
  const [head] = await heads(1);
  // Of too long a name: there is something, and it cannot be read.
  symlinkSync('x'.repeat(300), file);
  const unread = await HeadsOfOthers.open(file);
  unread.keep('a', head as ReturnedHead, 0);
  await unread.write();
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  rmSync(file);
  writeFileSync(file, JSON.stringify([null, { name: 'a' }, { name: 'b', heads: [{ head, sinceWallMs: 0 }] }]));
  const others = await HeadsOfOthers.open(file);
  expect(others.isNews('a', head as ReturnedHead, 0)).toBe(true);
  expect(others.keep('a', head as ReturnedHead, 0)).toBe(true);
});

/** Of a box that knows as many as it may. */
function fullMemory(all: readonly ReturnedHead[]): string {
  const path = temporaryFolder();
  const boxes = Array.from({ length: 64 }, (_, at) => {
    const known = { head: all[at % all.length], sinceWallMs: machine.wallMs() };
    return { name: `box${at}`, heads: [known] };
  });
  writeFileSync(join(path, 'park-heads.json'), JSON.stringify(boxes));
  return path;
}

it('whom there is no room for is answered where its key is known', async () => {
  const wire = new Wire();
  const path = temporaryFolder();
  const a = await run(wire, 'a', path);
  await a.stop();
  await run(wire, 'b', fullMemory([a.head]));
  const renamed = await run(wire, 'z', path);
  await expect.poll(() => wire.said.filter((each) => each.includes('"to":"z"')).length).toBeGreaterThan(0);
  expect(await renamed.outside()).toEqual([]);
});

it('announcements and answers of many boxes do not come at one moment', async () => {
  const wire = new Wire();
  const all = await heads(64);
  const slept: number[] = [];
  await run(wire, 'b', fullMemory(all), { slept: (ms) => slept.push(ms) });
  await expect.poll(() => slept.filter((ms) => ms > 15_000).length).toBeGreaterThan(4);
  expect(new Set(slept.filter((ms) => ms > 15_000)).size).toBeGreaterThan(1);
  const key = await parkKey(PARK.uuid, PARK.secret);
  slept.length = 0;
  for (const [at, head] of all.entries()) wire.bring(parkMessage(key, { box: `box${at}`, run: '1', head }));
  // Of 64 boxes each answers each: 252 a second of the 300 that are read.
  expect(Math.max(...slept)).toBeGreaterThan(8_000);
  expect(Math.max(...slept)).toBeLessThanOrEqual(16_000);
  const answers = () => wire.said.filter((each) => each.includes('"to":"box'));
  await expect.poll(() => answers().length).toBe(64);
});
