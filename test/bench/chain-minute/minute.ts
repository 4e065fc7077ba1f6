/**
 * The busiest minute of a day as the store thread has it: its watchdog ticks, groups of edges every 200 ms, a payment and a plate for each vehicle, a
 * record with pictures for one of them. Played as fast as the thread follows, with its commits as they are in production.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Grant } from '../../../src/lane/types.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/types.ts';
import { type HandClock, handClock } from '../../sim/hand-clock.ts';
import { newRecord } from '../store.ts';

/** Of four lanes with 1,500 vehicles a day: a day's 38,000 rows are 25 a vehicle, and its busiest minute has some ten vehicles. */
const VEHICLES = 10;
const EDGES = 23;
const SECONDS = 60;
const STEP_MS = 200;
const FRAME_BYTES = 100_000;

export interface PlayedMinute {
  /** Of the store thread. */
  readonly cpuMs: number;
  readonly rows: number;
}

export interface MinuteStore {
  play(): Promise<PlayedMinute>;
  close(): Promise<void>;
}

export async function minuteStore(path: string, code?: URL): Promise<MinuteStore> {
  const clock = handClock(1_000_000);
  const before = new Set(threads());
  const store = await openStore({
    path,
    clock,
    wallTrusted: true,
    ballastBytes: 0,
    ...(code && { thread: new Worker(code) }),
  });
  // The pool of libuv may have begun as well: the store thread is the one that has worked.
  const [thread = ''] = threads()
    .filter((each) => !before.has(each))
    .sort((a, b) => cpuMsOf(b) - cpuMsOf(a));
  return {
    play: async () => {
      const began = cpuMsOf(thread);
      const rows = await played(store, clock);
      return { cpuMs: cpuMsOf(thread) - began, rows };
    },
    close: async () => {
      const closed = store.close();
      await turn();
      clock.jump(0);
      await closed;
    },
  };
}

async function played(store: Store, clock: HandClock): Promise<number> {
  const steps = (SECONDS * 1000) / STEP_MS;
  const each = Math.floor(steps / VEHICLES);
  let rows = 0;
  for (let step = 0; step < steps; step += 1) {
    // A vehicle takes 6 s, in the middle of which it pays.
    const part = step % each;
    const edges = Math.floor(((part + 1) * EDGES) / each) - Math.floor((part * EDGES) / each);
    const atMs = clock.nowMs();
    for (let edge = 0; edge < edges; edge += 1)
      store.journal.append('1001', { kind: 'edge', role: 'approach', on: edge % 2 === 0, atMs, uncertaintyMs: 25 });
    if (part === 2)
      store.journal.append('1001', { kind: 'plate', atMs, plate: { text: '粤B12345', confidence: 0.97 } });
    if (part === 12) store.journal.append('1001', { kind: 'grant', grant: grantOf(step), atMs });
    rows += edges + (part === 2 || part === 12 ? 1 : 0);
    if (step === steps / 2) await recorded(store, clock);
    clock.jump(STEP_MS);
    await turn();
    // Answered behind what the step has sent.
    await store.chain.lastSigned();
  }
  return rows;
}

const grantOf = (step: number): Grant => ({
  ...{ id: `order-${step}`, scope: 'lane', kind: 'paid', plate: '粤B12345', count: 1, issuedAtMs: 0 },
  ...{ expiresAtMs: 900_000, source: 'management-system' },
});

/** The life of a record: its pictures, the try, the answer. */
async function recorded(store: Store, clock: HandClock): Promise<void> {
  const { id } = await store.outbox.put({ ...newRecord(clock.nowMs()), releaseWallMs: clock.wallMs() });
  const frame = () => ({ bytes: new Uint8Array(FRAME_BYTES).fill(id), mediaType: 'image/jpeg' as const, atMs: 0 });
  await store.outbox.attach(id, frame());
  for (const place of ['before', 'after'] as const) await store.outbox.beside(id, place, frame());
  await store.outbox.sending(id);
  await store.outbox.delivered(id, { seqno: String(id) });
}

const threads = (): string[] => readdirSync('/proc/self/task');

/** In nanoseconds in the kernel's own account. */
const cpuMsOf = (thread: string): number =>
  Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
