/**
 * A clock that showed 2037 for a while: the days after it are counted as ever, and what was counted under it stands in the day that it was. One that went
 * back moves no day.
 */
import { expect, it } from 'vitest';
import type { AccountDay, FoldKnowledge } from '../../src/account/account.ts';
import { beginOf, DAY_MS } from '../../src/account/days.ts';
import { LaneAccount } from '../../src/account/lane-account.ts';
import type { CountedOpening } from '../../src/lane/counted.ts';

const HOUR_MS = 3_600_000;

/** An opening by hand that is over. */
function opening(openingId: string): CountedOpening {
  return {
    ...{ of: 'opening', openingId, startAtMs: 0, begun: 'hand', press: 'button', passed: false, captureId: null },
  } as CountedOpening;
}

const countOf = (rows: AccountDay): number => Object.values(rows.rows).reduce((sum, [count]) => sum + count, 0);

function lane() {
  let wallMs = beginOf('2026-11-30') + 9 * HOUR_MS;
  const known: FoldKnowledge = { wallOf: () => wallMs };
  const account = new LaneAccount('1001', known);
  const kept = new Map<string, AccountDay>();
  const keep = (): void => {
    for (const { day, rows } of account.changed()) {
      kept.set(day, rows);
      account.kept(day, rows);
    }
  };
  const openAt = (atWallMs: number, id: string): void => {
    wallMs = atWallMs;
    account.take({ kind: 'count', counted: opening(id), atMs: 0 });
    keep();
  };
  return { openAt, kept };
}

it('carries no later day with it', () => {
  const { openAt, kept } = lane();
  openAt(beginOf('2026-11-30') + 9 * HOUR_MS, 'o1');
  openAt(beginOf('2037-01-01') + 10 * HOUR_MS, 'o2');
  openAt(beginOf('2037-01-02') + 10 * HOUR_MS, 'o3');
  for (let day = 1; day <= 5; day += 1) openAt(beginOf('2026-11-30') + day * DAY_MS + HOUR_MS, `o${day + 3}`);
  const counts = Object.fromEntries([...kept].map(([day, rows]) => [day, countOf(rows)]));
  expect(counts).toEqual({
    '2026-11-30': 1,
    '2026-12-01': 3,
    '2026-12-02': 1,
    '2026-12-03': 1,
    '2026-12-04': 1,
    '2026-12-05': 1,
    '2037-01-01': 0,
    '2037-01-02': 0,
  });
  for (const rows of kept.values()) expect(rows.corrections).toEqual([]);
});

it.each(['1970-01-01', '2000-01-01', '2025-06-01', '2026-03-01', '2026-11-29'])(
  'went back to %s and moves no day',
  (wrong) => {
    const { openAt, kept } = lane();
    const days = ['2026-11-28', '2026-11-29', '2026-11-30'];
    for (const [index, day] of days.entries())
      for (let n = 0; n <= index; n += 1) openAt(beginOf(day) + (n + 1) * HOUR_MS, `${day} ${n}`);
    const before = days.map((day) => countOf(kept.get(day) as AccountDay));
    openAt(beginOf(wrong) + HOUR_MS, 'wrong');
    openAt(beginOf('2026-11-30') + 20 * HOUR_MS, 'right again');
    const after = days.map((day) => countOf(kept.get(day) as AccountDay) + (kept.get(day)?.corrections.length ?? 0));
    expect(before).toEqual([1, 2, 3]);
    // The one of the wrong clock is somewhere, and each of the others where it was.
    expect(after.reduce((sum, count) => sum + count, 0)).toBe(8);
    expect(after[0]).toBe(1);
    expect(after[2]).toBeGreaterThanOrEqual(4);
  },
);
