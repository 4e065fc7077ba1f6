/** Texts of the live signals: inputs and raw frames. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const signalsText = {
  hint: {
    zh: '最近 60 秒，右边是现在。这里只看，不会向设备发送任何东西。',
    en: 'The last 60 seconds, newest at the right. Read only: nothing is sent to any device.',
  },
  points: { zh: '输入点', en: 'Inputs' },
  usedOnly: { zh: '只看车道用到的点', en: 'Only points that a lane uses' },
  unused: { zh: '未使用', en: 'not used' },
  use: (lane: string, role: Text, inverted: boolean): Text => ({
    zh: `${lane} ${role.zh}${inverted ? '（取反）' : ''}`,
    en: `${lane} ${role.en}${inverted ? ' (inverted)' : ''}`,
  }),
  on: { zh: '通', en: 'on' },
  off: { zh: '断', en: 'off' },
  unknown: { zh: '未知', en: 'unknown' },
  pulses: { zh: '计数', en: 'counts' },
  changes: (count: number): Text => ({ zh: `60 秒内变化 ${count} 次`, en: `${count} changes in 60 s` }),
  freeze: { zh: '定格', en: 'Freeze' },
  goOn: { zh: '继续', en: 'Resume' },
  frozen: { zh: '画面已定格', en: 'Frozen' },
  csv: { zh: '下载 CSV', en: 'Download CSV' },
  none: { zh: '配置里没有设备', en: 'The configuration has no device' },
  noneHint: { zh: '用调试向导找到并添加设备', en: 'Find and add one with commissioning' },
  frames: { zh: '原始报文', en: 'Raw frames' },
  framesOff: { zh: '不看', en: 'none' },
  line: { zh: '线路', en: 'Line' },
  framesHint: {
    zh: '选一条线路，就能看到线上每一帧的十六进制和它的意思。“给样本”把 Modbus 板子的问答和各输入的状态存成文件，只有寄存器，开发人员拿它当测试；先让每个输入都变一次。',
    en: 'Choose a line to see each of its frames in hex, with the meaning. “Give a capture” saves what a Modbus board was asked and answered and its levels as a file, registers only, which developers play as a test; let each input change first.',
  },
  capture: { zh: '给样本', en: 'Give a capture' },
  noFrames: { zh: '还没有报文', en: 'No frame yet' },
  out: { zh: '发', en: 'sent' },
  in: { zh: '收', en: 'received' },
} satisfies Texts;
