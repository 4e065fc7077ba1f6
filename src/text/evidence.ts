/** Texts of the chain and of what is proven by it, in Chinese and English. */
import type { BundleFault } from '../evidence/bundle-check.ts';
import type { BoxFact, ChainBeginning } from '../store/chain/chain.ts';
import type { ErasureRow } from '../store/chain/chain-check.ts';
import type { ChainFault } from '../store/chain/chain-fault.ts';
import { beijingTime } from './beijing-time.ts';
import { yuan } from './money.ts';
import type { Text } from './text.ts';

type SheetFacts = Extract<BoxFact, { kind: 'sheet' }>;

const plain = (zh: string, en: string): Text => ({ zh, en });

const span = (first: number, last: number): Text =>
  first === last
    ? plain(`第 ${first} 行`, `row ${first}`)
    : plain(`第 ${first} 至 ${last} 行`, `rows ${first} to ${last}`);

const BEGINNINGS: Readonly<Record<ChainBeginning, Text>> = {
  new: plain('新的数据目录', 'a new state folder'),
  migrated: plain('更新前的行不在链中', 'rows from before the update are in no chain'),
  damaged: plain('数据库损坏后重建', 'a database was damaged and replaced'),
  lost: plain('数据库不见了，只剩旁边的标记', 'the database was gone, the mark beside it was not'),
  restored: plain('数据库来自备份或另一张卡', 'the database came from a backup or another card'),
  rolledBack: plain('数据库退回到较早的状态', 'the database went back to an earlier state'),
};

const ROW_WORDS: Readonly<Record<Extract<ChainFault, { kind: 'row' }>['what'], Text>> = {
  changed: plain('与链中所载不符', 'is not as the chain says'),
  missing: plain('不见了，没有按规则删除的记载', 'is gone, and nothing removed it'),
  added: plain('不在链中：是另外加进去的', 'is unknown to the chain: it was put in from outside'),
};

const FAULTS: {
  readonly [Kind in ChainFault['kind']]: (fault: Extract<ChainFault, { kind: Kind }>) => Text;
} = {
  changed: ({ seq }) => plain(`第 ${seq} 行被改过`, `row ${seq} was changed after it was written`),
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
  added: ({ seq }) =>
    plain(`第 ${seq} 行不在链中：是另外加进去的`, `row ${seq} is in no chain: it was put in from outside`),
  signature: ({ last }) =>
    plain(`第 ${last} 行处的签名链头与各行不符`, `the signed head at row ${last} is not the one of the rows under it`),
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
  typed: ({ day, digits }) =>
    plain(
      `${day} 记下的链头 ${digits} 不是本机的：此前的行被改写过，或不在本机`,
      `the head ${digits} kept on ${day} is not this box’s: rows before were rewritten, or are not on this box`,
    ),
  lost: ({ last, end }) =>
    plain(
      `外部保存的第 ${last} 行处链头所在的链，在本机止于第 ${end} 行：其后的行不在本机，备份比它早`,
      `the head kept outside for row ${last} is of a chain that ends here at row ${end}: the rows behind are not on this box, whose backup is older`,
    ),
  follows: ({ seq, last }) =>
    plain(
      `第 ${seq} 行写明的前一条链的末尾（第 ${last} 行）与本机不符：接上之后，此前的行被改写过`,
      `row ${seq} names another end (row ${last}) of the chain before than there is: rows up to there were rewritten since`,
    ),
  key: ({ last, key }) =>
    plain(
      `第 ${last} 行处的链头由公钥 ${key} 签名，后来的链没有写明它：是后加的`,
      `the head at row ${last} was signed by key ${key}, which the chain behind does not name: it was put in since`,
    ),
  row: ({ table, at, what, seq, wallMs }) => {
    const said = seq === undefined ? '' : wallMs === undefined ? `${seq}` : `${seq}, ${beijingTime(wallMs)}`;
    const [zh, en] = seq === undefined ? ['', ''] : [`（链第 ${said}）`, ` (row ${said} of the chain)`];
    return plain(`表 ${table} 的 ${at} ${ROW_WORDS[what].zh}${zh}`, `${table} ${at} ${ROW_WORDS[what].en}${en}`);
  },
  anew: ({ seq }) =>
    plain(
      `第 ${seq} 行把各表照现状重新收下：有人删掉了它们在链中的位置，此前的改动已无从核对`,
      `row ${seq} took all tables as they were: somebody had removed where they stand in the chain, and what was changed before can no longer be told`,
    ),
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
  settings: ({ lane, seq }) =>
    plain(
      `车道 ${lane} 的参数与当时生效的（第 ${seq} 行）不符`,
      `the settings of lane ${lane} are not those that were in force (row ${seq})`,
    ),
  sheet: ({ span, seq }) =>
    plain(
      `${span} 的日报或月报与定稿时（第 ${seq} 行）不符`,
      `the sheet of ${span} is not what it was when it became final (row ${seq})`,
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
  summary: plain('核对证据链，指出第一处不符', 'walks the chain of evidence and names the first row that does not fit'),
  config: plain('配置文件', 'the configuration file'),
  store: plain('数据目录，代替配置文件中的', 'the state folder, instead of the configuration’s'),
  frames: plain('同时核对每张图片', 'compares each picture as well'),
  heads: plain(
    '本机之外保存的链头：收到的 MQTT、webhook 消息，ping 服务器的日志，网页上复制的，或“日期 12 位”',
    'heads kept outside the box: messages over MQTT or webhook, the log of the server that is pinged, as copied from the page, or “date, 12 digits”',
  ),
  sheet: plain(
    '只核对这一天或这个月的日报、月报，如 2026-11-25、2026-11',
    'only the sheet of this day or month, as 2026-11-25 or 2026-11',
  ),
  notAsked: (why: string): Text =>
    plain(`没能核对证据链：${why}`, `the chain of evidence could not be verified: ${why}`),
  gently: plain('分小段核对到最新一行，占一个核的 1 %', 'in slices up to the newest row, with 1 % of a core'),
  badSheet: (span: string): Text => plain(`${span} 不是日期或月份`, `${span} is neither a day nor a month`),
  noSheet: (span: string): Text =>
    plain(
      `链里没有 ${span} 的日报或月报：还没有定稿（三天以后），或已过保留期`,
      `the chain has no sheet of ${span}: it is not final yet (three days later), or too old to be kept`,
    ),
  sheetSaid: ({ span, sha256, sums }: SheetFacts, row: number, time: string): Text => {
    const { passages = 0, amount = 0, unpaid = 0 } = sums;
    return plain(
      `${span} 的定稿：第 ${row} 行，${time}，摘要 ${sha256}；通行 ${passages}，缴费 ${yuan(amount)} 元，未缴费出场 ${unpaid}`,
      `final sheet of ${span}: row ${row}, ${time}, digest ${sha256}; ${passages} passages, ${yuan(amount)} yuan paid, ${unpaid} unpaid exits`,
    );
  },
  json: plain('输出 JSON，供程序读取', 'prints JSON for programs'),
  noStore: (path: string): Text => plain(`${path} 中没有数据库`, `there is no database in ${path}`),
  noFile: (file: string): Text => plain(`没有文件 ${file}`, `there is no file ${file}`),
  key: plain(
    '证据包应是这把公钥签的（64 位十六进制，或写着它的文件）',
    'a bundle has to be signed by this public key (64 hex digits, or a file with them)',
  ),
  badKey: plain(
    '--key 要 64 位十六进制的公钥，或写着它的文件',
    '--key takes a public key of 64 hex digits, or a file with one',
  ),
  keyOfFile: plain('--key 只用于证据包', '--key is about a bundle only'),
  noBoxKey: (folder: string): Text =>
    plain(`${folder} 中没有可读的密钥，无从比对`, `there is no key to be read in ${folder}: nothing to compare with`),
  notOfFile: (option: string): Text =>
    plain(`${option} 用于本机的证据链，不用于证据包`, `${option} is about the chain of this box, not about a bundle`),
  badHeads: (file: string): Text =>
    plain(
      `${file} 中没有链头：照网页上复制的“链 行号 链头”，收到的消息，或每行“日期 12 位”，如 2026-11-29 9b0c7d2e51f8`,
      `${file} holds no head of a chain: “chain row head” as copied from the page, messages of the box, or a line “date, 12 digits”, as 2026-11-29 9b0c7d2e51f8`,
    ),
  fault: (fault: ChainFault): Text => FAULTS[fault.kind](fault as never),
  more: (count: number): Text => plain(`另有 ${count} 处不符`, `${count} more`),
  stretch: (from: string | undefined, until: string | undefined): Text =>
    plain(
      `只核对${from === undefined ? '开头' : ` ${from} `}到${until === undefined ? '最后' : ` ${until} `}的行，连同所在的块`,
      `only rows from ${from ?? 'the beginning'} until ${until ?? 'the end'}, with the blocks they are in`,
    ),
  noRowThen: plain('这段时间链里没有行，一行也没有核对', 'no row is of this time: no row was checked'),
  begins: (chain: string, why: ChainBeginning): Text =>
    plain(`链 ${chain}：${BEGINNINGS[why].zh}`, `chain ${chain}: ${BEGINNINGS[why].en}`),
  follows: (last: number): Text =>
    plain(`  接在第 ${last} 行之后，前一条链止于此`, `  follows row ${last}, where the chain before it ended`),
  followsKey: (key: string, last: number, time: string): Text =>
    plain(
      `  前一条链第 ${last} 行处的链头 ${time} 由公钥 ${key} 签名：请与当时那台的验收单比对`,
      `  the head of that chain at row ${last} was signed at ${time} by key ${key}: compare it with the acceptance sheet of the box of then`,
    ),
  rows: (rows: number, deleted: number): Text =>
    plain(
      `${rows} 行相符，${deleted} 行已按规则删除、摘要仍在`,
      `${rows} rows fit; ${deleted} were deleted by a rule, their digests fit`,
    ),
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
  tables: (rows: number): Text => plain(`其他表的 ${rows} 行相符`, `${rows} rows of the other tables fit`),
  noTables: plain(
    '由旧版本写下的数据库：其他表（标记、盲区、日报等）无从逐行核对，新版本启动后才记入链中',
    'a former version wrote this database: the rows of its other tables (marks, blind times, daily sheets …) cannot be asked; they enter the chain when this version starts',
  ),
  taken: (rows: number, time: string): Text =>
    plain(
      `其中早于 ${time} 的 ${rows} 行按更新时的样子收下：更新前的改动无从核对`,
      `${rows} rows from before ${time} were taken as the update found them: what was done to them earlier cannot be told`,
    ),
  elsewhere: (pictures: number): Text =>
    plain(
      `${pictures} 张图片不在本机：所属记录更换前已办结，备份不带，不算不符`,
      `${pictures} pictures are not on this box: of records settled before the swap, which no backup takes along; no fault`,
    ),
  before: (rows: number): Text =>
    plain(`${rows} 行早于链，无法核对`, `${rows} rows are from before the chain and cannot be proven`),
  open: (rows: number): Text =>
    plain(`最近 ${rows} 行还没有链头覆盖`, `the last ${rows} rows have no head over them yet`),
  outside: (last: number, ways: string, time: string): Text =>
    plain(
      `最近送出本机的链头：第 ${last} 行，${time}（${ways}）`,
      `the last head that left the box: row ${last}, ${time} (${ways})`,
    ),
  agreed: (count: number, last: number, time: string | undefined): Text => {
    const [zh, en] = time === undefined ? ['', ''] : [`，${time}`, `, ${time}`];
    return plain(
      `外部保存的 ${count} 个链头与本机相符，最新的在第 ${last} 行${zh}：到此为止没有改写过`,
      count === 1
        ? `1 head kept outside agrees, of row ${last}${en}: nothing up to there was rewritten`
        : `${count} heads kept outside agree, the newest of row ${last}${en}: nothing up to there was rewritten`,
    );
  },
  nothingOutside: plain(
    '没有任何链头送出过本机：能打开机柜的人可以改写全部',
    'no head has left the box: whoever can open its cabinet could have rewritten all of it',
  ),
  fits: plain('证据链完整', 'the chain fits'),
  fitsNot: (count: number): Text =>
    plain(`${count} 处不符`, count === 1 ? 'one place does not fit' : `${count} places do not fit`),
} as const;

const BUNDLE_FAULTS: Readonly<Record<BundleFault['what'], Text>> = {
  zip: plain('不是证据包，或不完整', 'no bundle of evidence, or not whole'),
  manifest: plain(
    '清单被改过，或不是用此密钥签的',
    'the list of what belongs to it was changed, or was not signed by this key',
  ),
  row: plain('此行与链中的不符', 'this row is not the one in the chain'),
  missing: plain('缺少', 'is missing'),
  added: plain('是另外加进去的', 'was put in from outside'),
  twice: plain('这个名字在包里出现两次', 'this name is in the bundle twice'),
  digest: plain('未公开的一行，摘要被改过', 'a row that is not shown: its digest was changed'),
  block: plain(
    '自此行起的一段与链头不符，或不衔接',
    'the block from this row on does not give its head, or does not follow',
  ),
  head: plain('签名的链头不符', 'the signed head does not fit'),
  key: plain('链头是用没有人担保的密钥签的', 'the head was signed by a key that nobody vouches for'),
  otherKey: plain('不是所给的公钥签的', 'it was signed by another key than the one that was given'),
  otherHead: plain('与本机之外保存的链头不符', 'the head kept outside is not the one of this bundle'),
  follows: plain(
    '自此行起的链没有写明前一条链止于所示之处',
    'the chain from this row on does not name the end that is shown of the one before',
  ),
  record: plain(
    '记录不是当时给出的，也不是更正后的',
    'the record is neither the one that was given nor as it was corrected',
  ),
  frame: plain('图片不是当时拍的', 'the picture is not the one that was taken'),
  file: plain('文件被改过', 'the file was changed'),
};

export const bundleText = {
  summary: plain('把一次放行的证据打成一个 zip', 'writes the evidence of a release as one zip file'),
  positionals: '[RELEASE…]',
  folder: plain('写到此目录（默认当前目录）', 'writes into this folder (default: the current one)'),
  file: plain('写成此文件（只限一条记录）', 'writes this file (of one record only)'),
  oneFile: plain('--file 只用于一条记录', '--file takes one record only'),
  none: plain(
    '请给出记录编号或序列号，或时间：--last 1h、--day today',
    'name the number or the serial of a record, or a time: --last 1h, --day today',
  ),
  eitherOr: plain('记录编号和时间只能给一种', 'name records or a time, not both'),
  tooMany: (most: number): Text =>
    plain(`这段时间的记录超过 ${most} 条：缩短时间`, `there are more than ${most} records in that time: shorten it`),
  noneThen: plain('这段时间没有记录', 'there is no record in that time'),
  unknown: (wanted: string): Text => plain(`没有记录 ${wanted}`, `there is no record ${wanted}`),
  beforeChain: (wanted: string): Text =>
    plain(
      `记录 ${wanted} 早于证据链，无法取证`,
      `record ${wanted} is from before the chain: there is nothing to prove it by`,
    ),
  notSealed: (wanted: string): Text =>
    plain(`记录 ${wanted} 之后还没有签名的链头`, `no signed head is behind record ${wanted} yet`),
  unfollowed: (wanted: string): Text =>
    plain(
      `记录 ${wanted} 在较早的链里，后来的链没有写明那条链止于何处，无法取证`,
      `record ${wanted} is in an earlier chain, and no later one names where that ended: there is nothing to prove it by`,
    ),
  written: (file: string): Text => plain(`已写入 ${file}`, `written to ${file}`),
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
  asGiven: plain('它就是给出的公钥', 'it is the key that was given'),
  agreed: (count: number): Text =>
    count === 0
      ? plain('给出的链头没有一个在这个证据包里', 'none of the heads that were given is in this bundle')
      : plain(
          `给出的链头有 ${count} 个在证据包里，都相符`,
          `of the heads that were given ${count} ${count === 1 ? 'is' : 'are'} in this bundle, and ${count === 1 ? 'agrees' : 'agree'}`,
        ),
  proven: (serial: string, rows: number, frames: number): Text =>
    plain(
      `${serial}：${rows} 行、${frames} 张图片与签名的链头相符`,
      `${serial}: ${rows} rows and ${frames} pictures fit the signed heads`,
    ),
  key: (key: string): Text =>
    plain(
      `公钥 ${key}：请与验收单或“诊断”页上的比对`,
      `public key ${key}: compare it with the acceptance sheet or the page Diagnostics`,
    ),
  former: (last: number, key: string, row: number, time: string): Text =>
    plain(
      `到第 ${last} 行为止在较早的链里，第 ${row} 行处的链头 ${time} 由公钥 ${key} 签名：请与当时那台的验收单比对`,
      `up to row ${last} in an earlier chain; the head at row ${row} was signed at ${time} by key ${key}: compare it with the acceptance sheet of the box of then`,
    ),
  formerUnsigned: (last: number): Text =>
    plain(
      `到第 ${last} 行为止在较早的链里，其后没有当时签名的链头：只有本机作证，恢复时它就是这样`,
      `up to row ${last} in an earlier chain, and no head of then covers the rows: there is this box’s word only that it found them so`,
    ),
  notOutside: plain(
    '其后的链头没有送出过本机的记载：有本机密钥的人可以伪造全部',
    'no head behind it is known to have left the box: whoever has the box’s key could have made all of it',
  ),
  outside: (last: number, ways: string, time: string): Text =>
    plain(
      `第 ${last} 行处的链头 ${time} 送出本机（${ways}）：请与收到的一方比对`,
      `the head at row ${last} left the box at ${time} (${ways}): compare it with whoever received it`,
    ),
} as const;
