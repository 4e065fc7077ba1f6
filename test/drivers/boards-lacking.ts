/** Boards of every profile that lack one register each, as tables: what a slave must answer, and what our driver must make of it. */
import { modbusKind } from '../../drivers/modbus/driver.ts';
import type { ModbusProfile, ReadBlock } from '../../drivers/modbus/profile.ts';
import { profileNames, readProfile } from '../../src/config/profiles.ts';
import type { Unproven } from '../../src/driver.ts';

/** Exceptions of Modbus, and silence. */
export type How = 0 | 1 | 2 | 3;
interface Place {
  readonly function: number;
  readonly address: number;
  readonly quantity: number;
}

/** As `pymodbus-slave.py` reads it, without its unit. */
export interface BoardTable {
  readonly values: Readonly<Record<string, Record<string, number>>>;
  readonly missing?: readonly (Place & { readonly how: How })[];
  readonly apart?: readonly (Place & { readonly how: How })[];
  readonly turns?: Pick<Place, 'function' | 'address'>;
}

export interface LackingBoard {
  readonly title: string;
  readonly profile: ModbusProfile;
  readonly board: (unit: number) => BoardTable;
  /** What is told of it; undefined: it is refused as another board. */
  readonly unproven: readonly Unproven[] | undefined;
  /** It is refused only once its identity has changed. */
  readonly isLater?: true;
  readonly probe?: 'none';
  /** Points whose only source it lacks. */
  readonly lost: readonly string[];
}

const HOWS: readonly (readonly [How, string])[] = [
  [0, 'silent at'],
  [1, 'without the function of'],
  [2, 'without'],
];

export function lackingBoards(): readonly LackingBoard[] {
  return profileNames(modbusKind.profiles as never).flatMap((name) =>
    ofProfile(name, readProfile(modbusKind.profiles as never, name).profile as ModbusProfile),
  );
}

const counts = ({ kind }: ReadBlock): boolean => kind.startsWith('counter') || kind === 'latch';
const placeOf = (block: ReadBlock): Place => ({
  function: block.function,
  address: block.address,
  quantity: block.kind === 'state' ? 1 : block.quantity,
});

function ofProfile(name: string, profile: ModbusProfile): readonly LackingBoard[] {
  const { probe, localLinkage, counter, read } = profile;
  const detector = counter.resetDetector && { ...counter.resetDetector, quantity: 1 };
  const counters = read.filter(counts).map(placeOf);
  const levels = new Set(read.filter((block) => !counts(block)).flatMap((block) => Object.keys(block.points)));
  const onlyCounted = read.flatMap((block) => Object.keys(block.points)).filter((point) => !levels.has(point));
  const registers: readonly (readonly [Unproven, readonly Place[], readonly string[]])[] = [
    ...(probe === undefined ? [] : [['identity', [probe], []] as const]),
    ...(localLinkage === undefined ? [] : [['linkage', [localLinkage], []] as const]),
    ...(detector === undefined ? [] : [['reset', [detector], []] as const]),
    ...(counters.length === 0 ? [] : [['counters', counters, onlyCounted] as const]),
  ];
  const whole = { profile, lost: [] };
  return [
    { ...whole, title: `${name}, whole`, board: (unit) => tableOf(profile, unit), unproven: [] },
    ...registers.flatMap(([what, places, lost]) =>
      HOWS.map(([how, words]) => ({
        title: `${name} ${words} ${what}`,
        profile,
        board: (unit: number) => ({ ...tableOf(profile, unit), missing: places.map((place) => ({ ...place, how })) }),
        unproven: [what],
        lost,
      })),
    ),
    ...(registers.length === 0
      ? []
      : [
          {
            title: `${name} with nothing but its inputs`,
            profile,
            board: (unit: number) => ({
              ...tableOf(profile, unit),
              missing: registers.flatMap(([, places]) => places.map((place) => ({ ...place, how: 2 as const }))),
            }),
            unproven: registers.map(([what]) => what),
            lost: registers.flatMap(([, , lost]) => lost),
          },
        ]),
    ...apartOf(name, profile),
    ...(probe === undefined ? [] : wrongOnes(name, profile, probe)),
  ];
}

/** Its level and its counters are refused in one read. */
function apartOf(name: string, profile: ModbusProfile): readonly LackingBoard[] {
  const [first, second] = [...profile.read].sort((a, b) => a.address - b.address);
  if (first === undefined || second === undefined || first.function !== second.function) return [];
  const quantity = placeOf(second).address + placeOf(second).quantity - first.address;
  return ([0, 2, 3] as const).map((how) => ({
    title: `${name}, levels and counters only apart (${how})`,
    profile,
    board: (unit) => ({ ...tableOf(profile, unit), apart: [{ ...placeOf(first), quantity, how }] }),
    unproven: [],
    lost: [],
  }));
}

function wrongOnes(name: string, profile: ModbusProfile, probe: NonNullable<ModbusProfile['probe']>): LackingBoard[] {
  const whole = { profile, lost: [] };
  if (probe.expect === undefined)
    return [
      {
        ...whole,
        title: `${name}, its identity changes`,
        board: (unit) => ({ ...tableOf(profile, unit), turns: probe }),
        unproven: undefined,
        isLater: true,
      },
    ];
  const wrong = (unit: number): BoardTable => {
    const { values } = tableOf(profile, unit);
    const of = values[probe.function] ?? {};
    return { values: { ...values, [probe.function]: { ...of, [probe.address]: (of[probe.address] ?? 0) ^ 0x55 } } };
  };
  return [
    { ...whole, title: `${name}, another identity`, board: wrong, unproven: undefined },
    {
      ...whole,
      title: `${name}, another identity and probe: none`,
      board: wrong,
      unproven: ['identityOff'],
      probe: 'none',
    },
  ];
}

/** Whether a point is on: every third of its block. */
export const isOn = (index: number): boolean => index % 3 === 0;

/** A whole board: its inputs show `isOn`, it counts nothing, and it is what its profile says. */
function tableOf({ read, probe, localLinkage, counter }: ModbusProfile, unit: number): BoardTable {
  const values: Record<string, Record<string, number>> = {};
  const put = (place: Pick<Place, 'function' | 'address'>, at: number, value: number): void => {
    values[place.function] = { ...values[place.function], [place.address + at]: value };
  };
  for (const block of read) {
    const asked = Math.max(placeOf(block).quantity, 'fixedQuantity' in block ? (block.fixedQuantity ?? 0) : 0);
    for (let at = 0; at < asked; at += 1) put(block, at, 0);
    Object.values(block.points).forEach((offset, index) => {
      if (block.kind === 'level') put(block, Number(offset), Number(isOn(index) !== block.invert));
      if (block.kind === 'word' && isOn(index) !== block.invert) {
        const register = Number(offset) >> 4;
        const before = values[block.function]?.[block.address + register] ?? 0;
        put(block, register, before | (1 << (Number(offset) & 15)));
      }
    });
    if (block.kind === 'state') put(block, 0, Object.values(block.points)[0]?.[0] ?? 0);
  }
  for (let at = 0; at < (localLinkage?.quantity ?? 0); at += 1)
    if (localLinkage !== undefined) put(localLinkage, at, localLinkage.normal[0] ?? 0);
  if (counter.resetDetector !== undefined) put(counter.resetDetector, 0, counter.resetDetector.value === 0 ? 1 : 0);
  for (let at = 0; at < (probe?.quantity ?? 0); at += 1)
    if (probe !== undefined) put(probe, at, probe.expect === 'unit' ? unit : (probe.expect?.[at] ?? 0x4100 + at));
  // CAME: what lies between its two blocks can be read along.
  const [first, second] = [...read].sort((a, b) => a.address - b.address);
  if (first !== undefined && second !== undefined && first.function === second.function)
    for (let at = first.address; at < second.address; at += 1) {
      if (values[first.function]?.[at] === undefined) put(first, at - first.address, 0);
    }
  return { values };
}
