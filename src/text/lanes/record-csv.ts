/** Columns and states of the list of records as CSV. Chinese first. */
import type { Text } from '../text.ts';
import * as table from './record-csv.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const csvText = {
  ...table.csvText,
  columns: [
    both('时间（北京）', 'time (Beijing)'),
    both('车道', 'lane'),
    both('车牌', 'plate'),
    both('放行方式', 'method'),
    both('原因', 'reason'),
    both('状态', 'state'),
    both('流水号 parking_serial', 'parking_serial'),
    both('平台流水号 seqno', 'seqno'),
    both('最近一次结果', 'last result'),
    both('操作员', 'operator'),
    both('复核', 'review'),
    both('复核原因', 'reason of review'),
    both('本该收（元）', 'would have cost (CNY)'),
    both('金额来源', 'sum told or estimated'),
  ],
} as const;
