/** The watch on the system clock: steps are noticed, and only a source that speaks of the time after a step vouches for it. */
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  kernelSource,
  type SyncSource,
  systemIsSynced,
  timesyncdSource,
  watchClock,
} from '../../src/store/clock-watch.ts';
import type { TimeQuality } from '../../src/store/record-types.ts';
import type { TimeKeeping } from '../../src/store/types.ts';
import { type HandClock, handClock } from '../sim/hand-clock.ts';
import { open, record, release, temporaryFolder } from './open.ts';

const WALL = Date.UTC(2026, 10, 24, 4, 0, 0);
const HOUR = 3_600_000;
const stopping: AbortController[] = [];
afterEach(() => {
  for (const one of stopping.splice(0)) one.abort();
});

/** A source that says what it is told to. */
function told(name: string): SyncSource & { word: string | undefined } {
  const source = { name, everyMs: 1_000, word: undefined as string | undefined, read: async () => source.word };
  return source;
}

function heard(): TimeKeeping & { readonly calls: string[] } {
  const calls: string[] = [];
  let quality: TimeQuality = 'unknown';
  return {
    calls,
    get quality() {
      return quality;
    },
    errorMs: undefined,
    isConfirmed: false,
    earliestMsAt: () => 0,
    wallMsAt: () => 0,
    synced: (nowMs, wallMs, _uncertainty, source) => {
      quality = 'synced';
      calls.push(`${source} ${wallMs - nowMs}`);
    },
    stepped: (byMs) => {
      quality = 'unknown';
      calls.push(`step ${byMs}`);
    },
  };
}

/** Lets the watch look `times` times. */
async function look(clock: HandClock, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    clock.jump(1_000);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}

async function watching(sources: readonly SyncSource[]) {
  const clock = handClock(50_000, WALL);
  const time = heard();
  const stop = new AbortController();
  stopping.push(stop);
  void watchClock({ clock, time, sources }, stop.signal);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return { clock, time };
}

describe('the watch', () => {
  it('waits for a source and then follows it', async () => {
    const source = told('timesyncd');
    const { clock, time } = await watching([source]);
    await look(clock, 5);
    expect(time.calls).toEqual([]);
    source.word = '1';
    await look(clock);
    expect(time.calls).toEqual([`timesyncd ${WALL - 50_000}`]);
    await look(clock, 61);
    expect(time.calls).toHaveLength(2);
  });

  it('notices a step and does not believe a word from before it', async () => {
    const source = told('timesyncd');
    source.word = '1';
    const { clock, time } = await watching([source]);
    clock.step(HOUR);
    await look(clock, 5);
    expect(time.calls.slice(1)).toEqual([`step ${HOUR}`]);
    source.word = '2';
    await look(clock);
    expect(time.calls.at(-1)).toBe(`timesyncd ${WALL + HOUR - 50_000}`);
  });

  it('believes the kernel’s flag after a step, which the kernel clears by itself', async () => {
    const source = told('kernel');
    source.word = 'yes';
    const { clock, time } = await watching([source]);
    source.word = undefined;
    clock.step(-HOUR);
    await look(clock, 3);
    expect(time.calls.at(-1)).toBe(`step ${-HOUR}`);
    source.word = 'yes';
    await look(clock);
    expect(time.calls.at(-1)).toBe(`kernel ${WALL - HOUR - 50_000}`);
  });

  it('does not ask a source that costs a process while the clock is trusted, and asks it at once after a step', async () => {
    let asked = 0;
    const source: SyncSource = {
      name: 'kernel',
      everyMs: 60_000,
      followMs: Number.POSITIVE_INFINITY,
      read: async () => {
        asked += 1;
        return asked > 1 ? 'yes' : undefined;
      },
    };
    const { clock, time } = await watching([source]);
    await look(clock, 59);
    expect(asked).toBe(1);
    await look(clock, 2);
    expect([asked, time.quality]).toEqual([2, 'synced']);
    await look(clock, 600);
    expect(asked).toBe(2);
    clock.step(HOUR);
    await look(clock, 2);
    expect(asked).toBe(3);
  });

  it('takes slewing for what it is', async () => {
    const { clock, time } = await watching([]);
    for (let second = 0; second < 30; second += 1) {
      clock.step(100);
      await look(clock);
    }
    expect(time.calls).toEqual([]);
  });
});

describe('the system’s sources', () => {
  it('timesyncd: the file, and its time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-sync-'));
    const file = join(folder, 'synchronized');
    const source = timesyncdSource(file);
    expect(await source.read()).toBeUndefined();
    writeFileSync(file, '');
    const first = await source.read();
    utimesSync(file, 5, 5);
    expect(first).toBeDefined();
    expect(await source.read()).not.toBe(first);
    rmSync(folder, { recursive: true });
  });

  it('the kernel: yes, no, and no such command', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-sync-'));
    const command = join(folder, 'timedatectl');
    const none = join(folder, 'none');
    for (const [answer, word] of [
      ['yes', 'yes'],
      ['no', undefined],
    ] as const) {
      writeFileSync(command, `#!/bin/sh\necho ${answer}\n`, { mode: 0o755 });
      expect(await kernelSource(command, none).read()).toBe(word);
      expect(await systemIsSynced([kernelSource(command, none)])).toBe(word === 'yes');
    }
    expect(await kernelSource(none, none).read()).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});

it('the kernel is not asked, which costs two processes, where timesyncd runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-sync-'));
  const command = join(folder, 'timedatectl');
  writeFileSync(command, `#!/bin/sh\ntouch ${folder}/asked\necho yes\n`, { mode: 0o755 });
  expect(await kernelSource(command, folder).read()).toBeUndefined();
  expect(existsSync(join(folder, 'asked'))).toBe(false);
  rmSync(folder, { recursive: true });
});

describe('from a boot in 1970 to the right time', () => {
  it.each([
    ['timesyncd', 0],
    ['https', 400],
  ])('by %s: release times right to ±1 s, order kept, nothing expired', async (source, errorMs) => {
    const clock = handClock(30_000, 0);
    const trueWallMs = (): number => WALL + clock.nowMs();
    const store = await open({ path: temporaryFolder(), clock, clockHoldMs: 20 * 60_000, keepRecordsMs: HOUR });
    const told1 = told('timesyncd');
    const stop = new AbortController();
    stopping.push(stop);
    void watchClock({ clock, time: store.time, sources: [told1] }, stop.signal);
    const truth: number[] = [];
    for (let number = 0; number < 20; number += 1) {
      const releaseAtMs = Math.round(clock.nowMs() + store.boot.laneOffsetMs);
      const releaseWallMs = store.time.wallMsAt(clock.nowMs());
      const put = await store.outbox.put(
        record(`${number}`, { release: release(`${number}`, { releaseAtMs }), releaseWallMs }),
      );
      await store.outbox.attach(put.id, { none: 'noCamera' });
      truth.push(trueWallMs());
      for (let part = 0; part < 3; part += 1) {
        await look(clock, 10);
        await store.journal.flush();
      }
    }
    expect(await store.outbox.due(50)).toEqual([]);
    if (source === 'timesyncd') {
      clock.step(trueWallMs() - clock.wallMs());
      told1.word = '1';
      await look(clock, 2);
    } else store.time.synced(clock.nowMs(), trueWallMs() + errorMs, 1_000, 'https');
    const due = await store.outbox.due(50);
    expect(due.map(({ id }) => id)).toEqual(truth.map((_, index) => index + 1));
    for (const [index, found] of due.entries())
      expect(Math.abs(found.releaseWallMs - (truth[index] ?? 0))).toBeLessThanOrEqual(1_000);
  });
});
