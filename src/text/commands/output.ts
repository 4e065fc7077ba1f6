/** What a person reads when an alarm output may not be where the configuration puts it. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import type { Text } from '../text.ts';

const OWN_WIRE: Text = {
  zh: '给报警输出的板单独接一个串口（RS-485 转换器），单独写一条线路，线上不读任何设备，板上不接道闸；不用报警输出就写 enabled: false。在此之前报警输出关闭，其余照常运行',
  en: 'give its board a serial port (RS-485 adapter) and a line of its own, on which nothing is read, with no barrier wired to it; or write enabled: false. Until then the alarm output is off and the rest runs',
};

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
