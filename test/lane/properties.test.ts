/** What holds for every life of a lane, sensible or not. */

import { describe, expect, it } from 'vitest';
import { initialState, type LaneState, step } from '../../src/lane/lane.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import type { Fact, LaneEffect, LaneEvent } from '../../src/lane/types.ts';
import { atLength } from '../at-length.ts';
import fc from '../property.ts';
import { edge, type Life, lives, START_MS } from './arbitrary.ts';
import { drive, LONG_AFTER_MS } from './drive.ts';

const RUNS = { numRuns: atLength(2_000, 300) };
const WIRED = ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'] as const;

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
}

const decisions = (effects: readonly LaneEffect[]): readonly unknown[] =>
  effects
    .filter((effect) => effect.kind !== 'capture')
    .map((effect) => {
      if (effect.kind === 'release') return { ...effect, release: { ...effect.release, captureId: undefined } };
      return effect.kind === 'count' ? { ...effect, counted: { ...effect.counted, captureId: undefined } } : effect;
    });

const notes = (effects: readonly LaneEffect[], kind: string): readonly Fact[] =>
  effects.flatMap((effect) => (effect.kind === 'note' && effect.fact.kind === kind ? [effect.fact] : []));

const releases = (effects: readonly LaneEffect[]) =>
  effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));

describe('the lane engine', () => {
  it('never crashes, never changes what it was given, and its deadline moves on', () => {
    fc.assert(
      fc.property(lives, ({ settings, events }) => {
        const { state } = drive(events, settings, { before: deepFreeze });
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
      RUNS,
    );
  });

  it('gives one passage at most one release, and every release its own id', () => {
    fc.assert(
      fc.property(lives, ({ settings, events }) => {
        const { effects } = drive(events, settings);
        const all = releases(effects);
        expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
        const bodyIds = (of: typeof all) =>
          of.flatMap(({ facts }) => facts.filter(({ kind }) => kind === 'vehicle').map(({ values }) => values?.bodyId));
        // One that had passed under another's payment, given back since: its record may have been withdrawn as paid before.
        const lost = new Set(
          bodyIds(all.filter(({ facts, reported }) => !reported && facts.some(({ kind }) => kind === 'paymentLost'))),
        );
        const withdrawn = new Set(effects.flatMap((effect) => (effect.kind === 'withdraw' ? [effect.releaseId] : [])));
        const told = bodyIds(all.filter((one) => !withdrawn.has(one.id) || !bodyIds([one]).some((id) => lost.has(id))));
        expect(new Set(told).size).toBe(told.length);
        const paid = notes(effects, 'paidPassage').filter(({ values }) => values?.way !== 'mismatch');
        for (const { values } of paid) if (!lost.has(values?.bodyId)) expect(told).not.toContain(values?.bodyId);
        const openings = all.filter(({ facts }) =>
          facts.some(({ kind }) => ['downReleased', 'upActive', 'startNotSeen'].includes(kind)),
        );
        expect(new Set(openings.map(({ openingId }) => openingId)).size).toBe(openings.length);
      }),
      RUNS,
    );
  });

  it('neither loses a grant nor uses one twice', () => {
    fc.assert(
      fc.property(lives, ({ settings, events }) => {
        const { effects, state } = drive(events, settings, { afterMs: 3 * LONG_AFTER_MS });
        const ends = ['grantUnused', 'grantReplaced', 'grantUsedElsewhere', 'grantCancelled', 'grantGivenUp'];
        const sum = (of: Map<string, number>, id: unknown, count: number): void => {
          // What goes on under a number of its own (`formerId`) was told under the one that is another's now.
          const told = String(id).replace(/~\d+$/, '');
          of.set(told, (of.get(told) ?? 0) + count);
        };
        // An id again with other content is another payment, or replaces what is unused of the former.
        const counts = new Map<string, number>();
        const first = new Set<string>();
        for (const effect of effects)
          if (effect.kind === 'count' && effect.counted.of === 'payment' && effect.counted.fate === 'told') {
            sum(counts, effect.counted.grantId, effect.counted.units);
            first.add(effect.counted.grantId);
          }
        for (const event of events) if (event.kind === 'grant') expect(first).toContain(event.grant.id);
        const used = new Map<string, number>();
        for (const { values } of [...notes(effects, 'grantUsed'), ...notes(effects, 'grantPassageElsewhere')])
          sum(used, values?.grantId, 1);
        for (const { values } of notes(effects, 'grantGivenBack')) sum(used, values?.grantId, -1);
        const left = new Map<string, number>();
        for (const kind of ends)
          for (const { values } of notes(effects, kind)) sum(left, values?.grantId, Number(values?.left));
        // A car that never leaves keeps its grant.
        for (const hold of state.lane.kept.grants) sum(left, hold.grant.id, hold.left);
        for (const [id, count] of counts) expect([id, (used.get(id) ?? 0) + (left.get(id) ?? 0)]).toEqual([id, count]);
      }),
      RUNS,
    );
  });

  it('is not changed by a restart at any point', () => {
    fc.assert(
      fc.property(lives, fc.nat(), ({ settings, events }, point) => {
        const whole = drive(events, settings);
        const at = point % whole.journal.length;
        let state: LaneState = initialState(settings);
        const effects: LaneEffect[] = [];
        const feed = (event: LaneEvent): void => {
          const [next, made] = step(state, event, settings);
          state = next;
          effects.push(...made);
        };
        for (const event of whole.journal.slice(0, at)) feed(event);
        state = JSON.parse(JSON.stringify(state)) as LaneState;
        feed({ kind: 'start', blindMs: 0, powerCut: false, atMs: state.inbox.nowMs });
        for (const event of whole.journal.slice(at)) feed(event);
        expect(effects).toEqual(whole.effects);
      }),
      RUNS,
    );
  });

  it('does not care in which order the edges of one sample come', () => {
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat()), (life, random) => {
        const { settings, events } = onGrid(life);
        const shuffled = events
          .map((event) => ({ event, key: event.kind === 'edge' ? (random.next().value as number) : 0 }))
          .sort((a, b) => a.event.atMs - b.event.atMs || a.key - b.key)
          .map(({ event }) => event);
        expect(decisions(drive(shuffled, settings).effects)).toEqual(decisions(drive(events, settings).effects));
      }),
      RUNS,
    );
  });

  it('does not care when it all happens', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 10_000_000 }), ({ settings, events }, byMs) => {
        const here = drive(events, settings).effects;
        const there = drive(shift(events, byMs) as LaneEvent[], settings).effects;
        expect(unshift(there, here, byMs)).toEqual(here);
      }),
      RUNS,
    );
  });

  it('decides the same when two plates of a small vehicle pass on to the next, however late the tick', () => {
    const settings = laneSettings({ direction: 'exit', roles: [...WIRED] }, {});
    const plate = (text: string): LaneEvent => ({
      kind: 'plate',
      plate: { text, confidence: 0.9 },
      atMs: START_MS + 400,
    });
    const loop = (role: 'approach' | 'barrier', on: boolean, atMs: number): LaneEvent =>
      edge(role, on, START_MS + atMs);
    const grant = { id: 'g1', scope: 'lane', count: 1, kind: 'paid', issuedAtMs: START_MS, source: 'test' } as const;
    const events: readonly LaneEvent[] = [
      ...WIRED.map((role) => edge(role, role === 'down', START_MS - 1_000)),
      { kind: 'grant', grant, atMs: START_MS },
      loop('approach', true, 20),
      loop('approach', false, 40),
      plate('粤B12345'),
      plate('粤B123A5'),
      loop('approach', true, 2_000),
      loop('barrier', true, 2_025),
      loop('approach', false, 2_725),
      loop('barrier', false, 3_826),
    ];
    const punctual = drive(events, settings);
    const late = drive(events, settings, { noTicks: true });
    expect(notes(punctual.effects, 'paidPassage')).toHaveLength(1);
    expect(decisions(late.effects)).toEqual(decisions(punctual.effects));
  });

  it('decides the same when its ticks come late', () => {
    fc.assert(
      fc.property(lives, ({ settings, events }) => {
        const punctual = drive(events, settings);
        const late = drive(events, settings, { noTicks: true });
        expect(decisions(late.effects)).toEqual(decisions(punctual.effects));
      }),
      RUNS,
    );
  });
});

/** Edges on a grid of 25 ms, one edge of a role in a sample; whatever else is there comes between samples. */
function onGrid({ settings, events }: Life): Life {
  const seen = new Set<string>();
  const kept = events.flatMap((event) => {
    const sample = START_MS + Math.round((event.atMs - START_MS) / 25) * 25;
    if (event.kind !== 'edge') return [shift(event, sample + 1 - event.atMs) as LaneEvent];
    const key = `${event.role} ${sample}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...event, atMs: sample }];
  });
  return { settings, events: kept.sort((a, b) => a.atMs - b.atMs) };
}

/** Every time in an event, moved. */
function shift(value: unknown, byMs: number): unknown {
  if (Array.isArray(value)) return value.map((one) => shift(one, byMs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      typeof member === 'number' && /^(at|issuedAt|expiresAt|until)Ms$/.test(key) ? member + byMs : shift(member, byMs),
    ]),
  );
}

/** Numbers that differ from their counterpart by exactly the shift are times, and are put back. */
function unshift(value: unknown, like: unknown, byMs: number): unknown {
  if (typeof value === 'number' && typeof like === 'number') return value - byMs === like ? like : value;
  // The number of its own that a payment goes on under has its time.
  if (typeof value === 'string') return value.replace(/(?<=~)\d+$/, (time) => String(Number(time) - byMs));
  if (Array.isArray(value))
    return value.map((one, index) => unshift(one, (like as unknown[] | undefined)?.[index], byMs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      unshift(member, (like as Record<string, unknown> | undefined)?.[key], byMs),
    ]),
  );
}
