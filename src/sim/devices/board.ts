/** Wires a lane's contacts to the terminals of an I/O board. It must not know what carries the board's bytes. */
import type { Role } from '../../lane/types.ts';
import { createWaveshareBoard, type WaveshareBoard } from './modbus-slave.ts';

/** Which contact is wired to which of DI1…DI8, in that order; undefined: nothing. */
export type Terminals = readonly (Role | undefined)[];

/** As in the example configuration: di1 down, di2 up, di3 loop A, di4 loop B, di5 relay, di6 button, di7 remote, di8 loop C. */
export const USUAL_TERMINALS: Terminals = ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote', 'exit'];

export function createLaneBoard(
  lane: { levels(): Readonly<Record<Role, boolean>> },
  options: { readonly unit?: number; readonly terminals?: Terminals } = {},
): WaveshareBoard {
  const terminals = options.terminals ?? USUAL_TERMINALS;
  return createWaveshareBoard({
    ...(options.unit === undefined ? {} : { unit: options.unit }),
    inputs: () => {
      const levels = lane.levels();
      return terminals.map((role) => role !== undefined && levels[role]);
    },
  });
}
