/** Cuts a byte stream into frames by a rule and passes on their content. It knows no message. devices.md 1.3 rule 14, 5.4, 9.7. */
import { DelimiterParser } from '@serialport/parser-delimiter';
import type { ChecksumKind, FrameRule } from './profile.ts';

export interface Framer {
  /** `atMs`: arrival time of the bytes. */
  take(chunk: Uint8Array, atMs: number): void;
}

export interface FramerOptions {
  readonly rule: FrameRule;
  readonly maxBytes: number;
  readonly idleMs: number;
  /** Content of a valid frame, and the arrival time of its last bytes. */
  readonly onContent: (content: Uint8Array, atMs: number) => void;
}

type DelimitedRule = Extract<FrameRule, { kind: 'delimited' }>;
type CountedRule = Exclude<FrameRule, DelimitedRule>;

export function createFramer(options: FramerOptions): Framer {
  return options.rule.kind === 'delimited' ? delimited(options, options.rule) : counted(options, options.rule);
}
/** The parser finds the ends; start, length, time and checksum are checked here. */
function delimited(options: FramerOptions, rule: DelimitedRule): Framer {
  const { maxBytes, idleMs, onContent } = options;
  // Readable side in object mode: otherwise queued frames are glued together.
  const parser = new DelimiterParser({ delimiter: [...parseHex(rule.end)], readableObjectMode: true });
  let lastMs = Number.NEGATIVE_INFINITY;
  parser.on('data', (piece: Uint8Array) => {
    const content = delimitedContent(rule, maxBytes, piece);
    if (content !== undefined) onContent(content, lastMs);
  });
  return {
    take(chunk, atMs) {
      // The parser would keep half a frame for ever and glue it to the next one.
      if (atMs - lastMs > idleMs) parser.buffer = EMPTY;
      lastMs = atMs;
      parser.write(chunk);
      // Beyond a frame's length only the last bytes matter. A copy, which does not pin the port's whole buffer.
      if (parser.buffer.length > maxBytes) parser.buffer = Buffer.from(parser.buffer.subarray(-maxBytes));
    },
  };
}

const EMPTY = Buffer.alloc(0);

/** Content between the last start in a piece and its end, which is cut off already. */
function delimitedContent(rule: DelimitedRule, maxBytes: number, piece: Uint8Array): Uint8Array | undefined {
  const start = parseHex(rule.start);
  // Resynchronised on the last start: before it stands noise, or a truncated frame.
  const from = Buffer.from(piece).lastIndexOf(Buffer.from(start));
  if (from < 0 || piece.length - from + parseHex(rule.end).length > maxBytes) return undefined;
  return withoutChecksum(Uint8Array.from(piece.subarray(from)), start.length, rule.checksum);
}
/** All contents among these bytes, synchronously: the end of a turn cannot wait for a stream. */
export function contentsOf(rule: FrameRule, maxBytes: number, bytes: Uint8Array): readonly Uint8Array[] {
  const contents: Uint8Array[] = [];
  if (rule.kind !== 'delimited') {
    const onContent = (content: Uint8Array) => void contents.push(content);
    counted({ rule, maxBytes, idleMs: Number.POSITIVE_INFINITY, onContent }, rule).take(bytes, 0);
    return contents;
  }
  const end = Buffer.from(parseHex(rule.end));
  const all = Buffer.from(bytes);
  for (let from = 0, at = all.indexOf(end); at >= 0; from = at + end.length, at = all.indexOf(end, from)) {
    const content = delimitedContent(rule, maxBytes, all.subarray(from, at));
    if (content !== undefined) contents.push(content);
  }
  return contents;
}
function counted(options: FramerOptions, rule: CountedRule): Framer {
  const start = parseHex(rule.start);
  let held: Uint8Array = new Uint8Array(0);
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    take(chunk, atMs) {
      const before = atMs - lastMs > options.idleMs ? new Uint8Array(0) : held;
      lastMs = atMs;
      held = Uint8Array.from([...before, ...chunk]);
      while (held.length > 0) {
        const length = lengthOf(rule, start, held);
        if (length === 'more') break;
        if (length === 'none' || length > options.maxBytes) {
          held = held.slice(1);
          continue;
        }
        if (held.length < length) break;
        const content = withoutChecksum(held.slice(0, length), start.length, rule.checksum);
        if (content === undefined) {
          held = held.slice(1);
          continue;
        }
        held = held.slice(length);
        options.onContent(content, atMs);
      }
    },
  };
}
function lengthOf(rule: CountedRule, start: Uint8Array, held: Uint8Array): number | 'more' | 'none' {
  const begins = start.every((byte, index) => index >= held.length || held[index] === byte);
  if (!begins) return 'none';
  if (rule.kind === 'fixed') return rule.length;
  const value = held[rule.at];
  if (value === undefined) return 'more';
  const length = value + rule.adds;
  return length > start.length && length > rule.at ? length : 'none';
}
/** undefined: wrong checksum. */
function withoutChecksum(
  frame: Uint8Array,
  startLength: number,
  kind: ChecksumKind | undefined,
): Uint8Array | undefined {
  if (kind === undefined) return frame.slice(startLength);
  const size = kind === 'crc16' ? 2 : 1;
  if (frame.length < startLength + size) return undefined;
  const body = frame.subarray(0, -size);
  const sent = frame.subarray(-size);
  const right = checksumOf(kind, body);
  return right.every((byte, index) => byte === sent[index]) ? body.slice(startLength) : undefined;
}
export function checksumOf(kind: ChecksumKind, bytes: Uint8Array): readonly number[] {
  if (kind === 'sum8') return [bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)];
  if (kind === 'xor8') return [bytes.reduce((sum, byte) => sum ^ byte, 0)];
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return [crc & 0xff, crc >> 8];
}
export const parseHex = (text: string): Uint8Array =>
  Uint8Array.from(text.split(' '), (pair) => Number.parseInt(pair, 16));
