/** A lane in virtual time, let out by hand, and payments that reach it from tills whose clocks are wrong. */
import { grantWord } from '../../src/lane/grant-word.ts';
import type { LaneState } from '../../src/lane/lane.ts';
import { LaneRunner } from '../../src/lane/lane-runner.ts';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import type { Grant, LaneEffect, LaneEvent, LaneSettings } from '../../src/lane/types.ts';
import type { Random } from '../../src/sim/random.ts';
import { edge, START_MS } from './arbitrary.ts';

export const settings: LaneSettings = {
  ...DEFAULT_SETTINGS,
  roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button'],
};
export const MINUTE_MS = 60_000;

/** No two are alike: a reader may have taken one for the other. */
export const plateOf = (index: number): string => `粤A${String((index * 10_111) % 100_000).padStart(5, '0')}`;

const isShown = ({ kind }: LaneEffect): boolean => kind === 'release' || kind === 'withdraw' || kind === 'note';

export class TillLane {
  readonly #runner = new LaneRunner({ settings, after: (_, effects) => this.effects.push(...effects.filter(isShown)) });
  readonly effects: LaneEffect[] = [];

  constructor() {
    for (const role of settings.roles) this.feed(edge(role, role === 'down', START_MS));
  }

  get state(): LaneState {
    return this.#runner.state;
  }

  until(atMs: number): void {
    this.#runner.tickUntil(atMs);
  }

  feed(event: LaneEvent): void {
    this.#runner.feed(event);
  }

  /** Feeds a payment; returns the engine's word on it. */
  hears(grant: Grant, atMs: number): string {
    const event = { kind: 'grant', grant, atMs } as const;
    this.until(atMs);
    const word = grantWord(this.state, settings, event);
    this.feed(event);
    return word.kind;
  }

  /** Plates on the records that came, those withdrawn included: `paidLate` would hide what a clock had done. */
  accused(): readonly string[] {
    this.until(Number.MAX_SAFE_INTEGER);
    return this.effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release.plate?.text ?? '?'] : []));
  }
}

/** A car that comes onto A at this time and is let out by the button. */
export const passage = (text: string, atMs: number): readonly LaneEvent[] => [
  edge('approach', true, atMs),
  { kind: 'plate', plate: { text, confidence: 0.95 }, atMs: atMs + 400 },
  edge('button', true, atMs + 3_000),
  edge('down', false, atMs + 3_200),
  edge('button', false, atMs + 3_400),
  edge('up', true, atMs + 4_700),
  edge('barrier', true, atMs + 5_000),
  edge('approach', false, atMs + 6_400),
  edge('barrier', false, atMs + 7_600),
  edge('up', false, atMs + 8_600),
  edge('down', true, atMs + 10_100),
];

const TILLS = 5;
const CLOCKS_MS = 10 * MINUTE_MS;
const SLOT_MS = 20_000;
const NIGHT_EVERY = 3_000;

/** Cars that all have paid, at five tills of which one jumps; nights between, in which nobody comes. */
export function* paidCars(count: number, random: Random) {
  const clocks = Array.from({ length: TILLS }, () => random.between(-CLOCKS_MS, CLOCKS_MS));
  let comesMs = START_MS + 20 * MINUTE_MS;
  for (let index = 0; index < count; index += 1) {
    comesMs += SLOT_MS + (index % NIGHT_EVERY === NIGHT_EVERY - 1 ? 9 * 3_600_000 : 0);
    if (random.chance(0.03)) clocks[0] = random.between(-CLOCKS_MS, CLOCKS_MS);
    const till = Math.floor(random.between(0, TILLS));
    const way = random.next();
    const isAhead = way < 0.3;
    const hasPlate = isAhead || way < 0.8;
    const paidMs = Math.round(
      comesMs + (isAhead ? -random.between(0, 13) * MINUTE_MS : hasPlate ? -random.between(0, 50_000) : 500),
    );
    const issuedAtMs = Math.round(Math.floor((paidMs + (clocks[till] ?? 0)) / 1000) * 1000);
    const grant: Grant = {
      ...{ id: `g${index}`, scope: isAhead ? 'park' : 'lane', count: 1, kind: 'paid', issuedAtMs, source: 'pms' },
      ...(random.chance(0.5) && { till: `${till}` }),
      ...(hasPlate && { plate: plateOf(index) }),
      ...(isAhead && random.chance(0.5) && { expiresAtMs: issuedAtMs + 15 * MINUTE_MS }),
    };
    yield { plate: plateOf(index), comesMs, grant, arrivesMs: Math.round(paidMs + random.between(50, 1_500)) };
  }
}
