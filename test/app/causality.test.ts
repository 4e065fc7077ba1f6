/** Whether an output raises the arm: found in two openings where it always does, and never where only chance says so. */
import { describe, expect, it } from 'vitest';
import { type CausalityKept, type FollowedOutput, LaneCausality } from '../../src/app/watch/causality.ts';
import type { Role } from '../../src/lane/types.ts';
import { createRandom } from '../../src/sim/random.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LANE = { roles: ['down', 'up', 'approach'] as Role[], closeTimeMs: 6_000 };

/** A lane at rest, and what was found of outputs in it. */
function lane(kept?: CausalityKept, watched = LANE) {
  const causality = new LaneCausality(watched, kept);
  const causes: FollowedOutput[] = [];
  const edge = (role: Role, on: boolean | null, atMs: number): void => {
    causes.push(...causality.edge(role, on, atMs).filter(({ isCause }) => isCause));
  };
  edge('approach', false, 0);
  edge('up', false, 0);
  edge('down', true, 0);
  /** The arm goes up at this time, and is down again `forMs` later. */
  const rises = (atMs: number, forMs = 6_000): void => {
    edge('down', false, atMs);
    edge('down', true, atMs + forMs);
  };
  return { causality, causes, edge, rises };
}

describe('an output that raises the arm', () => {
  it('is found at its second opening, with the delays', () => {
    const { causality, causes, rises } = lane();
    causality.output('siren', 10 * SECOND_MS);
    rises(10 * SECOND_MS + 400);
    expect(causes).toEqual([]);
    causality.output('siren', 60 * SECOND_MS);
    rises(60 * SECOND_MS + 650);
    expect(causes).toEqual([{ output: 'siren', delaysMs: [400, 650], isCause: true }]);
  });

  it('is found after a restart between the two', () => {
    const before = lane();
    before.causality.output('siren', 10 * SECOND_MS);
    before.rises(10 * SECOND_MS + 400);
    const kept = JSON.parse(JSON.stringify(before.causality.kept)) as CausalityKept;
    const { causality, causes, rises } = lane(kept);
    causality.output('siren', HOUR_MS);
    rises(HOUR_MS + 300);
    expect(causes).toHaveLength(1);
  });

  it('is found where it goes out at each start, before the arm is read for the first time', () => {
    let kept: CausalityKept | undefined;
    const found: FollowedOutput[] = [];
    for (const atMs of [10_000, 90_000]) {
      const causality = new LaneCausality(LANE, kept);
      causality.output('ping', atMs);
      causality.edge('down', true, atMs + 30);
      causality.edge('approach', false, atMs + 30);
      found.push(...causality.edge('down', false, atMs + 300));
      kept = causality.kept;
    }
    expect(found.map(({ isCause }) => isCause)).toEqual([false, true]);
  });

  it('is found where it goes out every ten seconds and finds the arm up in between', () => {
    const { causality, causes, edge } = lane();
    let openings = 0;
    let downMs = 0;
    for (let atMs = 10 * SECOND_MS; causes.length === 0; atMs += 10 * SECOND_MS) {
      if (openings > 0 && downMs <= atMs) edge('down', true, downMs);
      causality.output('ping', atMs);
      if (downMs > atMs) continue;
      edge('down', false, atMs + 250);
      downMs = atMs + 15 * SECOND_MS;
      openings += 1;
    }
    expect(openings).toBe(2);
  });

  it('is found where only the upper limit is wired, a travel time later', () => {
    const { causality, causes, edge } = lane(undefined, { roles: ['up'], closeTimeMs: 6_000 });
    for (const atMs of [10_000, 60_000]) {
      causality.output('siren', atMs);
      edge('up', true, atMs + 3_200);
      edge('up', false, atMs + 9_000);
    }
    expect(causes).toHaveLength(1);
  });

  it('is found after a month in which it did nothing, and on a busy lane, in a few openings more', () => {
    const { causality, causes, edge } = lane();
    const { next: random } = createRandom(7);
    let atMs = 0;
    let openings = 0;
    for (let outputs = 0; outputs < 30 * 8_640 && causes.length === 0; outputs += 1) {
      atMs += 10 * SECOND_MS;
      const isLate = outputs >= 8_640;
      causality.output('ping', atMs);
      // From the second day on each opens; before that, 1,500 a day by hand.
      if (!isLate && random() > 1 / 5.76) continue;
      openings += isLate ? 1 : 0;
      const rises = atMs + (isLate ? 300 : 9_000 * random());
      edge('down', false, rises);
      edge('down', true, rises + 500);
    }
    expect(causes).toHaveLength(1);
    expect(openings).toBeLessThanOrEqual(6);
  });
});

describe('nothing follows from', () => {
  it('rises whose delays are not alike', () => {
    const { causality, causes, rises } = lane();
    for (const [at, delay] of [
      [10_000, 200],
      [60_000, 900],
      [120_000, 400],
    ] as const) {
      causality.output('siren', at);
      rises(at + delay);
    }
    expect(causes).toEqual([]);
  });

  it('rises with an output in between that nothing followed', () => {
    const { causality, causes, rises } = lane();
    for (const [at, isFollowed] of [
      [10_000, true],
      [60_000, false],
      [120_000, true],
    ] as const) {
      causality.output('siren', at);
      if (isFollowed) rises(at + 400);
    }
    expect(causes).toEqual([]);
  });

  it.each<[string, (edge: (role: Role, on: boolean | null, atMs: number) => void, atMs: number) => void]>([
    ['a vehicle on A before it', (edge, atMs) => edge('approach', true, atMs - 100)],
    ['a vehicle that comes onto A after it', (edge, atMs) => edge('approach', true, atMs + 100)],
    ['an arm that was up already', (edge, atMs) => edge('down', false, atMs - 100)],
    ['an arm that left before it, and was seen after it', (edge, atMs) => void edge('down', false, atMs - 40)],
    ['a point that is lost', (edge, atMs) => edge('down', null, atMs + 100)],
  ])('%s', (_, happens) => {
    const { causality, causes, edge } = lane();
    for (let atMs = 10 * SECOND_MS; atMs < 200 * SECOND_MS; atMs += 10 * SECOND_MS) {
      causality.output('siren', atMs);
      happens(edge, atMs);
      edge('down', false, atMs + 400);
      edge('down', true, atMs + 5_000);
      edge('approach', false, atMs + 5_000);
    }
    expect(causes).toEqual([]);
  });
});

/** Of a day: two rushes and a quiet night. */
const BY_HOUR = [2, 1, 1, 1, 1, 3, 10, 30, 40, 20, 10, 10, 15, 15, 10, 10, 15, 30, 40, 25, 15, 10, 6, 4];
const A_DAY = BY_HOUR.reduce((sum, each) => sum + each);

/** 1,500 openings by hand a day; a siren and a webhook after each, a ping every ten seconds. @returns what was taken for a cause */
function monthByHand(seed: number): readonly FollowedOutput[] {
  const { next: random } = createRandom(seed);
  const { causality, causes, edge } = lane();
  let sent: { readonly name: string; readonly atMs: number }[] = [];
  let pingMs = 10 * SECOND_MS * random();
  const sendUntil = (atMs: number): void => {
    for (; pingMs <= atMs; pingMs += 10 * SECOND_MS + 40 * random()) sent.push({ name: 'ping', atMs: pingMs });
    sent.sort((one, other) => one.atMs - other.atMs);
    for (const each of sent.filter((one) => one.atMs <= atMs)) causality.output(each.name, each.atMs);
    sent = sent.filter((one) => one.atMs > atMs);
  };
  for (let atMs = 0; atMs < 30 * DAY_MS; ) {
    const inHour = (1_500 * (BY_HOUR[Math.floor(atMs / HOUR_MS) % 24] ?? 0)) / A_DAY;
    atMs += (-Math.log(1 - random()) * HOUR_MS) / inHour;
    sendUntil(atMs);
    edge('down', false, atMs);
    const upMs = 4_000 + 8_000 * random();
    sent.push({ name: 'siren', atMs: atMs + upMs * (0.5 + random()) });
    sent.push({ name: 'webhook', atMs: atMs + upMs * (0.5 + random()) + 2_000 * random() });
    sendUntil(atMs + upMs);
    atMs += upMs;
    edge('down', true, atMs);
  }
  return causes;
}

it('of 30 days with 1,500 openings by hand each nothing is stopped, ten times over', () => {
  for (let seed = 1; seed <= 10; seed += 1) expect(monthByHand(seed), `seed ${seed}`).toEqual([]);
});
