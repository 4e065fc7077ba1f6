/**
 * The schema of a Modbus profile: which registers of a board are which terminals, and how to identify the board. Data without
 * conditions, expressions or a function code that writes. devices.md 3.9; docs/devices.md explains every key.
 */
import { z } from 'zod';
import { modbusProfileText } from './profile-text.ts';

const bits = z.union([z.literal(1), z.literal(2)]);
const registers = z.union([z.literal(3), z.literal(4)]);
const readFunction = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
/** Wire address: 0 is the first, whatever number (00001, 30017, 40101) the manual prints. */
const address = z.int().min(0).max(0xffff);
const word = z.int().min(0).max(0xffff);
const offset = z.int().min(0).max(1_999);

/** The terminal's printed name, in lower case. */
const point = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);
const offsets = z.record(point, offset);

const bitBlock = () => ({
  function: bits,
  address,
  quantity: z.int().min(1).max(2_000),
  /** For clones that answer only reads of this quantity. */
  fixedQuantity: z.int().min(1).max(2_000).optional(),
  /** Point → bit counted from `address`. */
  points: offsets,
});
const wordBlock = () => ({
  function: registers,
  address,
  quantity: z.int().min(1).max(125),
});

const read = () =>
  z.discriminatedUnion('kind', [
    /** Inputs as bits. `invert`: the board reports a closed contact as 0. */
    z.strictObject({ kind: z.literal('level'), ...bitBlock(), invert: z.boolean().default(false) }),
    /** A bit that stays set until another master clears it (we never do): each 0 → 1 is one pulse. */
    z.strictObject({ kind: z.literal('latch'), ...bitBlock() }),
    /** Inputs as bits of registers: point → bit counted from bit 0 of the first register. */
    z.strictObject({ kind: z.literal('word'), ...wordBlock(), points: offsets, invert: z.boolean().default(false) }),
    /** Pulse counters: point → register counted from `address`. */
    z.strictObject({ kind: z.literal('counter16'), ...wordBlock(), points: offsets }),
    z.strictObject({
      kind: z.literal('counter32'),
      ...wordBlock(),
      points: offsets,
      wordOrder: z.enum(['highFirst', 'lowFirst']),
    }),
    /** One register whose value is a state: point → values in which it is true. An `unknown` state is not reported. */
    z.strictObject({
      kind: z.literal('state'),
      function: registers,
      address,
      points: z.record(point, z.array(word).min(1)),
      unknown: z.array(word).default([]),
    }),
  ]);

const fields = () =>
  z.strictObject({
    maker: z.string().min(1),
    model: z.string().min(1),
    /** Source of these numbers: manual and page. */
    source: z.string().min(1),
    /** What an installer must set or know first. */
    note: z.strictObject({ zh: z.string(), en: z.string() }).optional(),
    /** Transports of the board. */
    transport: z.array(z.enum(['rtu', 'rtu-over-tcp', 'tcp'])).min(1),
    /** Factory settings, for the installer; the line has its own. */
    serial: z
      .strictObject({
        baudRate: z.int().positive(),
        parity: z.enum(['none', 'even', 'odd']),
        stopBits: z.union([z.literal(1), z.literal(2)]),
      })
      .optional(),
    /** Factory setting. */
    unit: z.int().min(1).max(255).default(1),
    timeoutMs: z.int().min(10).max(5_000).default(100),
    /** Typical processing time; only for the load estimate of a wire. */
    turnaroundMs: z.number().min(0).max(1_000).default(5),
    /** Silence beyond t3.5 before a request to this board. */
    interFrameGapMs: z.number().min(0).max(1_000).default(0),
    /** Also answers a universal address, which must then never be used on a wire with two of these. */
    duplicateUnitRisk: z.boolean().default(false),
    /** Unused registers between two blocks that may be read along. */
    mergeGap: z.int().min(0).max(64).default(0),
    read: z.array(read()).min(1).max(16),
    /** Read before any value counts, at every start of a run. Without `expect` any value is accepted, but it may never change. */
    probe: z
      .strictObject({
        function: readFunction,
        address,
        quantity: z.int().min(1).max(16).default(1),
        expect: z.union([z.literal('unit'), z.array(word).min(1)]).optional(),
      })
      .optional(),
    counter: z
      .strictObject({
        clearedOnPowerUp: z.boolean().default(true),
        /** Reads `value` once after a power loss. */
        resetDetector: z.strictObject({ function: readFunction, address, value: word }).optional(),
      })
      .default({ clearedOnPowerUp: true }),
    /**
     * Modes in which the board switches its own relays; anything but `normal` is reported. Values above `most` mean that this is another
     * board.
     */
    localLinkage: z
      .strictObject({
        function: registers,
        address,
        quantity: z.int().min(1).max(32),
        normal: z.array(word).min(1),
        most: word.default(0xffff),
      })
      .optional(),
  });

type Complain = (complaint: ReturnType<typeof modbusProfileText.beyondAddresses>, ...path: string[]) => void;

/** Checks between fields: a point beyond its block, a range beyond the address space, a name with two meanings. */
function checkBlocks(profile: z.infer<ReturnType<typeof fields>>, context: z.RefinementCtx): void {
  const kinds = new Map<string, Set<string>>();
  profile.read.forEach((block, index) => {
    const complain: Complain = (complaint, ...path) =>
      context.addIssue({
        code: 'custom',
        path: ['read', index, ...path],
        message: complaint.message.en,
        params: { complaint },
      });
    const quantity = block.kind === 'state' ? 1 : block.quantity;
    if (block.address + quantity > 0x1_0000) complain(modbusProfileText.beyondAddresses(), 'quantity');
    const asked = 'fixedQuantity' in block ? (block.fixedQuantity ?? quantity) : quantity;
    if (asked < quantity) complain(modbusProfileText.fixedTooSmall(), 'fixedQuantity');
    checkPoints(block, quantity, kinds, complain);
  });
}

function checkPoints(block: ReadBlock, quantity: number, kinds: Map<string, Set<string>>, complain: Complain): void {
  const width = block.kind === 'counter32' ? 2 : 1;
  const meaning = isCounting(block) ? 'pulses' : 'level';
  for (const [point, offset] of Object.entries(block.points)) {
    if (typeof offset === 'number' && offset + width > valuesOf(block.kind, quantity))
      complain(modbusProfileText.beyondBlock(point), 'points', point);
    const meanings = kinds.get(point) ?? new Set();
    if (meanings.has(meaning)) complain(modbusProfileText.pointTwice(point), 'points', point);
    kinds.set(point, meanings.add(meaning));
  }
}

/** Its points give pulses; those of every other kind have a level. */
export const isCounting = ({ kind }: ReadBlock): boolean =>
  kind === 'counter16' || kind === 'counter32' || kind === 'latch';

const valuesOf = (kind: ReadBlock['kind'], quantity: number): number => (kind === 'word' ? 16 * quantity : quantity);

/** Made when the first profile is read: a start does not wait for it. */
export const modbusProfile = z.lazy(() => fields().superRefine(checkBlocks));

export type ModbusProfile = z.infer<typeof modbusProfile>;
export type ReadBlock = ModbusProfile['read'][number];
