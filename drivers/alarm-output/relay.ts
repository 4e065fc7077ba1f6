/**
 * One relay of one board: whether it is on, and switching it. Before it is switched on, the board must have shown that it is the one that
 * the configuration names, and that nothing but a command switches its relays. It knows no alarm.
 */
import { type Bus, LinkError, ProtocolError } from '../../src/driver.ts';
import { createMaster } from '../modbus/master.ts';
import type { RelayBoard } from './boards.ts';
import { type Relay, switchAnswer, switchFrame } from './frame.ts';

export interface AlarmRelay {
  /** Throws what the bus throws, LinkError `sharedWire` on a network, and ProtocolError `identity` when the board is another one, or may switch a relay by itself. */
  mustBeOurs(): Promise<void>;
  isOn(): Promise<boolean>;
  /** Resolves when the board says that it is so; an adapter that hears only itself is no board. Throws as above. */
  turn(on: boolean): Promise<void>;
}

export function createAlarmRelay(
  bus: Bus,
  options: { readonly board: RelayBoard; readonly unit: number; readonly relay: number; readonly timeoutMs: number },
): AlarmRelay {
  const { board, unit, timeoutMs } = options;
  const coil = board.firstCoil + options.relay - 1;
  const master = createMaster(bus, { unit, timeoutMs });

  async function send(on: boolean): Promise<void> {
    const request = switchFrame({ unit, coil }, on);
    mustBeTheRelay(request, { unit, coil });
    mustBeSerial(bus);
    await bus.exchange(request, switchAnswer(request), timeoutMs);
  }

  async function isOn(): Promise<boolean> {
    const [value] = await master.read({ function: 1, address: coil, quantity: 1 });
    return value === 1;
  }

  return {
    isOn,
    async mustBeOurs() {
      mustBeSerial(bus);
      const [own] = await master.read({ function: 3, address: board.ownAddress, quantity: 1 });
      if (own !== unit)
        throw new ProtocolError('identity', `unit ${unit} is not that board: its own address reads ${own}`);
      const modes = await master.read({ function: 3, address: board.modes, quantity: board.relays });
      if (modes.some((mode) => mode !== 0))
        throw new ProtocolError(
          'identity',
          `relays of unit ${unit} follow its inputs (modes ${modes.join(' ')}): such a board may be wired to a barrier`,
        );
    },
    async turn(on) {
      await send(on);
      if ((await isOn()) !== on)
        throw new ProtocolError('unexpected', `relay ${options.relay} of unit ${unit} is not ${on ? 'on' : 'off'}`);
    },
  };
}

/** One board has many network addresses, and who else reads it through them cannot be known. */
function mustBeSerial({ transport }: Bus): void {
  if (transport !== 'serial') throw new LinkError('sharedWire', `an alarm output on ${transport}: nothing was sent`);
}

/** The last gate before the wire: whatever was called above, nothing but this relay is switched, on or off. */
function mustBeTheRelay(request: Uint8Array, { unit, coil }: Relay): void {
  const [to, code, high = 0, low = 0, value, zero] = request;
  const isOne = unit >= 1 && unit <= 247 && to === unit && code === 5 && high * 256 + low === coil;
  if (!isOne || request.length !== 8 || (value !== 0xff && value !== 0) || zero !== 0)
    throw new ProtocolError('unexpected', `this is not relay ${coil} of unit ${unit}: nothing was sent`);
}
