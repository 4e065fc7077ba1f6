/** Facts at an entry, where a grant is an entry record. Facts missing here read as at an exit. */
import type { Text } from '../text.ts';

export { OUT_BY_THE_ENTRANCE } from './entry-facts.made.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

/** Values of a fact in use here. */
interface Read {
  text(name: string): string;
  number(name: string): number;
}

const seconds = (ms: number): string => String(Math.round(ms / 100) / 10);

function withPlate(zh: string, en: string): (values: Read) => Text {
  return (values) => {
    const plate = values.text('plate');
    return plate === '' ? plain(zh, en) : plain(`${zh}：${plate}`, `${en}: ${plate}`);
  };
}

export const ENTRY_FACT_TEXT: Readonly<Record<string, (values: Read) => Text>> = {
  noGrant: (values) => {
    const forMs = values.number('toAtMs') - values.number('fromAtMs');
    return plain(`前后共 ${seconds(forMs)} 秒内没有入场记录`, `no entry record in ${seconds(forMs)} s`);
  },
  plateMismatch: (values) =>
    plain(
      `车牌 ${values.text('plate')} 与入场记录的车牌 ${values.text('granted')} 不符`,
      `plate ${values.text('plate')} is not that of the entry record, ${values.text('granted')}`,
    ),
  grantUsed: withPlate('入场记录已对上车辆', 'the entry record has its vehicle'),
  grantUnused: withPlate('已有入场记录，但无车驶入', 'an entry record, but no vehicle came in'),
  paidPassage: withPlate('有入场记录，已驶入', 'came in with an entry record'),
  paidLate: () => plain('判断之后收到入场记录', 'the entry record came after the verdict'),
  latePayment: () => plain('记录已发出后收到入场记录', 'the entry record came after the record had left'),
};
