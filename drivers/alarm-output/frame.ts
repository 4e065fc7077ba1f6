/**
 * The one frame of this program that changes anything: function 5 to one coil of one unit, and its answer. Pure.
 * Modbus Application Protocol V1.1b3, 6.5: `unit | 05 | coil hi lo | FF 00 on, 00 00 off | crc lo hi`; the answer is the same again.
 */
import { type Decode, ProtocolError } from '../../src/driver.ts';
import { crcFits, TCP_HEADER_BYTES, withCrc } from '../modbus/frame.ts';

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

/** The same request again, wherever it stands among what came. Throws ProtocolError `exception` when the board refuses. */
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

/** The answer with our transaction number; answers to earlier requests are skipped. `request`: with its TCP header. */
export function switchAnswerOverTcp(request: Uint8Array): Decode<true> {
  return (bytes) => {
    let start = 0;
    while (bytes.length >= start + TCP_HEADER_BYTES) {
      const length = ((bytes[start + 4] ?? 0) << 8) + (bytes[start + 5] ?? 0);
      const frame = bytes.subarray(start, start + TCP_HEADER_BYTES + length);
      if (frame[2] !== 0 || frame[3] !== 0 || length < 3 || length > 254)
        throw new ProtocolError('frame', 'these bytes are no Modbus TCP header');
      if (frame.length < TCP_HEADER_BYTES + length) return undefined;
      start += frame.length;
      if (frame[0] !== request[0] || frame[1] !== request[1]) continue;
      const [unit, code, why] = frame.subarray(TCP_HEADER_BYTES);
      if (unit === request[TCP_HEADER_BYTES] && code === EXCEPTION) throw refused(unit, why);
      if (frame.length !== request.length || !frame.every((byte, index) => byte === request[index]))
        throw new ProtocolError('unexpected', `unit ${unit} answered function ${code} with ${length} bytes`);
      return { frame: true, used: start };
    }
    return undefined;
  };
}

function refused(unit: number | undefined, why: number | undefined): ProtocolError {
  return new ProtocolError('exception', `unit ${unit} refused to switch: Modbus exception ${why}`);
}
