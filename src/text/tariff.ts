/** Texts about the park's tariff: faults of its configuration, and what it costs. Both languages; Chinese first. */

import type { FaultText } from './config.ts';
import { yuan } from './money.ts';
import type { Text } from './text.ts';

export const tariffFaultText = {
  badYuan: (): FaultText => ({
    message: { zh: '不是金额', en: 'this is no sum of money' },
    hint: { zh: '写元，0 到 10000，最多两位小数，例如 5 或 2.5', en: 'write yuan, 0 to 10000, such as 5 or 2.5' },
  }),
  endless: (): FaultText => ({
    message: {
      zh: '后面还有一段，这一段要写到多久为止',
      en: 'another step follows: this one must say for how long it holds',
    },
    hint: {
      zh: '写上 for，例如 for: 1h；只有最后一段不写',
      en: 'write for, such as for: 1h; only the last step has none',
    },
  }),
  ends: (): FaultText => ({
    message: {
      zh: '最后一段不能有尽头：停得更久就算不出来了',
      en: 'the last step must not end: a longer stay would have no price',
    },
    hint: { zh: '去掉 for，或再加一段', en: 'remove for, or add another step' },
  }),
  everyOverFor: (): FaultText => ({
    message: { zh: '计费单位比这一段还长', en: 'it is charged by more than it lasts' },
    hint: { zh: 'every 不能大于 for', en: 'every cannot be more than for' },
  }),
  sameHours: (): FaultText => ({
    message: { zh: '夜间的开始和结束是同一个钟点', en: 'the night begins and ends at the same hour' },
    hint: { zh: '例如 from: "22:00"，to: "07:00"', en: 'such as from: "22:00", to: "07:00"' },
  }),
  neverUsed: (number: number): FaultText => ({
    message: {
      zh: `第 ${number} 条对所有的车都有效，这一条永远用不上`,
      en: `number ${number} holds for every car: this one is never used`,
    },
    hint: {
      zh: '把写了 carTypes 或 carDescs 的放在前面，其余车辆的放在最后',
      en: 'put those with carTypes or carDescs first, and that of all others last',
    },
  }),
};

export const tariffText = {
  /** A line of `check`: what stays from 9 o'clock cost. */
  costs: (cars: string, [one = 0, four = 0, day = 0]: readonly number[]): Text => ({
    zh: `收费标准${cars === '' ? '' : `（${cars}）`}：9 点入场，停 1 小时 ¥${yuan(one)}，4 小时 ¥${yuan(four)}，24 小时 ¥${yuan(day)}`,
    en: `tariff${cars === '' ? '' : ` (${cars})`}: from 09:00, 1 h ¥${yuan(one)}, 4 h ¥${yuan(four)}, 24 h ¥${yuan(day)}`,
  }),
};
