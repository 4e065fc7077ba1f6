/** Which configuration is in force, and why the one in the file is not. Chinese first. */
import { STALLED_TEXT } from '../store.ts';
import type { Text } from '../text.ts';
import * as table from './host.made.ts';

export { parseText } from './host.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const hostText = {
  ...table.hostText,
  /** In place of a user: the configuration was found in its file. */
  byFile: '-',
  waitsForDisk: (why: keyof typeof STALLED_TEXT, detail: string): Text =>
    both(
      `${STALLED_TEXT[why].zh}（${detail}）：打不开数据库，车道没有监视，每秒重试`,
      `${STALLED_TEXT[why].en} (${detail}): the store cannot be opened and no lane is watched; tried again every second`,
    ),
} as const;
