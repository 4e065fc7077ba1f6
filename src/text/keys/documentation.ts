/** The fixed parts of docs/LANG/configuration*.md: their titles, and what the overview says. */
import type { TITLES } from './documentation.made.ts';

export { changingText, documentationText, TITLES, writingText } from './documentation.made.ts';

/** The parts of the file that each page explains. */
export const configurationPages: Readonly<Record<keyof typeof TITLES, readonly string[]>> = {
  configuration: ['version', 'park', 'page', 'store', 'backup', 'log'],
  'configuration-devices': ['lines', 'gpio', 'cameras'],
  'configuration-lanes': ['lanes', 'duty', 'tariff'],
  'configuration-intake': ['intake'],
  'configuration-destinations': ['cloud', 'publish', 'destinations'],
};

export type ConfigurationPage = keyof typeof configurationPages;

export const smallestFile = `version: 1
park: { uuid: "…" }
cloud: { appSecret: { secret: cloud.appSecret } }
lines:
  - id: rs485-1
    port: /dev/serial/by-id/usb-FTDI_FT232R-if00
    devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, pollMs: 50 }]
lanes:
  - id: "1001"
    direction: exit
    points: { down: io1.di1, approach: io1.di3, barrier: io1.di4, button: io1.di6 }
    reporting: { by: 王工, reason: 没有缴费消息，每次开闸都是人工 }
`;
