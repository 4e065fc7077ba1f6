/** Lives of a lane at random: whatever happens, the account closes, and says the same as what the lane gave out. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type AccountRow, emptyAccount, type FoldKnowledge, fold } from '../../src/account/account.ts';
import { balances, rowsOf, unclosed } from '../../src/account/closing.ts';
import { groupOf } from '../../src/account/columns.ts';
import type { Grant, LaneEffect, LaneEvent } from '../../src/lane/types.ts';
import { readScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { runScenario } from '../../src/simulate/scenario/scenario-run.ts';
import { edge, lives, START_MS } from '../lane/arbitrary.ts';
import { drive } from '../lane/drive.ts';
import { passage, settings } from '../lane/tills.ts';
import fc from '../property.ts';

/** A day in the middle of which lives begin. */
const NOON_MS = Date.parse('2026-11-25T12:00:00+08:00');
const RUNS = { numRuns: 300 };
const KNOWN: FoldKnowledge = {
  wallOf: (laneMs) => NOON_MS + laneMs,
  // Shifts far shorter than any, so that lives have changes of them in the middle of openings.
  dutyOf: (laneMs) => {
    const turn = Math.floor(laneMs / 40_000);
    return turn % 4 === 3 ? undefined : { operator: `op${turn % 2}`, sinceWallMs: NOON_MS + turn * 40_000 };
  },
  owedOf: ({ id }) => {
    const number = Number(id.slice(1));
    return number % 3 === 2 ? undefined : { by: number % 3 === 0 ? 'told' : 'tariff', amount: 100 + number };
  },
};

function accountOf(effects: readonly LaneEffect[]) {
  return effects.reduce((account, effect) => fold(account, effect, KNOWN), emptyAccount());
}

const allRows = (effects: readonly LaneEffect[]): readonly AccountRow[] =>
  Object.values(accountOf(effects).days).flatMap(({ rows }) => rowsOf(rows));

const sum = (rows: readonly AccountRow[], part: AccountRow['part'], group?: string): number =>
  rows
    .filter((row) => row.part === part && (group === undefined || groupOf(row.column) === group))
    .reduce((total, { count }) => total + count, 0);

const byShift = (rows: readonly AccountRow[]): readonly (readonly AccountRow[])[] =>
  [...new Set(rows.map(({ since }) => since))].map((since) => rows.filter((row) => row.since === since));

describe('the account', () => {
  it('closes in every hour and every shift, or asks', () => {
    fc.assert(
      fc.property(lives, ({ settings, events }) => {
        const { effects } = drive(events, settings, { afterMs: 30 * 3_600_000 });
        for (const { rows, questions, corrections } of Object.values(accountOf(effects).days)) {
          const asked = questions.filter(({ kind }) => kind !== 'passageUnclear');
          if (asked.length === 0) expect(unclosed(rowsOf(rows))).toEqual([]);
          if (asked.length === 0)
            for (const own of byShift(rowsOf(rows)))
              for (const { equation, left, right } of balances(own)) expect(left, equation).toBe(right);
          expect(corrections).toEqual([]);
          for (const { count } of rowsOf(rows)) expect(count).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  it('counts every payment once, and every release where it stands', () => {
    fc.assert(
      fc.property(lives, ({ settings, events }) => {
        const { effects, state } = drive(events, settings, { afterMs: 30 * 3_600_000 });
        const rows = allRows(effects);
        const left = state.lane.kept.grants.reduce((total, hold) => total + hold.left, 0);
        expect(sum(rows, 'payment') + left).toBe(sum(rows, 'told'));
        const passages = effects.flatMap((one) =>
          one.kind === 'count' && one.counted.of === 'passage' ? [one.counted] : [],
        );
        expect(sum(rows, 'passage')).toBe(passages.filter(({ lostTo }) => lostTo === undefined).length);
        const ids = passages.flatMap(({ releaseId }) => (releaseId === null ? [] : [releaseId]));
        expect(new Set(ids).size).toBe(ids.length);
        const gone = new Set(
          effects.flatMap((one) => (one.kind === 'withdraw' || one.kind === 'correct' ? [one.releaseId] : [])),
        );
        const passed = effects.flatMap((one) =>
          one.kind === 'release' && one.release.facts.some(({ kind }) => kind === 'vehicle') ? [one.release.id] : [],
        );
        expect(passed.filter((id) => !ids.includes(id) && !gone.has(id))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('has each exit that nobody paid for once, with its sum or without, and none that was paid late', () => {
    fc.assert(
      fc.property(lives, ({ settings, events }) => {
        const { effects } = drive(events, settings, { afterMs: 30 * 3_600_000 });
        const releases = effects.flatMap((one) => (one.kind === 'release' ? [one.release] : []));
        const gone = effects.flatMap((one) =>
          one.kind === 'withdraw' || one.kind === 'correct' ? [one.releaseId] : [],
        );
        const unpaid = effects.flatMap((one) => {
          if (one.kind !== 'count' || one.counted.of !== 'passage') return [];
          const { how, maintenance, presumed, releaseId } = one.counted;
          const given = releases.find(({ id }) => id === releaseId);
          const isExit = given?.direction === 'exit' && given.passed && given.verdict !== 'automatic';
          const counts = isExit && how === 'uncovered' && !maintenance && !presumed && !gone.includes(given.id);
          return counts ? [given] : [];
        });
        const owed = unpaid.map((one) => ({ by: 'none', amount: 0, ...KNOWN.owedOf?.(one) }));
        const own = allRows(effects).filter(({ part }) => part === 'owed');
        for (const [column, by] of [
          ['told', 'told'],
          ['estimated', 'tariff'],
          ['without', 'none'],
        ] as const) {
          const rows = own.filter((row) => row.column === column);
          const theirs = owed.filter((one) => one.by === by);
          expect(
            rows.reduce((total, { count }) => total + count, 0),
            column,
          ).toBe(theirs.length);
          expect(
            rows.reduce((total, { amount }) => total + amount, 0),
            column,
          ).toBe(theirs.reduce((total, { amount }) => total + amount, 0));
        }
      }),
      RUNS,
    );
  });

  it('is the same when the same is folded in two halves', () => {
    fc.assert(
      fc.property(lives, fc.nat(), ({ settings, events }, cut) => {
        const { effects } = drive(events, settings);
        const at = effects.length === 0 ? 0 : cut % effects.length;
        const half = effects.slice(0, at).reduce((account, effect) => fold(account, effect, KNOWN), emptyAccount());
        const again = JSON.parse(JSON.stringify(half)) as typeof half;
        const whole = effects.slice(at).reduce((account, effect) => fold(account, effect, KNOWN), again);
        expect(whole).toEqual(accountOf(effects));
      }),
      RUNS,
    );
  });

  it('remembers nothing of a payer whose payment nobody else can claim: it goes to the card with every snapshot', () => {
    const paying = Array.from({ length: 150 }, (_, index): LaneEvent[] => {
      const [plate, atMs] = [`粤B${10_000 + index * 37}`, START_MS + 5_000 + index * 60_000];
      const grant: Grant = {
        id: `p${index}`,
        scope: 'lane',
        plate,
        count: 1,
        kind: 'paid',
        issuedAtMs: atMs,
        source: 'pms',
      };
      return [{ kind: 'grant', grant, atMs }, ...passage(plate, atMs)];
    });
    const idle = settings.roles.map((role) => edge(role, role === 'down', START_MS));
    const events = [...idle, ...paying.flat()].sort((one, other) => one.atMs - other.atMs);
    const account = accountOf(drive(events, settings).effects);
    expect(
      sum(
        Object.values(account.days).flatMap((day) => rowsOf(day.rows)),
        'passage',
        'covered',
      ),
    ).toBe(150);
    expect(account.covered ?? {}).toEqual({});
  });

  it('moves a passage whose payment was for another, once by its plate and once paid late, and counts each payment once', () => {
    const story = new URL('../scenarios/359-the-exact-plate-goes-first.yaml', import.meta.url);
    const rows = allRows(runScenario(readScenario(fileURLToPath(story))).effects);
    const counts: Record<string, number> = {};
    for (const { part, column, count } of rows)
      if (part !== 'owed') counts[`${part} ${column}`] = (counts[`${part} ${column}`] ?? 0) + count;
    expect(counts).toEqual({
      'told lane': 1,
      'told ahead': 1,
      'opening hand.button': 2,
      'opening granted.paid': 2,
      'passage review.manual': 2,
      'passage covered.paid': 2,
      'payment used': 1,
      'payment used.ahead': 1,
    });
    expect(unclosed(rows)).toEqual([]);
  });
});
