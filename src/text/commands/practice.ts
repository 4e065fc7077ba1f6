/** The command `practice`: the forty stories, what each expects, and what was seen instead. Both languages; Chinese first. */
import { beijingTime, type Text } from '../text.ts';
import * as table from './practice.made.ts';

export { practiceStories } from './practice.made.ts';

/** In Beijing, as the log writes it: to be found in the vendor's own. */
const timeOfDay = (wallMs: number): string => beijingTime(wallMs).slice(11, 23);

export const practiceText = {
  ...table.practiceText,
  asExpected: (expected: Text): Text => expected,
  noAnswer: (event: string, seconds: number, lineWallMs: number): Text =>
    table.practiceText.noAnswer(event, seconds, timeOfDay(lineWallMs)),
  notLifted: (lane: string, seconds: number, lineWallMs: number, afterS: number | undefined): Text =>
    table.practiceText.notLifted(lane, seconds, timeOfDay(lineWallMs), afterS?.toFixed(1)),
  wrongTime: (field: string, written: string, errorS: number | undefined): Text =>
    table.practiceText.wrongTime(field, written, errorS?.toString()),
  tooSoon: (seconds: number, wanted: number): Text => table.practiceText.tooSoon(seconds.toFixed(1), wanted),
};
