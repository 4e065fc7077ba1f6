/** Texts of the upload queue. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-queue.made.ts';

export { destinationState, whyConfirm } from './ui-queue.made.ts';

export const queuePageText = {
  ...table.queuePageText,
  retried: (count: number): Text => ({
    zh: `${count} 条已排到最前`,
    en: count === 1 ? '1 record moved to the front' : `${count} records moved to the front`,
  }),
  sinceStart: (arrived: number, failed: number): Text => ({
    zh: `启动以来送达 ${arrived}，失败 ${failed} 次`,
    en: `since the start ${arrived} arrived, ${failed} ${failed === 1 ? 'failure' : 'failures'}`,
  }),
} satisfies Texts;
