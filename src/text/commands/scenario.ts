/** Texts of `lanewarden scenario` and `lanewarden replay`, in Chinese and English. */
import type { Text } from '../text.ts';
import * as table from './scenario.made.ts';

export const scenarioText = {
  ...table.scenarioText,
  ...table.scenarioFaults,
  totals: (passed: number, failed: number): Text => table.scenarioText.totals(passed + failed, passed, failed),
};

type ReplayTotals = Readonly<Record<keyof typeof table.replayText.change, number>>;

export const replayText = {
  ...table.replayText,
  totals: ({ new: added, ...totals }: ReplayTotals): Text =>
    table.replayText.totals({ ...totals, added, matter: totals.changed + totals.gone + added }),
};
