/** A Modbus RTU slave of the tests' own: own checksum, own parser, and the faults a real wire has. It shares no code with the driver. */
import type { FarEnd } from './wire.ts';

/** CRC-16/MODBUS, from its table form. */
const TABLE = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value % 2 === 1 ? (value >>> 1) ^ 0xa001 : value >>> 1;
  return value;
});
export function slaveCrc(bytes: ArrayLike<number>): [number, number] {
  let value = 0xffff;
  for (const byte of Array.from(bytes)) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] as number);
  return [value & 0xff, value >>> 8];
}
export const sealed = (...bytes: number[]): Uint8Array => Uint8Array.from([...bytes, ...slaveCrc(bytes)]);

export interface Board {
  readonly unit: number;
  /** Bits of function 1 and 2, registers of function 3 and 4; undefined: no such address (exception 2). */
  bit?(functionCode: number, address: number): boolean | undefined;
  register?(functionCode: number, address: number): number | undefined;
}

/** What becomes of an answer: the pieces to send, each after so many milliseconds. */
export type Fault = (
  answer: Uint8Array,
  request: Uint8Array,
  count: number,
) => readonly { afterMs: number; bytes: Uint8Array }[];
export const asItIs: Fault = (answer) => [{ afterMs: 0, bytes: answer }];

export function createSlaves(
  boards: readonly Board[],
  fault: Fault = asItIs,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): (say: (bytes: Uint8Array) => void) => FarEnd {
  return (say) => {
    let heard: number[] = [];
    let count = 0;
    return {
      hear(bytes) {
        heard.push(...bytes);
        while (heard.length >= 8) {
          const request = heard.slice(0, 8);
          const [low, high] = slaveCrc(request.slice(0, 6));
          if (request[6] !== low || request[7] !== high) {
            heard = heard.slice(1);
            continue;
          }
          heard = heard.slice(8);
          const board = boards.find(({ unit }) => unit === request[0]);
          if (board === undefined) continue;
          count += 1;
          for (const { afterMs, bytes: piece } of fault(answerOf(board, request), Uint8Array.from(request), count)) {
            if (afterMs === 0) say(piece);
            else void sleep(afterMs).then(() => say(piece));
          }
        }
      },
    };
  };
}

function answerOf(board: Board, request: readonly number[]): Uint8Array {
  const [unit = 0, code = 0, addressHigh = 0, addressLow = 0, quantityHigh = 0, quantityLow = 0] = request;
  const address = addressHigh * 256 + addressLow;
  const quantity = quantityHigh * 256 + quantityLow;
  const refuse = (why: number): Uint8Array => sealed(unit, code + 0x80, why);
  const at = Array.from({ length: quantity }, (_, index) => address + index);
  if (code === 1 || code === 2) {
    const values = at.map((each) => board.bit?.(code, each));
    if (values.includes(undefined)) return refuse(2);
    const data = Array.from({ length: Math.ceil(quantity / 8) }, (_, byte) =>
      values.slice(byte * 8, byte * 8 + 8).reduce<number>((sum, value, bit) => sum + (value ? 2 ** bit : 0), 0),
    );
    return sealed(unit, code, data.length, ...data);
  }
  if (code === 3 || code === 4) {
    const values = at.map((each) => board.register?.(code, each));
    if (values.includes(undefined)) return refuse(2);
    const data = values.flatMap((value = 0) => [value >>> 8, value & 255]);
    return sealed(unit, code, data.length, ...data);
  }
  return refuse(1);
}
