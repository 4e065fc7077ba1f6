/** Texts about an alarm output in a forbidden place. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import { OWN_WIRE } from './output.made.ts';

export const outputFaultText = {
  outputOnNetwork: (id: string): FaultText => ({
    message: {
      zh: `报警输出 ${id} 接在网络上：同一块板可以有许多地址，无法保证它不接道闸，已停用`,
      en: `the alarm output ${id} is on the network: one board has many addresses, so that nothing proves it is not the one at the barrier; it is off`,
    },
    hint: OWN_WIRE,
  }),
  outputNotAlone: (id: string, device: string): FaultText => ({
    message: {
      zh: `报警输出 ${id} 与被读取的设备 ${device} 在同一条线路上，已停用`,
      en: `the alarm output ${id} is on the wire on which device ${device} is read; it is off`,
    },
    hint: OWN_WIRE,
  }),
  outputCommanded: (device: string): FaultText => ({
    message: {
      zh: `设备 ${device} 的 commands 说别的主站在控制这个站号的继电器：它可能接着道闸`,
      en: `by the commands of device ${device}, another master switches relays of this unit: they may be wired to a barrier`,
    },
    hint: OWN_WIRE,
  }),
};
