/**
 * Describes the bytes on a Modbus wire for a person: both directions of ours, or the traffic of another master. Pure; it knows no
 * profile. Sources as in frame.ts and traffic.ts.
 */
import type { DescribeFrames, WireMeaning, WirePiece } from '../../src/driver.ts';
import { answerBytes, crcFits, isBits, REQUEST_BYTES, readOf, TCP_HEADER_BYTES, withCrc } from './frame.ts';

const EXCEPTION_BIT = 0x80;
const EXCEPTION_BYTES = 5;

export function createFrameDescriber(transport: 'serial' | 'tcp' | 'modbus-tcp'): DescribeFrames {
  /** The last request, as an RTU frame. */
  let asked: Uint8Array | undefined;
  const say = (frame: Uint8Array): WireMeaning => {
    const meaning = meaningOf(frame, asked);
    asked = meaning.kind === 'read' || meaning.kind === 'command' ? frame : undefined;
    return meaning;
  };
  return (_direction, bytes) => {
    const pieces: WirePiece[] = [];
    let from = 0;
    let broken = 0;
    const endBroken = (): void => {
      if (from > broken) pieces.push({ bytes: bytes.slice(broken, from), meaning: { kind: 'broken' } });
    };
    while (from < bytes.length) {
      const rest = bytes.subarray(from);
      const found = transport === 'modbus-tcp' ? tcpFrame(rest) : rtuFrame(rest, asked);
      if (found === undefined) {
        from += 1;
        continue;
      }
      endBroken();
      pieces.push({ bytes: rest.slice(0, found.used), meaning: say(found.frame) });
      from += found.used;
      broken = from;
    }
    endBroken();
    return pieces;
  };
}

interface Found {
  /** Checksum included. */
  readonly frame: Uint8Array;
  readonly used: number;
}

function tcpFrame(bytes: Uint8Array): Found | undefined {
  const length = ((bytes[4] ?? 0) << 8) + (bytes[5] ?? 0);
  const used = TCP_HEADER_BYTES + length;
  if (length < 3 || bytes.length < used || bytes[2] !== 0 || bytes[3] !== 0) return undefined;
  return { frame: withCrc(bytes.subarray(TCP_HEADER_BYTES, used)), used };
}

/** The frame that begins here; of two possible lengths, that of the expected answer is tried first. */
function rtuFrame(bytes: Uint8Array, asked: Uint8Array | undefined): Found | undefined {
  const code = bytes[1] ?? 0;
  const answersIt = asked?.[0] === bytes[0] && asked?.[1] === code;
  const lengths = lengthsOf(bytes, code);
  for (const used of answersIt ? lengths : lengths.reverse()) {
    const frame = bytes.slice(0, used);
    if (used >= 4 && frame.length === used && crcFits(frame)) return { frame, used };
  }
  return undefined;
}

/** An answer's length first, then a request's. */
function lengthsOf(bytes: Uint8Array, code: number): number[] {
  if ((code & EXCEPTION_BIT) !== 0) return [EXCEPTION_BYTES];
  if (code >= 1 && code <= 4) return [5 + (bytes[2] ?? 0), REQUEST_BYTES];
  if (code === 5 || code === 6) return [REQUEST_BYTES];
  if (code === 15 || code === 16) return [REQUEST_BYTES, 9 + (bytes[6] ?? 0)];
  return [];
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);

function meaningOf(frame: Uint8Array, asked: Uint8Array | undefined): WireMeaning {
  const [unit = 0, code = 0] = frame;
  const known = asked?.[0] === unit && asked[1] === (code & ~EXCEPTION_BIT) ? asked : undefined;
  if ((code & EXCEPTION_BIT) !== 0)
    return { kind: 'exception', unit, function: code & ~EXCEPTION_BIT, exception: frame[2] ?? 0 };
  if (code >= 5) return { kind: 'command', unit, function: code, address: word(frame, 2), values: [word(frame, 4)] };
  const isRepeated =
    known !== undefined && frame.length === REQUEST_BYTES && frame.every((byte, at) => byte === known[at]);
  const read = known === undefined || isRepeated ? undefined : readOf(known);
  if (read !== undefined && frame.length === answerBytes(read)) {
    const { address, quantity } = read;
    return { kind: 'values', unit, function: code, address, quantity, values: valuesOf(frame, code, quantity) };
  }
  if (frame.length !== REQUEST_BYTES) return { kind: 'values', unit, function: code };
  const { address, quantity } = readOf(frame);
  return { kind: 'read', unit, function: code, address, quantity };
}

function valuesOf(frame: Uint8Array, code: number, quantity: number): readonly number[] {
  const bits = isBits(code as 1);
  return Array.from({ length: quantity }, (_, at) =>
    bits ? ((frame[3 + (at >> 3)] ?? 0) >> (at & 7)) & 1 : word(frame, 3 + 2 * at),
  );
}
