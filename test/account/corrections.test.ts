/** What comes late moves what it concerns: in its own hour while that day is open, as a correction beside it after that; the day that was final stays as it was. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { type Account, emptyAccount, type FoldKnowledge, fold } from '../../src/account/account.ts';
import { beginOf, DAY_MS, daysAfter, hourOf } from '../../src/account/days.ts';
import { buildSheet, rowsOfDay, type SheetSource } from '../../src/account/sheet.ts';
import { finished } from '../../src/account/steps.ts';
import type { CountedPassage, CountedPayment } from '../../src/lane/counted.ts';
import type { LaneEffect, Release } from '../../src/lane/types.ts';
import fc from '../property.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, record, release, temporaryFolder } from '../store/open.ts';

const FIRST = '2026-11-01';
const DAYS = 12;
const BEGIN_MS = beginOf(FIRST);
const HOUR_MS = 3_600_000;
/** Every third has no sum, and every third an estimate. */
const owedOf = (index: number, amount: number) =>
  index % 3 === 0 ? undefined : ({ by: index % 3 === 1 ? 'told' : 'tariff', amount } as const);
const knownOf = (all: readonly Story[]): FoldKnowledge => ({
  wallOf: (laneMs) => BEGIN_MS + laneMs,
  owedOf: ({ id }) => owedOf(Number(id.slice(1)), all[Number(id.slice(1))]?.amount ?? 0),
});

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

function effectsOf(all: readonly Story[], reported: boolean): readonly LaneEffect[] {
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
    const given: Release = release(releaseId, { releaseAtMs: atMs, reported });
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
        { kind: 'withdraw' as const, releaseId, why: 'paidLate' as const, facts, atMs: paidMs },
        { kind: 'count' as const, counted: payment, atMs: paidMs },
      ],
    };
    return [passes, pays];
  });
  return timed.sort((a, b) => a.atMs - b.atMs).flatMap(({ effects }) => effects);
}

/** As the store has them: each day as it was last kept. */
function keptOf(all: readonly Story[], reported = true): ReadonlyMap<string, string> {
  let account: Account = emptyAccount();
  const kept = new Map<string, string>();
  for (const effect of effectsOf(all, reported)) {
    const open = Object.keys(account.days);
    account = fold(account, effect, knownOf(all));
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
      const kept = keptOf(all);
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
        const unpaid = own.flatMap((one) =>
          one.paidAfterHours === null ? [owedOf(all.indexOf(one), one.amount) ?? { by: 'none', amount: 0 }] : [],
        );
        expect(sheet.owed.total).toBe(unpaid.length);
        for (const [column, by] of [
          ['told', 'told'],
          ['estimated', 'tariff'],
          ['without', 'none'],
        ]) {
          const theirs = unpaid.filter((one) => one.by === by);
          const { count = 0, amount = 0 } = sheet.owed.columns.find((one) => one.column === column) ?? {};
          expect(count).toBe(theirs.length);
          expect(amount).toBe(theirs.reduce((sum, one) => sum + one.amount, 0));
        }
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
  const kept = keptOf(many);
  for (const [day, rows] of kept) await store.accounts.keep('1001', day, rows, '{}');
  const texts = await store.accounts.between(FIRST, daysAfter(FIRST, 3 * DAYS));
  await store.close();
  const sql = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const sums = sql.prepare(
    `SELECT name AS column, sum(count) AS count, sum(amount) AS amount FROM (
       SELECT replace(key, rtrim(key, replace(key, char(9), '')), '') AS name, value ->> 0 AS count, value ->> 1 AS amount
         FROM account, json_each(rows, '$.rows') WHERE day = @day AND key LIKE '%' || char(9) || @part || char(9) || '%'
       UNION ALL
       SELECT value ->> '$.column', value ->> '$.count', value ->> '$.amount' FROM account, json_each(rows, '$.corrections')
         WHERE value ->> '$.day' = @day AND value ->> '$.part' = @part)
     GROUP BY name HAVING sum(count) <> 0 OR sum(amount) <> 0 ORDER BY name`,
  );
  for (const day of days) {
    const sheet = finished(buildSheet({ ...sourceOf(kept, day), texts }));
    for (const [part, { columns }] of [
      ['passage', sheet.passages],
      ['payment', sheet.payments],
      ['owed', sheet.owed],
    ] as const) {
      const ours = [...columns].sort((a, b) => (a.column < b.column ? -1 : 1));
      expect(ours, part).toEqual(sums.all({ day, part }));
    }
  }
  const moved = sql.prepare("SELECT count(*) AS count FROM account, json_each(rows, '$.corrections')").get();
  sql.close();
  expect(moved).not.toEqual({ count: 0 });
});

it('a record that a person has dropped owes nothing, under whom it was counted', async () => {
  const all: readonly Story[] = [2, 2, 3, 3].map((hour, index) => ({
    hour,
    paidAfterHours: null,
    amount: 500 + index,
  }));
  const kept = keptOf(all, false);
  const store = await open({ path: temporaryFolder(), clock: handClock(0, BEGIN_MS), wallTrusted: true });
  for (const [index, { hour, amount }] of all.entries()) {
    const owed = owedOf(index, amount);
    const known = owed && { known: { owed: { ...owed, plate: '', wallMs: 0 } } };
    const releaseWallMs = BEGIN_MS + hour * HOUR_MS;
    const { id } = await store.outbox.put(
      record('', {
        release: release(`r${index}`, { releaseAtMs: hour * HOUR_MS, reported: false }),
        releaseWallMs,
        ...known,
      }),
    );
    if (index !== 2) await store.review.dismiss(id, 'wrong', 'auditor', 'both');
  }
  const dropped = await store.accounts.dropped(BEGIN_MS, BEGIN_MS + DAY_MS);
  await store.close();
  expect(dropped.map(({ exit, owed }) => [exit, owed])).toEqual([
    [true, undefined],
    [true, { by: 'told', amount: 501 }],
    [true, undefined],
  ]);
  const { owed, byHour } = finished(buildSheet({ ...sourceOf(kept, FIRST), dropped }));
  expect(owed).toEqual({ total: 1, columns: [{ column: 'estimated', count: 1, amount: 502 }] });
  expect(byHour.map(({ unpaid, owedTold, owedEstimated }) => [unpaid, owedTold, owedEstimated])).toEqual([
    [0, 0, 0],
    [1, 0, 502],
  ]);
});
