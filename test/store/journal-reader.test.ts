/** The journal as a replay reads it: rows in a wall-time range, snapshots, settings, and the verdicts of then. */
import { describe, expect, it } from 'vitest';
import type { LaneEvent } from '../../src/lane/types.ts';
import { openJournalReader } from '../../src/store/files/journal-reader.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, temporaryFolder } from './open.ts';

const WALL = Date.UTC(2026, 10, 24, 4, 0, 0);
const tick = (atMs: number): LaneEvent => ({ kind: 'tick', atMs });

describe('the reader', () => {
  it('gives rows by wall time, per lane, while the store is in use', async () => {
    const path = temporaryFolder();
    const clock = handClock(10_000, WALL);
    const store = await open({ path, clock, wallTrusted: true });
    for (let second = 0; second < 10; second += 1) {
      store.journal.append(second % 2 === 0 ? '1001' : '1002', tick(clock.nowMs()));
      clock.jump(1_000);
    }
    await store.journal.flush();
    const reader = openJournalReader(path);
    expect(reader.lanes()).toEqual(['1001', '1002']);
    const rows = [...reader.rows({ fromWallMs: WALL + 2_000, toWallMs: WALL + 6_000 })];
    expect(rows.map(({ laneId, wallMs }) => [laneId, wallMs - WALL])).toEqual([
      ['1001', 2_000],
      ['1002', 3_000],
      ['1001', 4_000],
      ['1002', 5_000],
    ]);
    expect([...reader.rows({}, '1002')]).toHaveLength(5);
    const [first, , last] = rows.map(({ seq }) => seq) as [number, number, number];
    expect([...reader.rowsBetween('1001', first - 2, last)].map(({ seq, event }) => [seq, event])).toEqual([
      [first, tick(12_000)],
      [last, tick(14_000)],
    ]);
    reader.close();
  });

  it('gives wall times as corrected later', async () => {
    const path = temporaryFolder();
    const clock = handClock(10_000, 0);
    const store = await open({ path, clock });
    store.journal.append('1001', tick(10_000));
    await store.journal.flush();
    clock.jump(60_000);
    store.time.synced(clock.nowMs(), WALL, 1, 'timesyncd');
    await store.journal.flush();
    const reader = openJournalReader(path);
    expect([...reader.rows({})].map(({ wallMs }) => wallMs)).toEqual([WALL - 60_000]);
    reader.close();
  });

  it('gives snapshots, settings and the verdicts of then', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    const { journal } = store;
    journal.epoch('1001', { settle: 1 });
    journal.epoch('1001', { settle: 1 });
    journal.append('1001', tick(1));
    journal.snapshot('1001', { at: 1 });
    journal.append('1001', tick(2));
    journal.epoch('1001', { settle: 2 });
    journal.append('1001', tick(3));
    journal.snapshot('1001', { at: 3 });
    await journal.flush();
    const reader = openJournalReader(path);
    const epochs = reader.epochs('1001');
    expect(epochs.map(({ settings }) => settings)).toEqual([{ settle: 1 }, { settle: 2 }]);
    expect(reader.snapshotBefore('1001', epochs[1]?.seq ?? 0)).toMatchObject({ state: { at: 1 } });
    expect(reader.snapshotBefore('1001', 99)).toMatchObject({ state: { at: 3 } });
    expect(reader.snapshotBefore('1001', 0)).toBeUndefined();
    reader.close();
  });

  it('says when there is no store', () => {
    expect(() => openJournalReader(temporaryFolder())).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
