/** One payment ahead, two lanes, two cars whose plates are one character apart: what each lane hears of the other, and who leaves on it. */
import { describe, expect, it } from 'vitest';
import { deadlineMs, initialState, type LaneState, step } from '../../src/lane/lane.ts';
import type { LaneEffect, LaneEvent, LaneSettings, Release } from '../../src/lane/types.ts';
import { edge, START_MS } from './arbitrary.ts';
import { closed, crosses, inOrder, settings as learned, opened, paid, plate } from './learned-lane.ts';

const at = (s: number): number => START_MS + s * 1_000;
const ahead = (of: string, s: number): LaneEvent => {
  const { grant, ...event } = paid(of, at(s)) as LaneEvent & { kind: 'grant' };
  return { ...event, grant: { ...grant, scope: 'park' } };
};
const comes = (text: string, s: number): LaneEvent[] => [edge('approach', true, at(s)), plate(text, at(s) + 400)];
const goes = (s: number): LaneEvent[] => [...opened('button', at(s)), ...crosses(at(s + 3)), ...closed(at(s + 7))];
const idle = learned.roles.map((role) => edge(role, role === 'down', START_MS));

/** What the program has lanes of one park hear of each other. */
function heard(effect: LaneEffect, lane: string): LaneEvent[] {
  if (effect.kind !== 'note') return [];
  const { kind, values } = effect.fact;
  if (kind === 'grantUsed' && effect.grantId !== undefined)
    return [{ kind: 'revoke', grantId: effect.grantId, why: 'usedElsewhere', atMs: effect.atMs }];
  if (kind === 'paidPassage' && typeof values?.plate === 'string')
    return [{ kind: 'elsewhere', plate: values.plate, what: 'passed', lane, atMs: effect.atMs }];
  return [];
}

function park(
  events: readonly (readonly LaneEvent[])[],
  others: Partial<LaneSettings> = {},
): readonly (readonly Release[])[] {
  const settings = { ...learned, ...others };
  const lanes = events.map(() => ({ state: initialState(settings) as LaneState, effects: [] as LaneEffect[] }));
  const feed = (of: number, event: LaneEvent): void => {
    const lane = lanes[of];
    if (lane === undefined) return;
    const [state, effects] = step(lane.state, event, settings);
    lane.state = state;
    lane.effects.push(...effects);
    for (const other of lanes.keys()) {
      if (other === of) continue;
      for (const effect of effects)
        for (const told of heard(effect, `L${of}`)) feed(other, { ...told, atMs: event.atMs });
      if (event.kind === 'plate' && state.lane.levels.approach === true)
        feed(other, { kind: 'elsewhere', plate: event.plate.text, what: 'onA', lane: `L${of}`, atMs: event.atMs });
    }
  };
  const ticks = (untilMs: number): void => {
    for (;;) {
      const due = lanes.map(({ state }) => deadlineMs(state, settings) ?? Number.POSITIVE_INFINITY);
      const dueMs = Math.min(...due);
      if (dueMs > untilMs) return;
      feed(due.indexOf(dueMs), { kind: 'tick', atMs: dueMs });
    }
  };
  const all = events.flatMap((own, of) => inOrder([...idle, ...own]).map((event) => ({ of, event })));
  for (const { of, event } of all.sort((a, b) => a.event.atMs - b.event.atMs)) {
    ticks(event.atMs);
    feed(of, event);
  }
  ticks(at(1_200));
  return lanes.map(({ effects }) => effects.flatMap((one) => (one.kind === 'release' ? [one.release] : [])));
}

const PAID = '粤B4K7Q2';
const ALIKE = '粤B4K7Q1';
const forReview = [{ plate: { text: ALIKE }, reported: false, confidence: 'possible' }];

describe('one payment ahead, and two lanes', () => {
  it('in the same second: the exact reader leaves on it, the other is for review', () => {
    const alike = [ahead(PAID, 1), ...comes(ALIKE, 10), ...goes(12)];
    const exact = [ahead(PAID, 1), ...comes(PAID, 10.3), ...goes(12.2)];
    expect(park([alike, exact])).toMatchObject([forReview, []]);
    expect(park([exact, alike])).toMatchObject([[], forReview]);
  });

  it('the other first: it is given back as the exact one comes minutes later, and the other is for review', () => {
    const alike = [ahead(PAID, 1), ...comes(ALIKE, 10), ...goes(12)];
    const exact = [ahead(PAID, 1), ...comes(PAID, 300), ...goes(302)];
    expect(park([alike, exact])).toMatchObject([forReview, []]);
  });

  it('the exact one before: the other has no part in it', () => {
    const exact = [ahead(PAID, 1), ...comes(PAID, 10), ...goes(12)];
    const alike = [ahead(PAID, 1), ...comes(ALIKE, 60), ...goes(62)];
    expect(park([exact, alike])).toMatchObject([[], [{ plate: { text: ALIKE }, reported: true }]]);
  });

  it('its own vehicle was read in the other lane and went back: unread here, it is for review', () => {
    const leaves = [...opened('auto', at(43)), ...crosses(at(46)), ...closed(at(50))];
    const here = [ahead(PAID, 1), edge('approach', true, at(40)), ...leaves];
    const backs = [ahead(PAID, 1), ...comes(PAID, 10), edge('approach', false, at(20))];
    expect(park([here, backs], { autoCommandIsGrant: false })).toMatchObject([[{ reported: false }], []]);
    const stays = [ahead(PAID, 1), ...comes(PAID, 41)];
    expect(park([here, stays], { autoCommandIsGrant: false })).toMatchObject([[{ reported: true }], []]);
  });

  it('and nobody with exactly that plate comes: it was misread, and owes nothing', () => {
    expect(park([[ahead(PAID, 1), ...comes(ALIKE, 10), ...goes(12)], [ahead(PAID, 1)]])).toEqual([[], []]);
  });

  it('came in by the other lane after it was paid for the way out: misread, it leaves on it', () => {
    const { grant, ...told } = ahead(PAID, 1) as LaneEvent & { kind: 'grant' };
    const cameIn: LaneEvent = { kind: 'elsewhere', plate: PAID, what: 'passed', lane: 'L1', atMs: at(8) };
    const out: LaneEvent = { ...told, grant: { ...grant, direction: 'exit' } };
    expect(park([[out, cameIn, ...comes(ALIKE, 200), ...goes(204)], []])).toEqual([[], []]);
  });
});

describe('a payment told for the wrong lane, where somebody stands whom nobody read', () => {
  const own = [...comes(PAID, 10), ...goes(14)];
  const unread = (s: number): LaneEvent[] => [edge('approach', true, at(s)), ...goes(s + 4)];
  const review = [{ verdict: 'manual', reported: false, confidence: 'possible' }];

  it('does not let that one out: it is for review', () => {
    expect(park([own, [...unread(8), paid(PAID, at(12))]])[1]).toMatchObject(review);
  });

  it('nor one that comes when its vehicle has left by its own lane, paid for there', () => {
    const told = paid(PAID, at(12)) as LaneEvent & { kind: 'grant' };
    const again = { ...told, grant: { ...told.grant, id: `${told.grant.id}-2` } };
    expect(
      park([
        [...own, again],
        [told, ...unread(40)],
      ]),
    ).toMatchObject([[], review]);
  });

  it('is of the one there where its plate was read nowhere else', () => {
    expect(park([[], [...unread(8), paid(PAID, at(12))]])).toEqual([[], []]);
  });
});

describe('who has paid in the other lane, and went over to this one', () => {
  const told: LaneEvent = { kind: 'elsewhere', plate: PAID, what: 'granted', lane: 'L1', atMs: at(5) };
  const here = (text: string): LaneEvent[] => [told, ...comes(text, 120), ...goes(122)];
  const review = [{ plate: { text: PAID }, reported: false, confidence: 'possible' }];

  it('is for review, also minutes later and read nearly', () => {
    expect(park([here(PAID), []])[0]).toMatchObject(review);
    expect(park([here(ALIKE), []])[0]).toMatchObject(forReview);
  });

  it('is unpaid where its vehicle has left there since', () => {
    const own = [paid(PAID, at(5)), ...comes(PAID, 10), ...goes(12)];
    expect(park([here(PAID), own])).toMatchObject([[{ plate: { text: PAID }, reported: true }], []]);
  });
});
