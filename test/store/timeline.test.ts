/** Lane time over restarts and reboots, and wall time that is wrong at first, stepped, and corrected. */

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readLife } from '../../src/store/thread/heartbeat.ts';
import { type HandClock, handClock } from '../sim/hand-clock.ts';
import { open, record, release, temporaryFolder } from './open.ts';

const WALL = Date.UTC(2026, 10, 24, 4, 0, 0);
const HOUR = 3_600_000;

describe('lane time', () => {
  it('is the same after a restart in the same boot, and says for how long nobody looked', async () => {
    const path = temporaryFolder();
    const clock = handClock(100_000, WALL);
    const first = await open({ path, clock, bootId: 'a' });
    first.journal.append('1001', { kind: 'tick', atMs: 100_000 });
    await first.close();
    clock.jump(7_000);
    const { boot } = await open({ path, clock, bootId: 'a' });
    expect(boot).toMatchObject({ laneOffsetMs: 0, newBoot: false, blindMs: 7_000 });
  });

  it.each(['a', 'b'])('counts as unseen what waited for a commit when it was killed (boot %s)', async (bootId) => {
    const path = temporaryFolder();
    const clock = handClock(100_000, WALL);
    const first = await open({ path, clock, bootId: 'a' });
    await first.watched();
    const edge = (role: 'down' | 'barrier') =>
      first.journal.append('1001', { kind: 'edge', role, on: false, atMs: clock.nowMs(), uncertaintyMs: 25 });
    edge('down');
    await first.journal.flush();
    await clock.advance(2_000);
    edge('barrier');
    await clock.advance(5_000);
    await first.outbox.counts();
    const killed = temporaryFolder();
    cpSync(path, killed, { recursive: true });
    clock.jump(1_000);
    const later = bootId === 'a' ? clock : handClock(1_000, 5);
    const { boot, journal } = await open({ path: killed, clock: later, bootId });
    expect((await journal.load('1001')).rows).toHaveLength(1);
    expect(boot.blindMs).toBe(6_000);
    expect(later.nowMs() + boot.laneOffsetMs).toBe(108_000);
  });

  it('counts as unseen what was on its way to the disk at the last sign of life', async () => {
    const path = temporaryFolder();
    const clock = handClock(100_000, WALL);
    const first = await open({ path, clock, bootId: 'a' });
    const started = readLife(join(path, 'alive')).life;
    // Of one turn, so that the thread has both at once: the sign of life is written before the commit, which a disk may refuse for minutes.
    first.journal.append('1001', { kind: 'edge', role: 'button', on: true, atMs: 100_000, uncertaintyMs: 25 });
    const kept = first.journal.flush();
    clock.jump(1_000);
    await kept;
    const { life } = readLife(join(path, 'alive'));
    expect([started?.waitsSinceMs, life?.laneMs, life?.waitsSinceMs]).toEqual([undefined, 101_000, 100_000]);
    await clock.advance(1_000);
    await first.outbox.counts();
    expect(readLife(join(path, 'alive')).life).toMatchObject({ laneMs: 102_000 });
    expect(readLife(join(path, 'alive')).life?.waitsSinceMs).toBeUndefined();
  });

  it.each(['close', 'kill'] as const)(
    'a run that ends (%s) before its lanes have begun has seen nothing',
    async (how) => {
      const path = temporaryFolder();
      const clock = handClock(100_000, WALL);
      const first = await open({ path, clock, bootId: 'a' });
      await first.watched();
      await first.close();
      clock.jump(60_000);
      const second = await open({ path, clock, bootId: 'a' });
      await clock.advance(5_000);
      await second.outbox.counts();
      const left = temporaryFolder();
      if (how === 'close') await second.close();
      cpSync(path, left, { recursive: true });
      clock.jump(1_000);
      const third = await open({ path: left, clock, bootId: 'a' });
      expect(third.boot.blindMs).toBe(66_000);
      await third.watched();
      await third.close();
      expect((await open({ path: left, clock, bootId: 'a' })).boot.blindMs).toBe(0);
    },
  );

  it('goes on after a reboot: at least as long as the new boot is old', async () => {
    const path = temporaryFolder();
    const first = await open({ path, clock: handClock(100_000, WALL), bootId: 'a' });
    await first.close();
    const { boot } = await open({ path, clock: handClock(12_000, 5), bootId: 'b' });
    expect(boot).toMatchObject({ newBoot: true, blindMs: 12_000 });
    expect(12_000 + boot.laneOffsetMs).toBe(112_000);
  });

  it('counts the outage where both wall times can be trusted', async () => {
    const path = temporaryFolder();
    const first = await open({ path, clock: handClock(100_000, WALL), bootId: 'a', wallTrusted: true });
    await first.close();
    const { boot } = await open({ path, clock: handClock(12_000, WALL + HOUR), bootId: 'b', wallTrusted: true });
    expect(boot.blindMs).toBe(HOUR);
    expect(12_000 + boot.laneOffsetMs).toBe(100_000 + HOUR);
  });

  it('does not take a synchronised 2037 for eleven years without power: nothing kept gets older by them', async () => {
    const path = temporaryFolder();
    const first = await open({ path, clock: handClock(100_000, WALL), bootId: 'a', wallTrusted: true });
    const { id } = await first.outbox.put(record('1'));
    await first.outbox.attach(id, { none: 'noCamera' });
    await first.outbox.delivered(id, {});
    const next = await first.outbox.put(record('2'));
    await first.close();
    const clock = handClock(12_000, Date.UTC(2037, 0, 1));
    const second = await open({ path, clock, bootId: 'b', wallTrusted: true });
    expect(second.boot).toMatchObject({ newBoot: true, blindMs: 12_000 });
    // Housekeeping, which removes what is older than thirty days.
    clock.jump(HOUR);
    await second.outbox.attach(next.id, { none: 'noCamera' });
    expect((await second.review.list({ limit: 5 })).map((one) => one.id)).toContain(id);
  });

  it('never runs back, whatever the kernel’s boot id says', async () => {
    const path = temporaryFolder();
    const first = await open({ path, clock: handClock(900_000, WALL), bootId: 'a' });
    await first.close();
    const { boot } = await open({ path, clock: handClock(3_000, WALL), bootId: 'a' });
    expect(boot.newBoot).toBe(true);
    expect(3_000 + boot.laneOffsetMs).toBeGreaterThanOrEqual(900_000);
  });
});

/** A record of a release that happens now, as the bridge would put it. */
async function putNow(store: Awaited<ReturnType<typeof open>>, clock: HandClock, id: string) {
  const releaseAtMs = Math.round(clock.nowMs() + store.boot.laneOffsetMs);
  const put = await store.outbox.put(
    record(id, { release: release(id, { releaseAtMs }), releaseWallMs: store.time.wallMsAt(clock.nowMs()) }),
  );
  await store.outbox.attach(put.id, { none: 'noCamera' });
  const kept = await store.review.get(put.id);
  if (kept === undefined) throw new Error('what was just put is not there');
  return kept.record;
}

describe('a boot in 1970 that is synchronised ten minutes later', () => {
  it('corrects the release times of what has not been sent, to the second', async () => {
    const clock = handClock(20_000, 0);
    const trueWallMs = (): number => WALL + clock.nowMs();
    const store = await open({ path: temporaryFolder(), clock, clockHoldMs: 15 * 60_000 });
    const truth = new Map<number, number>();
    for (const id of ['1', '2', '3']) {
      const put = await putNow(store, clock, id);
      truth.set(put.id, trueWallMs());
      expect(put.timeQuality).toBe('unknown');
      clock.jump(60_000);
    }
    // Held for the clock, although the pictures are settled.
    expect(await store.outbox.due(10)).toEqual([]);
    clock.jump(7 * 60_000);
    clock.step(trueWallMs() - clock.wallMs());
    store.time.synced(clock.nowMs(), clock.wallMs(), 1, 'timesyncd');
    const due = await store.outbox.due(10);
    expect(due).toHaveLength(3);
    for (const found of due) {
      expect(found.timeQuality).toBe('corrected');
      expect(Math.abs(found.releaseWallMs - (truth.get(found.id) ?? 0))).toBeLessThanOrEqual(1_000);
    }
    expect((await putNow(store, clock, '4')).timeQuality).toBe('synced');
    expect(store.time.quality).toBe('synced');
  });

  it('lets them go, marked, when the clock does not come', async () => {
    const clock = handClock(20_000, 0);
    const store = await open({ path: temporaryFolder(), clock, clockHoldMs: 60_000 });
    await putNow(store, clock, '1');
    clock.jump(60_000);
    expect(await store.outbox.due(10)).toMatchObject([{ timeQuality: 'unknown' }]);
  });

  it('leaves alone what has left the box', async () => {
    const clock = handClock(20_000, 0);
    const store = await open({ path: temporaryFolder(), clock });
    const put = await putNow(store, clock, '1');
    await store.outbox.sending(put.id);
    await store.outbox.retry(put.id, 0, 'timeout');
    store.time.synced(clock.nowMs(), WALL, 1, 'timesyncd');
    expect(await store.outbox.due(10)).toMatchObject([{ releaseWallMs: put.releaseWallMs, timeQuality: 'unknown' }]);
  });

  it('estimates an earlier boot that never was: its end lies just before the next start', async () => {
    const path = temporaryFolder();
    const dark = handClock(50_000, 0);
    const first = await open({ path, clock: dark, bootId: 'a' });
    await putNow(first, dark, '1');
    await first.close();
    const clock = handClock(10_000, WALL);
    const store = await open({ path, clock, bootId: 'b' });
    store.time.synced(clock.nowMs(), clock.wallMs(), 1, 'timesyncd');
    expect(await store.outbox.due(10)).toMatchObject([{ timeQuality: 'estimated', releaseWallMs: WALL - 10_000 }]);
  });
});

describe('the time of a phone', () => {
  const phone = 'phone:anna';

  it('dates what waited and what comes, with its error, until the network says better', async () => {
    const clock = handClock(20_000, 0);
    const store = await open({ path: temporaryFolder(), clock, clockHoldMs: 15 * 60_000 });
    await putNow(store, clock, '1');
    clock.jump(60_000);
    store.time.synced(clock.nowMs(), WALL, 2_050, phone);
    expect(store.time).toMatchObject({ quality: 'manual', errorMs: 2_050 });
    expect(await store.outbox.due(10)).toMatchObject([{ timeQuality: 'manual', releaseWallMs: WALL - 60_000 }]);
    expect(await putNow(store, clock, '2')).toMatchObject({
      timeQuality: 'manual',
      timeWithinMs: 2_050,
      releaseWallMs: WALL,
    });
    // The platform’s Date says nearly the same: the error is gone, and the time stays.
    store.time.synced(clock.nowMs(), WALL + 900, 1_000, 'https');
    expect(store.time).toMatchObject({ quality: 'corrected', errorMs: undefined });
    const later = await putNow(store, clock, '3');
    expect(later).toMatchObject({ timeQuality: 'corrected', releaseWallMs: WALL });
    expect(later).not.toHaveProperty('timeWithinMs');
    // And it is never asked again: neither now, nor when a step has cast doubt on all of it.
    store.time.synced(clock.nowMs() - 1, WALL + HOUR, 2_000, phone);
    expect(store.time.wallMsAt(clock.nowMs())).toBe(WALL);
    clock.step(HOUR);
    store.time.stepped(HOUR);
    store.time.synced(clock.nowMs() - 1, WALL + HOUR, 2_000, phone);
    expect(store.time.quality).toBe('unknown');
    expect(store.time.wallMsAt(clock.nowMs())).toBe(WALL);
    // What a phone says after the step counts: nobody else knows.
    clock.jump(1_000);
    store.time.synced(clock.nowMs(), WALL + 2_000, 2_000, phone);
    expect(store.time.quality).toBe('manual');
  });

  it('is taken again, and lasts over a restart of the program', async () => {
    const path = temporaryFolder();
    const clock = handClock(20_000, WALL);
    const first = await open({ path, clock });
    first.time.synced(clock.nowMs(), WALL + HOUR, 2_000, phone);
    clock.jump(1_000);
    first.time.synced(clock.nowMs(), WALL + 1_000, 2_000, phone);
    expect(first.time.wallMsAt(clock.nowMs())).toBe(WALL + 1_000);
    await first.close();
    const store = await open({ path, clock });
    expect(store.time.quality).toBe('manual');
    store.time.synced(clock.nowMs() - 500, WALL + 500, 2_000, phone);
    expect(await putNow(store, clock, '1')).toMatchObject({ timeQuality: 'manual', timeWithinMs: 2_000 });
  });
});

describe('a step of the system clock', () => {
  it.each([HOUR, -HOUR])('of %i ms after synchronisation moves no release time', async (step) => {
    const clock = handClock(20_000, WALL);
    const store = await open({ path: temporaryFolder(), clock, wallTrusted: true, clockHoldMs: 60_000 });
    clock.step(step);
    store.time.stepped(step);
    const put = await putNow(store, clock, '1');
    expect(put).toMatchObject({ releaseWallMs: WALL, timeQuality: 'unknown' });
    // The platform's Date agrees with what was known before.
    store.time.synced(clock.nowMs(), WALL + 400, 1_000, 'https');
    expect(await store.outbox.due(10)).toMatchObject([{ releaseWallMs: WALL, timeQuality: 'corrected' }]);
  });

  it('that proves right is followed', async () => {
    const clock = handClock(20_000, WALL - HOUR);
    const store = await open({ path: temporaryFolder(), clock, wallTrusted: true });
    clock.step(HOUR);
    store.time.stepped(HOUR);
    await putNow(store, clock, '1');
    store.time.synced(clock.nowMs(), clock.wallMs(), 1, 'timesyncd');
    expect(await store.outbox.due(10)).toMatchObject([{ releaseWallMs: WALL }]);
    expect(store.time.wallMsAt(clock.nowMs())).toBe(WALL);
  });

  it('during a restart is noticed too', async () => {
    const path = temporaryFolder();
    const clock = handClock(20_000, WALL);
    const first = await open({ path, clock, bootId: 'a', wallTrusted: true });
    await first.close();
    clock.jump(5_000);
    clock.step(HOUR);
    const store = await open({ path, clock, bootId: 'a' });
    expect(store.time.quality).toBe('unknown');
    expect(store.time.wallMsAt(clock.nowMs())).toBe(WALL + 5_000);
  });

  it('orders nothing: rows are in the order they were put', async () => {
    const path = temporaryFolder();
    const clock = handClock(20_000, WALL);
    const store = await open({ path, clock });
    for (const id of ['1', '2', '3', '4']) {
      await putNow(store, clock, id);
      clock.jump(100);
      clock.step(-HOUR);
    }
    const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    expect(database.prepare('SELECT release_id FROM release ORDER BY id').pluck().all()).toEqual(['1', '2', '3', '4']);
    database.close();
    expect((await store.outbox.due(4)).map(({ release: { id } }) => id)).toEqual(['1', '2', '3', '4']);
  });
});

describe('a release in progress at a power cut', () => {
  /** The arm goes up at WALL + 8 s, the power goes a second later, and comes back after `offMs`; the boot takes ten seconds. */
  async function overTheCut(offMs: number, rtcFastMs = 0) {
    const path = temporaryFolder();
    const before = handClock(500_000, WALL + rtcFastMs);
    const first = await open({ path, clock: before, bootId: 'a' });
    before.jump(8_000);
    const releaseAtMs = Math.round(before.nowMs() + first.boot.laneOffsetMs);
    before.jump(1_000);
    await first.close();
    const clock = handClock(10_000, WALL + 9_000 + offMs + 10_000 + rtcFastMs);
    const store = await open({ path, clock, bootId: 'b', clockHoldMs: 60_000 });
    const releaseWallMs = store.time.wallMsAt(releaseAtMs - store.boot.laneOffsetMs);
    const put = await store.outbox.put(record('1', { release: release('1', { releaseAtMs }), releaseWallMs }));
    await store.outbox.attach(put.id, { none: 'noCamera' });
    const kept = async () => (await store.review.get(put.id))?.record;
    return { store, clock, kept };
  }
  const OPENED = WALL + 8_000;
  const CUT = WALL + 9_000;

  it.each([0, 5_000, HOUR])('of %i ms is dated before the cut, and says by how much it may be wrong', async (offMs) => {
    const { kept } = await overTheCut(offMs);
    const found = await kept();
    expect(found).toMatchObject({ releaseWallMs: OPENED, timeQuality: 'unknown' });
    expect(found?.releaseWallMs).toBeLessThan(CUT);
    if (offMs === 0) expect(found?.timeErrorMs).toBeUndefined();
    else expect(found?.timeErrorMs).toBe(offMs);
  });

  it('is corrected with the clock that both boots went by', async () => {
    const { store, clock, kept } = await overTheCut(HOUR, 40_000);
    store.time.synced(clock.nowMs(), clock.wallMs() - 40_000, 1, 'timesyncd');
    expect(await kept()).toMatchObject({ releaseWallMs: OPENED, timeQuality: 'estimated' });
  });
});
