/**
 * Dates that the box knows to be impossible do not go out: what the platform gets as the time of a release, over the real uploader, from boxes whose
 * clock was never set, runs behind, was set by hand, or was set wrong by a source.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.ts';
import type { Store } from '../../../src/store/types.ts';
import { disk, failDisk, whyNoDisk } from '../../store/disks.ts';
import { open, record, release, temporaryFolder } from '../../store/open.ts';
import { type TestPlatform, testPlatform } from './platform.ts';
import { run } from './uploading.ts';

const WALL = Date.UTC(2026, 10, 24, 4);
const HOUR = 3_600_000;
const Y2037 = Date.UTC(2037, 0, 1);
const system = systemClock();

interface SetClock extends Clock {
  /** The system clock shows this now. */
  set(wallMs: number): void;
}

/** Of a machine that has just booted. */
function booted(wallMs: number): SetClock {
  const startMs = system.nowMs() - 30_000;
  const nowMs = (): number => system.nowMs() - startMs;
  let offsetMs = wallMs - nowMs();
  return {
    nowMs,
    wallMs: () => nowMs() + offsetMs,
    sleep: system.sleep,
    set: (toMs) => {
      offsetMs = toMs - nowMs();
    },
  };
}

interface Booted {
  readonly store: Store;
  readonly clock: SetClock;
  /** A release that happens now waits. */
  put(id: string): Promise<void>;
  /** It goes to the platform; as which time. */
  sent(): Promise<number>;
  off(): Promise<void>;
}

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

async function boot(
  path: string,
  platform: TestPlatform,
  wallMs: number,
  how: { readonly bootId: string; readonly synced?: boolean },
): Promise<Booted> {
  const clock = booted(wallMs);
  const store = await open({ path, clock, bootId: how.bootId, wallTrusted: how.synced === true });
  return {
    store,
    clock,
    put: async (id) => {
      const releaseAtMs = Math.round(clock.nowMs() + store.boot.laneOffsetMs);
      const releaseWallMs = store.time.wallMsAt(clock.nowMs());
      const put = await store.outbox.submit(record(id, { release: release(id, { releaseAtMs }), releaseWallMs }));
      await store.outbox.attach(put.id, { none: 'noCamera' });
    },
    sent: async () => {
      const before = platform.got.length;
      const running = run(store, platform, undefined, {}, clock);
      endings.push(running.stop);
      await expect.poll(() => platform.got.length).toBeGreaterThan(before);
      await running.stop();
      return Date.parse(platform.got.at(-1)?.fields.release_time ?? '');
    },
    off: () => store.close(),
  };
}

/** Whole seconds are sent, and the test takes some. */
const isAbout = (wallMs: number, truthMs: number, spareMs = 60_000): void => {
  expect(wallMs).toBeGreaterThanOrEqual(truthMs - 1_000);
  expect(wallMs).toBeLessThan(truthMs + spareMs);
};

describe('a box that knew the time once', () => {
  it.each([
    ['of 1970', 0],
    ['two hours behind', WALL - 2 * HOUR],
  ])('sends nothing from before it with a clock %s', async (_, wallMs) => {
    const [path, platform] = [temporaryFolder(), await testPlatform()];
    const first = await boot(path, platform, WALL, { bootId: 'a', synced: true });
    await first.off();
    const second = await boot(path, platform, wallMs, { bootId: 'b' });
    await second.put('1');
    // The new boot is 30 s old.
    isAbout(await second.sent(), WALL + 30_000);
  });

  it('believes a clock that is later, and takes no date from it afterwards: nobody has confirmed it', async () => {
    const [path, platform] = [temporaryFolder(), await testPlatform()];
    await (await boot(path, platform, WALL, { bootId: 'a', synced: true })).off();
    const second = await boot(path, platform, Y2037, { bootId: 'b' });
    await second.put('1');
    isAbout(await second.sent(), Y2037);
    await second.off();
    const third = await boot(path, platform, 0, { bootId: 'c' });
    await third.put('2');
    isAbout(await third.sent(), WALL + 60_000);
  });

  it('also after its database was lost: by the last heartbeat', async () => {
    const [path, platform] = [temporaryFolder(), await testPlatform()];
    await (await boot(path, platform, WALL, { bootId: 'a', synced: true })).off();
    const { rmSync } = await import('node:fs');
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}/lanewarden.db${end}`, { force: true });
    const second = await boot(path, platform, 0, { bootId: 'b' });
    await second.put('1');
    isAbout(await second.sent(), WALL + 30_000);
  });

  it('sends what an earlier version dated 1970 as of after it', async () => {
    const [path, platform] = [temporaryFolder(), await testPlatform()];
    await (await boot(path, platform, WALL, { bootId: 'a', synced: true })).off();
    const second = await boot(path, platform, 0, { bootId: 'b' });
    await second.put('1');
    await second.off();
    const { default: Sqlite } = await import('better-sqlite3');
    const database = new Sqlite(`${path}/lanewarden.db`);
    expect(database.prepare('UPDATE release SET wall_ms = 30000').run().changes).toBe(1);
    database.close();
    const third = await boot(path, platform, 5_000, { bootId: 'c' });
    isAbout(await third.sent(), WALL + 30_000);
  });
});

describe('a clock that is set while a record waits', () => {
  it('by hand, which no source confirms: the record is dated anew from the monotonic time', async () => {
    const platform = await testPlatform();
    const box = await boot(temporaryFolder(), platform, 0, { bootId: 'a' });
    await box.put('1');
    box.clock.set(WALL);
    isAbout(await box.sent(), WALL - 5_000, 10_000);
  });

  it('in a restart of the program likewise', async () => {
    const [path, platform] = [temporaryFolder(), await testPlatform()];
    const box = await boot(path, platform, 0, { bootId: 'a' });
    await box.put('1');
    await box.off();
    box.clock.set(WALL);
    const store = await open({ path, clock: box.clock, bootId: 'a' });
    const [kept] = await store.review.list({ limit: 1 });
    isAbout(kept?.releaseWallMs ?? 0, WALL - 10_000);
  });

  it('by a source, backwards: one that said 2037 was wrong, and poisons no later boot', async () => {
    const [path, platform] = [temporaryFolder(), await testPlatform()];
    const box = await boot(path, platform, Y2037, { bootId: 'a', synced: true });
    await box.put('1');
    box.clock.set(WALL);
    box.store.time.synced(box.clock.nowMs(), WALL, 50, 'timesyncd');
    isAbout(await box.sent(), WALL - 10_000);
    await box.off();
    const second = await boot(path, platform, 0, { bootId: 'b' });
    await second.put('2');
    isAbout(await second.sent(), WALL + 30_000);
    await second.off();
  });

  it('by a source, backwards, in the next boot: a date that was counted on from 2037 is corrected too', async () => {
    const [path, platform] = [temporaryFolder(), await testPlatform()];
    await (await boot(path, platform, Y2037, { bootId: 'a', synced: true })).off();
    const second = await boot(path, platform, 0, { bootId: 'b' });
    await second.put('1');
    second.store.time.synced(second.clock.nowMs(), WALL, 50, 'timesyncd');
    isAbout(await second.sent(), WALL - 10_000);
  });

  it.skipIf(whyNoDisk() !== undefined)(
    'on a disk that refuses: what is in memory only is dated anew as well',
    async () => {
      const platform = await testPlatform();
      const { folder } = disk(48);
      const box = await boot(`${folder}/state`, platform, 0, { bootId: 'a' });
      failDisk(folder);
      box.store.journal.append('1001', { kind: 'tick', atMs: 1 });
      await expect.poll(() => box.store.status().stalled).toBe('readonly');
      await box.put('1');
      box.clock.set(WALL);
      isAbout(await box.sent(), WALL - 10_000);
    },
  );
});
