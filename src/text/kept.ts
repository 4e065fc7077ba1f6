/** Texts of how long things are kept and what the disk can hold, in Chinese and English. */
import * as table from './kept.made.ts';
import { fitsForMs } from './page/ui-overview.ts';
import { beijingTime, type Text } from './text.ts';

const days = (ms: number): number => Math.round(ms / 86_400_000);
const dayOf = (wallMs: number): string => beijingTime(wallMs).slice(0, 10);

interface Forecast {
  readonly days: number;
  readonly lost?: { readonly fromWallMs: number; readonly dayWallMs: number };
}

export const keptText = {
  kept: (profile: string, framesMs: number, recordsMs: number, journalMs: number): Text =>
    table.keptText.kept(profile, days(framesMs), days(recordsMs), days(journalMs)),
  forecast: ({ days: held, lost }: Forecast): readonly Text[] => [
    table.keptText.fits(fitsForMs(held)),
    ...(lost === undefined ? [] : [table.keptText.lost(dayOf(lost.fromWallMs), dayOf(lost.dayWallMs))]),
  ],
};
