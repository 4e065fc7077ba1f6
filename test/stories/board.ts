/** A board on the far end of a pty pair whose inputs a story sets, and the car that is let out by button. */
import { SerialPort } from 'serialport';
import { systemClock } from '../../src/clock.ts';
import { createFarEnd, serveOnStream } from '../../src/sim/devices/far-end.ts';
import { createWaveshareBoard, type WaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';
import { eventually, type Running } from './processes.ts';

export const CLOSED_LANE = { down: true, up: false, approach: false, barrier: false, auto: false, button: false };
export type Levels = typeof CLOSED_LANE;

export interface BoardOnPty {
  readonly board: WaveshareBoard;
  readonly levels: Levels;
  /** Another board on the same wire. */
  readonly attach: (board: WaveshareBoard) => void;
  close(): void;
}

export async function boardOnPty(path: string): Promise<BoardOnPty> {
  const levels = { ...CLOSED_LANE };
  const board = createWaveshareBoard({ inputs: () => Object.values(levels) });
  const serial = new SerialPort({ path, baudRate: 38_400, autoOpen: false });
  await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
  const served = new AbortController();
  const farEnd = createFarEnd({ clock: systemClock() });
  farEnd.attach(board);
  serveOnStream(serial, farEnd, served.signal);
  // socat may be killed under it: that is the story, not a fault of the test.
  serial.on('error', () => {});
  return {
    board,
    levels,
    attach: (another) => farEnd.attach(another),
    close: () => {
      served.abort();
      if (serial.isOpen) serial.close(() => {});
    },
  };
}

export async function polled(board: WaveshareBoard, running: Running, times = 10): Promise<void> {
  const from = board.answered;
  await eventually('the board is polled', () => board.answered > from + times, running.output);
}

/**
 * A car comes onto A, the button opens, it leaves over B. Each input changes only after the program has polled the one before
 * (and said so, where it says something), so that nothing depends on how fast the machine is.
 */
export async function carLetOutByButton(
  { board, levels }: Omit<BoardOnPty, 'attach'>,
  running: Running,
): Promise<void> {
  const change = async (inputs: Partial<Levels>, said?: string) => {
    Object.assign(levels, inputs);
    await (said === undefined ? polled(board, running, 8) : running.says(said));
  };
  await change({ approach: true });
  await change({ button: true }, 'button is pressed');
  await change({ down: false }, 'the arm leaves down');
  await change({ button: false });
  await change({ up: true }, 'the arm is up');
  await change({ barrier: true });
  await change({ approach: false });
  await change({ barrier: false });
  await change({ up: false });
  await change({ down: true });
}
