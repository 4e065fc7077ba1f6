/**
 * Relay boards an alarm output may be on: those distinguishable from a barrier before anything is switched. The list is closed
 * and the configuration cannot add to it: "coil 2" of an unknown device may be the one that opens.
 */
export interface RelayBoard {
  readonly relays: number;
  /** Wire address of relay 1's coil. */
  readonly firstCoil: number;
  /** Holding register that contains the board's own address. */
  readonly ownAddress: number;
  /** One holding register per relay; 0 means that only a command switches it. */
  readonly modes: number;
}

/** https://www.waveshare.com/wiki/Modbus_RTU_Relay_(D) and its sister models (maker); devices.md 3.1. */
const WAVESHARE: RelayBoard = { relays: 8, firstCoil: 0, ownAddress: 0x4000, modes: 0x1000 };

export const BOARDS = {
  'waveshare-modbus-rtu-relay-d-8ch': WAVESHARE,
  'waveshare-modbus-rtu-io-8ch': WAVESHARE,
  'waveshare-modbus-poe-eth-io-8ch': WAVESHARE,
} as const satisfies Readonly<Record<string, RelayBoard>>;

export type BoardName = keyof typeof BOARDS;
export const BOARD_NAMES = Object.keys(BOARDS) as [BoardName, ...BoardName[]];
