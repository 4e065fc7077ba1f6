/**
 * The Waveshare "Modbus RTU IO 8CH" as a device on a wire: it answers like the real board and counts the commands it must never receive.
 * Written from the maker's frames (www.waveshare.com/wiki/Modbus_RTU_IO_8CH) with its own checksum and request parser; it must not know
 * the program's Modbus driver, or both would share a mistake.
 */
import type { SimulatedDevice } from './far-end.ts';

export interface WaveshareBoard extends SimulatedDevice {
  /** Requests whose function would have changed something. There must never be any. */
  readonly commandsSeen: readonly Uint8Array[];
  /** Requests answered so far. */
  readonly answered: number;
  /** false: the board is without power and silent. */
  powered: boolean;
}

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
const CHANNELS = 8;
/** Longer than any request of the Modbus specification; older bytes cannot belong to one. */
const LONGEST_FRAME = 256;

/**
 * Requests (checksum low byte first):
 * ```
 * unit | 01 | address hi lo | count hi lo | crc lo hi     relays 1–8 at 0x0000
 * unit | 02 | address hi lo | count hi lo | crc lo hi     inputs DI1–DI8 at 0x0000
 * unit | 03 | address hi lo | count hi lo | crc lo hi     0x1000–0x1007 modes, 0x2000 UART, 0x4000 address, 0x8000 version
 * ```
 * A read to unit 0 is answered, under 0: this board does so, against the standard.
 * @param options.inputs the levels of DI1…DI8 at the moment of the request
 */
export function createWaveshareBoard(options: {
  readonly inputs: () => readonly boolean[];
  readonly unit?: number;
  readonly relays?: () => readonly boolean[];
  /** 0 normal, 1 linkage (the relay follows the input), 2 toggle, 3 edge. */
  readonly modes?: readonly number[];
  /** 200 is V2.00. */
  readonly version?: number;
  /** A clone without registers: it refuses function 3, or does not answer it. */
  readonly clone?: 'refuses' | 'silent';
}): WaveshareBoard {
  const unit = options.unit ?? 1;
  const relays = options.relays ?? (() => []);
  const commandsSeen: Uint8Array[] = [];
  let answered = 0;
  let heard = new Uint8Array();

  const register = (address: number): number | undefined => {
    if (address >= 0x1000 && address < 0x1000 + CHANNELS) return options.modes?.[address - 0x1000] ?? 0;
    if (address === 0x2000) return 0x0001; // no parity, 9600
    if (address === 0x4000) return unit;
    if (address === 0x8000) return options.version ?? 200;
    return undefined;
  };
  const readBits = (levels: readonly boolean[], address: number, count: number): number[] | number => {
    if (count < 1 || count > 2000) return ILLEGAL_VALUE;
    if (address + count > CHANNELS) return ILLEGAL_ADDRESS;
    let byte = 0;
    for (let bit = 0; bit < count; bit += 1) if (levels[address + bit]) byte |= 1 << bit;
    return [1, byte];
  };
  const readRegisters = (address: number, count: number): number[] | number => {
    if (count < 1 || count > 125) return ILLEGAL_VALUE;
    const values = Array.from({ length: count }, (_, index) => register(address + index));
    if (values.includes(undefined)) return ILLEGAL_ADDRESS;
    return [count * 2, ...(values as number[]).flatMap((value) => [value >> 8, value & 0xff])];
  };
  const readBy = (functionCode: number, address: number, count: number): number[] | number => {
    if (functionCode === 1) return readBits(relays(), address, count);
    if (functionCode === 2) return readBits(options.inputs(), address, count);
    return functionCode === 3 && options.clone === undefined ? readRegisters(address, count) : ILLEGAL_FUNCTION;
  };
  const answer = (frame: Uint8Array): Uint8Array | undefined => {
    const [to = 0, functionCode = 0] = frame;
    if (to !== unit && to !== 0) return undefined;
    if (functionCode > 4 && frame.length > 4) commandsSeen.push(frame);
    const address = ((frame[2] ?? 0) << 8) | (frame[3] ?? 0);
    const count = ((frame[4] ?? 0) << 8) | (frame[5] ?? 0);
    if (functionCode === 3 && options.clone === 'silent') return undefined;
    const result = readBy(functionCode, address, count);
    if (to === 0 && typeof result === 'number') return undefined; // a broadcast gets no exception
    answered += 1;
    return sealed(typeof result === 'number' ? [to, functionCode | 0x80, result] : [to, functionCode, ...result]);
  };

  return {
    commandsSeen,
    get answered() {
      return answered;
    },
    powered: true,
    receive(bytes) {
      if (!this.powered) {
        heard = new Uint8Array();
        return [];
      }
      heard = Uint8Array.from([...heard, ...bytes]);
      const replies: Uint8Array[] = [];
      for (let found = findFrame(heard); found; found = findFrame(heard)) {
        const reply = answer(heard.slice(found.start, found.end));
        if (reply) replies.push(reply);
        heard = heard.slice(found.end);
      }
      heard = heard.slice(-LONGEST_FRAME);
      return replies;
    },
  };
}

/** The first stretch that is a whole request with a valid checksum; noise and others' answers before it are skipped. */
function findFrame(bytes: Uint8Array): { start: number; end: number } | undefined {
  for (let start = 0; start + 4 <= bytes.length; start += 1) {
    for (const length of lengthsOf(bytes.subarray(start))) {
      const frame = bytes.subarray(start, start + length);
      if (frame.length === length && checksumOf(frame) === 0) return { start, end: start + length };
    }
  }
  return undefined;
}

/** Possible lengths of a request with this beginning. */
function lengthsOf(bytes: Uint8Array): readonly number[] {
  const functionCode = bytes[1] ?? 0;
  if (functionCode >= 1 && functionCode <= 6) return [8];
  if (functionCode === 15 || functionCode === 16) return [9 + (bytes[6] ?? 0)];
  if (functionCode === 0 || functionCode >= 0x80) return [];
  // A function this board lacks: only the checksum shows its length.
  return Array.from({ length: Math.max(0, Math.min(bytes.length, LONGEST_FRAME) - 3) }, (_, index) => index + 4);
}

/** CRC-16 of Modbus over Serial Line V1.02, 2.5.1.2: polynomial 0xA001 reflected, start 0xFFFF. Over a frame with its checksum it is 0. */
function checksumOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** Appends the checksum. */
export function sealed(bytes: readonly number[]): Uint8Array {
  const crc = checksumOf(Uint8Array.from(bytes));
  return Uint8Array.from([...bytes, crc & 0xff, crc >> 8]);
}
