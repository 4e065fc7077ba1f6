/** Each fact of a verdict, and each note of a lane, as a short sentence in Chinese and English. It words them and decides nothing. */
import type { ClaimWay, Direction, Fact } from '../../kinds.ts';
import { joined, type PlacesOf, plain, type Text, type ToMake } from '../text.ts';
import { ENTRY_FACTS } from './entry-facts.made.ts';
import { CHANGED, FACTS, ROLE, SENSE, WAY } from './lane-facts.made.ts';

/** Reads a fact's values for a text: times in seconds; a missing one reads as empty rather than as `undefined`. */
class Values {
  readonly #fact: Fact;
  constructor(fact: Fact) {
    this.#fact = fact;
  }
  text(name: string): string {
    const value = this.#fact.values?.[name];
    return value === undefined ? '' : String(value);
  }
  number(name: string): number {
    const value = this.#fact.values?.[name];
    return typeof value === 'number' ? value : 0;
  }
  /** 300 → 0.3, 61000 → 61 */
  seconds(ms: number): string {
    return String(Math.round(ms / 100) / 10);
  }
  roles(name: string): Text {
    const named = this.text(name)
      .split(' ')
      .filter((role) => role !== '');
    return joined(named.map(roleText), '、', ', ');
  }
  /** Of this name in a text. */
  get(name: string): unknown {
    const value = this.#fact.values?.[name];
    if (typeof value === 'boolean') return value;
    return (
      MADE[name as keyof FactPlaces]?.(this) ??
      (name.endsWith('Ms') ? this.seconds(this.number(name)) : this.text(name))
    );
  }
}

type Makers = { readonly [Name in keyof FactPlaces]-?: (values: Values) => FactPlaces[Name] };
/** What a text names otherwise than the engine does. */
const MADE: Pick<Makers, ToMake<FactPlaces>> & Partial<Makers> = {
  beforeMs: (values) => values.seconds(Math.abs(values.number('beforeMs'))),
  isBefore: (values) => values.number('beforeMs') >= 0,
  ofPassage: (values) => values.text('what') === 'passage',
  percent: (values) => Math.round(values.number('confidence') * 100),
  spanMs: (values) => values.seconds(values.number('toAtMs') - values.number('fromAtMs')),
  milliseconds: (values) => values.number('forMs'),
  /** Who tells of payments, with its till. */
  sender: (values) => [values.text('source'), values.text('till')].filter((name) => name !== '').join(' / '),
  changed: (values) => {
    const measure = values.text('measure');
    const text = CHANGED[(Object.hasOwn(CHANGED, measure) ? measure : 'other') as keyof typeof CHANGED];
    return typeof text === 'function' ? text(values.seconds(values.number('byMs'))) : text;
  },
  sense: (values) => SENSE[values.text('sense')] ?? plain(''),
  way: (values) => claimWayText(values.text('way')),
  role: (values) => values.roles('role'),
  roles: (values) => values.roles('roles'),
};

/** How a vehicle came to its payment; of a newer version that has more ways, its own name. */
export const claimWayText = (way: string): Text => WAY[way as ClaimWay] ?? plain(way);

/** A role's name at the lane. */
export const roleText = (role: string): Text => ROLE[role] ?? plain(role);

type FactPlaces = PlacesOf<typeof FACTS> & PlacesOf<typeof ENTRY_FACTS>;
type Worded = Readonly<Record<string, Text | ((values: FactPlaces) => Text)>>;
/** Every kind of fact of the lane engine. A test compares the engine's sources with this table. */
export const FACT_TEXT: Worded = FACTS;
/** At an entry a grant is an entry record; what is missing here reads as at an exit. */
export const ENTRY_FACT_TEXT: Worded = ENTRY_FACTS;

/** A fact without its time, of a vehicle in this direction. An unknown kind (a record of a newer version) shows its own name. */
export function factText(fact: Fact, direction: Direction | 'both' = 'exit'): Text {
  const text = (direction === 'entry' ? ENTRY_FACT_TEXT[fact.kind] : undefined) ?? FACT_TEXT[fact.kind];
  if (typeof text !== 'function') return text ?? plain(fact.kind);
  const values = new Values(fact);
  return text(new Proxy({}, { get: (_, name: string) => values.get(name) }) as FactPlaces);
}

/** A fact with its time in front; `time` formats a lane time. */
export function timedFactText(
  fact: Fact,
  time: (atMs: number) => string,
  direction: Direction | 'both' = 'exit',
): Text {
  const text = factText(fact, direction);
  return fact.atMs === undefined ? text : joined([plain(time(fact.atMs)), text], ' ', ' ');
}
