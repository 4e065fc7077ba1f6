/** What a person reads when an alarm output may not be where the configuration puts it. Both languages; Chinese first. */
import type { FaultText } from './config.ts';
import type { Text } from './text.ts';

const OWN_BOARD: Text = {
  zh: '报警输出要有自己的继电器板：自己的站号，不读别的点位，接在只有本机一个主站的线上，板上不接道闸',
  en: 'an alarm output needs a relay board of its own: a unit that nothing else has, on a wire on which this box is the only master, with no barrier wired to it',
};

export const outputFaultText = {
  outputShares: (device: string): FaultText => ({
    message: {
      zh: `报警输出与设备 ${device} 是同一块板（同线同站号）`,
      en: `the alarm output is on the same board as device ${device} (same wire, same unit)`,
    },
    hint: OWN_BOARD,
  }),
  outputCommanded: (device: string): FaultText => ({
    message: {
      zh: `设备 ${device} 的 commands 说别的主站在控制这个站号的继电器：它可能接着道闸`,
      en: `by the commands of device ${device}, another master switches relays of this unit: they may be wired to a barrier`,
    },
    hint: OWN_BOARD,
  }),
  outputNotAlone: (device: string): FaultText => ({
    message: {
      zh: `设备 ${device} 说明这条线上有别的主站，报警输出不能接在这里`,
      en: `device ${device} says that another master is on this wire, where an alarm output must not be`,
    },
    hint: OWN_BOARD,
  }),
};
