/**
 * Boards of lanes where something is odd: inputs that no lane needs (lamps, printers, radars, doors), senses that are broken or slow, and cars and
 * people that do something else than asked. A family says what is odd; which signals are wired, in which order and how, is the board's.
 */
import type { Role } from '../../src/lane/types.ts';
import {
  Dice,
  endOf,
  type Input,
  passage,
  planOf,
  type RandomBoard,
  record,
  type Signals,
  type Stretch,
} from './boards.ts';

interface Odd {
  /** Changes what the lane's own signals do. */
  readonly own?: Signals;
  /** Inputs that are none of the lane's signals. */
  readonly more?: readonly (readonly Stretch[])[];
  /** What the first of them is as good as in a lane that has no such signal. */
  readonly like?: Role;
  /** Every wired contact the other way round. */
  readonly inverted?: true;
}
type Family = (dice: Dice, own: Signals) => Odd;

const NEVER = 1e9;
const span = (own: Signals, role: Role): Stretch => own[role]?.[0] ?? [NEVER, NEVER];
const blinks = (from: number, to: number, everyS: number): readonly Stretch[] =>
  Array.from({ length: Math.max(1, Math.floor((to - from) / everyS)) }, (_, n) => [
    from + n * everyS,
    from + (n + 0.5) * everyS,
  ]);
/** The arm and all after it so much later. */
const later = (own: Signals, byS: number): Signals =>
  Object.fromEntries(
    Object.entries(own).map(([role, all]) => [
      role,
      all.map(([from, to]) =>
        role === 'button' ? [from, to] : role === 'approach' ? [from, to + byS] : [from + byS, to + byS],
      ),
    ]),
  );
const onlySlower = (own: Signals, factor: number): Signals => {
  const [[leaves, closed], [up, falls]] = [span(own, 'down'), span(own, 'up')];
  const more = (up - leaves) * (factor - 1);
  return { ...later(own, more), down: [[leaves, closed + 2 * more]], up: [[up + more, falls + more]] };
};

export const FAMILIES: Readonly<Record<string, Family>> = {
  'flashing light while the arm is not down': (_, own) => {
    const [from, to] = span(own, 'down');
    return { more: [blinks(from, to, 1)] };
  },
  'flashing light while the arm moves': (_, own) => {
    const [[leaves, closed], [up, falls]] = [span(own, 'down'), span(own, 'up')];
    return { more: [[...blinks(leaves, up, 0.8), ...blinks(falls, closed, 0.8)]] };
  },
  'lamp that burns while the arm moves': (_, own) => {
    const [[leaves, closed], [up, falls]] = [span(own, 'down'), span(own, 'up')];
    return { more: [[[leaves, up], [falls, closed]]] }; // biome-ignore format: one line a signal
  },
  'green light a little after the arm': (dice, own) => {
    const [from, to] = span(own, 'down');
    return { more: [[[from + dice.from(0.3, 1.5), to - dice.from(0.1, 0.6)]]] };
  },
  'motor contactor': (_, own) => {
    const [[leaves, closed], [up, falls]] = [span(own, 'down'), span(own, 'up')];
    return { more: [[[leaves - 0.1, up - 0.1], [falls - 0.1, closed - 0.1]]] }; // biome-ignore format: as above
  },
  'printer while the car stands': (dice, own) => {
    const at = span(own, 'approach')[0] + dice.from(0.5, 1.5);
    return { more: [[[at, at + dice.from(1.5, 4)]]] };
  },
  'printer until the ticket is taken': (dice, own) => {
    const [from] = span(own, 'approach');
    return { more: [[[from + dice.from(0.4, 1), Math.max(from + 2, span(own, 'down')[0] + dice.from(0.2, 1.5))]]] };
  },
  'camera trigger as the car comes': (dice, own) => {
    const at = span(own, 'approach')[0] + dice.from(0.1, 0.5);
    return { more: [[[at, at + dice.from(0.2, 0.6)]]] };
  },
  'camera light from coming to leaving': (dice, own) => ({
    more: [[[span(own, 'approach')[0] - dice.from(0.2, 1), span(own, 'barrier')[1] + dice.from(0.5, 3)]]],
  }),
  'display that is lit for the car': (dice, own) => ({
    like: 'approach',
    more: [[[span(own, 'approach')[0] + dice.from(0.3, 1), span(own, 'approach')[1] + dice.from(0.3, 2)]]],
  }),
  'voice after the button': (dice, own) => {
    const at = span(own, 'button')[0] + dice.from(0.2, 0.6);
    return { more: [[[at, at + dice.from(2, 4)]]] };
  },
  'arm that starts long after the pulse': (dice, own) => ({ own: later(own, dice.from(2.8, 6)) }),
  'arm that is slow': (dice, own) => ({ own: onlySlower(own, dice.from(2, 4)) }),
  'arm that stops and goes on': (_, own) => {
    const [leaves, closed] = span(own, 'down');
    return { own: { ...later(own, 1), down: [[leaves, leaves + 0.5], [leaves + 1, closed + 1]] } }; // biome-ignore format: as above
  },
  'upper limit that drops under the open arm': (dice, own) => {
    const [up, falls] = span(own, 'up');
    const at = up + (falls - up) * dice.from(0.3, 0.7);
    return { own: { ...own, up: [[up, at], [at + 0.6, falls]] } }; // biome-ignore format: as above
  },
  'upper limit that never comes': (_, own) => ({ own: { ...own, up: [] } }),
  'lower limit that is broken': (_, own) => ({ own: { ...own, down: [] } }),
  'loop A that is broken': (_, own) => ({ own: { ...own, approach: [] } }),
  'loop A that drops out under the car': (_, own) => {
    const [from, to] = span(own, 'approach');
    return { own: { ...own, approach: [[from, Math.min(to, from + 1)]] } };
  },
  'loop A that is slow to leave': (dice, own) => {
    const [from] = span(own, 'approach');
    return { own: { ...own, approach: [[from, span(own, 'down')[1] + dice.from(0.5, 6)]] } };
  },
  'loop B that is broken': (_, own) => ({ own: { ...own, barrier: [] } }),
  'loop B that feels the arm': (_, own) => {
    const [[leaves], [from, to]] = [span(own, 'down'), span(own, 'barrier')];
    return { own: { ...own, barrier: [[leaves + 0.3, leaves + 0.9], [from, to]] } }; // biome-ignore format: as above
  },
  'loop B that feels loop A': (_, own) => ({ own: { ...own, barrier: own.approach ?? [] } }),
  'somebody walks over loop B before': (dice, own) => {
    const at = Math.max(0.2, span(own, 'approach')[0] - dice.from(1, 2));
    return { own: { ...own, barrier: [[at, at + 0.6], span(own, 'barrier')] } };
  },
  tailgater: (dice, own) => {
    const [[a, aTo], [b, bTo], [down]] = [span(own, 'approach'), span(own, 'barrier'), span(own, 'down')];
    const by = bTo - b + dice.from(0.6, 1.5);
    return {
      own: {
        ...own,
        approach: [[a, aTo], [aTo + 0.6, aTo + by]], // biome-ignore format: as above
        barrier: [[b, bTo], [b + by, bTo + by]], // biome-ignore format: as above
        down: [[down, bTo + by + 4]],
        up: [[span(own, 'up')[0], bTo + by + 1.5]],
      },
    };
  },
  'car that turns away': (_, own) => ({ own: { ...own, barrier: [], exit: [] } }),
  'opened again for nobody': (dice, own) => {
    const [down, up] = [span(own, 'down'), span(own, 'up')];
    const by = down[1] - down[0] + dice.from(1, 4);
    return { own: { ...own, down: [down, [down[0] + by, down[1] + by]], up: [up, [up[0] + by, up[1] + by]] } };
  },
  'button that stays in until the arm is down': (_, own) => ({
    own: { ...own, button: [[span(own, 'button')[0], span(own, 'down')[1] + 0.5]] },
  }),
  'button that is let go under the open arm': (dice, own) => ({
    own: { ...own, button: [[span(own, 'button')[0], span(own, 'up')[0] + dice.from(0.5, 2)]] },
  }),
  'radar over the whole lane': (dice, own) => ({
    more: [[[span(own, 'approach')[0] - dice.from(0.1, 1), span(own, 'barrier')[1] + dice.from(0.1, 1)]]],
  }),
  'radar behind the arm that holds on': (dice, own) => {
    const [from, to] = span(own, 'barrier');
    return { like: 'barrier', more: [[[from + dice.from(0.1, 0.5), to + dice.from(2, 6)]]] };
  },
  'door of the cabinet': (dice, own) => ({
    more: [[[dice.from(0.3, 1.5), endOf(own) + dice.from(1, 4)]]],
  }),
  'every contact the other way round': () => ({ inverted: true }),
};

export function oddBoard(family: Family, seed: number): RandomBoard {
  const dice = new Dice(seed);
  const { inputs, truth, taken } = planOf(dice);
  const usual = passage(dice, dice.from(2, 8), true);
  const odd = family(dice, usual);
  const own = odd.own ?? usual;
  const all: Input[] = inputs.map((input) => (odd.inverted ? { ...input, rest: !input.rest } : input));
  for (const [at, stretches] of (odd.more ?? []).entries())
    all.push({ at: `io1.odd${at + 1}`, rest: dice.chance(0.3), role: 'unused', level: () => stretches });
  if (odd.like !== undefined && !truth.has(odd.like)) {
    const { at, rest } = all.at(-1) as Input;
    truth.set(odd.like, [{ at, activeLow: rest }]);
  }
  // Where loop B tells nothing, the next one behind the arm is the lane's loop B.
  const [third, second] = [truth.get('exit'), own.barrier ?? []];
  if (third !== undefined && (second.length === 0 || second === own.approach)) truth.set('barrier', third);
  const wired = [...truth].map(
    ([role, each]) => [role, each.map((one) => (odd.inverted ? { ...one, activeLow: !one.activeLow } : one))] as const,
  );
  const empty = passage(dice, dice.from(1, 3), false);
  return {
    // What moved; with the stuck there is nothing to learn.
    truth: new Map(wired.filter(([role]) => role === 'barrier' || (own[role]?.length ?? 0) > 0)),
    car: record(dice, all, own, {}, endOf(own) + 8),
    empty: record(dice, inputs, empty, {}, endOf(empty) + 8),
    taken,
    traits: [...new Set(dice.traits)],
  };
}
