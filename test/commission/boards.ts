/**
 * Random boards and one car let through by the booth's button, as an installer meets them: any order of inputs, contacts of either kind,
 * bounce, flickering loops, slow polls, inputs that are stuck, chatter or belong to the lane beside, and a car that comes up behind. It
 * knows nothing of what is to learn the wiring from it: a car is a length on loops, an arm a machine.
 */
import type { Recording } from '../../src/commission/teach/waves.ts';
import type { Role } from '../../src/lane/types.ts';

export interface Wired {
  readonly at: string;
  readonly activeLow: boolean;
}
export interface RandomBoard {
  /** The same opening may be on two inputs. */
  readonly truth: ReadonlyMap<Role, readonly Wired[]>;
  readonly car: Recording;
  /** An opening of the same lane with nobody in it. */
  readonly empty: Recording;
  /** Points of the lane beside that the configuration has already. */
  readonly taken: ReadonlySet<string>;
  /** What makes it unkind, for a failing case. */
  readonly traits: readonly string[];
}

export type Stretch = readonly [fromS: number, toS: number];
export type Signals = Partial<Record<Role, readonly Stretch[]>>;
type Random = () => number;

/** mulberry32 */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Dice {
  readonly traits: string[] = [];
  readonly #random: Random;
  constructor(seed: number) {
    this.#random = randomOf(seed);
  }
  from(least: number, most: number): number {
    return least + (most - least) * this.#random();
  }
  chance(share: number, trait?: string): boolean {
    const is = this.#random() < share;
    if (is && trait !== undefined) this.traits.push(trait);
    return is;
  }
  take<T>(list: T[]): T {
    const [taken] = list.splice(Math.floor(this.#random() * list.length), 1);
    if (taken === undefined) throw new Error('nothing left to take');
    return taken;
  }
}

/** Seconds from standing until `way` metres are behind it. */
function after(way: number, acceleration: number, speed: number): number {
  const ramp = speed ** 2 / (2 * acceleration);
  return way < ramp ? Math.sqrt((2 * way) / acceleration) : speed / acceleration + (way - ramp) / speed;
}

/** One car through one lane from the moment `startS`: what each signal does, wired or not. */
export function passage(dice: Dice, startS: number, withCar: boolean): Signals {
  const [ab, bc] = [dice.from(2.5, 4.2), dice.from(2, 3.5)];
  const loop = dice.from(1, 1.5);
  const length = dice.chance(0.04, 'long vehicle') ? dice.from(6, 10) : dice.from(3.7, 5.1);
  const nose = withCar && dice.chance(0.03, 'nose on B');
  const gap = nose ? -0.2 : dice.from(0.5, Math.min(1.8, ab - 0.4));
  const arrives = startS;
  const early = withCar && dice.chance(0.02, 'button before the car');
  const press = early ? arrives - dice.from(0.2, 0.8) : arrives + dice.from(1.2, 12);
  const held = dice.chance(0.08, 'button held') ? dice.from(1.5, 3.5) : dice.from(0.2, 1.2);
  const through = dice.chance(0.06, 'button through the system');
  const relay = press + dice.from(0.12, 0.8);
  const leaves = (through ? relay : press) + dice.from(0.12, 0.6);
  const rise = dice.from(0.9, 6);
  const up = leaves + rise;
  const hasty = withCar && dice.chance(0.04, 'drives under the rising arm');
  // The page asks to wait until the arm is up and to count to five.
  const waits = dice.chance(0.15, 'does not wait') ? dice.from(0, 2.5) : dice.from(3, 8);
  const starts = Math.max(arrives + 1.5, hasty ? leaves + rise * dice.from(0.5, 0.9) : up + waits);
  const [acceleration, speed] = [dice.from(0.6, 1.6), dice.from(1, 4)];
  const at = (way: number): number => starts + after(Math.max(0, way), acceleration, speed);
  const a: Stretch = [arrives, at(gap + length - ab + loop)];
  const b: Stretch = [nose ? arrives + dice.from(0.6, 1) : at(gap), at(gap + length + loop)];
  const c: Stretch = [at(gap + bc), at(gap + bc + length + loop)];
  const falls = Math.max(up + 0.5, (withCar ? b[1] : up) + (dice.chance(0.1) ? dice.from(4, 8) : dice.from(0.4, 3)));
  const closed = falls + rise * dice.from(0.75, 1.35);
  const twice = dice.chance(0.05, 'pressed twice') && held < 0.7;
  const again: Stretch = [press + held + 0.3, press + held + 0.6];
  const behind = withCar && dice.chance(0.25, 'a second car behind');
  const second: Stretch = [a[1] + dice.from(0.7, 4), Number.POSITIVE_INFINITY];
  return {
    ...(withCar && { approach: behind ? [a, second] : [a], barrier: [b], exit: [c] }),
    button: twice ? [[press, press + held], again] : [[press, press + held]],
    down: [[leaves, closed]],
    up: [[up, falls]],
    ...(through && { auto: [[relay, relay + dice.from(0.3, 1)]] }),
  };
}

const LOOPS: ReadonlySet<string> = new Set(['approach', 'barrier', 'exit']);

/** The level of an input over time: stretches with bounce and flicker at their ends. */
function rough(dice: Dice, role: string, stretches: readonly Stretch[]): readonly Stretch[] {
  return stretches.flatMap(([from, to]): Stretch[] => {
    if (LOOPS.has(role) && dice.chance(0.2, 'flicker')) {
      const drop = from + dice.from(0.1, 0.5);
      return [
        [from, drop],
        [drop + dice.from(0.03, 0.15), to],
      ];
    }
    const bounce = dice.from(0.002, 0.015);
    return [
      [from, from + bounce],
      [from + bounce * 2, to],
      ...(Number.isFinite(to) ? [[to + bounce, to + bounce * 2] as Stretch] : []),
    ];
  });
}

export interface Input {
  readonly at: string;
  readonly rest: boolean;
  readonly role: string;
  readonly level: (signals: { readonly own: Signals; readonly beside: Signals }) => readonly Stretch[];
}

interface Plan {
  readonly inputs: readonly Input[];
  readonly truth: Map<Role, Wired[]>;
  readonly taken: Set<string>;
}

const SHARES: readonly (readonly [Role, number])[] = [
  ['down', 0.88],
  ['approach', 0.93],
  ['barrier', 0.94],
  ['button', 0.88],
  ['auto', 0.45],
];

export function planOf(dice: Dice): Plan {
  const free = Array.from({ length: dice.chance(0.4) ? 16 : 8 }, (_, n) => `io1.di${n + 1}`);
  if (dice.chance(0.15, 'two boards')) free.push(...Array.from({ length: 8 }, (_, n) => `io2.di${n + 1}`));
  const truth = new Map<Role, Wired[]>();
  const inputs: Input[] = [];
  const taken = new Set<string>();
  const wire = (role: Role, whose: 'own' | 'beside'): string => {
    const at = dice.take(free);
    const inverted = dice.chance(0.3);
    // An input reads the closed contact; a limit is closed while the arm is there.
    const rest = (role === 'down') !== inverted;
    inputs.push({ at, rest, role, level: (signals) => signals[whose][role] ?? [] });
    if (whose === 'own') truth.set(role, [...(truth.get(role) ?? []), { at, activeLow: inverted }]);
    return at;
  };
  let roles: Role[] = [];
  const isEnough = (): boolean =>
    roles.includes('barrier')
      ? roles.some((role) => role === 'down' || role === 'button')
      : ['approach', 'down', 'button'].every((role) => roles.includes(role as Role));
  while (!isEnough()) roles = SHARES.flatMap(([role, share]) => (dice.chance(share) ? [role] : []));

  if (dice.chance(roles.includes('down') ? 0.4 : 0.6)) roles.push('up');
  if (roles.includes('approach') && roles.includes('barrier') && dice.chance(0.35)) roles.push('exit');
  for (const role of roles) wire(role, 'own');
  const double = (['approach', 'barrier', 'down'] as const).find((role) => roles.includes(role));
  if (double !== undefined && free.length > 2 && dice.chance(0.05, 'one signal on two inputs')) wire(double, 'own');
  if (free.length > 3 && dice.chance(0.3, 'two lanes on one board')) {
    const known = dice.chance(0.6);
    for (const role of ['approach', 'barrier', 'down'] as const) {
      const at = wire(role, 'beside');
      if (known) taken.add(at);
    }
  }
  if (free.length > 0 && dice.chance(0.1, 'chatter')) inputs.push(chattering(dice, dice.take(free)));
  for (const at of free) inputs.push({ at, rest: dice.chance(0.2), role: 'unused', level: () => [] });
  return { inputs, truth, taken };
}

function chattering(dice: Dice, at: string): Input {
  const period = dice.from(0.08, 0.8);
  const stretches: Stretch[] = [];
  for (let now = 0; now < 90; now += period * dice.from(0.6, 1.4)) stretches.push([now, now + period / 3]);
  return { at, rest: false, role: 'unused', level: () => stretches };
}

/** Polls both boards, each at its own pace, and keeps what changed. */
export function record(dice: Dice, inputs: readonly Input[], own: Signals, beside: Signals, endS: number): Recording {
  const samples: { point: string; value: boolean; atMs: number }[] = [];
  const before = new Map(inputs.map(({ at, rest }) => [at, rest]));
  for (const board of ['io1', 'io2']) {
    const poll = dice.from(0.025, 0.1);
    const read = inputs
      .filter(({ at }) => at.startsWith(`${board}.`))
      .map(({ at, rest, role, level }) => {
        const stretches = [...rough(dice, role, level({ own, beside }))];
        if (dice.chance(0.02, 'disturbance')) {
          const when = dice.from(1, endS - 1);
          stretches.push([when, when + dice.from(0.01, 0.05)]);
        }
        return { at, rest, stretches, now: rest };
      });
    for (let now = 0; now < endS; now += poll * dice.from(0.9, 1.3))
      for (const each of read) {
        const value = each.rest !== each.stretches.some(([from, to]) => now >= from && now < to);
        if (value !== each.now) samples.push({ point: each.at, value, atMs: Math.round(now * 1_000) });
        each.now = value;
      }
  }
  samples.sort((a, b) => a.atMs - b.atMs);
  return { fromMs: 0, toMs: Math.round(endS * 1_000), before, samples };
}

export const endOf = (signals: Signals): number =>
  Math.max(...Object.values(signals).flatMap((each) => each.map(([, to]) => (Number.isFinite(to) ? to : 0))));

export function randomBoard(seed: number): RandomBoard {
  const dice = new Dice(seed);
  const { inputs, truth, taken } = planOf(dice);
  const own = passage(dice, dice.from(2, 8), true);
  const isBusy = dice.chance(0.3, 'traffic beside');
  const beside = isBusy ? passage(dice, dice.from(0.5, endOf(own)), true) : {};
  const empty = passage(dice, dice.from(1, 3), false);
  // Without its contact a button that works through the system leaves the relay's alone.
  const seen = new Map([...truth].filter(([role]) => own[role] !== undefined));
  return {
    truth: seen,
    car: record(dice, inputs, own, beside, endOf(own) + 8),
    empty: record(dice, inputs, empty, {}, endOf(empty) + 8),
    taken,
    traits: [...new Set(dice.traits)],
  };
}
