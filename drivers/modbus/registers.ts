/**
 * Reads registers that a board may lack: clones often have the inputs and not the rest. It tells a missing register from a board that
 * does not answer at all; what a missing one means is the caller's.
 */
import { type Clock, LinkError, ProtocolError } from '../../src/driver.ts';
import type { ReadRequest } from './frame.ts';
import type { Master } from './master.ts';

/** No such function, no such register (Modbus Application Protocol V1.1b3, 7). */
const MISSING: readonly number[] = [1, 2];
/** Of a gateway: the board behind it did not answer. */
const GATEWAY_SILENCE = 11;
/** One lost answer is no missing register. */
const SILENT_TRIES = 3;
/** A run starts again after every lost answer, and each question to a silent register leaves the inputs unread for two time-outs. */
const SILENT_AGAIN_MS = 60_000;

export interface Registers {
  /**
   * undefined: the board lacks them: it refuses (with one of `refusals`), or is silent again and again while its inputs answer. Throws
   * what the master throws when the inputs do not answer either, and for every other fault.
   */
  ask(read: ReadRequest, refusals?: readonly number[]): Promise<readonly number[] | undefined>;
  /** A poll failed: a board that was silent is asked for its inputs before anything else. */
  failed(error: unknown): void;
}

/** `inputs`: what every board of the profile answers. One instance for all runs of a driver. */
export function createRegisters(master: Master, inputs: ReadRequest, clock: Clock): Registers {
  /** When each silent register was asked last; it is asked once more then, and not again and again. */
  const silentMs = new Map<string, number>();
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

  /** One try. A board that refuses lacks the register. */
  async function tryRead(
    read: ReadRequest,
    refusals: readonly number[],
  ): Promise<readonly number[] | 'lacks' | 'silent'> {
    try {
      return await master.read(read);
    } catch (error) {
      if (error instanceof ProtocolError && refusals.includes(error.exception ?? 0)) return 'lacks';
      if (!isSilence(error)) throw error;
      return 'silent';
    }
  }

  return {
    failed: (error) => {
      isGone = isSilence(error);
    },
    async ask(read, refusals = MISSING) {
      // A board that was gone costs its wire one time-out at each start and not two.
      if (isGone) await readInputs();
      const key = `${read.function} ${read.address} ${read.quantity}`;
      const askedMs = silentMs.get(key);
      if (askedMs !== undefined && clock.nowMs() - askedMs < SILENT_AGAIN_MS) return undefined;
      for (let tries = askedMs === undefined ? SILENT_TRIES : 1; tries > 0; tries -= 1) {
        const answer = await tryRead(read, refusals);
        if (answer === 'lacks') return undefined;
        if (answer !== 'silent') {
          silentMs.delete(key);
          return answer;
        }
        await readInputs();
      }
      silentMs.set(key, clock.nowMs());
      return undefined;
    },
  };
}

/** Bytes that are no answer are no silence. */
function isSilence(error: unknown): boolean {
  if (error instanceof ProtocolError) return error.exception === GATEWAY_SILENCE;
  return error instanceof LinkError && error.code === 'timeout' && error.receivedBytes === 0;
}
