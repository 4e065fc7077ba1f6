/** Lanes whose camera reads ahead, and what is learned of that and of the length of vehicles: whose a plate is, and what is a vehicle at all. */
import { describe, expect, it } from 'vitest';
import type { LaneEvent, Release } from '../../src/lane/types.ts';
import { edge } from './arbitrary.ts';
import { AFTER_MS, closed, crosses, inOrder, lane, opened, paid, plate } from './learned-lane.ts';

/** Comes, is read before and another plate after it came, and is let out by hand. */
const readTwice: readonly LaneEvent[] = [
  plate('粤B12345', AFTER_MS + 19_000),
  edge('approach', true, AFTER_MS + 20_000),
  plate('苏C88888', AFTER_MS + 21_800),
  ...[...opened('button', AFTER_MS + 25_000), ...crosses(AFTER_MS + 28_000), ...closed(AFTER_MS + 32_000)],
];

describe('a plate read before, and another after a car came onto A', () => {
  it('is the earlier one where the camera reads ahead', () => {
    expect(lane(-1_000, readTwice)).toMatchObject([
      { verdict: 'manual', plate: { text: '粤B12345' }, confidence: 'sure' },
    ]);
  });

  it('is the later one where it does not', () => {
    expect(lane(500, readTwice)).toMatchObject([{ verdict: 'manual', plate: { text: '苏C88888' } }]);
  });

  it('is the earlier one, however poorly read, where the camera reads ahead', () => {
    const poorly = [plate('粤B12345', AFTER_MS + 19_000, 0.66), ...readTwice.slice(1)];
    expect(lane(-1_000, poorly)).toMatchObject([{ verdict: 'manual', plate: { text: '粤B12345' } }]);
  });
});

describe('a first read so late that the camera read the car behind', () => {
  const lateRead = (next: readonly LaneEvent[]): readonly LaneEvent[] => [
    edge('approach', true, AFTER_MS + 20_000),
    plate('粤B12345', AFTER_MS + 22_500),
    ...[...opened('button', AFTER_MS + 25_000), ...crosses(AFTER_MS + 28_000)],
    ...next,
  ];
  const nextCar: readonly LaneEvent[] = [
    edge('approach', true, AFTER_MS + 30_000),
    ...closed(AFTER_MS + 32_000),
    ...[paid('粤B12345', AFTER_MS + 40_000), ...opened('auto', AFTER_MS + 40_100)],
    ...[...crosses(AFTER_MS + 43_000), ...closed(AFTER_MS + 47_000)],
  ];

  it('is that of the car behind, when one comes', () => {
    const [manual, ...others] = lane(-1_000, lateRead(nextCar));
    expect(manual).toMatchObject({ verdict: 'manual', confidence: 'sure' });
    expect(manual?.plate).toBeUndefined();
    expect(others).toEqual([]);
  });

  it('is its own, and not for sure, when nobody comes', () => {
    const [manual] = lane(-1_000, lateRead(closed(AFTER_MS + 32_000)));
    expect(manual).toMatchObject({ verdict: 'manual', plate: { text: '粤B12345' }, confidence: 'likely' });
  });
});

describe('a plate first read a second after a car came onto A', () => {
  const readSince: readonly LaneEvent[] = [
    edge('approach', true, AFTER_MS + 20_000),
    plate('粤B12345', AFTER_MS + 21_000),
    ...[...opened('button', AFTER_MS + 25_000), ...crosses(AFTER_MS + 28_000), ...closed(AFTER_MS + 32_000)],
  ];

  it('is not its own for sure where the camera reads ahead', () => {
    expect(lane(-1_000, readSince)).toMatchObject([{ plate: { text: '粤B12345' }, confidence: 'likely' }]);
  });

  it('is its own where it does not', () => {
    expect(lane(500, readSince)).toMatchObject([{ plate: { text: '粤B12345' }, confidence: 'sure' }]);
  });
});

/** A car that pays, and something close behind it under the same arm. */
const followed = (behind: readonly LaneEvent[]): readonly LaneEvent[] => [
  edge('approach', true, AFTER_MS + 20_000),
  plate('粤B12345', AFTER_MS + 20_500),
  ...[paid('粤B12345', AFTER_MS + 22_000), ...opened('auto', AFTER_MS + 22_100), ...crosses(AFTER_MS + 25_000)],
  ...[...behind, ...closed(AFTER_MS + 33_000)],
];
const close = (shortMs: number): readonly LaneEvent[] =>
  followed([
    edge('approach', true, AFTER_MS + 26_550),
    edge('barrier', true, AFTER_MS + 27_800),
    edge('approach', false, AFTER_MS + 27_800 + shortMs),
    edge('barrier', false, AFTER_MS + 29_000 + shortMs),
  ]);

describe('a short gap behind a car', () => {
  it('with something much shorter than a vehicle after it is a part of that car', () => {
    expect(lane(500, close(200))).toEqual([]);
  });

  it('with something as long as a car after it is for review at least', () => {
    expect(lane(500, close(1_000))).toMatchObject([{ verdict: 'tailgating' }]);
  });
});

describe('a drawbar over A as the detector of B loses the car', () => {
  it('shows no second vehicle', () => {
    const trailer: readonly LaneEvent[] = [
      edge('approach', true, AFTER_MS + 20_000),
      plate('粤B12345', AFTER_MS + 20_500),
      ...[paid('粤B12345', AFTER_MS + 22_000), ...opened('auto', AFTER_MS + 22_100)],
      edge('barrier', true, AFTER_MS + 25_000),
      edge('approach', false, AFTER_MS + 26_370),
      edge('barrier', false, AFTER_MS + 26_400),
      edge('approach', true, AFTER_MS + 26_480),
      edge('barrier', true, AFTER_MS + 26_510),
      edge('approach', false, AFTER_MS + 27_600),
      edge('barrier', false, AFTER_MS + 28_700),
      ...closed(AFTER_MS + 33_000),
    ];
    expect(lane(500, trailer)).toEqual([]);
  });
});

describe('a plate read behind a car that stands on both loops for long', () => {
  it('is that of the next, and of no follower', () => {
    const events: readonly LaneEvent[] = [
      plate('粤B12345', AFTER_MS + 19_000),
      edge('approach', true, AFTER_MS + 20_000),
      ...[paid('粤B12345', AFTER_MS + 20_500), ...opened('auto', AFTER_MS + 20_600)],
      edge('barrier', true, AFTER_MS + 22_500),
      plate('苏C88888', AFTER_MS + 24_000),
      edge('approach', false, AFTER_MS + 28_500),
      edge('approach', true, AFTER_MS + 29_400),
      edge('barrier', false, AFTER_MS + 29_700),
      ...closed(AFTER_MS + 30_000),
      ...[...opened('button', AFTER_MS + 45_000), ...crosses(AFTER_MS + 48_000), ...closed(AFTER_MS + 52_000)],
    ];
    expect(lane(-1_000, events)).toMatchObject([{ verdict: 'manual', plate: { text: '苏C88888' } }]);
  });
});

describe('a plate of the list, read behind a car that was on both loops for as long as two', () => {
  it('may be that of the next, which the relay lets out unread', () => {
    const listed: LaneEvent = {
      ...(plate('苏C88888', AFTER_MS + 25_500) as LaneEvent & { kind: 'plate' }),
      known: { kind: 'season' },
    };
    const events: readonly LaneEvent[] = [
      plate('粤B12345', AFTER_MS + 19_000),
      edge('approach', true, AFTER_MS + 20_000),
      ...[paid('粤B12345', AFTER_MS + 20_500), ...opened('auto', AFTER_MS + 20_600)],
      ...[edge('barrier', true, AFTER_MS + 24_000), listed],
      edge('approach', false, AFTER_MS + 28_500),
      edge('approach', true, AFTER_MS + 29_400),
      edge('barrier', false, AFTER_MS + 29_700),
      ...closed(AFTER_MS + 30_000),
      ...[...opened('auto', AFTER_MS + 45_000), ...crosses(AFTER_MS + 48_000), ...closed(AFTER_MS + 52_000)],
    ];
    const releases = lane(-1_000, events, { autoCommandIsGrant: false });
    expect(releases.filter(({ verdict }) => verdict === 'systemUnpaid')).toMatchObject([{ confidence: 'possible' }]);
    expect(releases.filter(({ reported }) => reported)).toEqual([]);
  });
});

describe('a plate read as a motorcycle drove up, which nobody paid under', () => {
  it('stays with it where another was read since, though the next has none', () => {
    const events: readonly LaneEvent[] = [
      plate('粤K89014', AFTER_MS + 19_300),
      edge('approach', true, AFTER_MS + 20_000),
      plate('苏C88888', AFTER_MS + 23_200),
      ...opened('auto', AFTER_MS + 29_000),
      edge('approach', false, AFTER_MS + 32_600),
      edge('barrier', true, AFTER_MS + 32_900),
      edge('approach', true, AFTER_MS + 33_600),
      edge('barrier', false, AFTER_MS + 38_800),
      ...closed(AFTER_MS + 39_200),
      ...[...opened('button', AFTER_MS + 50_000), ...crosses(AFTER_MS + 53_000), ...closed(AFTER_MS + 57_000)],
    ];
    const [manual, ...others] = lane(-1_000, events);
    expect(manual).toMatchObject({ verdict: 'manual' });
    expect(manual?.plate?.text).not.toBe('粤K89014');
    expect(others).toEqual([]);
  });
});

/** It stood on A and between the loops, and one comes behind it that no camera reads; both are let out, the second by hand. */
const motorcycle = (reads: readonly LaneEvent[], before: readonly LaneEvent[] = []): readonly LaneEvent[] =>
  inOrder([
    ...[...before, ...reads],
    edge('approach', true, AFTER_MS + 20_000),
    ...opened('auto', AFTER_MS + 23_000),
    edge('approach', false, AFTER_MS + 26_600),
    edge('barrier', true, AFTER_MS + 26_900),
    edge('approach', true, AFTER_MS + 27_600),
    edge('barrier', false, AFTER_MS + 32_800),
    ...closed(AFTER_MS + 33_200),
    ...[...opened('button', AFTER_MS + 50_000), ...crosses(AFTER_MS + 53_000), ...closed(AFTER_MS + 57_000)],
  ]);
const namedBy = (releases: readonly Release[]): string | undefined =>
  releases.find(({ verdict }) => verdict === 'manual')?.plate?.text;

describe('the plate of a motorcycle that nobody paid under, and one behind it unread', () => {
  const own = plate('粤K89014', AFTER_MS + 20_400);

  it('is taken for that of the one behind', () => {
    expect(namedBy(lane(500, motorcycle([own])))).toBe('粤K89014');
  });

  it('stays with it while messages are missing', () => {
    const down: LaneEvent = { kind: 'feed', intake: 'http', state: 'down', atMs: AFTER_MS + 10_000 };
    const up: LaneEvent = { kind: 'feed', intake: 'http', state: 'up', atMs: AFTER_MS + 9_000 };
    expect(namedBy(lane(500, motorcycle([own], [up, down])))).not.toBe('粤K89014');
  });

  it('stays with it where it paid under it, though the one behind came right after', () => {
    const events = inOrder([
      edge('approach', true, AFTER_MS + 20_000),
      ...[
        plate('甘SK5114', AFTER_MS + 20_250),
        paid('甘SK5114', AFTER_MS + 20_700),
        ...opened('auto', AFTER_MS + 20_800),
      ],
      edge('approach', false, AFTER_MS + 21_150),
      edge('barrier', true, AFTER_MS + 21_600),
      edge('approach', true, AFTER_MS + 22_000),
      edge('barrier', false, AFTER_MS + 22_700),
      ...closed(AFTER_MS + 25_000),
      ...[...opened('button', AFTER_MS + 40_000), ...crosses(AFTER_MS + 43_000), ...closed(AFTER_MS + 47_000)],
    ]);
    const releases = lane(500, events, { autoCommandIsGrant: false });
    expect(releases).toMatchObject([{ verdict: 'manual' }]);
    expect(namedBy(releases)).not.toBe('甘SK5114');
  });

  it('stays with it where two were read', () => {
    const other = plate('闽U307E7', AFTER_MS + 20_200, 0.79);
    expect(namedBy(lane(500, motorcycle([other, own])))).not.toBe('粤K89014');
  });
});

describe('a plate read poorly, and late, as a motorcycle stood on A that a hand lets out', () => {
  it('is that of the one behind', () => {
    const events = motorcycle([plate('粤U98330', AFTER_MS + 24_000, 0.77)]).map((event) =>
      event.kind === 'edge' && event.role === 'auto' ? { ...event, role: 'button' as const } : event,
    );
    const [first] = lane(500, events);
    expect(first).toMatchObject({ verdict: 'manual' });
    expect(first?.plate).toBeUndefined();
  });
});

describe('a plate read just before a motorcycle came, and again long after', () => {
  it('is its own, though it was hardly on both loops and another was read between', () => {
    const events: readonly LaneEvent[] = [
      plate('粤H12J40', AFTER_MS + 19_800),
      edge('approach', true, AFTER_MS + 20_000),
      ...[plate('粤CD663S', AFTER_MS + 22_500, 0.87), plate('粤H12J40', AFTER_MS + 26_400, 0.93)],
      ...[...opened('button', AFTER_MS + 27_000), edge('barrier', true, AFTER_MS + 30_000)],
      edge('approach', false, AFTER_MS + 30_450),
      edge('approach', true, AFTER_MS + 31_300),
      edge('barrier', false, AFTER_MS + 31_900),
      ...[edge('auto', true, AFTER_MS + 32_100), edge('auto', false, AFTER_MS + 32_400)],
      ...[...crosses(AFTER_MS + 34_300), ...closed(AFTER_MS + 38_000)],
    ];
    expect(lane(500, events)).toMatchObject([{ verdict: 'manual', plate: { text: '粤H12J40' } }]);
  });
});

describe('two plates read by a camera that gives no confidence', () => {
  it('are not both of the car that comes after them', () => {
    const unrated = (text: string, atMs: number): LaneEvent => ({
      ...(plate(text, atMs) as LaneEvent & { kind: 'plate' }),
      unrated: true,
    });
    const events: readonly LaneEvent[] = [
      edge('approach', true, AFTER_MS + 20_000),
      ...[...opened('button', AFTER_MS + 20_100), unrated('粤L90174', AFTER_MS + 21_500)],
      edge('approach', false, AFTER_MS + 21_800),
      unrated('粤DD17171', AFTER_MS + 22_000),
      edge('barrier', true, AFTER_MS + 22_200),
      edge('approach', true, AFTER_MS + 22_850),
      edge('barrier', false, AFTER_MS + 23_600),
      ...[paid('粤DD17171', AFTER_MS + 23_700), ...crosses(AFTER_MS + 26_000), ...closed(AFTER_MS + 29_000)],
    ];
    expect(lane(500, events)).toMatchObject([{ verdict: 'manual', plate: { text: '粤L90174' } }]);
  });
});

describe('a plate that comes late by the net, as its car stands on A where the camera reads ahead', () => {
  it('is that of the car, since the next was read as another', () => {
    const events: readonly LaneEvent[] = [
      edge('approach', true, AFTER_MS + 20_000),
      plate('粤B12345', AFTER_MS + 21_600),
      ...[...opened('button', AFTER_MS + 22_100), ...crosses(AFTER_MS + 25_000)],
      plate('苏C88888', AFTER_MS + 28_000),
      edge('approach', true, AFTER_MS + 29_000),
      ...closed(AFTER_MS + 33_000),
    ];
    expect(lane(-1_000, events)).toMatchObject([{ verdict: 'manual', plate: { text: '粤B12345' } }]);
  });
});

describe('a second plate during one occupancy', () => {
  it('of the length of one vehicle was read ahead', () => {
    const ahead = followed([]).toSpliced(4, 0, plate('苏C88888', AFTER_MS + 26_000));
    expect(lane(500, ahead)).toEqual([]);
  });
});

/** Paid car, an unread follower at whose crossing the camera reads the third, and the third: it stands before the closed arm and a hand lets it out. */
const threeCars: readonly LaneEvent[] = [
  ...followed([
    edge('approach', true, AFTER_MS + 27_500),
    edge('barrier', true, AFTER_MS + 28_500),
    plate('苏C88888', AFTER_MS + 28_700),
    edge('approach', false, AFTER_MS + 29_900),
    edge('barrier', false, AFTER_MS + 31_100),
  ]),
  edge('approach', true, AFTER_MS + 32_000),
  ...[...opened('button', AFTER_MS + 45_000), ...crosses(AFTER_MS + 48_000)],
  ...[edge('approach', true, AFTER_MS + 50_000), ...closed(AFTER_MS + 52_000)],
];

describe('the plate of the third car, read as the second crossed', () => {
  it('is no sure sign that the second was another than the first', () => {
    const [behind] = lane(-1_000, threeCars);
    expect(behind).toMatchObject({ verdict: 'tailgating', confidence: 'likely' });
  });

  it('is none either where the camera reads whoever stands on A: the nose of the second was on B', () => {
    const [behind] = lane(500, threeCars);
    expect(behind).toMatchObject({ verdict: 'tailgating', confidence: 'likely' });
  });

  it('leaves the third, unread, one of which nothing is sure', () => {
    const [, third] = lane(-1_000, threeCars);
    expect(third).toMatchObject({ verdict: 'manual', confidence: 'likely' });
  });
});

describe('a vehicle that was on both loops for a moment only, and a plate', () => {
  const brief = (atMs: number): readonly LaneEvent[] => [
    edge('approach', true, atMs),
    plate('苏C88888', atMs + 700),
    edge('barrier', true, atMs + 1_000),
    edge('approach', false, atMs + 1_050),
    edge('barrier', false, atMs + 2_100),
  ];

  it('behind a paid car may be an e-bike and the plate that of the next car', () => {
    expect(lane(-1_000, followed(brief(AFTER_MS + 28_200)))).toMatchObject([
      { verdict: 'tailgating', confidence: 'likely' },
    ]);
  });

  it('let out by hand as well, where the camera reads whoever stands on A', () => {
    const atMs = AFTER_MS + 23_000;
    const byHand = [...opened('button', AFTER_MS + 20_000), ...brief(atMs), ...closed(AFTER_MS + 33_000)];
    expect(lane(500, byHand)).toMatchObject([{ verdict: 'manual', confidence: 'likely' }]);
  });

  it('past the closed arm as well', () => {
    expect(lane(-1_000, brief(AFTER_MS + 20_000))).toMatchObject([{ verdict: 'ranBarrier', confidence: 'likely' }]);
  });
});

describe('a motorcycle let out by hand, read as it stood on A', () => {
  const motorcycle = (next: readonly LaneEvent[]): readonly LaneEvent[] => [
    edge('approach', true, AFTER_MS + 20_000),
    plate('苏C88888', AFTER_MS + 20_600),
    ...opened('button', AFTER_MS + 23_000),
    edge('approach', false, AFTER_MS + 25_500),
    edge('barrier', true, AFTER_MS + 26_000),
    edge('barrier', false, AFTER_MS + 27_200),
    ...next,
    ...closed(AFTER_MS + 29_000),
  ];

  it('bears that plate', () => {
    expect(lane(500, motorcycle([]))).toMatchObject([{ verdict: 'manual', plate: { text: '苏C88888' } }]);
  });

  it('does not where the next one stands on A, and the camera should have read that by now', () => {
    const [manual] = lane(500, motorcycle([edge('approach', true, AFTER_MS + 26_300)]));
    expect(manual).toMatchObject({ verdict: 'manual' });
    expect(manual?.plate).toBeUndefined();
  });

  it('does where the next one has been read as well', () => {
    const next = [edge('approach', true, AFTER_MS + 26_300), plate('粤B12345', AFTER_MS + 26_900)];
    expect(lane(500, motorcycle(next))).toMatchObject([{ verdict: 'manual', plate: { text: '苏C88888' } }]);
  });
});

describe('a car that paid and went back, where the camera reads ahead', () => {
  const again = (readAtMs: number | undefined): readonly LaneEvent[] => [
    plate('粤B12345', AFTER_MS + 9_000),
    edge('approach', true, AFTER_MS + 10_000),
    ...[paid('粤B12345', AFTER_MS + 12_000), ...opened('auto', AFTER_MS + 12_100)],
    ...[edge('approach', false, AFTER_MS + 17_000), ...closed(AFTER_MS + 20_000)],
    edge('approach', true, AFTER_MS + 160_000),
    ...(readAtMs === undefined ? [] : [plate('粤B12345', readAtMs)]),
    ...[paid(undefined, AFTER_MS + 169_900), ...opened('auto', AFTER_MS + 170_000)],
    ...[...crosses(AFTER_MS + 173_000), ...closed(AFTER_MS + 178_000)],
    plate('苏C88888', AFTER_MS + 500_000),
  ];

  it('is no fake exit when it was read late, for nobody, and somebody passed unread', () => {
    expect(lane(-1_000, again(AFTER_MS + 163_000), { fakeExit: 'report' })).toEqual([]);
  });

  it('is one when it was not read again', () => {
    expect(lane(-1_000, again(undefined), { fakeExit: 'report' })).toMatchObject([{ verdict: 'fakeExit' }]);
  });
});
