/** One car teaches the wiring: on random boards with a truth of their own, and as single cases that an installer meets. */
import { describe, expect, it } from 'vitest';
import { type Proposal, proposalOf } from '../../src/commission/teach/proposal.ts';
import type { Recording } from '../../src/commission/teach/waves.ts';
import { oddWrongInGreen, taughtBoards } from './judge.ts';
import { FAMILIES } from './odd-boards.ts';

describe('200 random boards, one opening with one car', () => {
  it('are learnt whole in 98 of 100, and none is wrong in green', () => {
    const { whole, wrongInGreen, missed } = taughtBoards({ from: 1, count: 200 });
    expect(wrongInGreen).toEqual([]);
    expect(whole, missed.join('\n')).toBeGreaterThanOrEqual(196);
  });

  it('are certain of more after an opening of the empty lane, and of nothing that is wrong', () => {
    const one = taughtBoards({ from: 1, count: 60 });
    const both = taughtBoards({ from: 1, count: 60, withEmpty: true });
    expect(both.wrongInGreen).toEqual([]);
    expect(both.greenPercent).toBeGreaterThan(one.greenPercent);
  });
});

it('33 odd families, three boards each: none is wrong in green', () => {
  expect(Object.keys(FAMILIES)).toHaveLength(33);
  expect(oddWrongInGreen(3)).toEqual({});
});

type Stretches = Readonly<Record<string, readonly (readonly [from: number, to: number])[]>>;

/** `on`: inputs whose rest is on. Seconds. */
function recording(stretches: Stretches, on: readonly string[] = [], still: readonly string[] = []): Recording {
  const samples = Object.entries(stretches)
    .flatMap(([point, each]) =>
      each.flatMap(([from, to]) => [
        { point, value: !on.includes(point), atMs: from * 1_000 },
        ...(Number.isFinite(to) ? [{ point, value: on.includes(point), atMs: to * 1_000 }] : []),
      ]),
    )
    .sort((a, b) => a.atMs - b.atMs);
  const before = new Map([...Object.keys(stretches), ...still].map((point) => [point, on.includes(point)]));
  return { fromMs: 0, toMs: 60_000, before, samples };
}

const teach = (
  car: Recording,
  more: { readonly empty?: Recording; readonly taken?: readonly string[] } = {},
): Proposal => proposalOf({ car, by: 'button', taken: new Set(more.taken), ...(more.empty && { empty: more.empty }) });
const shown = ({ roles }: Proposal) =>
  Object.fromEntries(
    roles.map(({ role, device, point, activeLow, confidence }) => [
      role,
      `${device}.${point}${activeLow ? ' inverted' : ''} ${confidence}`,
    ]),
  );

const ALL: Stretches = {
  'io.1': [[2, 14]], // loop A
  'io.2': [[4, 4.6]], // the booth's button
  'io.3': [[4.3, 21]], // away from the lower limit
  'io.4': [[6.3, 19]], // at the upper limit
  'io.5': [[13, 17]], // loop B
  'io.6': [[14.2, 18.4]], // loop C
};

describe('one opening with one car', () => {
  it('gives every signal its role, whichever way its contact rests', () => {
    // At rest the lower limit is made; loop B and the button are closed contacts.
    const taught = teach(recording(ALL, ['io.3', 'io.5', 'io.2'], ['io.7']));
    expect(shown(taught)).toEqual({
      approach: 'io.1 sure',
      button: 'io.2 inverted likely',
      down: 'io.3 sure',
      up: 'io.4 sure',
      barrier: 'io.5 inverted sure',
      exit: 'io.6 sure',
    });
    // A pulse says when it came, not who made it.
    expect(taught.asks).toEqual(['press']);
  });

  it('never takes the pulse of the button for a limit of the arm', () => {
    const { 'io.1': a, 'io.2': button, 'io.5': b } = ALL;
    const taught = teach(recording({ 'io.1': a ?? [], 'io.2': button ?? [], 'io.5': b ?? [] }));
    expect(Object.keys(shown(taught)).sort()).toEqual(['approach', 'barrier', 'button']);
    expect(shown(taught).button).toBe('io.2 likely');
  });

  it('asks for an opening without a car where loop B and the upper limit look alike, and is certain after it', () => {
    const { 'io.4': _up, 'io.6': _c, ...four } = ALL;
    const car = recording(four, ['io.3']);
    const once = teach(car);
    expect(shown(once)).toMatchObject({ barrier: 'io.5 likely', down: 'io.3 sure' });
    expect(once.asks).toEqual(['empty', 'press']);
    const empty = recording({ 'io.2': [[1, 1.5]], 'io.3': [[1.3, 9]] }, ['io.3'], ['io.1', 'io.5']);
    expect(shown(teach(car, { empty }))).toMatchObject({
      barrier: 'io.5 sure',
      down: 'io.3 sure',
      approach: 'io.1 sure',
    });
  });

  it('is certain of nothing while something moves that belongs to nothing, unless it is another lane’s', () => {
    const car = recording({ ...ALL, 'io.9': [[1, 5], [8, 30]] }, ['io.3']); // biome-ignore format: one line a signal
    const taught = teach(car);
    expect(taught.roles.some(({ confidence }) => confidence === 'sure')).toBe(false);
    expect(taught).toMatchObject({ asks: ['again'], unexplained: ['io.9'] });
    expect(shown(teach(car, { taken: ['io.9'] }))).toMatchObject({ approach: 'io.1 sure', down: 'io.3 sure' });
  });

  it('sets a chattering input aside and names the second input of one signal', () => {
    const noise = Array.from({ length: 40 }, (_, n) => [n / 2 + 0.1, n / 2 + 0.3] as const);
    const taught = teach(recording({ ...ALL, 'io.8': [[2.05, 14.05]], 'io.9': noise }, ['io.3', 'io.8']));
    expect(taught.chattering).toEqual(['io.9']);
    expect(taught.roles.find(({ role }) => role === 'approach')).toMatchObject({
      confidence: 'likely',
      others: ['io.8'],
    });
    expect(shown(taught)).toMatchObject({ barrier: 'io.5 sure' });
  });

  it('proposes nothing when no opening was seen', () => {
    expect(teach(recording({}, [], ['io.1']))).toMatchObject({ roles: [], asks: ['again'] });
    expect(teach(recording({ 'io.2': [[4, 4.6]] }))).toMatchObject({ roles: [], asks: ['again'] });
  });

  it('takes two vehicles in one opening for no lesson', () => {
    const two = teach(recording({ ...ALL, 'io.5': [[13, 15.5], [16.2, 18.2]], 'io.1': [[2, 14], [14.6, 16.9]] }, ['io.3'])); // biome-ignore format: as above
    expect(two.asks).toEqual(['again']);
    expect(two.roles.some(({ confidence }) => confidence === 'sure')).toBe(false);
  });
});
