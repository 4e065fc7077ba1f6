/**
 * Frames of a Modbus read and its answer, on a serial line (RTU) and with a TCP header. Pure; it knows no port and no point. Sources:
 * Modbus Application Protocol V1.1b3 (6.1–6.4, 7), Modbus over Serial Line V1.02 (2.5.1), Messaging on TCP/IP V1.0b (3.1.3).
 */
import { type Decode, ProtocolError } from '../../src/driver.ts';

/** The only function codes of this driver: read coils, discrete inputs, holding registers, input registers. */
export const READ_FUNCTIONS = [1, 2, 3, 4] as const;
export type ReadFunction = (typeof READ_FUNCTIONS)[number];

export interface ReadRequest {
  readonly function: ReadFunction;
  /** Wire address: 0 is the first. */
  readonly address: number;
  readonly quantity: number;
}

export const isBits = (functionCode: ReadFunction): boolean => functionCode <= 2;

/** `unit | function | address hi lo | quantity hi lo | crc lo hi` */
export const REQUEST_BYTES = 8;
/** `unit | function | byte count | data … | crc lo hi` */
export function answerBytes(read: Pick<ReadRequest, 'function' | 'quantity'>): number {
  return 5 + dataBytes(read);
}
export function dataBytes({ function: code, quantity }: Pick<ReadRequest, 'function' | 'quantity'>): number {
  return isBits(code) ? Math.ceil(quantity / 8) : 2 * quantity;
}
/** `unit | function + 80 | code | crc lo hi` */
const EXCEPTION_BYTES = 5;
const EXCEPTION_BIT = 0x80;
/** `transaction hi lo | 00 00 | length hi lo`, then unit, function and data without a checksum. */
export const TCP_HEADER_BYTES = 6;
/** Unit and the longest PDU. */
const TCP_LENGTH_MAX = 254;

/** CRC-16/MODBUS: polynomial A001 reflected, start FFFF, sent low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

export function withCrc(bytes: Uint8Array): Uint8Array {
  const crc = crc16(bytes);
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8);
}

export function crcFits(frame: Uint8Array): boolean {
  return crc16(frame.subarray(0, -2)) === ((frame.at(-1) ?? 0) << 8) + (frame.at(-2) ?? 0);
}

/**
 * Finds the answer to `request` (8 bytes, RTU): skips noise, a local echo of the request and answers of other units. Returns the whole
 * RTU frame, also of an exception. Throws ProtocolError: checksum, or unexpected for a valid answer of another length.
 */
export function rtuAnswer(request: Uint8Array): Decode<Uint8Array> {
  const [unit = 0] = request;
  const expected = answerBytes(readOf(request));
  return (bytes) => {
    const seen = new Set<Candidate['is']>();
    let otherLength = 0;
    for (let start = bytes.indexOf(unit); start >= 0; start = bytes.indexOf(unit, start + 1)) {
      const { is, length } = candidateAt(bytes, start, request, expected);
      if (is === 'answer') return { frame: bytes.slice(start, start + length), used: start + length };
      if (is === 'otherLength') otherLength = length;
      seen.add(is);
    }
    if (seen.has('begun') || beginsEcho(bytes, request)) return undefined;
    if (otherLength > 0)
      throw new ProtocolError('unexpected', `unit ${unit} answered ${otherLength} bytes where ${expected} were asked`);
    if (seen.has('broken')) throw new ProtocolError('checksum', `the answer of unit ${unit} has a wrong checksum`);
    return undefined;
  };
}

/** What stands where the unit's number was read. `begun`: the rest of an answer may still come. `otherLength`: whole, and not what was asked. */
interface Candidate {
  readonly is: 'noise' | 'begun' | 'broken' | 'otherLength' | 'answer';
  readonly length: number;
}

function candidateAt(bytes: Uint8Array, start: number, request: Uint8Array, expected: number): Candidate {
  const code = request[1] ?? 0;
  const isException = bytes[start + 1] === (code | EXCEPTION_BIT);
  if (start + 3 > bytes.length) {
    const mayBeOurs = start + 1 >= bytes.length || isException || bytes[start + 1] === code;
    return { is: mayBeOurs ? 'begun' : 'noise', length: 0 };
  }
  const length = lengthAt(bytes, start, code);
  if (length === undefined) return { is: 'noise', length: 0 };
  const frame = bytes.subarray(start, start + length);
  const fits = length === expected || isException;
  if (frame.length < length) return { is: fits ? 'begun' : 'noise', length };
  // A local echo of some requests looks like an answer of three data bytes.
  if (length === REQUEST_BYTES && frame.every((byte, index) => byte === request[index])) return { is: 'noise', length };
  if (crcFits(frame)) return { is: fits ? 'answer' : 'otherLength', length };
  return { is: fits ? 'broken' : 'noise', length };
}

/** Length of the answer that may begin at `start`; undefined: none begins there. */
function lengthAt(bytes: Uint8Array, start: number, code: number): number | undefined {
  if (bytes[start + 1] === (code | EXCEPTION_BIT)) return EXCEPTION_BYTES;
  return bytes[start + 1] === code ? 5 + (bytes[start + 2] ?? 0) : undefined;
}

/** Only the start of our own request has arrived: the adapter echoes. */
function beginsEcho(bytes: Uint8Array, request: Uint8Array): boolean {
  return bytes.length <= request.length && bytes.every((byte, index) => byte === request[index]);
}

export function readOf(request: Uint8Array): ReadRequest {
  const word = (at: number): number => ((request[at] ?? 0) << 8) + (request[at + 1] ?? 0);
  return { function: (request[1] ?? 0) as ReadFunction, address: word(2), quantity: word(4) };
}

/** The request with a TCP header instead of a checksum. */
export function tcpRequest(request: Uint8Array, transaction: number): Uint8Array {
  const body = request.subarray(0, -2);
  return Uint8Array.of(transaction >> 8, transaction & 0xff, 0, 0, 0, body.length, ...body);
}

/**
 * The answer with our transaction number, as an RTU frame; answers to earlier requests are skipped. Throws ProtocolError: frame,
 * unexpected.
 */
export function tcpAnswer(request: Uint8Array, transaction: number): Decode<Uint8Array> {
  const [unit = 0, code = 0] = request;
  const expected = answerBytes(readOf(request)) - 2;
  return (bytes) => {
    let start = 0;
    while (bytes.length >= start + TCP_HEADER_BYTES) {
      const word = (at: number): number => ((bytes[start + at] ?? 0) << 8) + (bytes[start + at + 1] ?? 0);
      const length = word(4);
      if (word(2) !== 0 || length < 3 || length > TCP_LENGTH_MAX)
        throw new ProtocolError('frame', 'these bytes are no Modbus TCP header');
      const end = start + TCP_HEADER_BYTES + length;
      if (bytes.length < end) return undefined;
      if (word(0) === transaction) {
        const body = bytes.subarray(start + TCP_HEADER_BYTES, end);
        const exception = body[1] === (code | EXCEPTION_BIT) && length === EXCEPTION_BYTES - 2;
        const answer = body[1] === code && length === expected && body[2] === expected - 3;
        if (body[0] !== unit || (!exception && !answer))
          throw new ProtocolError('unexpected', `unit ${body[0]} answered function ${body[1]} with ${length} bytes`);
        return { frame: withCrc(body), used: end };
      }
      start = end;
    }
    return undefined;
  };
}
