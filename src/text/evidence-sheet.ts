/** Texts of the page of a bundle of evidence that a person prints, in Chinese and English. */
import type { BoxFact } from '../store/chain/chain.ts';
import type { Text } from './text.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

export const evidenceSheetText = {
  title: plain('放行证据', 'Evidence of a release'),
  serial: plain('序列号', 'Serial'),
  lane: plain('车道', 'Lane'),
  time: plain('时间', 'Time'),
  plate: plain('车牌', 'Plate'),
  verdict: plain('判定', 'Verdict'),
  reason: plain('原因', 'Reason'),
  state: plain('状态', 'State'),
  facts: plain('依据', 'Facts'),
  waveform: plain('前后 15 秒的信号', 'Signals, 15 s before and after'),
  said: plain('本机的记载（链中的行）', 'What the box wrote down (rows of the chain)'),
  pictures: plain('图片', 'Pictures'),
  places: {
    picture: plain('上报的图片', 'the picture of the record'),
    before: plain('放行前', 'before the release'),
    after: plain('放行后', 'after the release'),
  } as Readonly<Record<string, Text>>,
  proof: plain('证明', 'Proof'),
  rows: (rows: number): Text =>
    plain(
      `本包含链中 ${rows} 行；用 lanewarden verify 核对。`,
      `The bundle shows ${rows} rows of the chain; lanewarden verify checks it.`,
    ),
  notLeft: plain('没有送出过本机', 'has not left the box'),
  key: plain('本机公钥', 'Public key of the box'),
  formerKey: plain('更换前那台设备的公钥', 'Public key of the box before the swap'),
  follows: plain(
    '这条记录是更换或恢复之前的，在较早的链里；本机的链第一行记着它的末尾。更换前的公钥与链头，请与那台的验收单、收到链头的一方比对。',
    'The record is from before a swap or a restore, in an earlier chain; the first row of this box’s chain names where that ended. Compare the key and the heads of then with that box’s acceptance sheet and with whoever received them.',
  ),
  /** A row of the box in short; its own words are in rows.jsonl. */
  fact: (fact: BoxFact): string => {
    const { kind, ...rest } = fact;
    return `${kind} ${JSON.stringify(kind === 'record' ? { ...rest, record: '…' } : rest)}`;
  },
} as const;
