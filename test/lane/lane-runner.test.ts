/** The one loop around the engine: debounce, deadlines, restart. */
import { expect, it } from 'vitest';
import { type LaneState, step } from '../../src/lane/lane.ts';
import { foldJournal, LaneRunner } from '../../src/lane/lane-runner.ts';
import { lookedAt } from '../../src/lane/signals.ts';
import type { LaneEffect, LaneEvent } from '../../src/lane/types.ts';
import { edge, START_MS } from './arbitrary.ts';
import { passage, settings } from './tills.ts';

const SIGNALS = Object.fromEntries(settings.roles.map((role) => [role, { activeLow: false, debounceMs: 30 }]));

function recorded() {
  const journal: LaneEvent[] = [];
  const effects: LaneEffect[] = [];
  const runner = new LaneRunner({
    ...{ settings, signals: SIGNALS },
    before: (event) => journal.push(event),
    after: (_, made) => effects.push(...made),
  });
  const level = (value: boolean, atMs: number) =>
    runner.signal({ kind: 'level', role: 'approach', value, atMs, uncertaintyMs: 0 });
  return { runner, journal, effects, level };
}

const idle = settings.roles.map((role) => edge(role, role === 'down', START_MS));
const paid = passage('粤B12345', START_MS + 10_000);

it('meets each deadline at its moment before what comes later, and journals it', () => {
  const { runner, journal, effects } = recorded();
  for (const event of [...idle, ...paid]) runner.feed(event);
  runner.tickUntil(START_MS + 600_000);
  const times = journal.map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(journal.filter(({ kind }) => kind === 'tick').length).toBeGreaterThan(3);
  expect(effects.filter(({ kind }) => kind === 'release')).toHaveLength(1);
  // The same, folded from the journal: nothing is ticked twice, and nobody is told again.
  const known = journal.length;
  expect(foldJournal(journal, settings)).toEqual({ state: runner.state, effects });
  expect(journal).toHaveLength(known);
});

it('a beat makes edges of levels that have lasted, and meets deadlines a little later than they are', () => {
  const { runner, journal, level } = recorded();
  level(false, START_MS);
  expect(level(false, START_MS + 25)).toBe(false);
  expect(level(true, START_MS + 50)).toBe(true);
  expect(runner.debounceDueMs).toBe(START_MS + 80);
  expect(runner.dueMs).toBe(START_MS + 80);
  runner.beat(START_MS + 79);
  expect(journal.filter(({ kind }) => kind === 'edge')).toHaveLength(1);
  runner.beat(START_MS + 80);
  expect(journal.at(-1)).toMatchObject({ kind: 'edge', on: true, atMs: START_MS + 50 });
  const [dueMs, known] = [runner.dueMs, journal.length];
  expect(dueMs).toBeLessThan(Number.POSITIVE_INFINITY);
  runner.beat(dueMs - 1);
  expect(journal).toHaveLength(known);
  runner.beat(dueMs);
  expect(journal.at(-1)?.kind).toBe('tick');
  expect(dueMs - (journal.at(-1)?.atMs ?? 0)).toBe(100);
});

it('after a restart knows what was kept, and nothing of its points', () => {
  const { runner, journal, level } = recorded();
  level(true, START_MS);
  level(false, START_MS + 50);
  const kept = JSON.parse(JSON.stringify(runner.state)) as LaneState;
  runner.restart(kept);
  expect(runner.debounceDueMs).toBeUndefined();
  expect(level(true, START_MS + 1_000)).toBe(true);
  expect(journal.at(-1)).toMatchObject({ kind: 'edge', on: true, atMs: START_MS + 1_000 });
  const [afresh] = step(kept, journal.at(-1) as LaneEvent, settings);
  expect(runner.state.lane.levels).toEqual(afresh.lane.levels);
});

it('debounces by how often a point is read: no second reading comes in time to speak against the first', () => {
  const contact = { activeLow: true, debounceMs: 30 };
  expect(lookedAt(contact, 25)).toEqual(contact);
  expect(lookedAt(contact, 45)).toEqual({ activeLow: true, debounceMs: 0 });
});
