/**
 * Traffic on a Modbus RTU wire between another master and its boards: requests, answers, commands. Pure; it knows no profile and sends
 * nothing. Sources: Modbus Application Protocol V1.1b3 (6.1–6.6, 6.11, 6.12, 7), Modbus over Serial Line V1.02 (2.5.1).
 */
import { type Decode, ProtocolError } from '../../src/driver.ts';
import { crcFits, dataBytes, isBits, type ReadFunction, type ReadRequest } from './frame.ts';

/** Content of one frame. Bits come as 0 and 1. */
export type ObservedFrame =
  /** A board answered a read: the request, and exactly its quantity of values. */
  | { readonly kind: 'values'; readonly unit: number; readonly read: ReadRequest; readonly values: readonly number[] }
  /** The master switches: function 5 and 15 coils (0 and 1; 5 also maker-specific values), 6 and 16 registers. */
  | {
      readonly kind: 'command';
      readonly unit: number;
      readonly coils: boolean;
      /** One frame for many outputs, which masters also send to refresh unchanged states. */
      readonly several: boolean;
      readonly address: number;
      readonly values: readonly number[];
    }
  /** An unanswered request, an exception, the echo of a command. */
  | { readonly kind: 'other' };

const OTHER: ObservedFrame = { kind: 'other' };
const EXCEPTION_BIT = 0x80;
const EXCEPTION_BYTES = 5;
const FIXED_BYTES = 8;
/** A master has given up on its request after this long. */
const PENDING_MS = 1_000;

interface Pending {
  readonly frame: Uint8Array;
  readonly atMs: number;
}

/** Decodes frames in order. It pairs each answer with the preceding request, so one decoder serves one wire. */
export function createTrafficDecoder(nowMs: () => number): Decode<ObservedFrame> {
  let pending: Pending | undefined;
  return (bytes) => {
    const [, code] = bytes;
    if (code === undefined) return undefined;
    const open = pending !== undefined && nowMs() - pending.atMs <= PENDING_MS ? pending.frame : undefined;
    const lengths = orderedLengths(bytes, code, open);
    for (const length of lengths) {
      const frame = bytes.slice(0, length);
      if (frame.length < length || !crcFits(frame)) continue;
      const observed = meaningOf(frame, open);
      // A frame that is no request ends the pending one.
      pending = observed.request ? { frame, atMs: nowMs() } : undefined;
      return { frame: observed.observed, used: length };
    }
    if (lengths.some((length) => length > bytes.length)) return undefined;
    throw new ProtocolError('frame', 'no Modbus frame begins here');
  };
}

/** Of two possible lengths, that of the answer to the open request comes first. */
function orderedLengths(bytes: Uint8Array, code: number, open: Uint8Array | undefined): number[] {
  const lengths = lengthsOf(bytes, code);
  if (open?.[0] !== bytes[0] || open?.[1] !== code) return lengths;
  const expected = answerLength(open);
  return lengths.sort((a, b) => Number(b === expected) - Number(a === expected));
}

/** Possible lengths of a frame with this beginning: a request or an answer. Empty while more bytes are needed to know. */
function lengthsOf(bytes: Uint8Array, code: number): number[] {
  const unknown = bytes.length + 1;
  switch (code) {
    case 1:
    case 2:
    case 3:
    case 4: {
      const count = bytes[2];
      return count === undefined ? [unknown] : [FIXED_BYTES, 5 + count];
    }
    case 5:
    case 6:
      return [FIXED_BYTES];
    case 15:
    case 16: {
      const count = bytes[6];
      return count === undefined ? [unknown] : [FIXED_BYTES, 9 + count];
    }
    default:
      return (code & EXCEPTION_BIT) !== 0 && lengthsOf(bytes, code & ~EXCEPTION_BIT).length > 0
        ? [EXCEPTION_BYTES]
        : [];
  }
}

/** Length of the answer to this request. */
function answerLength(request: Uint8Array): number {
  const code = request[1] ?? 0;
  return code <= 4 ? 5 + dataBytes(readOf(request)) : FIXED_BYTES;
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);

function readOf(request: Uint8Array): ReadRequest {
  return { function: request[1] as ReadFunction, address: word(request, 2), quantity: word(request, 4) };
}

function meaningOf(frame: Uint8Array, open: Uint8Array | undefined): { observed: ObservedFrame; request: boolean } {
  const [unit = 0, code = 0] = frame;
  const same = open !== undefined && open[0] === unit && open[1] === code;
  if ((code & EXCEPTION_BIT) !== 0) return { observed: OTHER, request: false };
  if (code <= 4) {
    const repeated = same && frame.length === open.length && frame.every((byte, index) => byte === open[index]);
    if (same && !repeated && frame.length === answerLength(open) && frame[2] === dataBytes(readOf(open)))
      return {
        observed: { kind: 'values', unit, read: readOf(open), values: valuesOf(frame, readOf(open)) },
        request: false,
      };
    // Any other frame of eight bytes is a request. An answer without its request has no meaning.
    return { observed: OTHER, request: frame.length === FIXED_BYTES };
  }
  // The answer to a command repeats its beginning; any other frame of this look repeats the command.
  if (same && frame.length === FIXED_BYTES && frame.slice(0, 6).every((byte, index) => byte === open[index]))
    return { observed: OTHER, request: false };
  const command = commandOf(frame, unit, code);
  return { observed: command ?? OTHER, request: command !== undefined };
}

function valuesOf(frame: Uint8Array, { function: code, quantity }: ReadRequest): readonly number[] {
  if (!isBits(code)) return Array.from({ length: quantity }, (_, index) => word(frame, 3 + 2 * index));
  return Array.from({ length: quantity }, (_, index) => ((frame[3 + (index >> 3)] ?? 0) >> (index & 7)) & 1);
}

function commandOf(frame: Uint8Array, unit: number, code: number): ObservedFrame | undefined {
  const address = word(frame, 2);
  const second = word(frame, 4);
  if (code === 5 || code === 6)
    return { kind: 'command', unit, coils: code === 5, several: false, address, values: [second] };
  // `unit | 0F or 10 | address | quantity | byte count | data … | crc`; eight bytes of these are an answer.
  if (frame.length === FIXED_BYTES) return undefined;
  const data = frame.subarray(7, -2);
  const coils = code === 15;
  if (data.length !== (coils ? Math.ceil(second / 8) : 2 * second)) return undefined;
  const values = Array.from({ length: second }, (_, index) =>
    coils ? ((data[index >> 3] ?? 0) >> (index & 7)) & 1 : word(data, 2 * index),
  );
  return { kind: 'command', unit, coils, several: coils, address, values };
}
