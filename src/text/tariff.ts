/** Texts about the park's tariff: faults of its configuration, and what it costs. Both languages; Chinese first. */

import { type Text, yuan } from './text.ts';

export { tariffFaultText } from './tariff.made.ts';

export const tariffText = {
  /** A line of `check`: what stays from 9 o'clock cost. */
  costs: (cars: string, [one = 0, four = 0, day = 0]: readonly number[]): Text => ({
    zh: `收费标准${cars === '' ? '' : `（${cars}）`}：9 点入场，停 1 小时 ¥${yuan(one)}，4 小时 ¥${yuan(four)}，24 小时 ¥${yuan(day)}`,
    en: `tariff${cars === '' ? '' : ` (${cars})`}: from 09:00, 1 h ¥${yuan(one)}, 4 h ¥${yuan(four)}, 24 h ¥${yuan(day)}`,
  }),
};
