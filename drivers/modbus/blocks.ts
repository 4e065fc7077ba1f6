/** Turns a profile into the fewest reads, and their values into readings of points. Pure and stateless. */
import { isBits, type ReadRequest } from './frame.ts';
import { isCounting, type ModbusProfile, type ReadBlock } from './profile.ts';

/** Most values in one answer (Modbus Application Protocol V1.1b3, 6.1 and 6.3). */
const BITS_MOST = 2_000;
const REGISTERS_MOST = 125;

/** One request and the profile blocks its answer covers. `from`: a block's offset in the answer. */
export interface PlannedRead {
  readonly read: ReadRequest;
  readonly blocks: readonly { readonly block: ReadBlock; readonly from: number }[];
}

/** One point's value in one read of its block. `total`: a counter's or latch's raw value. */
export type PointReading =
  | { readonly kind: 'level'; readonly point: string; readonly value: boolean }
  | { readonly kind: 'counter'; readonly point: string; readonly total: number; readonly modulo: number }
  | { readonly kind: 'latch'; readonly point: string; readonly value: boolean };

const quantityOf = (block: ReadBlock): number => (block.kind === 'state' ? 1 : block.quantity);
const fixedQuantityOf = (block: ReadBlock): number | undefined =>
  block.kind === 'level' || block.kind === 'latch' ? block.fixedQuantity : undefined;

/**
 * Merges neighbouring blocks of one function code; blocks with a fixed quantity stay alone. With `wanted`, unused blocks are skipped and
 * counters are read only from the first to the last wanted one: counters dominate a slow wire.
 */
export function planReads(
  profile: Pick<ModbusProfile, 'read' | 'mergeGap'>,
  wanted?: ReadonlySet<string>,
): readonly PlannedRead[] {
  const chosen =
    wanted === undefined || wanted.size === 0 ? profile.read : profile.read.flatMap((block) => narrow(block, wanted));
  const sorted = [...chosen].sort((a, b) => a.function - b.function || a.address - b.address);
  const planned: { read: ReadRequest; mergeable: boolean; blocks: { block: ReadBlock; from: number }[] }[] = [];
  for (const block of sorted) {
    const fixed = fixedQuantityOf(block);
    const last = planned.at(-1);
    const end = block.address + quantityOf(block);
    if (last?.mergeable && fixed === undefined && last.read.function === block.function) {
      const quantity = Math.max(last.read.quantity, end - last.read.address);
      const gap = block.address - (last.read.address + last.read.quantity);
      if (gap <= profile.mergeGap && quantity <= (isBits(block.function) ? BITS_MOST : REGISTERS_MOST)) {
        last.read = { ...last.read, quantity };
        last.blocks.push({ block, from: block.address - last.read.address });
        continue;
      }
    }
    planned.push({
      read: { function: block.function, address: block.address, quantity: fixed ?? quantityOf(block) },
      mergeable: fixed === undefined,
      blocks: [{ block, from: 0 }],
    });
  }
  return planned;
}

/** Whether a block tells pulses and no levels. */
/** Each block of a read by itself, for a board that refuses them together. */
export function splitRead({ blocks }: PlannedRead): readonly PlannedRead[] {
  return blocks.flatMap(({ block }) => planReads({ read: [block], mergeGap: 0 }));
}

/** The read of inputs that a board must answer, whatever else it lacks; undefined: the profile only counts. */
export function inputsRead({ read }: Pick<ModbusProfile, 'read'>): PlannedRead | undefined {
  const inputs = read.find((block) => !isCounting(block));
  return inputs && planReads({ read: [inputs], mergeGap: 0 })[0];
}

function narrow(block: ReadBlock, wanted: ReadonlySet<string>): readonly ReadBlock[] {
  if (!Object.keys(block.points).some((point) => wanted.has(point))) return [];
  if (block.kind !== 'counter16' && block.kind !== 'counter32') return [block];
  const used = Object.entries(block.points).filter(([point]) => wanted.has(point));
  const offsets = used.map(([, offset]) => offset);
  const first = Math.min(...offsets);
  const quantity = Math.max(...offsets) - first + (block.kind === 'counter32' ? 2 : 1);
  const points = Object.fromEntries(used.map(([point, offset]) => [point, offset - first]));
  return [{ ...block, address: block.address + first, quantity, points }];
}

export function profilePoints(profile: Pick<ModbusProfile, 'read'>): readonly string[] {
  return [...new Set(profile.read.flatMap((block) => Object.keys(block.points)))];
}

/** `values`: bits as 0 and 1, or registers; the block begins at `from`. */
export function readingsOf(block: ReadBlock, values: readonly number[], from: number): readonly PointReading[] {
  const at = (offset: number): number => values[from + offset] ?? 0;
  switch (block.kind) {
    case 'level':
      return each(block.points, (point, bit) => ({ kind: 'level', point, value: (at(bit) === 1) !== block.invert }));
    case 'latch':
      return each(block.points, (point, bit) => ({ kind: 'latch', point, value: at(bit) === 1 }));
    case 'word':
      return each(block.points, (point, bit) => ({
        kind: 'level',
        point,
        value: (((at(bit >> 4) >> (bit & 15)) & 1) === 1) !== block.invert,
      }));
    case 'counter16':
      return each(block.points, (point, register) => ({
        kind: 'counter',
        point,
        total: at(register),
        modulo: 0x1_0000,
      }));
    case 'counter32':
      return each(block.points, (point, register) => {
        const [high, low] =
          block.wordOrder === 'highFirst' ? [at(register), at(register + 1)] : [at(register + 1), at(register)];
        return { kind: 'counter', point, total: high * 0x1_0000 + low, modulo: 0x1_0000_0000 };
      });
    case 'state': {
      const state = at(0);
      if (block.unknown.includes(state)) return [];
      return each(block.points, (point, states) => ({ kind: 'level', point, value: states.includes(state) }));
    }
  }
}

function each<V>(
  points: Readonly<Record<string, V>>,
  reading: (point: string, value: V) => PointReading,
): readonly PointReading[] {
  const readings: PointReading[] = [];
  // No list of entries first: this runs for every poll of every board.
  for (const point in points) readings.push(reading(point, points[point] as V));
  return readings;
}
