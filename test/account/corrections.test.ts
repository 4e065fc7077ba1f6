/** What comes late moves what it concerns: in its own hour while that day is open, as a correction beside it after that; the day that was final stays as it was. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { type Account, emptyAccount, fold } from '../../src/account/account.ts';
import { beginOf, DAY_MS, daysAfter, hourOf } from '../../src/account/days.ts';
import { buildSheet, rowsOfDay, type SheetSource } from '../../src/account/sheet.ts';
import { finished } from '../../src/account/steps.ts';
import type { CountedPassage, CountedPayment } from '../../src/lane/counted.ts';
import type { LaneEffect, Release } from '../../src/lane/types.ts';
import fc from '../property.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, release, temporaryFolder } from '../store/open.ts';

const FIRST = '2026-11-01';
const DAYS = 12;
const BEGIN_MS = beginOf(FIRST);
const HOUR_MS = 3_600_000;
const known = { wallOf: (laneMs: number): number => BEGIN_MS + laneMs };

/** A vehicle let out by hand, and when its payment came after all: not at all, or so many hours later. */
interface Story {
  readonly hour: number;
  readonly paidAfterHours: number | null;
  readonly amount: number;
}
const stories = fc.array(
  fc.record({
    hour: fc.nat({ max: DAYS * 24 - 1 }),
    paidAfterHours: fc.option(fc.nat({ max: 9 * 24 })),
    amount: fc.nat({ max: 10_000 }),
  }),
  { minLength: 1, maxLength: 40 },
);

function effectsOf(all: readonly Story[]): readonly LaneEffect[] {
  const timed = all.flatMap(({ hour, paidAfterHours, amount }, index): { atMs: number; effects: LaneEffect[] }[] => {
    const releaseId = `r${index}`;
    const atMs = hour * HOUR_MS;
    const passage: CountedPassage = {
      ...{
        of: 'passage',
        bodyId: index,
        passedAtMs: atMs,
        openingId: `o${index}`,
        first: { begun: 'hand', press: 'button' },
      },
      ...{
        how: 'uncovered',
        otherPlate: false,
        presumed: false,
        maintenance: false,
        releaseId,
        plate: null,
        captureId: null,
      },
    };
    const given: Release = release(releaseId, { releaseAtMs: atMs });
    const passes = {
      atMs,
      effects: [
        { kind: 'release' as const, release: given, atMs },
        { kind: 'count' as const, counted: passage, atMs },
      ],
    };
    if (paidAfterHours === null) return [passes];
    const paidMs = atMs + paidAfterHours * HOUR_MS + 1_000;
    const payment: CountedPayment = {
      ...{ of: 'payment', fate: 'late', grantId: `g${index}`, scope: 'lane', means: 'paid', units: 1 },
      ...{ amount, currency: 'CNY', operator: null, plate: null, bodyId: null },
    };
    const facts = [{ kind: 'paidLate' as const, atMs: paidMs, values: { releaseId, grantId: `g${index}` } }];
    const pays = {
      atMs: paidMs,
      effects: [
        { kind: 'withdraw' as const, releaseId, facts, atMs: paidMs },
        { kind: 'count' as const, counted: payment, atMs: paidMs },
      ],
    };
    return [passes, pays];
  });
  return timed.sort((a, b) => a.atMs - b.atMs).flatMap(({ effects }) => effects);
}

/** As the store has them: each day as it was last kept. */
function keptOf(effects: readonly LaneEffect[]): ReadonlyMap<string, string> {
  let account: Account = emptyAccount();
  const kept = new Map<string, string>();
  for (const effect of effects) {
    const open = Object.keys(account.days);
    account = fold(account, effect, known);
    for (const [day, rows] of Object.entries(account.days)) {
      // A day that has left is never written again.
      if (kept.has(day) && !open.includes(day)) expect.fail(`${day} was final`);
      kept.set(day, JSON.stringify(rows));
    }
  }
  return kept;
}

const sourceOf = (kept: ReadonlyMap<string, string>, day: string): SheetSource => ({
  ...{ day, lanes: [], lines: [], dropped: [], plates: [], nowWallMs: BEGIN_MS + DAYS * DAY_MS },
  texts: [...kept].map(([of, rows]) => ({ laneId: '1001', day: of, rows })),
});

const days = Array.from({ length: DAYS }, (_, index) => daysAfter(FIRST, index));

it('the sheet says what is so now, whenever it came, and closes', () => {
  fc.assert(
    fc.property(stories, (all) => {
      const kept = keptOf(effectsOf(all));
      for (const day of days) {
        const own = all.filter(({ hour }) => Math.floor(hour / 24) === days.indexOf(day));
        const paid = own.filter(({ paidAfterHours }) => paidAfterHours !== null);
        const rows = finished(rowsOfDay(sourceOf(kept, day)));
        const at = (column: string, hour: number) =>
          rows.reduce((sum, row) => sum + (row.column === column && row.hour === hour ? row.count : 0), 0);
        for (const hour of new Set(own.map(({ hour: each }) => hourOf(BEGIN_MS + each * HOUR_MS)))) {
          const is = (one: Story) => one.hour % 24 === hour;
          expect(at('withdrawn.paidLate', hour)).toBe(paid.filter(is).length);
          expect(at('reported.manual', hour)).toBe(own.filter(is).length - paid.filter(is).length);
        }
        const sheet = finished(buildSheet(sourceOf(kept, day)));
        expect(sheet.gaps).toEqual([]);
        const told = sheet.payments.columns.find(({ column }) => column === 'usedLate');
        expect(told?.amount ?? 0).toBe(paid.reduce((sum, { amount }) => sum + amount, 0));
      }
    }),
    { numRuns: 25 },
  );
});

it('its sums are those of SQL over rows and corrections', async () => {
  const path = temporaryFolder();
  const store = await open({ path, clock: handClock() });
  const [all = []] = fc.sample(stories, { numRuns: 1, seed: 7 });
  const many = Array.from({ length: 8 }, (_, index) =>
    all.map((one) => ({ ...one, hour: (one.hour + 31 * index) % (24 * DAYS) })),
  ).flat();
  const kept = keptOf(effectsOf(many));
  for (const [day, rows] of kept) await store.accounts.keep('1001', day, rows, '{}');
  const texts = await store.accounts.between(FIRST, daysAfter(FIRST, 3 * DAYS));
  await store.close();
  const sql = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const sums = sql.prepare(
    `SELECT name AS column, sum(count) AS count FROM (
       SELECT replace(key, rtrim(key, replace(key, char(9), '')), '') AS name, value ->> 0 AS count
         FROM account, json_each(rows, '$.rows') WHERE day = @day AND key LIKE '%' || char(9) || 'passage' || char(9) || '%'
       UNION ALL
       SELECT value ->> '$.column', value ->> '$.count' FROM account, json_each(rows, '$.corrections')
         WHERE value ->> '$.day' = @day AND value ->> '$.part' = 'passage')
     GROUP BY name HAVING sum(count) <> 0 ORDER BY name`,
  );
  for (const day of days) {
    const { columns } = finished(buildSheet({ ...sourceOf(kept, day), texts })).passages;
    const ours = columns.map(({ column, count }) => ({ column, count })).sort((a, b) => (a.column < b.column ? -1 : 1));
    expect(ours).toEqual(sums.all({ day }));
  }
  const moved = sql.prepare("SELECT count(*) AS count FROM account, json_each(rows, '$.corrections')").get();
  sql.close();
  expect(moved).not.toEqual({ count: 0 });
});
