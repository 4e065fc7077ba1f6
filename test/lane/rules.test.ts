/** Rules that show in notes, pictures, alarms and limits, which scenario files do not ask about. */
import { describe, expect, it } from 'vitest';
import type { Read } from '../../src/lane/body.ts';
import { feedIsDown } from '../../src/lane/feed.ts';
import { GRANTS_MOST, KNOWN_MOST } from '../../src/lane/grants.ts';
import { deadlineMs, initialState, type LaneState, laneView, step } from '../../src/lane/lane.ts';
import { PENDING_MOST } from '../../src/lane/moments.ts';
import { contradicts, fuzzyPlate, hardlyOnePlate, normalPlate } from '../../src/lane/plates.ts';
import { DEFAULT_SETTINGS, laneSettings } from '../../src/lane/settings.ts';
import type { LaneEffect, LaneEvent, LaneSettings, Role } from '../../src/lane/types.ts';
import { readScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { runScenario, START_MS } from '../../src/simulate/scenario/scenario-run.ts';
import { atLength } from '../at-length.ts';
import fc from '../property.ts';
import { edge, lives } from './arbitrary.ts';
import { drive } from './drive.ts';

const settings: LaneSettings = {
  ...DEFAULT_SETTINGS,
  roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
};
const T = START_MS;

const run = (name: string) => runScenario(readScenario(`test/scenarios/${name}.yaml`));
const notes = (effects: readonly LaneEffect[], kind: string) =>
  effects.flatMap((effect) => (effect.kind === 'note' && effect.fact.kind === kind ? [effect.fact] : []));
const alarms = (effects: readonly LaneEffect[]): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'alarm' ? [`${effect.on ? '+' : '-'}${effect.alarm}${effect.role ? `:${effect.role}` : ''}`] : [],
  );
const captures = (effects: readonly LaneEffect[]) =>
  effects.flatMap((effect) => (effect.kind === 'capture' ? [effect] : []));
const releases = (effects: readonly LaneEffect[]) =>
  effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));

const first = (roles: readonly Role[] = settings.roles): LaneEvent[] =>
  roles.map((role) => edge(role, role === 'down', T - 1000));
const plate = (text: string, atMs: number): LaneEvent => ({ kind: 'plate', plate: { text, confidence: 0.97 }, atMs });
const grant = (id: string, atMs: number, text?: string): LaneEvent => ({
  kind: 'grant',
  grant: { id, scope: 'lane', count: 1, kind: 'paid', issuedAtMs: atMs, source: 't', ...(text && { plate: text }) },
  atMs,
});
const car = (fromMs: number): LaneEvent[] => [
  edge('approach', true, fromMs),
  edge('down', false, fromMs + 1200),
  edge('up', true, fromMs + 2700),
  edge('barrier', true, fromMs + 3000),
  edge('approach', false, fromMs + 4400),
  edge('barrier', false, fromMs + 5600),
  edge('up', false, fromMs + 6600),
  edge('down', true, fromMs + 8100),
];

describe('a gap on A that is as long as a drawbar can be', () => {
  /** A free for `gapMs` as it was seen, with `looksMs` between two looks; B for 0.2 s, which leaves it open. */
  const confidence = (gapMs: number, looksMs: number): string | undefined =>
    releases(
      drive(
        [
          ...first(),
          grant('g', T, '粤B12345'),
          edge('approach', true, T),
          plate('粤B12345', T + 400),
          ...[edge('down', false, T + 1200), edge('up', true, T + 2700), edge('barrier', true, T + 3000)],
          { ...edge('approach', false, T + 4400), uncertaintyMs: looksMs } as LaneEvent,
          ...[edge('approach', true, T + 4400 + gapMs), edge('barrier', false, T + 5900)],
          ...[edge('barrier', true, T + 6100), edge('approach', false, T + 7500), edge('barrier', false, T + 8700)],
          ...[edge('up', false, T + 9700), edge('down', true, T + 11_200)],
        ],
        settings,
      ).effects,
    )[0]?.confidence;

  it('is a drawbar only when it surely was shorter, however often the loop is looked at', () => {
    expect(confidence(590, 0)).toBe('possible');
    expect(confidence(590, 25)).toBe('likely');
  });

  it('gets no benefit beyond that of a usual poll', () => {
    expect(confidence(500, 2_000)).toBe('possible');
  });
});

describe('the entry record of a release', () => {
  const paid = (
    id: string,
    atMs: number,
    more: Partial<Extract<LaneEvent, { kind: 'grant' }>['grant']>,
  ): LaneEvent => ({
    kind: 'grant',
    grant: { id, scope: 'park', count: 1, kind: 'paid', issuedAtMs: atMs, source: 't', plate: '粤B12345', ...more },
    atMs,
  });
  const letOut = (fromMs: number, text = '粤B12345'): LaneEvent[] =>
    [
      ...car(fromMs),
      edge('button', true, fromMs + 1000),
      edge('button', false, fromMs + 1300),
      plate(text, fromMs + 400),
    ].sort((a, b) => a.atMs - b.atMs);
  const serials = (events: readonly LaneEvent[], more: Partial<LaneSettings> = {}) =>
    releases(drive([...first(), ...events], { ...settings, ...more }).effects).map(
      ({ parkingSerial }) => parkingSerial,
    );

  it('is what was told for its plate by a payment that ran out unused, the newest first', () => {
    const ahead = paid('a', T, { parkingSerial: 'E-1', expiresAtMs: T + 1000 });
    expect(serials([ahead, ...letOut(T + 5000)])).toEqual(['E-1']);
    const again = paid('b', T + 100, { parkingSerial: 'E-2', expiresAtMs: T + 1100 });
    expect(serials([ahead, again, ...letOut(T + 5000)])).toEqual(['E-2']);
    expect(serials([ahead, ...letOut(T + 5000, '粤B12346')]), 'not for another plate').toEqual([undefined]);
    expect(serials([paid('c', T, { expiresAtMs: T + 1000 }), ...letOut(T + 5000)]), 'none was told').toEqual([
      undefined,
    ]);
  });

  it('is not that of a stay that is over', () => {
    const used = [paid('a', T - 500, { parkingSerial: 'E-1' }), plate('粤B12345', T + 300), ...car(T)];
    expect(serials([...used, ...letOut(T + 60_000)])).toEqual([undefined]);
    const elsewhere: LaneEvent = { kind: 'revoke', grantId: 'a', why: 'usedElsewhere', atMs: T + 100 };
    expect(serials([paid('a', T, { parkingSerial: 'E-1' }), elsewhere, ...letOut(T + 5000)])).toEqual([undefined]);
    const longAgo = paid('a', T, { parkingSerial: 'E-1', expiresAtMs: T + 1000 });
    const late = T + 2000 + settings.paidAheadTtlMs;
    expect(serials([longAgo, ...letOut(late)])).toEqual([undefined]);
  });

  it('is that of the grant which a passage used under another plate', () => {
    const told = paid('a', T + 200, { scope: 'lane', parkingSerial: 'E-1' });
    const events = [...car(T), told, plate('湘E24680', T + 300)].sort((a, b) => a.atMs - b.atMs);
    expect(serials(events, { plateMismatch: 'report' })).toEqual(['E-1']);
  });
});

describe('a grant for two, of which one passage was used in another lane', () => {
  const two = (): LaneEvent => ({
    kind: 'grant',
    grant: { id: 'g', scope: 'park', count: 2, kind: 'paid', issuedAtMs: T - 500, source: 't', plate: '粤B12345' },
    atMs: T - 500,
  });
  const elsewhere = (atMs: number): LaneEvent => ({ kind: 'revoke', grantId: 'g', why: 'usedElsewhere', atMs });
  const verdicts = (revokes: readonly LaneEvent[]) =>
    releases(
      drive(
        [...first(), two(), ...revokes, plate('粤B12345', T + 400), ...car(T)].sort((a, b) => a.atMs - b.atMs),
        settings,
      ).effects,
    ).map(({ verdict }) => verdict);

  it('keeps the other', () => expect(verdicts([elsewhere(T - 200)])).toEqual([]));
  it('is over when both were', () => expect(verdicts([elsewhere(T - 200), elsewhere(T - 100)])).toEqual(['manual']));
});

describe('notes', () => {
  it('says once that the relay opened for nobody, however often it pulsed', () => {
    const pulses = [0, 400, 800].flatMap((ms) => [edge('auto', true, T + ms), edge('auto', false, T + ms + 200)]);
    const rest = [edge('approach', true, T - 500), edge('down', false, T + 900), edge('down', true, T + 30_000)];
    const { effects } = drive([...first(), ...rest.slice(0, 1), ...pulses, ...rest.slice(1)], settings);
    expect(notes(effects, 'pulseLapsed')).toHaveLength(1);
  });

  it('takes other content under an unused id for a correction, and under a used one for another payment, which it says', () => {
    expect(notes(run('329-same-id-other-content').effects, 'grantIdReused')).toEqual([]);
    const { effects } = run('780-numbers-begin-again-daily');
    expect(notes(effects, 'grantIdReused').map(({ values }) => values?.grantId)).toEqual(['0001']);
  });

  it('takes the same grant told later as the same one', () => {
    const again = { ...grant('g1', T + 3000, '粤B12345') } as Extract<LaneEvent, { kind: 'grant' }>;
    const { effects } = drive([...first(), grant('g1', T, '粤B12345'), again], settings);
    expect(notes(effects, 'grantIdReused')).toEqual([]);
    expect(notes(effects, 'grantUnused')).toHaveLength(1);
  });

  it('refuses a park-wide grant without a plate, and a count that is none', () => {
    const bad = (id: string, change: object): LaneEvent => {
      const event = grant(id, T) as Extract<LaneEvent, { kind: 'grant' }>;
      return { ...event, grant: { ...event.grant, ...change } };
    };
    const { effects, state } = drive(
      [...first(), bad('a', { scope: 'park' }), bad('b', { count: 0 }), bad('c', { count: 1.5 })],
      settings,
    );
    expect(notes(effects, 'grantInvalid')).toHaveLength(3);
    expect(state.lane.kept.grants).toEqual([]);
  });

  it('says that a grant was used, with its id, so that other lanes can be told', () => {
    const { effects } = run('spec/14-paid-ahead');
    expect(
      effects.filter((effect) => effect.kind === 'note' && effect.grantId === 'g1' && effect.fact.kind === 'grantUsed'),
    ).toHaveLength(1);
  });

  it('keeps a payment that came too late beside the record', () => {
    const { effects } = run('317-late-too-late');
    expect(notes(effects, 'latePayment').map(({ values }) => values)).toEqual([{ grantId: 'g1', releaseId: 'r1' }]);
    expect(effects.some((effect) => effect.kind === 'withdraw')).toBe(false);
  });

  it.each<[string, readonly LaneEvent['kind'][], 'withdraw' | 'note']>([
    ['that has left', ['sent'], 'note'],
    ['of which nothing left after all', ['sent', 'unsent'], 'withdraw'],
  ])('a record %s is noted beside or withdrawn', (_, kinds, becomes) => {
    const judged = drive([...first(), plate('粤B12345', T + 500), ...car(T)], settings, { afterMs: 20_000 });
    const [made] = releases(judged.effects);
    const releaseId = made?.id ?? '';
    const atMs = T + 30_000;
    const told = kinds.map((kind) => ({ kind, releaseId, atMs }) as LaneEvent);
    const { effects } = drive([...told, grant('g1', atMs + 1, '粤B12345')], settings, { from: judged.state });
    const about = effects.filter(
      (effect) => effect.kind === 'withdraw' || (effect.kind === 'note' && effect.fact.kind === 'latePayment'),
    );
    expect(about.map(({ kind }) => kind)).toEqual([becomes]);
  });

  it('counts who passed while release was automatic', () => {
    const { effects } = run('402-keep-open');
    expect(notes(effects, 'stateEnded')[0]?.values?.passages).toBe(2);
    expect(notes(effects, 'automaticPassages')[0]?.values?.passages).toBe(3);
  });
});

describe('pictures', () => {
  it('takes none of a car that a grant covers for certain, beyond the opening', () => {
    expect(captures(run('spec/01-paid-exit').effects).map(({ why }) => why)).toEqual(['opening']);
  });

  it('takes one at the moment of the opening and one of the tailgater, and each release names its own', () => {
    const manual = run('spec/02-button-release');
    const [opened] = captures(manual.effects);
    expect(opened?.atMs).toBe(T + 1200);
    expect(manual.releases[0]?.captureId).toBe(opened?.captureId);
    const tail = run('spec/06-tailgater');
    const shot = captures(tail.effects).find(({ atMs }) => atMs === T + 6100);
    expect(tail.releases[0]?.captureId).toBe(shot?.captureId);
  });

  it('is asked for in the very step that brings the edge', () => {
    let state: LaneState = initialState(settings);
    for (const event of [...first(), { kind: 'tick', atMs: T - 900 } as const]) [state] = step(state, event, settings);
    const [, effects] = step(state, edge('down', false, T), settings);
    expect(captures(effects)).toHaveLength(1);
  });
});

describe('alarms', () => {
  it('come and go once each', () => {
    expect(alarms(run('120-barrier-stuck').effects)).toEqual(['+barrierStuck', '-barrierStuck']);
    expect(alarms(run('108-both-limits').effects)).toEqual(['+barrierFault', '-barrierFault']);
    expect(alarms(run('223-ran-the-barrier').effects)).toEqual(['+ranBarrier', '-ranBarrier']);
    expect(alarms(run('spec/18-arm-left-up').effects)).toEqual(['+heldOpen', '-heldOpen']);
    expect(alarms(run('235-loop-b-lost').effects)).toEqual(['+pointsLost:barrier', '-pointsLost:barrier']);
    expect(alarms(run('506-no-barrier-signal').effects)).toEqual([
      '+pointsLost:down',
      '+barrierUnknown',
      '+pointsLost:up',
    ]);
  });

  it('says that a loop is stuck, and that it is not any more', () => {
    const { effects } = drive([...first(), edge('approach', true, T), edge('approach', false, T + 900_000)], settings);
    expect(alarms(effects)).toEqual(['+loopStuck:approach', '-loopStuck:approach']);
  });
});

describe('limits', () => {
  it('gives up the oldest grant at the limit, and says so', () => {
    const many = Array.from({ length: GRANTS_MOST + 2 }, (_, index) => grant(`g${index}`, T + index));
    const { effects } = drive([...first(), ...many], settings, { afterMs: 10 });
    expect(notes(effects, 'grantGivenUp').map(({ values }) => values?.grantId)).toEqual(['g0', 'g1']);
  });

  it('gives up grants of the sender that holds most: one who invents pushes out nobody else’s', () => {
    const of = (source: string, id: string, at: number): LaneEvent => {
      const told = grant(id, at);
      return told.kind === 'grant' ? { ...told, grant: { ...told.grant, source } } : told;
    };
    const paid = Array.from({ length: 50 }, (_, index) => of('till', `paid${index}`, T + index));
    const invented = Array.from({ length: GRANTS_MOST }, (_, index) => of('inventor', `x${index}`, T + 50 + index));
    const last = of('till', 'paid50', T + 50 + GRANTS_MOST);
    const { effects } = drive([...first(), ...paid, ...invented, last], settings, { afterMs: 10 });
    const given = notes(effects, 'grantGivenUp').map(({ values }) => values?.grantId);
    expect(given).toEqual(Array.from({ length: 51 }, (_, index) => `x${index}`));
  });

  it('keeps what it remembers bounded over a long life', () => {
    const cars = Array.from({ length: 400 }, (_, index) => {
      const at = T + index * 20_000;
      return [
        ...car(at),
        plate(`粤B${10_000 + index}`, at + 400),
        grant(`g${index}`, at + 900, `粤B${10_000 + index}`),
      ];
    });
    const { state } = drive([...first(), ...cars.flat().sort((a, b) => a.atMs - b.atMs)], settings);
    expect(state.lane.kept.known.length).toBe(KNOWN_MOST);
    expect(state.lane.kept.past.length).toBe(64);
    expect(state.lane.bodies).toEqual([]);
    expect(state.lane.openings).toEqual([]);
    expect(JSON.stringify(state).length).toBeLessThan(100_000);
  });

  it('acts at once on the oldest event when too many wait for one moment', () => {
    let state: LaneState = initialState(settings);
    for (let index = 0; index < 3 * PENDING_MOST; index += 1) {
      [state] = step(state, { kind: 'sent', releaseId: `r${index}`, atMs: T }, settings);
    }
    expect(state.inbox.pending.length).toBeLessThanOrEqual(PENDING_MOST);
  });
});

describe('times that run back', () => {
  it('does no harm: events that come up to a second late neither crash it nor hold a deadline still', () => {
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat(900)), (life, delays) => {
        const late = life.events
          .map((event) => ({ event, key: event.atMs + (delays.next().value as number) }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event);
        const { state } = drive(late, life.settings);
        const due = deadlineMs(state, life.settings);
        expect(due === undefined || due > state.inbox.nowMs).toBe(true);
      }),
      { numRuns: atLength(2_000, 400) },
    );
  });

  it('puts an edge that was polled late where it belongs, if its moment is not closed', () => {
    const events = [...first(), ...car(T), plate('粤B12345', T + 400)].sort((a, b) => a.atMs - b.atMs);
    const swapped = [...events];
    const index = swapped.findIndex(
      (event) => event.kind === 'edge' && event.role === 'barrier' && !event.on && event.atMs > T,
    );
    [swapped[index - 1], swapped[index]] = [swapped[index] as LaneEvent, swapped[index - 1] as LaneEvent];
    const told = (all: readonly LaneEvent[]) =>
      releases(drive(all, settings, { noTicks: true }).effects).map(({ captureId: _, ...rest }) => rest);
    expect(told(swapped)[0]?.verdict).toBe('manual');
    expect(told(swapped)[0]?.passed).toBe(told(events)[0]?.passed);
  });
});

describe('plates', () => {
  const read = (text: string, confidence: number): Read => ({
    ...{ text, confidence, atMs: 0 },
    ...{ color: null, known: false, side: null },
  });
  const paid = read('粤B12345', 0.97);

  it('of no country, read poorly, part no two vehicles and contradict no payment', () => {
    for (const text of ['1111H11', 'XXXXXXXX', '京京京京京京京', 'ZQ8C4H7', '88888888', '44']) {
      expect(hardlyOnePlate([read(text, 0.55)], [paid]), text).toBe(false);
      expect(contradicts({ reads: [read(text, 0.55)] }, [paid.text]), text).toBe(false);
    }
  });

  it('of this country, read poorly, and of another, read for certain, do', () => {
    for (const one of [read('湘D9K678', 0.55), read('湘DF98678', 0.55), read('KH9678', 0.9)]) {
      expect(hardlyOnePlate([one], [paid]), one.text).toBe(true);
      expect(contradicts({ reads: [one] }, [paid.text]), one.text).toBe(true);
    }
  });

  it.each([
    ['粤B12345', '粤B12345', true],
    ['粤B12385', '粤B123B5', true],
    ['粤BD2345', '粤B02345', true],
    ['粤B0B855', '粤BD8855', true],
    ['粤B0B8S5', '粤BD8B55', false],
    ['粤B0B845', '粤BD8855', false],
    ['粤B12345', '赣B12345', true],
    ['粤B12345', '粤B12346', true],
    ['粤B12345', '赣B12346', false],
    ['粤B12345', '粤B12399', false],
    ['粤B12345', '粤B123456', false],
  ])('%s and %s: %s', (one, other, alike) => {
    expect(fuzzyPlate(one, other)).toBe(alike);
    expect(fuzzyPlate(other, one)).toBe(alike);
  });

  it('three confusable characters speak against a payment, two do not', () => {
    expect(contradicts({ reads: [read('粤B80152', 0.9)] }, ['粤BBD152'])).toBe(false);
    expect(contradicts({ reads: [read('粤B80152', 0.9)] }, ['粤BBD752'])).toBe(true);
  });

  it('compares without separators and case', () => {
    expect(normalPlate('粤b·123 45')).toBe('粤B12345');
  });
});

describe('settings and view', () => {
  it('takes settings by their names in the configuration', () => {
    const lane = laneSettings({ direction: 'entry', roles: ['up'] }, { settle: 3000, reportFrom: 'sure' });
    expect(lane).toEqual({
      ...DEFAULT_SETTINGS,
      direction: 'entry',
      roles: ['up'],
      settleMs: 3000,
      reportFrom: 'sure',
    });
  });

  it('shows what a person at the lane can see', () => {
    const { state } = drive(
      [...first(), ...car(T).slice(0, 4), plate('粤B12345', T + 400), { kind: 'lost', role: 'remote', atMs: T + 3500 }],
      settings,
      { afterMs: 100 },
    );
    const view = laneView(state, settings);
    expect(view).toMatchObject({
      arm: 'open',
      loops: { approach: true, barrier: true },
      bodies: 1,
      granted: false,
      degraded: ['remote'],
      passages: 0,
    });
    expect(view.opening).toMatchObject({ sinceMs: T + 1200, granted: false });
    expect(view.lastPlate?.text).toBe('粤B12345');
  });
});

describe('payments after the program begins again', () => {
  const feed = (state: 'up' | 'heard', atMs: number): LaneEvent => ({ kind: 'feed', intake: 'pms', state, atMs });
  const start = (blindMs: number, powerCut: boolean): LaneEvent => ({
    kind: 'start',
    blindMs,
    powerCut,
    atMs: T + 60_000,
  });
  const isInterrupted = (again: LaneEvent, before: readonly LaneEvent[] = [feed('heard', T + 1_000)]) =>
    feedIsDown(
      drive([...first(), feed('up', T), ...before, again, feed('up', T + 61_000)], settings, { afterMs: 0 }).state.lane,
    );

  it('are awaited after a power cut, a long stop, and where none had come before', () => {
    expect(isInterrupted(start(5_000, true))).toBe(true);
    expect(isInterrupted(start(6_000, false))).toBe(true);
    expect(isInterrupted(start(5_000, false), [])).toBe(true);
  });

  it('are not after a configuration was applied: the management system has not been restarted', () => {
    expect(isInterrupted(start(5_000, false))).toBe(false);
  });
});
