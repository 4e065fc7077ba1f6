/** Texts of the diagnosis. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-diagnostics.made.ts';

export { diagnosticsText, evidenceText, grantCurlText, observationsText, vendorText } from './ui-diagnostics.made.ts';

export const intakeText = {
  ...table.intakeText,
  clock: (sender: string, off: Text, fast: boolean): Text => ({
    zh: `${sender} 的时钟${fast ? '快' : '慢'} ${off.zh}，缴费照常计入；请校准它的时间`,
    en: `the clock of ${sender} is ${off.en} ${fast ? 'fast' : 'slow'}: its payments count all the same. Set its clock`,
  }),
  refusedTimes: (count: number): Text => ({
    zh: `${count} 次，最近`,
    en: `${count} ${count === 1 ? 'time' : 'times'}, last`,
  }),
} satisfies Texts;
