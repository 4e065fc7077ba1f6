/** Texts of `lanewarden report`. Chinese first. */
import type { Text } from '../text.ts';
import * as table from './report.made.ts';
import { WHY_PASSED } from './report.made.ts';

export { dayReportText } from './report.made.ts';

export const whyReleaseText = {
  ...table.whyReleaseText,
  passed: (how: string): Text => WHY_PASSED[how] ?? { zh: `通过（${how}）`, en: `passed (${how})` },
  judged: (desc: Text, reported: boolean): Text => ({
    zh: `${desc.zh}${reported ? '，上报' : '，留在本机待复核'}`,
    en: `${desc.en}, ${reported ? 'reported' : 'kept for review'}`,
  }),
  sure: (confidence: 'sure' | 'likely' | 'possible', score: number | undefined): Text => {
    const zh = { sure: '确定', likely: '很可能', possible: '可能' }[confidence];
    const share = score === undefined ? '' : ` ${score}/100`;
    return { zh: `${zh}${share}`, en: `${confidence}${share}` };
  },
};
