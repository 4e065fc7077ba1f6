/** The account on disk: its sums equal SQL over the tables it was counted beside, and a crash changes none of them. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { emptyAccount, fold, NO_DAY } from '../../src/account/account.ts';
import { Accountant } from '../../src/account/accountant.ts';
import { LaneAccount } from '../../src/account/lane-account.ts';
import { readRows } from '../../src/account/read-sheet.ts';
import { rowsOfDay } from '../../src/account/sheet.ts';
import { finished } from '../../src/account/steps.ts';
import { Bridge } from '../../src/app/bridge.ts';
import { initialState, STATE_VERSION, step } from '../../src/lane/lane.ts';
import type { LaneEvent, LaneSettings, Release } from '../../src/lane/types.ts';
import type { NewRecord } from '../../src/store/record-types.ts';
import { migrate, openDatabase } from '../../src/store/thread/database.ts';
import { MIGRATIONS } from '../../src/store/thread/schema.ts';
import type { Boot, Journal, Outbox } from '../../src/store/types.ts';
import { lives } from '../lane/arbitrary.ts';
import { drive } from '../lane/drive.ts';
import fc from '../property.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, record, temporaryFolder } from '../store/open.ts';

const NOON_MS = Date.parse('2026-11-25T12:00:00+08:00');
const DAY = '2026-11-25';
const wallOf = (laneMs: number): number => NOON_MS + laneMs;
const LANES = 60;

describe('the account on disk', () => {
  it('has the sums of SQL over journal, records and rows', async () => {
    const path = temporaryFolder();
    const store = await open({ path, clock: handClock(), wallTrusted: true });
    const plain = fc.sample(lives, LANES).map((life, index) => ({ ...life, lane: `${1001 + index}` }));
    // There a record of nobody stands for a vehicle that passed after it, or one that was sent has been paid since: the record says less than the account.
    const later = new Set<unknown>();
    for (const { lane, settings, events } of plain) {
      const { effects, journal } = drive(events, settings, { afterMs: 2 * 3_600_000 });
      for (const event of journal) store.journal.append(lane, event);
      const accountant = new Accountant(store.accounts, handClock());
      const account = accountant.open(lane, { wallOf, owedOf });
      for (const effect of effects) {
        account.take(effect);
        if (effect.kind === 'note' && effect.fact.kind === 'firstPassageLater') later.add(lane);
        if (effect.kind === 'correct' && effect.why === 'paidLate') later.add(lane);
        if (effect.kind === 'release')
          await store.outbox.put(
            record('', {
              ...{ laneId: lane, release: effect.release, releaseWallMs: wallOf(effect.release.releaseAtMs) },
              ...knownOf(effect.release),
            }),
          );
        if (effect.kind === 'withdraw') await store.outbox.withdraw(lane, effect.releaseId, 'paid');
      }
      await accountant.keep();
    }
    const texts = await store.accounts.between(DAY, DAY);
    const rows = finished(rowsOfDay({ day: DAY, lane: undefined, texts, dropped: [] }));
    await store.close();
    const sql = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    const sums = (part: string, columns: string) =>
      sql
        .prepare(
          `SELECT lane_id AS lane, sum(value ->> 0) AS count FROM account, json_each(rows, '$.rows')
           WHERE key LIKE '%' || char(9) || ? || char(9) || '%' AND key GLOB ? GROUP BY lane_id HAVING sum(value ->> 0) <> 0`,
        )
        .all(part, `*${columns}`);
    const ours = (part: string, is: (column: string) => boolean) => {
      const byLane = new Map<string, number>();
      for (const row of rows)
        if (row.part === part && is(row.column)) byLane.set(row.lane, (byLane.get(row.lane) ?? 0) + row.count);
      return [...byLane].map(([lane, count]) => ({ lane, count })).sort((a, b) => a.lane.localeCompare(b.lane));
    };
    expect(sums('told', '')).toEqual(ours('told', () => true));
    for (const group of ['reported', 'review', 'covered'])
      expect(sums('passage', `${group}.*`)).toEqual(ours('passage', (column) => column.startsWith(`${group}.`)));
    // Of the journal: each payment told once, by its id and content; an id again with other content is a payment of its own.
    const told = sql
      .prepare(
        `SELECT lane, sum(count) AS count FROM (
           SELECT lane_id AS lane, event ->> '$.grant.id' AS id, event ->> '$.grant.count' AS count,
             min(at_ms * 1000000 + seq) FROM journal
           WHERE event LIKE '{"kind":"grant"%' AND event ->> '$.grant.count' >= 1
             AND (event ->> '$.grant.scope' = 'lane' OR event ->> '$.grant.plate' IS NOT NULL)
           GROUP BY 1, 2, json_remove(event ->> '$.grant', '$.issuedAtMs')) GROUP BY lane ORDER BY lane`,
      )
      .all();
    expect(ours('told', () => true)).toEqual(told);
    // Of the records: what their exits would have cost, by how that is known.
    const asked = sql
      .prepare(
        `SELECT lane_id AS lane, coalesce(CASE body ->> '$.known.owed.by' WHEN 'tariff' THEN 'estimated' ELSE 'told' END, '') AS by,
           count(*) AS count, sum(body ->> '$.known.owed.amount') AS amount FROM release
         WHERE state <> 'withdrawn' AND body ->> '$.release.direction' = 'exit' AND body ->> '$.release.passed'
           AND body ->> '$.release.verdict' <> 'automatic' AND body ->> '$.known.owed.by' IS NOT NULL
           AND EXISTS (SELECT 1 FROM json_each(body, '$.release.facts') WHERE value ->> 'kind' = 'vehicle')
           AND NOT EXISTS (SELECT 1 FROM json_each(body, '$.release.facts')
             WHERE value ->> 'kind' IN ('passagePresumed', 'maintenance'))
         GROUP BY 1, 2 ORDER BY 1, 2`,
      )
      .all() as readonly { readonly lane: string; readonly by: string }[];
    const owed = new Map<string, { lane: string; by: string; count: number; amount: number }>();
    for (const { lane, part, column: by, count, amount } of rows) {
      if (part !== 'owed' || by === 'without') continue;
      const before = owed.get(`${lane} ${by}`) ?? { lane, by, count: 0, amount: 0 };
      owed.set(`${lane} ${by}`, { lane, by, count: before.count + count, amount: before.amount + amount });
    }
    const firm = ({ lane }: { readonly lane: string }): boolean => !later.has(lane);
    expect(asked.filter(firm)).not.toEqual([]);
    expect(
      [...owed]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, one]) => one)
        .filter(firm),
    ).toEqual(asked.filter(firm));
    // Of the records: each that names a vehicle and still stands.
    const stands = sql
      .prepare(
        `SELECT lane_id AS lane, count(*) AS count FROM release WHERE state NOT IN ('withdrawn', 'review')
           AND EXISTS (SELECT 1 FROM json_each(body, '$.release.facts') WHERE value ->> 'kind' = 'vehicle')
           AND NOT EXISTS (SELECT 1 FROM json_each(body, '$.release.facts') WHERE value ->> 'kind' IN ('passagePresumed'))
         GROUP BY lane_id ORDER BY lane_id`,
      )
      .all();
    sql.close();
    const is = ({ lane }: { readonly lane?: unknown }): boolean => !later.has(lane);
    expect(ours('passage', (column) => column.startsWith('reported.')).filter(is)).toEqual(
      (stands as { readonly lane: string }[]).filter(is),
    );
  });

  it('goes on after a crash as if there had been none', async () => {
    await fc.assert(
      fc.asyncProperty(lives, fc.nat(), async ({ settings, events }, cut) => {
        const { journal } = drive(events, settings);
        const at = journal.length === 0 ? 0 : cut % journal.length;
        const before = folded(settings, journal.slice(0, at));
        const kept = JSON.parse(JSON.stringify({ version: STATE_VERSION, generation: 'g', ...before })) as unknown;
        const account = await afterCrash(settings, kept, journal.slice(at));
        expect(account.state.days).toEqual(folded(settings, journal).account.days);
      }),
      { numRuns: 20 },
    );
  });

  it('is read with those of the next days that correct it', async () => {
    const store = await open({ path: temporaryFolder(), clock: handClock() });
    const text = (day: string, n: number, ...corrections: readonly object[]) =>
      store.accounts.keep(`${1001 + n}`, day, JSON.stringify({ ...NO_DAY, corrections }), '{}');
    const [next, fourth] = ['2026-11-26', '2026-11-29'];
    await text(DAY, 0);
    await text(DAY, 1, { day: '2026-11-24' });
    await text(next, 0);
    await text(next, 1, { day: DAY });
    await text(fourth, 1, { day: DAY });
    const { texts } = await readRows(store.accounts, { day: DAY, lane: undefined });
    expect(texts.map(({ laneId, day }) => [laneId, day])).toEqual([
      ['1001', DAY],
      ['1002', DAY],
      ['1002', next],
    ]);
  });

  it('has its place in a database of the version before', async () => {
    const path = temporaryFolder();
    const old = openDatabase(join(path, 'lanewarden.db'));
    migrate(old, MIGRATIONS.slice(0, 4));
    old.close();
    const store = await open({ path, clock: handClock() });
    await store.accounts.keep('1001', DAY, '{}', '{}');
    await store.accounts.keep('1001', DAY, '{"rows":{}}', '{"passages":2}');
    expect(await store.accounts.between(DAY, DAY)).toEqual([{ laneId: '1001', day: DAY, rows: '{"rows":{}}' }]);
    expect(await store.accounts.lines(DAY, DAY)).toEqual([{ laneId: '1001', day: DAY, rows: '{"passages":2}' }]);
  });
});

/** Two of three releases have a sum, one of them asked for. */
function owedOf({ id }: Release): { readonly by: 'told' | 'tariff'; readonly amount: number } | undefined {
  const number = Number(id.replace(/\D/g, ''));
  return number % 3 === 2 ? undefined : { by: number % 3 === 0 ? 'told' : 'tariff', amount: 100 + number };
}

function knownOf(release: Release): Pick<NewRecord, 'known'> {
  const owed = owedOf(release);
  return owed === undefined ? {} : { known: { owed: { ...owed, plate: '', wallMs: 0 } } };
}

function folded(settings: LaneSettings, events: readonly LaneEvent[]) {
  let state = initialState(settings);
  let account = emptyAccount();
  for (const event of events) {
    const [next, effects] = step(state, event, settings);
    state = next;
    for (const effect of effects) account = fold(account, effect, { wallOf });
  }
  return { state, account };
}

/** The account of a bridge that folds the journal behind a snapshot. */
async function afterCrash(settings: LaneSettings, state: unknown, events: readonly LaneEvent[]): Promise<LaneAccount> {
  const account = new LaneAccount('1001', { wallOf });
  const journal: Journal = {
    append: () => true,
    flush: async () => undefined,
    epoch: () => undefined,
    snapshot: () => undefined,
    load: async () => ({ state, rows: events.map((event, seq) => ({ seq, event })) }),
  };
  const bridge = new Bridge({
    laneId: '1001',
    settings,
    signals: {},
    clock: handClock(1, NOON_MS),
    boot: { laneOffsetMs: 0, startMs: 1, blindMs: 0, newBoot: false } as Boot,
    journal,
    outbox: { submit: () => new Promise(() => undefined), withdraw: async () => true } as unknown as Outbox,
    wallMsAt: (nowMs) => nowMs,
    record: () => record('r1'),
    account,
    on: { failed: () => undefined },
  });
  await bridge.start();
  return account;
}
