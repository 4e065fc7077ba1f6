/** Texts of the chain and of what is proven by it, in Chinese and English. */
import type { BundleFault } from '../evidence/bundle-check.ts';
import type { BoxFact, ChainBeginning } from '../store/chain/chain.ts';
import type { ErasureRow } from '../store/chain/chain-check.ts';
import type { ChainFault } from '../store/chain/chain-fault.ts';
import { beijingTime } from './beijing-time.ts';
import * as table from './evidence.made.ts';
import { BEGINNINGS, BUNDLE_FAULTS } from './evidence.made.ts';
import { yuan } from './money.ts';
import type { Text } from './text.ts';

type SheetFacts = Extract<BoxFact, { kind: 'sheet' }>;

const plain = (zh: string, en: string): Text => ({ zh, en });

const span = (first: number, last: number): Text =>
  first === last
    ? plain(`第 ${first} 行`, `row ${first}`)
    : plain(`第 ${first} 至 ${last} 行`, `rows ${first} to ${last}`);

const ROW_WORDS: Readonly<Record<Extract<ChainFault, { kind: 'row' }>['what'], Text>> = table.ROW_WORDS;

const CHAIN_FAULTS: {
  readonly [Kind in ChainFault['kind']]: (fault: Extract<ChainFault, { kind: Kind }>) => Text;
} = {
  ...table.CHAIN_FAULTS,
  missing: ({ first, last }) => {
    const rows = span(first, last);
    return plain(
      `${rows.zh}不见了，没有按规则删除的记载`,
      `${rows.en} gone, and no rule deleted ${first === last ? 'it' : 'them'}`,
    );
  },
  head: ({ first, last }) => {
    const rows = span(first, last);
    return plain(
      `${rows.zh}与链头不符：其中一行连同校验一起被换过，或链头被改过`,
      `${rows.en} do not give the head over them: one was replaced together with its check, or the head was`,
    );
  },
  outside: ({ last, since }) =>
    since === 0
      ? plain(
          `外部保存的第 ${last} 行处链头与本机不符：此行之前被改写过`,
          `the head kept outside for row ${last} is not this box’s: rows up to there were rewritten`,
        )
      : plain(
          `外部保存的第 ${last} 行处链头与本机不符：第 ${since} 行之后、第 ${last} 行之前被改写过`,
          `the head kept outside for row ${last} is not this box’s: rows between ${since} and ${last} were rewritten`,
        ),
  row: ({ table, at, what, seq, wallMs }) => {
    const said = seq === undefined ? '' : wallMs === undefined ? `${seq}` : `${seq}, ${beijingTime(wallMs)}`;
    const [zh, en] = seq === undefined ? ['', ''] : [`（链第 ${said}）`, ` (row ${said} of the chain)`];
    return plain(`表 ${table} 的 ${at} ${ROW_WORDS[what].zh}${zh}`, `${table} ${at} ${ROW_WORDS[what].en}${en}`);
  },
  record: ({ id, seq, isGone }) =>
    seq === undefined
      ? plain(`记录 ${id} 没有对应的判定：是另外加进去的`, `record ${id} was never given: it was put in from outside`)
      : isGone
        ? plain(
            `记录 ${id}（第 ${seq} 行的判定）不见了，它并没有结束`,
            `record ${id} was given (row ${seq}) and is gone, and nothing ended it`,
          )
        : plain(
            `记录 ${id} 与当时的判定（第 ${seq} 行）不符`,
            `record ${id} is not the one that was given (row ${seq})`,
          ),
  frame: ({ id, place, seq, isGone }) =>
    isGone
      ? plain(
          `记录 ${id} 的图片（${place}，第 ${seq} 行）没有了，也没有规则删过它`,
          `the picture of record ${id} (${place}, row ${seq}) is gone, and no rule removed it`,
        )
      : plain(
          `记录 ${id} 的图片（${place}）与拍摄时（第 ${seq} 行）不符`,
          `the picture of record ${id} (${place}) is not the one that was taken (row ${seq})`,
        ),
};

export const verifyText = {
  ...table.verifyText,
  sheetSaid: ({ span, sha256, sums }: SheetFacts, row: number, time: string): Text => {
    const { passages = 0, amount = 0, unpaid = 0 } = sums;
    return plain(
      `${span} 的定稿：第 ${row} 行，${time}，摘要 ${sha256}；通行 ${passages}，缴费 ${yuan(amount)} 元，未缴费出场 ${unpaid}`,
      `final sheet of ${span}: row ${row}, ${time}, digest ${sha256}; ${passages} passages, ${yuan(amount)} yuan paid, ${unpaid} unpaid exits`,
    );
  },
  fault: (fault: ChainFault): Text => CHAIN_FAULTS[fault.kind](fault as never),
  stretch: (from: string | undefined, until: string | undefined): Text =>
    plain(
      `只核对${from === undefined ? '开头' : ` ${from} `}到${until === undefined ? '最后' : ` ${until} `}的行，连同所在的块`,
      `only rows from ${from ?? 'the beginning'} until ${until ?? 'the end'}, with the blocks they are in`,
    ),
  begins: (chain: string, why: ChainBeginning): Text =>
    plain(`链 ${chain}：${BEGINNINGS[why].zh}`, `chain ${chain}: ${BEGINNINGS[why].en}`),
  erased: (rows: number, times: number): Text =>
    plain(
      `其中 ${rows} 行是应个人要求删除的（${times} 次）`,
      `${rows} of these were erased by rule, at a person’s request (${times} ${times === 1 ? 'time' : 'times'})`,
    ),
  erasure: ({ seq, by, why, records, rows, pictures }: ErasureRow, time: string): Text =>
    plain(
      `  第 ${seq} 行，${time}，${by} 删除 ${records} 条记录、${rows} 行、${pictures} 张图片：${why}`,
      `  row ${seq}, ${time}: ${by} erased ${records} records, ${rows} rows, ${pictures} pictures: ${why}`,
    ),
  records: (records: number, frames: number | undefined): Text =>
    frames === undefined
      ? plain(
          `${records} 条记录相符；图片要加 --frames 才核对`,
          `${records} records fit; pictures are checked with --frames`,
        )
      : plain(`${records} 条记录、${frames} 张图片相符`, `${records} records and ${frames} pictures fit`),
  agreed: (count: number, last: number, time: string | undefined): Text => {
    const [zh, en] = time === undefined ? ['', ''] : [`，${time}`, `, ${time}`];
    return plain(
      `外部保存的 ${count} 个链头与本机相符，最新的在第 ${last} 行${zh}：到此为止没有改写过`,
      count === 1
        ? `1 head kept outside agrees, of row ${last}${en}: nothing up to there was rewritten`
        : `${count} heads kept outside agree, the newest of row ${last}${en}: nothing up to there was rewritten`,
    );
  },
  fitsNot: (count: number): Text =>
    plain(`${count} 处不符`, count === 1 ? 'one place does not fit' : `${count} places do not fit`),
} as const;

export const bundleText = {
  ...table.bundleText,
  positionals: '[RELEASE…]',
  fault: ({ what, file, seq }: BundleFault): Text => {
    const where = `${file ?? ''}${seq === undefined ? '' : ` ${seq}`}`.trim();
    const { zh, en } = BUNDLE_FAULTS[what];
    return where === '' ? plain(zh, en) : plain(`${where}：${zh}`, `${where}: ${en}`);
  },
  verdict: (isRight: boolean): Text => (isRight ? plain('通过', 'PASS') : plain('不通过', 'FAIL')),
  ofThisBox: (isIt: boolean): Text =>
    isIt
      ? plain('它是本机的公钥', 'it is the key of this box')
      : plain(
          '它不是本机的公钥：证据包是另一台的，或是更换前的',
          'it is not the key of this box: the bundle is of another one, or of the one before a swap',
        ),
  agreed: (count: number): Text =>
    count === 0
      ? plain('给出的链头没有一个在这个证据包里', 'none of the heads that were given is in this bundle')
      : plain(
          `给出的链头有 ${count} 个在证据包里，都相符`,
          `of the heads that were given ${count} ${count === 1 ? 'is' : 'are'} in this bundle, and ${count === 1 ? 'agrees' : 'agree'}`,
        ),
} as const;
