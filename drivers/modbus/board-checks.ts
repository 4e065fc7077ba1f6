/**
 * Checks of a Modbus board before its first poll: its identity, a power loss since the last run, relays it switches by itself, and its
 * counters. A wrong value ends the run; a missing register is told, and the readings go on.
 */
import { type Clock, type DriverPorts, ProtocolError, type Unproven } from '../../src/driver.ts';
import { inputsRead, type PlannedRead, splitRead } from './blocks.ts';
import type { Master } from './master.ts';
import { isCounting, type ModbusProfile } from './profile.ts';
import { createRegisters, type Registers } from './registers.ts';

export interface BoardChecks {
  /** At every start of a run. `plan`: what the board has of the planned reads. Throws ProtocolError `identity`. */
  before(planned: readonly PlannedRead[]): Promise<{
    readonly plan: readonly PlannedRead[];
    readonly hasLostPower: boolean;
  }>;
  /** A poll of the run failed. */
  failed(error: unknown): void;
}

interface Board {
  readonly profile: ModbusProfile;
  readonly unit: number;
  readonly probe?: 'none' | undefined;
  readonly ask: Registers['ask'];
  readonly notice: DriverPorts['notice'];
}
/** undefined: nothing is missing. */
type Check = () => Promise<Unproven | undefined>;

/** One answer for all may be too long for a board that has each part of it. */
const REFUSALS_OF_JOINED = [1, 2, 3];

/** One instance for all runs of a driver: the board must keep its identity between them. */
export function createBoardChecks(
  master: Master,
  device: Pick<Board, 'profile' | 'unit' | 'probe'>,
  { clock, notice }: { readonly clock: Clock; readonly notice: DriverPorts['notice'] },
): BoardChecks {
  const { profile } = device;
  const inputs = inputsRead(profile);
  // Without inputs to compare with, a missing register is a fault like any other, and there is nothing to fall back to.
  const registers = inputs && createRegisters(master, inputs.read, clock);
  const board: Board = { ...device, ask: registers?.ask ?? master.read, notice };
  const identity = identityCheck(board);
  const linkage = linkageCheck(board);
  let notified = '';

  function announce(what: readonly Unproven[]): void {
    if (what.join() !== notified) notice?.({ kind: 'unproven', what });
    notified = what.join();
  }

  return {
    async before(planned) {
      const model = await identity();
      const hasLostPower = await readReset(board);
      const modes = await linkage();
      const left = inputs === undefined ? planned : await readable(board, planned);
      const missing: readonly (Unproven | undefined)[] = [
        model,
        modes,
        hasLostPower === undefined ? 'reset' : undefined,
        countersIn(left) < countersIn(planned) ? 'counters' : undefined,
      ];
      announce(missing.filter((each) => each !== undefined));
      const plan = left.length > 0 || inputs === undefined ? left : [inputs];
      return { plan, hasLostPower: hasLostPower === true };
    },
    failed: (error) => registers?.failed(error),
  };
}

/** Rule 22 of devices.md, and after a time-out rule 2 (e): a known value, in a read of another shape than the polls. */
function identityCheck(board: Board): Check {
  let known: string | undefined;
  return async () => {
    const { profile, unit, probe, ask } = board;
    if (probe === 'none') return 'identityOff';
    if (profile.probe === undefined) return undefined;
    const { function: code, address, quantity, expect } = profile.probe;
    const read = await ask({ function: code, address, quantity });
    if (read === undefined) return 'identity';
    const values = read.join(' ');
    const wanted = expect === undefined ? (known ?? values) : expect === 'unit' ? `${unit}` : expect.join(' ');
    if (values !== wanted) throw anotherBoard(board, `register ${address} is ${values}, not ${wanted}`);
    known = values;
    return undefined;
  };
}

function linkageCheck(board: Board): Check {
  let notified = '';
  return async () => {
    const { profile, probe, ask, notice } = board;
    if (profile.localLinkage === undefined) return undefined;
    const { function: code, address, quantity, normal, most } = profile.localLinkage;
    const values = await ask({ function: code, address, quantity });
    if (values === undefined) return 'linkage';
    if (values.some((value) => value > most)) {
      // Of a board whose identity is not to be compared, these are no modes that we know.
      if (probe === 'none') return 'linkage';
      throw anotherBoard(board, `modes at register ${address} are ${values.join(' ')}`);
    }
    const isLinked = values.some((value) => !normal.includes(value));
    if (isLinked && values.join() !== notified) notice?.({ kind: 'localLinkage', values });
    notified = values.join();
    return undefined;
  };
}

const anotherBoard = ({ unit, profile }: Board, why: string): ProtocolError =>
  new ProtocolError('identity', `unit ${unit} is no ${profile.model}: ${why}`);

/** Whether the board says that it had no power; undefined: it has no such register. */
async function readReset({ profile, ask }: Board): Promise<boolean | undefined> {
  const detector = profile.counter.resetDetector;
  if (detector === undefined) return false;
  const values = await ask({ function: detector.function, address: detector.address, quantity: 1 });
  return values && values[0] === detector.value;
}

/** Parts of a joined read that are refused together are read apart, and counters that are missing are left out. */
async function readable(board: Board, planned: readonly PlannedRead[]): Promise<readonly PlannedRead[]> {
  const plan: PlannedRead[] = [];
  for (const each of planned) {
    const isJoined = each.blocks.length > 1;
    if (!isJoined && countersIn([each]) === 0) plan.push(each);
    else if ((await board.ask(each.read, isJoined ? REFUSALS_OF_JOINED : undefined)) !== undefined) plan.push(each);
    else if (isJoined) plan.push(...(await readable(board, splitRead(each))));
  }
  return plan;
}

const countersIn = (plan: readonly PlannedRead[]): number =>
  plan.flatMap(({ blocks }) => blocks.filter(({ block }) => isCounting(block))).length;
