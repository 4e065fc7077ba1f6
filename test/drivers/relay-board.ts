/** A Waveshare relay board of the tests' own, on a wire or in Modbus TCP headers: its relays can be switched, and it can lie. It shares no code with the driver. */
import { slaveCrc } from './slave.ts';
import type { FarEnd } from './wire.ts';

export interface RelayBoard {
  readonly farEnd: (say: (bytes: Uint8Array) => void) => FarEnd;
  readonly relays: boolean[];
  /** How each request to switch is met. `deaf`: done, and not answered. `lying`: answered, and not done. */
  manner: 'good' | 'deaf' | 'lying' | 'refusing';
  /** What its own address register says. */
  ownAddress: number;
  modes: number[];
  /** Function codes heard, in order; and when switching was asked: `on` and `off` of which relay. */
  readonly heard: number[];
  readonly switched: { readonly relay: number; readonly on: boolean; readonly atMs: number }[];
}

export function createRelayBoard(options: {
  readonly unit: number;
  readonly nowMs: () => number;
  readonly tcp?: boolean;
  /** The adapter hears itself. */
  readonly echo?: boolean;
  readonly powered?: boolean;
}): RelayBoard {
  const { unit, tcp = false, echo = false, powered = true } = options;
  const board: RelayBoard = {
    relays: Array.from({ length: 8 }, () => false),
    manner: 'good',
    ownAddress: unit,
    modes: Array.from({ length: 8 }, () => 0),
    heard: [],
    switched: [],
    farEnd: (say) => ({
      hear(bytes) {
        if (echo) say(bytes);
        if (!powered) return;
        const head = tcp ? bytes.slice(0, 4) : new Uint8Array();
        const body = tcp ? bytes.slice(6) : bytes.slice(0, -2);
        if (body[0] !== unit) return;
        const answer = answerTo(body);
        if (answer === undefined) return;
        say(Uint8Array.from(tcp ? [...head, 0, answer.length, ...answer] : [...answer, ...slaveCrc(answer)]));
      },
    }),
  };

  function answerTo(body: Uint8Array): readonly number[] | undefined {
    const [, code = 0, high = 0, low = 0, valueHigh = 0, valueLow = 0] = body;
    const address = high * 256 + low;
    board.heard.push(code);
    if (code === 1) return [unit, 1, 1, board.relays[address] ? 1 : 0];
    if (code === 3) {
      const values = address === 0x4000 ? [board.ownAddress] : address === 0x1000 ? board.modes : undefined;
      if (values === undefined || values.length !== valueHigh * 256 + valueLow) return [unit, 0x83, 2];
      return [unit, 3, values.length * 2, ...values.flatMap((value) => [value >> 8, value & 255])];
    }
    if (code !== 5) return [unit, code | 0x80, 1];
    board.switched.push({ relay: address + 1, on: valueHigh === 255, atMs: options.nowMs() });
    if (board.manner === 'refusing') return [unit, 0x85, 4];
    if (board.manner !== 'lying') board.relays[address] = valueHigh === 255;
    return board.manner === 'deaf' && valueHigh === 255 ? undefined : [...body];
  }
  return board;
}
