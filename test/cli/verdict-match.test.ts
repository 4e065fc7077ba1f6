/** Records beside the truth, one to one: whom a record names, whom it accuses, and what is said of nobody. */
import { describe, expect, it } from 'vitest';
import type { Release } from '../../src/lane/types.ts';
import type { OpeningTruth, VehicleTruth } from '../../src/sim/worlds/truth.ts';
import { judgeMatch } from '../../src/simulate/detection/verdict-classes.ts';
import { itemsOf, matchVerdicts } from '../../src/simulate/detection/verdict-match.ts';

const vehicle = (id: number, atMs: number, more: Partial<VehicleTruth>): VehicleTruth => ({
  ...{
    id,
    lane: 'L1',
    kind: 'car',
    way: 1,
    arrivedMs: atMs - 9_000,
    onAMs: atMs - 3_000,
    onBMs: atMs,
    offBMs: atMs + 2_000,
  },
  ...{ goneMs: atMs + 4_000, authorised: false, season: false, plate: `粤A0000${id}`, opening: 90 },
  reads: [{ text: `粤A0000${id}`, confidence: 0.9, camera: 1, atMs: atMs - 2_500 }],
  ...more,
});
const opening = (startMs: number, vehicles: number[], more: Partial<OpeningTruth> = {}): OpeningTruth => ({
  ...{ id: 90, lane: 'L1', startMs, cause: 'system', vehicles },
  ...more,
});
const said = (releaseAtMs: number, method: 0 | 1 | 3, plate?: string, reported = true) => ({
  release: {
    ...{ id: `r${releaseAtMs}${plate}`, releaseAtMs, method, reported, confidence: 'likely', passed: true, facts: [] },
    ...(plate !== undefined && { plate: { text: plate, confidence: 0.9 } }),
  } as unknown as Release,
  atMs: releaseAtMs + 8_000,
});
const judged = (vehicles: VehicleTruth[], openings: OpeningTruth[], given: ReturnType<typeof said>[]) => {
  const { matches, phantoms } = matchVerdicts(itemsOf(vehicles, openings), given);
  const all = matches.flatMap((match) => judgeMatch(match, () => true, 1) ?? []);
  return { phantoms, of: (id: number) => all.find(({ match }) => match.item.vehicle?.id === id), all };
};

const payer = vehicle(1, 100_000, { authorised: true, means: 'paid' });
const follower = vehicle(2, 102_500, { means: 'follow', gapM: 1.2 });
const one = opening(95_000, [1, 2], { forVehicle: 1 });

describe('a record', () => {
  it('is of the follower whose plate it bears, and accuses nobody', () => {
    const { of, phantoms } = judged([payer, follower], [one], [said(102_600, 3, '粤A00002')]);
    expect(of(2)).toMatchObject({ class: 'followRead', finding: 'reported', wrong: false });
    expect(of(1)).toMatchObject({ class: 'paid', finding: 'nothing', wrong: false });
    expect(phantoms).toEqual([]);
  });

  it('accuses the payer whose plate it bears, though a follower was as near', () => {
    const { of } = judged([payer, follower], [one], [said(102_400, 3, '粤A00001')]);
    expect(of(1)).toMatchObject({ finding: 'reported', wrong: true });
    expect(of(2)).toMatchObject({ finding: 'nothing' });
  });

  it('without a plate is of the guilty one nearby; a second of the same is said of nobody', () => {
    const { of, phantoms } = judged(
      [
        { ...payer, reads: [] },
        { ...follower, reads: [] },
      ],
      [one],
      [said(102_600, 3), said(109_000, 3)],
    );
    expect(of(2)).toMatchObject({ class: 'followUnread', finding: 'reported' });
    expect(phantoms).toHaveLength(1);
  });

  it('by its plate is of a vehicle that stood on B long before it went', () => {
    const early = vehicle(3, 100_000, { means: 'button', offBMs: 118_000, goneMs: 120_000 });
    const later = vehicle(4, 119_000, { authorised: true, means: 'paid' });
    const { of } = judged([early, later], [opening(80_000, [9, 3, 4])], [said(112_000, 1, '粤A00003')]);
    expect(of(3)).toMatchObject({ class: 'manual', finding: 'reported', wrong: false });
    expect(of(4)).toMatchObject({ finding: 'nothing' });
  });

  it('is of the opening through which it went, though the arm had been raised for it before', () => {
    const first = opening(84_000, [], { id: 89, cause: 'button', forVehicle: 3 });
    const second = opening(98_000, [3], { cause: 'button', forVehicle: 3 });
    const { of, phantoms } = judged(
      [vehicle(3, 100_000, { means: 'button' })],
      [first, second],
      [said(84_000, 1, '粤A00003'), said(98_020, 1, '粤A00003')],
    );
    expect(of(3)).toMatchObject({ match: { given: { release: { releaseAtMs: 98_020 } } } });
    expect(phantoms).toEqual([]);
  });

  it('kept for review under the plate of one that has gone is of whoever went then, and leaves that one its own', () => {
    const gone = vehicle(9, 100_000, { means: 'button' });
    const next = vehicle(10, 114_000, { authorised: true, means: 'paid', opening: 91 });
    const openings = [opening(95_000, [9]), opening(112_000, [10], { id: 91, forVehicle: 10 })];
    const { of, phantoms } = judged([gone, next], openings, [said(112_050, 1, '粤A00009', false), said(100_050, 1)]);
    expect(of(9)).toMatchObject({ class: 'manual', finding: 'reported' });
    expect(of(10)).toMatchObject({ class: 'paid', finding: 'review' });
    expect(phantoms).toEqual([]);
  });

  it('that is reported accuses the payer whose plate it bears, though that one had not come yet', () => {
    const first = vehicle(9, 100_000, { means: 'button' });
    const next = vehicle(10, 114_000, { authorised: true, means: 'paid', opening: 91 });
    const openings = [opening(95_000, [9]), opening(112_000, [10], { id: 91, forVehicle: 10 })];
    const { of } = judged([first, next], openings, [said(100_050, 1, '粤A000010')]);
    expect(of(10)).toMatchObject({ class: 'paid', finding: 'reported', wrong: true });
    expect(of(9)).toMatchObject({ finding: 'nothing' });
  });

  it('of a passage is of the one that stood on B then, not of the one behind that went back', () => {
    const stood = vehicle(7, 100_000, { authorised: true, means: 'paid', offBMs: 106_000 });
    const { onBMs: _on, offBMs: _off, ...behind } = vehicle(8, 108_500, { authorised: true, back: 'honest' });
    const { of } = judged([stood, behind], [opening(95_000, [7])], [said(105_200, 3, undefined, false)]);
    expect(of(7)).toMatchObject({ class: 'paid', finding: 'review', wrong: true });
    expect(of(8)).toMatchObject({ class: 'honestBack', finding: 'nothing' });
  });

  it('accuses one that went back where nobody else is near', () => {
    const { onBMs: _on, offBMs: _off, ...back } = vehicle(8, 108_500, { authorised: true, back: 'honest' });
    const { of } = judged([back], [], [said(106_200, 3)]);
    expect(of(8)).toMatchObject({ class: 'honestBack', finding: 'reported', wrong: true });
  });

  it('by another method than the deed is misnamed, and wrong', () => {
    const manual = vehicle(5, 100_000, { means: 'button' });
    const { of } = judged(
      [manual],
      [opening(96_000, [5], { cause: 'button', forVehicle: 5 })],
      [said(96_000, 3, '粤A00005')],
    );
    expect(of(5)).toMatchObject({ class: 'manual', finding: 'misnamed', wrong: true });
  });

  it('of an arm opened by hand long before a payer came accuses nobody', () => {
    const late = vehicle(6, 140_000, { authorised: true, means: 'paid' });
    const { of, phantoms } = judged([late], [opening(100_000, [6], { cause: 'hold' })], [said(100_000, 1)]);
    expect(of(6)).toMatchObject({ finding: 'nothing', wrong: false });
    expect(phantoms).toEqual([]);
  });

  it('of a car that went back with a right to go is a fake exit when it stays, and an accusation when it comes again', () => {
    const back = { authorised: true, means: 'free', backMs: 106_000 } as const;
    const { offBMs: _, onBMs: __, opening: ___, ...came } = vehicle(7, 103_000, back);
    const fake = judged(
      [{ ...came, back: 'fake' }],
      [opening(101_000, [], { forVehicle: 7 })],
      [said(100_000, 0, '粤A00007')],
    );
    expect(fake.of(7)).toMatchObject({ class: 'fakeExit', finding: 'reported', wrong: false });
    const honest = judged(
      [{ ...came, back: 'honest' }],
      [opening(101_000, [], { forVehicle: 7 })],
      [said(100_000, 0, '粤A00007')],
    );
    expect(honest.of(7)).toMatchObject({ class: 'honestBack', wrong: true });
  });
});
