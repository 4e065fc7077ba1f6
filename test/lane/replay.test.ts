/** Replay: the verdicts of then come back byte for byte, and other settings change what they should and nothing else. */

import { describe, expect, it } from 'vitest';
import { writeReplay } from '../../src/cli/replay/replay.ts';
import { type ReplaySource, replayLane } from '../../src/cli/replay/replay-run.ts';
import { deadlineMs, initialState, STATE_VERSION, step } from '../../src/lane/lane.ts';
import type { LaneEffect, LaneEvent, LaneSettings, Release } from '../../src/lane/types.ts';
import { readScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { runScenario, START_MS } from '../../src/simulate/scenario/scenario-run.ts';
import type { JournalEvent } from '../../src/store/files/journal-reader.ts';
import { atLength } from '../at-length.ts';
import fc from '../property.ts';
import { type Life, lives } from './arbitrary.ts';
import { drive } from './drive.ts';

const LANE = '1001';
/** Wall time less lane time. */
const OFFSET_MS = 1_790_000_000_000;

/** A store that holds one lane's journal, as rows on disk would be: each value has been through JSON. */
function source(journal: readonly LaneEvent[], settings: LaneSettings, snapshotAt = 0): ReplaySource {
  const rows: readonly JournalEvent[] = journal.map((event, index) => ({
    seq: index + 1,
    laneId: LANE,
    event: JSON.parse(JSON.stringify(event)) as LaneEvent,
    wallMs: event.atMs + OFFSET_MS,
  }));
  let state = initialState(settings);
  for (const { event } of rows.slice(0, snapshotAt)) [state] = step(state, event, settings);
  const kept = JSON.parse(JSON.stringify({ version: STATE_VERSION, generation: 'x', state })) as unknown;
  return {
    lanes: () => [LANE],
    snapshot: () => (snapshotAt === 0 ? undefined : { seq: snapshotAt, state: kept }),
    rows: (_lane, afterSeq, untilWallMs) => rows.filter((row) => row.seq > afterSeq && row.wallMs <= untilWallMs),
    epochs: () => [{ seq: 0, laneId: LANE, settings: JSON.parse(JSON.stringify(settings)) as unknown }],
    close: () => undefined,
  };
}

const ALL = { fromWallMs: 0, toWallMs: Number.MAX_SAFE_INTEGER };
const releasesOf = (effects: readonly LaneEffect[]): readonly Release[] =>
  effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));

/** As the live shell does it: ticks come a while after their deadline, so the journal has them there. */
function live({ settings, events }: Life, lagMs: number): { journal: LaneEvent[]; effects: LaneEffect[] } {
  const journal: LaneEvent[] = [];
  const effects: LaneEffect[] = [];
  let state = initialState(settings);
  const feed = (event: LaneEvent): void => {
    journal.push(event);
    const [next, made] = step(state, event, settings);
    state = next;
    effects.push(...made);
  };
  const endMs = (events.at(-1)?.atMs ?? 0) + 3_600_000;
  for (const event of [...events, { kind: 'tick', atMs: endMs } as const]) {
    for (let due = deadlineMs(state, settings); due !== undefined && due + lagMs <= event.atMs; ) {
      feed({ kind: 'tick', atMs: due });
      due = deadlineMs(state, settings);
    }
    feed(event);
  }
  return { journal, effects };
}

describe('replay', () => {
  it('gives the verdicts of then, byte for byte', () => {
    fc.assert(
      fc.property(lives, fc.constantFrom(0, 100), (life, lagMs) => {
        const { journal, effects } = live(life, lagMs);
        const { pairs, summary } = replayLane(source(journal, life.settings), LANE, ALL, (then) => then);
        const byId = (a: Release, b: Release): number => Number(a.id.slice(1)) - Number(b.id.slice(1));
        const told = pairs.flatMap(({ before }) => (before === undefined ? [] : [before.release])).sort(byId);
        expect(JSON.stringify(told)).toBe(JSON.stringify(releasesOf(effects)));
        expect(summary.same).toBe(pairs.length);
      }),
      { numRuns: atLength(500, 150) },
    );
  });

  it('judges the same with its own ticks, when something changes that matters to nobody', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { journal } = live(life, 100);
        const { summary, pairs } = replayLane(source(journal, life.settings), LANE, ALL, (then) => ({
          ...then,
          roles: [...then.roles].reverse(),
        }));
        expect(summary.same).toBe(pairs.length);
      }),
      { numRuns: atLength(500, 150) },
    );
  });

  it('begins from a snapshot', () => {
    const scenario = readScenario('test/scenarios/spec/06-tailgater.yaml');
    const { journal } = runScenario(scenario);
    const before = drive(journal, scenario.settings).journal;
    const { pairs, fromNothing } = replayLane(source(before, scenario.settings, 12), LANE, ALL, (then) => then);
    expect(fromNothing).toBe(false);
    expect(pairs.map(({ before: judged }) => judged?.release.plate?.text)).toEqual(['粤A99999']);
  });

  it('says what other settings would change', () => {
    const scenario = readScenario('test/scenarios/316-late-in-time.yaml');
    const { journal } = runScenario(scenario);
    const { pairs, summary } = replayLane(source(journal, scenario.settings), LANE, ALL, (then) => ({
      ...then,
      settleMs: 2000,
    }));
    expect(summary).toEqual({ same: 0, seconds: 0, changed: 0, gone: 0, new: 1 });
    expect(pairs[0]?.after?.release.verdict).toBe('manual');
    const held = readScenario('test/scenarios/408-held-open-after-paid.yaml');
    const longer = replayLane(source(runScenario(held).journal, held.settings), LANE, ALL, (then) => ({
      ...then,
      heldOpenAfterMs: 600_000,
    }));
    expect(longer.summary).toEqual({ same: 1, seconds: 0, changed: 1, gone: 0, new: 0 });
    expect(longer.pairs[1]?.members).toContain('verdict');
  });

  it('tells seconds that differ from changes that matter', () => {
    const at = (file: string, settleMs: number) => {
      const { journal, settings } = { ...readScenario(file), ...runScenario(readScenario(file)) };
      return replayLane(source(journal, settings), LANE, ALL, (then) => ({ ...then, settleMs }));
    };
    // Settled two seconds earlier, and nothing else.
    const sooner = at('test/scenarios/101-button-held.yaml', 3_000);
    expect(sooner.summary).toEqual({ same: 0, seconds: 1, changed: 0, gone: 0, new: 0 });
    expect(sooner.pairs[0]?.members).toEqual(['facts']);
    // A vehicle that reversed: another verdict, some seconds later. One row, not one gone and one new.
    const other = at('test/scenarios/241-reverses-in-manual.yaml', 3_000);
    expect(other.summary).toEqual({ same: 0, seconds: 0, changed: 1, gone: 0, new: 1 });
    expect(other.pairs.find(({ change }) => change === 'changed')?.members).toContain('desc');
    // The same desc and time, on other grounds.
    expect(at('test/scenarios/123-passing-at-the-last-moment.yaml', 3_000).summary.changed).toBe(1);
    const words = writeReplay(sooner, 'en');
    expect(words).toContain('\n  seconds differ  ');
    expect(words).toContain('in all: 0 that matter (0 changed, 0 gone, 0 new), 1 where only seconds differ, 0 same\n');
    const zh = writeReplay(other, 'zh');
    expect(zh).toContain('合计：要紧的 2（改变 1，消失 0，新增 1），只差几秒 0，相同 0\n');
    expect(zh).toMatch(/ (确定|很可能|可能)/);
    expect(zh).not.toMatch(/sure|likely|possible/);
  });

  it('sets beside it what was given at the time, and says when the journal no longer yields that', () => {
    const scenario = readScenario('test/scenarios/101-button-held.yaml');
    const { journal } = runScenario(scenario);
    const told = releasesOf(drive(journal, scenario.settings).effects);
    const kept = JSON.parse(JSON.stringify(told)) as Release[];
    const given = () => kept.map((release) => ({ release, version: '0.1.0' }));
    const replayed = (events: readonly LaneEvent[]) =>
      replayLane({ ...source(events, scenario.settings), given }, LANE, ALL, (then) => then);
    expect(replayed(journal)).toMatchObject({ unlike: 0, summary: { same: 1 } });
    expect(replayed(journal).pairs[0]?.given).toMatchObject({ version: '0.1.0', unlike: [] });

    // The row of the plate replaced by a payment for it.
    const forged = journal.map((event): LaneEvent => {
      if (event.kind !== 'plate') return event;
      const { atMs } = event;
      const grant = { id: 'x', scope: 'lane', count: 1, kind: 'paid', issuedAtMs: atMs, source: 'local' } as const;
      return { kind: 'grant', grant, atMs };
    });
    const { unlike, pairs } = replayed(forged);
    expect(unlike).toBe(1);
    expect(pairs.some((one) => (one.given?.unlike.length ?? 0) > 0)).toBe(true);
    const nothing = replayed(journal.slice(0, 3));
    expect(nothing.pairs).toMatchObject([{ change: 'gone', given: { unlike: ['release'] } }]);
  });

  it('keeps to the stretch asked for', () => {
    const scenario = readScenario('test/scenarios/spec/18-arm-left-up.yaml');
    const from = source(runScenario(scenario).journal, scenario.settings);
    const startWallMs = OFFSET_MS + START_MS;
    const { pairs } = replayLane(
      from,
      LANE,
      { fromWallMs: startWallMs + 50_000, toWallMs: startWallMs + 70_000 },
      (then) => then,
    );
    expect(pairs.map(({ before }) => before?.release.plate?.text)).toEqual(['粤B22222']);
  });
});
