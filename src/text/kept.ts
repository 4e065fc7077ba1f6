/** Texts of how long things are kept and what the disk can hold, in Chinese and English. */
import type { PictureForecast } from '../status/picture-forecast.ts';
import { fitsForMs } from './page/ui-overview.ts';
import type { Text } from './text.ts';
import { durationText } from './text.ts';

const DAY_MS = 86_400_000;
const days = (ms: number): number => Math.round(ms / DAY_MS);
/** A day as the box's clock in Beijing has it. */
const dayOf = (wallMs: number): string => new Date(wallMs + 8 * 3_600_000).toISOString().slice(0, 10);

export const keptText = {
  kept: (profile: string, framesMs: number, recordsMs: number, journalMs: number): Text => ({
    zh: `保留（${profile}）：图片 ${days(framesMs)} 天，记录 ${days(recordsMs)} 天，其余车道事件 ${days(journalMs)} 天`,
    en: `keeps (${profile}): pictures ${days(framesMs)} days, records ${days(recordsMs)} days, other lane events ${days(journalMs)} days`,
  }),
  forecast: ({ days: held, lost }: PictureForecast): readonly Text[] => [
    {
      zh: `  按目前用量，磁盘放得下约 ${durationText(fitsForMs(held)).zh}的图片`,
      en: `  at the present pace pictures of some ${durationText(fitsForMs(held)).en} fit on the disk`,
    },
    ...(lost === undefined
      ? []
      : [
          {
            zh: `  注意：从 ${dayOf(lost.fromWallMs)} 起提前删除图片，最先是 ${dayOf(lost.dayWallMs)} 的`,
            en: `  note: from ${dayOf(lost.fromWallMs)} on pictures go before their time, first those of ${dayOf(lost.dayWallMs)}`,
          },
        ]),
  ],
};
