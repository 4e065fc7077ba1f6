/**
 * A board that speaks Modbus RTU, behind an Ethernet module that is set to Modbus TCP: takes the header off, puts a checksum on, and
 * back. It must not know the program's Modbus driver.
 */
import type { SimulatedDevice } from './far-end.ts';
import { sealed } from './modbus-slave.ts';

const HEADER_BYTES = 7;
/** A request is no longer than this with its header; what is, is not Modbus. */
const LONGEST_BYTES = 260;
const CHECKSUM_BYTES = 2;

/**
 * ```
 * transaction hi lo | 0 0 | length hi lo | unit | function …      length: of what follows, the unit included
 * ```
 * One for each connection.
 */
export function createModbusTcp(board: SimulatedDevice): SimulatedDevice {
  let heard = Buffer.alloc(0);
  const one = (frame: Buffer): readonly Uint8Array[] =>
    board.receive(sealed([...frame.subarray(HEADER_BYTES - 1)])).map((reply) => {
      const body = Buffer.from(reply.subarray(0, reply.length - CHECKSUM_BYTES));
      const header = Buffer.from(frame.subarray(0, HEADER_BYTES - 1));
      header.writeUInt16BE(body.length, 4);
      return Buffer.concat([header, body]);
    });
  return {
    receive: (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      const replies: Uint8Array[] = [];
      while (heard.length >= HEADER_BYTES) {
        const length = HEADER_BYTES - 1 + heard.readUInt16BE(4);
        const isModbus = heard.readUInt16BE(2) === 0 && length > HEADER_BYTES && length <= LONGEST_BYTES;
        if (!isModbus) {
          heard = Buffer.alloc(0);
          break;
        }
        if (heard.length < length) break;
        replies.push(...one(heard.subarray(0, length)));
        heard = heard.subarray(length);
      }
      return replies;
    },
  };
}
