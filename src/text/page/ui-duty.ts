/** Texts of duty and known vehicles. Chinese first. */
import { countText } from '../count.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-duty.made.ts';

export const dutyPageText = {
  ...table.dutyPageText,
  open: (count: number, more: boolean): Text => ({
    zh: count === 0 ? '没有未处理的记录' : `还有 ${countText(count, more)} 条记录没有人处理过（已上报的也算）`,
    en:
      count === 0
        ? 'No record stands open'
        : `${countText(count, more)} ${count === 1 ? 'record stands' : 'records stand'} open, those reported too`,
  }),
} satisfies Texts;
