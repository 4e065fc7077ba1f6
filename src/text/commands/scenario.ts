/** Texts of `lanewarden scenario` and `lanewarden replay`, in Chinese and English. */
import type { Text } from '../text.ts';

import * as table from './scenario.made.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

export const scenarioText = {
  ...table.scenarioText,
  ...table.scenarioFaults,
  totals: (passed: number, failed: number): Text =>
    plain(
      `共 ${passed + failed} 个场景，${passed} 个通过，${failed} 个不符`,
      `${passed + failed} scenarios: ${passed} passed, ${failed} failed`,
    ),
};

export const replayText = {
  ...table.replayText,
  unlikeTotal: (count: number): Text =>
    plain(
      `${count} 条结论与当时给出的不同`,
      `${count} ${count === 1 ? 'verdict is' : 'verdicts are'} not as given at the time`,
    ),
  totals: ({ same, seconds, changed, gone, new: added }: ReplayTotals): Text =>
    plain(
      `合计：要紧的 ${changed + gone + added}（改变 ${changed}，消失 ${gone}，新增 ${added}），只差几秒 ${seconds}，相同 ${same}`,
      `in all: ${changed + gone + added} that matter (${changed} changed, ${gone} gone, ${added} new), ${seconds} where only seconds differ, ${same} same`,
    ),
};

type ReplayTotals = Readonly<Record<'same' | 'seconds' | 'changed' | 'gone' | 'new', number>>;
