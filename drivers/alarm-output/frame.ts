/**
 * The one frame of this program that changes anything: function 5 to one coil of one unit, and its answer. Pure. Modbus Application
 * Protocol V1.1b3, 6.5: `unit | 05 | coil hi lo | FF 00 on, 00 00 off | crc lo hi`; the answer repeats the request.
 */
import { type Decode, ProtocolError } from '../../src/driver.ts';
import { crcFits, withCrc } from '../modbus/frame.ts';

const SWITCH = 5;
const EXCEPTION = SWITCH | 0x80;
const EXCEPTION_BYTES = 5;

export interface Relay {
  readonly unit: number;
  readonly coil: number;
}

export function switchFrame({ unit, coil }: Relay, on: boolean): Uint8Array {
  return withCrc(Uint8Array.of(unit, SWITCH, coil >> 8, coil & 0xff, on ? 0xff : 0, 0));
}

/** Finds the repeated request anywhere in the received bytes. Throws ProtocolError `exception` when the board refuses. */
export function switchAnswer(request: Uint8Array): Decode<true> {
  return (bytes) => {
    for (let start = 0; start < bytes.length; start += 1) {
      const rest = bytes.subarray(start);
      if (request.every((byte, index) => rest[index] === byte)) return { frame: true, used: start + request.length };
      const refusal = rest.subarray(0, EXCEPTION_BYTES);
      if (
        refusal[0] === request[0] &&
        refusal[1] === EXCEPTION &&
        refusal.length === EXCEPTION_BYTES &&
        crcFits(refusal)
      )
        throw refused(request[0], refusal[2]);
    }
    return undefined;
  };
}

function refused(unit: number | undefined, why: number | undefined): ProtocolError {
  return new ProtocolError('exception', `unit ${unit} refused to switch: Modbus exception ${why}`);
}
