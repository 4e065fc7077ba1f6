/** Checks of a Modbus board before its first poll: its identity, a power loss since the last run, and relays it switches by itself. */
import { type DriverPorts, ProtocolError } from '../../src/driver.ts';
import type { Master } from './master.ts';
import type { ModbusProfile } from './profile.ts';

export interface BoardChecks {
  /** Rule 22 of devices.md, and after a time-out rule 2 (e): a known value, in a read of another shape than the polls. */
  probe(): Promise<void>;
  readLinkage(): Promise<void>;
  hasLostPower(): Promise<boolean>;
}

/** One instance for all runs of a driver: the board must keep its identity between them. */
export function createBoardChecks(
  master: Master,
  profile: ModbusProfile,
  unit: number,
  notice: DriverPorts['notice'],
): BoardChecks {
  let identity: string | undefined;
  let notifiedLinkage = '';
  return {
    async probe() {
      if (profile.probe === undefined) return;
      const { function: code, address, quantity, expect } = profile.probe;
      const values = (await master.read({ function: code, address, quantity })).join(' ');
      const wanted = expect === undefined ? (identity ?? values) : expect === 'unit' ? `${unit}` : expect.join(' ');
      if (values !== wanted)
        throw new ProtocolError(
          'identity',
          `unit ${unit} is no ${profile.model}: register ${address} is ${values}, not ${wanted}`,
        );
      identity = values;
    },
    async readLinkage() {
      if (profile.localLinkage === undefined) return;
      const { function: code, address, quantity, normal, most } = profile.localLinkage;
      const values = await master.read({ function: code, address, quantity });
      if (values.some((value) => value > most))
        throw new ProtocolError(
          'identity',
          `unit ${unit} is no ${profile.model}: modes at register ${address} are ${values.join(' ')}`,
        );
      const linked = values.some((value) => !normal.includes(value));
      if (linked && values.join() !== notifiedLinkage) notice?.({ kind: 'localLinkage', values });
      notifiedLinkage = values.join();
    },
    async hasLostPower() {
      const detector = profile.counter.resetDetector;
      if (detector === undefined) return false;
      const [value] = await master.read({ function: detector.function, address: detector.address, quantity: 1 });
      return value === detector.value;
    },
  };
}
