/** Texts of the configuration page. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-config.made.ts';

export { rowTrialText } from './ui-config.made.ts';

export const configText = {
  ...table.configText,
  faults: (count: number): Text => ({
    zh: `${count} 处错误，改正后才能应用`,
    en: count === 1 ? '1 fault: fix it before applying' : `${count} faults: fix them before applying`,
  }),
  moreSettings: (count: number): Text => ({
    zh: `还可以设置 ${count} 项`,
    en: count === 1 ? '1 more setting' : `${count} more settings`,
  }),
  changedLines: (count: number): Text => ({ zh: `改了 ${count} 行`, en: count === 1 ? '1 line' : `${count} lines` }),
} satisfies Texts;
