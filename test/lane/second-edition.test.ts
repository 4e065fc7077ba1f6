/** Rules of the second edition that a scenario file does not reach: trials, clocks of senders, other lanes, what was listened to. */
import { describe, expect, it } from 'vitest';
import { grantWord } from '../../src/lane/grant-word.ts';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import { type Grant, type LaneEvent, type LaneSettings, REPORTED_KINDS, type Release } from '../../src/lane/types.ts';
import { edge, START_MS } from './arbitrary.ts';
import { drive } from './drive.ts';

const settings: LaneSettings = {
  ...DEFAULT_SETTINGS,
  roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
  tells: REPORTED_KINDS,
};
const CAR_MS = 60_000;

const idle = (atMs: number): LaneEvent[] => settings.roles.map((role) => edge(role, role === 'down', atMs));
const plate = (text: string, atMs: number): LaneEvent => ({ kind: 'plate', plate: { text, confidence: 0.95 }, atMs });
const paid = (id: string, of: string, atMs: number, ageMs = 0): LaneEvent & { kind: 'grant' } => {
  const grant: Grant = {
    id,
    scope: 'lane',
    plate: of,
    count: 1,
    kind: 'paid',
    issuedAtMs: atMs - ageMs,
    source: 'http',
  };
  return { kind: 'grant', grant, atMs };
};
const textOf = (index: number): string => `粤A${String(10_000 + index * 37).slice(-5)}`;

/** A car that the relay lets out; `message`: what is received of it. */
const passes = (atMs: number, text: string, message: readonly LaneEvent[]): LaneEvent[] =>
  [
    edge('approach', true, atMs),
    plate(text, atMs + 400),
    ...message,
    edge('auto', true, atMs + 1_050),
    edge('down', false, atMs + 1_200),
    edge('auto', false, atMs + 1_350),
    edge('up', true, atMs + 2_700),
    edge('barrier', true, atMs + 3_000),
    edge('approach', false, atMs + 4_400),
    edge('barrier', false, atMs + 5_600),
    edge('up', false, atMs + 6_600),
    edge('down', true, atMs + 8_100),
  ].sort((a, b) => a.atMs - b.atMs);

/** So many cars with a message each, and then some without. */
function trial(cars: number, silent = 1): readonly Release[] {
  const events = [...idle(START_MS)];
  for (let index = 0; index < cars + silent; index += 1) {
    const atMs = START_MS + 1_000 + index * CAR_MS;
    const message = index >= cars ? [] : [paid(`g${index}`, textOf(index), atMs + 900)];
    events.push(...passes(atMs, textOf(index), message));
  }
  const { effects } = drive(events, settings);
  return effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
}

describe('a complete feed', () => {
  it('is believed after a hundred pulses that messages joined, and not before', () => {
    expect(trial(99)).toEqual([]);
    const [unpaid] = trial(101);
    expect(unpaid).toMatchObject({ verdict: 'systemUnpaid', method: 1, plate: { text: textOf(101) }, reported: true });
  });

  it('is never sure that a payment is missing', () => {
    expect(trial(101)).toMatchObject([{ confidence: 'likely', reported: true }]);
  });

  it('that falls silent while the arm is up accuses nobody, though a message came since it rose', () => {
    const atMs = START_MS + 1_000 + 101 * CAR_MS;
    const cars = [...Array(101).keys()].flatMap((index) => {
      const comeMs = START_MS + 1_000 + index * CAR_MS;
      return passes(comeMs, textOf(index), [paid(`g${index}`, textOf(index), comeMs + 900)]);
    });
    const first = passes(atMs, '粤C76543', [paid('g', '粤C76543', atMs + 1_300)]).slice(0, -2);
    const [comes, read, , , , , ...goes] = passes(atMs + 12_000, '粤B54321', []);
    const pulse = [edge('auto', true, atMs + 13_000), edge('auto', false, atMs + 13_300)];
    const second = [comes as LaneEvent, read as LaneEvent, ...pulse, ...goes];
    const { effects } = drive([...idle(START_MS), ...cars, ...first, ...second], settings, { afterMs: 200_000 });
    expect(effects.filter((effect) => effect.kind === 'release')).toEqual([]);
  });

  it('of which half is lost makes no opening by hand a sure one', () => {
    const events = [...idle(START_MS)];
    for (let index = 0; index < 160; index += 1) {
      const atMs = START_MS + 1_000 + index * CAR_MS;
      const isTold = index < 101 || index % 2 === 0;
      events.push(...passes(atMs, textOf(index), isTold ? [paid(`g${index}`, textOf(index), atMs + 900)] : []));
    }
    const byHand = passes(START_MS + 1_000 + 160 * CAR_MS, '粤B54321', []).map((event) =>
      event.kind === 'edge' && event.role === 'auto' ? { ...event, role: 'button' as const } : event,
    );
    const { effects } = drive([...events, ...byHand], settings);
    const releases = effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
    expect(releases.findLast(({ verdict }) => verdict === 'manual')).toMatchObject({
      plate: { text: '粤B54321' },
      confidence: 'likely',
      reported: true,
    });
  });

  /** Of so many cars one in `every` has no message. */
  const oneIn = (every: number, cars: number) => {
    const isTold = (index: number): boolean => index % every !== 0;
    const passages = [...Array(cars).keys()].flatMap((index) => {
      const comeMs = START_MS + 1_000 + index * CAR_MS;
      return passes(comeMs, textOf(index), isTold(index) ? [paid(`g${index}`, textOf(index), comeMs + 900)] : []);
    });
    return drive([...idle(START_MS), ...passages], settings).effects;
  };

  it('that does not pass its trial, because one in seven is let out by software, has them for review with an alarm', () => {
    const effects = oneIn(7, 141);
    const releases = effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
    expect(releases.map(({ plate: read }) => read?.text)).toEqual([105, 112, 119, 126, 133, 140].map(textOf));
    for (const release of releases)
      expect(release).toMatchObject({ verdict: 'systemUnpaid', reported: false, group: 'unverifiedPulses' });
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'alarm', alarm: 'pulsesUnverified', on: true }));
  });

  it('that tells of the fewest is none, whatever the settings say: nothing is asked about the others', () => {
    const told = oneIn(1, 141);
    expect(told.filter(({ kind }) => kind === 'release')).toEqual([]);
  });

  it('that falls silent accuses nobody, however many it lets out', () => {
    const silent = trial(101, 40);
    expect(silent).toHaveLength(40);
    expect(silent.filter(({ reported, confidence }) => reported || confidence === 'sure')).toEqual([]);
  });
});

describe('a season car of which no message is told', () => {
  const told = { ...settings, autoCommandIsGrant: false };
  /** The plate of the list, read so long before the car came onto A, which is let out by the relay. */
  const releases = (beforeMs: number, isListed: boolean): readonly Release[] => {
    const atMs = START_MS + 100_000;
    const { plate: read, ...event } = plate(textOf(1), atMs - beforeMs) as LaneEvent & { kind: 'plate' };
    const listed: LaneEvent = { ...event, plate: read, ...(isListed && { known: { kind: 'season' as const } }) };
    const [, , ...car] = passes(atMs, textOf(1), []);
    const { effects } = drive([...idle(START_MS), listed, edge('approach', true, atMs), ...car], told);
    return effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
  };

  it('has its right by the plate that was read as it drove up', () => {
    expect(releases(2_600, true)).toEqual([]);
  });

  it('accuses nobody for sure where an unread one followed, whose plate it may be', () => {
    const atMs = START_MS + 100_000;
    const read = { ...plate(textOf(1), atMs - 2_600), known: { kind: 'season' as const } };
    const [, , ...car] = passes(atMs, textOf(1), []);
    const offMs = car.findLast((event) => event.kind === 'edge' && event.role === 'barrier')?.atMs ?? 0;
    const behind = [
      edge('approach', true, offMs - 300),
      edge('barrier', true, offMs + 900),
      edge('approach', false, offMs + 2_000),
      edge('barrier', false, offMs + 3_300),
    ];
    const events = [read, edge('approach', true, atMs), ...car, ...behind].sort((a, b) => a.atMs - b.atMs);
    const { effects } = drive([...idle(START_MS), ...events], told);
    const first = effects.find((effect) => effect.kind === 'release' && effect.release.verdict === 'systemUnpaid');
    expect(first).toMatchObject({ release: { confidence: 'possible', reported: false } });
  });

  it('is for review where neither relay nor button showed who let it out', () => {
    const atMs = START_MS + 100_000;
    const read = { ...plate(textOf(1), atMs + 400), known: { kind: 'season' as const } };
    const car = passes(atMs, textOf(1), []).filter((event) => event.kind !== 'plate');
    const isShown = (event: LaneEvent): boolean => event.kind !== 'edge' || event.role !== 'auto';
    const events = [...car.filter(isShown), read].sort((a, b) => a.atMs - b.atMs);
    const roles = told.roles.filter((role) => role !== 'auto');
    const { effects } = drive([...idle(START_MS).filter(isShown), ...events], { ...told, roles });
    const found = effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
    expect(found).toMatchObject([{ confidence: 'possible', reported: false }]);
  });

  it('is never surely the one that a hand let out', () => {
    const atMs = START_MS + 100_000;
    const read = { ...plate(textOf(1), atMs + 400), known: { kind: 'season' as const } };
    const car = passes(atMs, textOf(1), [])
      .filter((event) => event.kind !== 'plate')
      .map((event) => (event.kind === 'edge' && event.role === 'auto' ? { ...event, role: 'button' as const } : event));
    const { effects } = drive([...idle(START_MS), ...[read, ...car].sort((a, b) => a.atMs - b.atMs)], told);
    const [manual] = effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
    expect(manual).toMatchObject({ verdict: 'manual', plate: { text: textOf(1) }, confidence: 'likely' });
  });

  it('has its right by that plate though one ahead, which bears its own, stood on A then', () => {
    const atMs = START_MS + 100_000;
    const [, , ...car] = passes(atMs, textOf(1), []);
    const read = { ...plate('鲁S74914', atMs - 4_100), known: { kind: 'season' as const } };
    // A motorcycle, never on both loops; the arm is still up for it.
    const cameMs = atMs - 5_000;
    const ahead = [
      ...passes(cameMs, '川G16592', [paid('g', '川G16592', cameMs + 1_000)]).slice(0, 6),
      edge('approach', false, cameMs + 4_100),
      edge('barrier', true, cameMs + 4_400),
      edge('barrier', false, cameMs + 5_600),
    ];
    const events = [...idle(START_MS), ...ahead, read, edge('approach', true, atMs), ...car];
    const { effects } = drive(
      events.sort((a, b) => a.atMs - b.atMs),
      told,
    );
    expect(effects.filter((effect) => effect.kind === 'release')).toEqual([]);
  });

  it('has its right by that plate though it was read as the one ahead, which then stopped on B, left A', () => {
    const atMs = START_MS + 100_000;
    const [, , ...car] = passes(atMs, textOf(1), []);
    const cameMs = atMs - 8_000;
    const ahead = passes(cameMs, '川G16592', [paid('g', '川G16592', cameMs + 1_000)]).filter(
      ({ atMs: ms }) => ms < cameMs + 5_000,
    );
    const read = { ...plate('鲁S74914', cameMs + 4_600), known: { kind: 'season' as const } };
    const events = [
      ...ahead,
      read,
      edge('approach', true, atMs),
      edge('barrier', false, atMs + 900),
      ...car.slice(0, 1),
    ];
    const rest = [edge('barrier', true, atMs + 3_000), ...car.slice(5)];
    const { effects } = drive(
      [...idle(START_MS), ...events, ...rest].sort((a, b) => a.atMs - b.atMs),
      told,
    );
    expect(effects.filter((effect) => effect.kind === 'release')).toEqual([]);
  });

  it('has its right by the plate that was read in the queue, with nobody on A since', () => {
    expect(releases(9_000, true)).toEqual([]);
  });

  it('has none by a plate that is not in the list, or was read long before', () => {
    expect(releases(2_600, false)).toMatchObject([{ verdict: 'systemUnpaid' }]);
    expect(releases(31_000, true)).toMatchObject([{ verdict: 'systemUnpaid' }]);
  });
});

describe('the clock of a sender', () => {
  it('is learned from ten messages and taken off', () => {
    const events = [...idle(START_MS)];
    for (let index = 0; index < 12; index += 1) {
      const atMs = START_MS + 1_000 + index * CAR_MS;
      events.push(...passes(atMs, textOf(index), [paid(`g${index}`, textOf(index), atMs + 900, 180_000)]));
    }
    const { effects, state } = drive(events, { ...settings, tells: [] });
    expect(effects.filter((effect) => effect.kind === 'release')).toEqual([]);
    expect(state.lane.kept.senders).toMatchObject([{ source: 'http', offsetMs: 180_000 }]);
  });

  it('kills no payment whose plate is in the lane; only an end that was given does', () => {
    const told = [...Array(10).keys()].map((index) => paid(`g${index}`, textOf(index), START_MS + 1 + index * CAR_MS));
    const comeMs = START_MS + 240 * CAR_MS;
    const here = [...idle(START_MS), ...told, edge('approach', true, comeMs), plate('粤B12345', comeMs + 400)];
    const { state } = drive(here, settings, { afterMs: 5_000 });
    const atMs = comeMs + 10_000;
    const old = paid('g', '粤B12345', atMs, 2 * 3_600_000);
    const word = (change: Partial<Grant>) => grantWord(state, settings, { ...old, grant: { ...old.grant, ...change } });
    expect(word({})).toEqual({ kind: 'counts' });
    expect(word({ plate: '粤C77777' })).toMatchObject({ kind: 'expired' });
    const endMs = atMs - 3_600_000;
    expect(word({ expiresAtMs: endMs })).toMatchObject({ kind: 'expired' });
  });
});

describe('a known vehicle', () => {
  const behind = (known: boolean): readonly Release[] => {
    const atMs = START_MS + 1_000;
    const text = '粤B54321';
    const second: LaneEvent = { kind: 'plate', plate: { text, confidence: 0.95 }, atMs: atMs + 6_500 };
    const events: LaneEvent[] = [
      ...idle(START_MS),
      ...passes(atMs, '粤B12345', [paid('g', '粤B12345', atMs + 900)]).slice(0, -2),
      edge('approach', true, atMs + 6_000),
      known ? { ...second, known: { kind: 'season' } } : second,
      edge('barrier', true, atMs + 7_000),
      edge('approach', false, atMs + 8_500),
      edge('barrier', false, atMs + 9_500),
      edge('up', false, atMs + 10_500),
      edge('down', true, atMs + 12_000),
    ];
    const { effects } = drive(events, settings);
    return effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
  };

  it('close behind another is never reported; any other is', () => {
    expect(behind(false)).toMatchObject([{ verdict: 'tailgating', reported: true }]);
    expect(behind(true)).toMatchObject([{ verdict: 'tailgating', confidence: 'possible', reported: false }]);
  });

  it('told by the traces of one occupancy alone is never reported either', () => {
    const bumper = (known: boolean): readonly Release[] => {
      const cars = [...Array(20).keys()].flatMap((index) => {
        const atMs = START_MS + 1_000 + index * CAR_MS;
        return passes(atMs, textOf(index), [paid(`g${index}`, textOf(index), atMs + 900)]);
      });
      const atMs = START_MS + 1_000 + 20 * CAR_MS;
      const second: LaneEvent = { kind: 'plate', plate: { text: '粤B54321', confidence: 0.95 }, atMs: atMs + 4_900 };
      const events: LaneEvent[] = [
        ...idle(START_MS),
        ...cars,
        ...passes(atMs, '粤C76543', [paid('g', '粤C76543', atMs + 900)]).slice(0, -4),
        known ? { ...second, known: { kind: 'season' } } : second,
        edge('approach', false, atMs + 6_600),
        edge('barrier', false, atMs + 7_900),
        edge('up', false, atMs + 8_900),
        edge('down', true, atMs + 10_400),
      ];
      const { effects } = drive(events, settings);
      return effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
    };
    expect(bumper(false)).toMatchObject([{ verdict: 'tailgating', confidence: 'likely', reported: true }]);
    expect(bumper(true)).toMatchObject([{ verdict: 'tailgating', confidence: 'possible', reported: false }]);
  });
});

describe('a fake exit', () => {
  const reporting: LaneSettings = { ...settings, fakeExit: 'report' };
  const made = (events: readonly LaneEvent[]): readonly Release[] => {
    const { effects } = drive([...idle(START_MS), ...events], reporting);
    return effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
  };
  const atMs = START_MS + 1_000;
  const comes = passes(atMs, '粤B12345', [paid('g', '粤B12345', atMs + 900)]);
  const armDown = [edge('up', false, atMs + 9_000), edge('down', true, atMs + 10_500)];

  it('is said of a granted vehicle that went back off loop A', () => {
    const events = [...comes.slice(0, 7), edge('approach', false, atMs + 5_000), ...armDown];
    expect(made(events)).toMatchObject([{ verdict: 'fakeExit', passed: false }]);
  });

  it('is not said where somebody behind the paid one may have shown himself on A', () => {
    const events = [
      ...comes.slice(0, -3),
      edge('approach', true, atMs + 5_100),
      edge('barrier', false, atMs + 5_600),
      edge('approach', false, atMs + 6_400),
      ...armDown,
    ];
    expect(made(events)).toEqual([]);
  });
});

describe('other lanes', () => {
  it('a payment told for another lane while its plate is on A here is for review', () => {
    const atMs = START_MS + 1_000;
    const told: LaneEvent = { kind: 'elsewhere', plate: '粤B12345', what: 'granted', lane: 'L2', atMs: atMs + 900 };
    const byHand = passes(atMs, '粤B12345', [told]).filter((event) => event.kind !== 'edge' || event.role !== 'auto');
    const { effects } = drive([...idle(START_MS), ...byHand], settings);
    const releases = effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
    expect(releases).toMatchObject([{ verdict: 'manual', reported: false, confidence: 'possible' }]);
  });
});

describe('what was listened to', () => {
  it('"no payment" names no more than that', () => {
    const byHand = passes(START_MS + 4_000, '粤B12345', []).filter(
      (event) => event.kind !== 'edge' || event.role !== 'auto',
    );
    const { effects } = drive([...idle(START_MS), ...byHand], settings);
    const facts = effects.flatMap((effect) => (effect.kind === 'release' ? effect.release.facts : []));
    const said = facts.find((fact) => fact.kind === 'noGrant')?.values;
    expect(said?.fromAtMs).toBe(START_MS);
  });
});
