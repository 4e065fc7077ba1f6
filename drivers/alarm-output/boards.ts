/**
 * The relay boards that an alarm output may be on: those that can be told from a barrier before anything is switched. A closed list, with
 * no way for a configuration to add to it: "coil 2" of an unknown device may be the one that opens.
 */
export interface RelayBoard {
  readonly relays: number;
  /** On the wire, of relay 1. */
  readonly firstCoil: number;
  /** A holding register that has the board's own address in it. */
  readonly ownAddress: number;
  /** One holding register for each relay; 0: nothing but a command switches it. */
  readonly modes: number;
}

/** https://www.waveshare.com/wiki/Modbus_RTU_Relay_(D) and its neighbours (maker); devices.md 3.1. */
const WAVESHARE: RelayBoard = { relays: 8, firstCoil: 0, ownAddress: 0x4000, modes: 0x1000 };

export const BOARDS = {
  'waveshare-modbus-rtu-relay-d-8ch': WAVESHARE,
  'waveshare-modbus-rtu-io-8ch': WAVESHARE,
  'waveshare-modbus-poe-eth-io-8ch': WAVESHARE,
} as const satisfies Readonly<Record<string, RelayBoard>>;

export type BoardName = keyof typeof BOARDS;
export const BOARD_NAMES = Object.keys(BOARDS) as [BoardName, ...BoardName[]];
