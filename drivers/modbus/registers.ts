/**
 * Reads registers that a board may lack: clones often have the inputs and not the rest. It tells a missing register from a board that
 * does not answer at all; what a missing one means is the caller's.
 */
import { LinkError, ProtocolError } from '../../src/driver.ts';
import type { ReadRequest } from './frame.ts';
import type { Master } from './master.ts';

/** No such function, no such register (Modbus Application Protocol V1.1b3, 7). */
const MISSING: readonly number[] = [1, 2];
/** Of a gateway: the board behind it did not answer. */
const GATEWAY_SILENCE = 11;
/** One lost answer is no missing register. */
const SILENT_TRIES = 3;

export interface Registers {
  /**
   * undefined: the board lacks them: it refuses (with one of `refusals`), or is silent again and again while its inputs answer. Throws
   * what the master throws when the inputs do not answer either, and for every other fault.
   */
  ask(read: ReadRequest, refusals?: readonly number[]): Promise<readonly number[] | undefined>;
}

/** `inputs`: what every board of the profile answers. One instance for all runs of a driver. */
export function createRegisters(master: Master, inputs: ReadRequest): Registers {
  /** Silent there before: asked once more at each start, not again and again. */
  const silent = new Set<string>();
  let isGone = false;

  /** Throws when the board is silent altogether. */
  async function readInputs(): Promise<void> {
    try {
      await master.read(inputs);
      isGone = false;
    } catch (error) {
      isGone = isSilence(error);
      throw error;
    }
  }

  return {
    async ask(read, refusals = MISSING) {
      // A board that was gone costs its wire one time-out at each start and not two.
      if (isGone) await readInputs();
      const key = `${read.function} ${read.address} ${read.quantity}`;
      for (let tries = silent.has(key) ? 1 : SILENT_TRIES; tries > 0; tries -= 1) {
        try {
          const values = await master.read(read);
          silent.delete(key);
          return values;
        } catch (error) {
          if (error instanceof ProtocolError && refusals.includes(error.exception ?? 0)) return undefined;
          if (!isSilence(error)) throw error;
          await readInputs();
        }
      }
      silent.add(key);
      return undefined;
    },
  };
}

/** Bytes that are no answer are no silence. */
function isSilence(error: unknown): boolean {
  if (error instanceof ProtocolError) return error.exception === GATEWAY_SILENCE;
  return error instanceof LinkError && error.code === 'timeout' && error.receivedBytes === 0;
}
