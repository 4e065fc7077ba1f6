/** Texts of `lanewarden report`. Chinese first. */
import type { Text } from '../text.ts';

export const dayReportText = {
  summary: {
    zh: '日报（不写时间是昨天）：每次开闸、每次通行、每条缴费各归一栏，对不上的逐条列出',
    en: "the day's sheet, yesterday's unless a time is given: every opening, passage and payment in one column, and what does not close",
  },
  config: {
    zh: '配置文件，用来找到数据目录和车道名',
    en: 'the configuration, to find the state folder and the names of lanes',
  },
  store: { zh: '数据目录，代替配置文件', en: 'the state folder, instead of a configuration' },
  lane: { zh: '只看这条车道', en: 'this lane only' },
  json: { zh: '以 JSON 输出', en: 'print JSON' },
  csv: { zh: '以 CSV 输出，Excel 和 WPS 直接打开', en: 'print CSV, for Excel and WPS as it is' },
  zip: {
    zh: '把表格、每条记录和小图打成一个 zip（只限一天）',
    en: 'write the CSV, every record of the day and small pictures as one zip (one day only)',
  },
  zipOneDay: { zh: '--zip 只用于一天', en: '--zip takes one day only' },
  zipped: (file: string, records: number, pictures: number): Text => ({
    zh: `已写入 ${file}：${records} 条记录，${pictures} 张图片`,
    en: `written to ${file}: ${records} records, ${pictures} pictures`,
  }),
  zipMore: (most: number): Text => ({
    zh: `图片只放了最近 ${most} 条记录的`,
    en: `pictures of the newest ${most} records only`,
  }),
  trend: { zh: '把近 30 天画成 SVG 图，写入文件', en: 'write the last 30 days as an SVG picture' },
  tooMany: (most: number): Text => ({
    zh: `最多 ${most} 天`,
    en: `${most} days at most`,
  }),
  wrongLane: (lane: string, lanes: readonly string[]): Text => ({
    zh: `没有车道 ${lane}；有：${lanes.join('、')}`,
    en: `there is no lane ${lane}; there are: ${lanes.join(', ')}`,
  }),
  both: { zh: '--json 和 --csv 只能选一个', en: 'only one of --json and --csv' },
  extra: (word: string): Text => ({ zh: `多余的参数：${word}`, en: `unexpected argument: ${word}` }),
  noStore: (path: string): Text => ({ zh: `${path} 里没有数据`, en: `there is no data in ${path}` }),
  running: {
    zh: '运行中的程序每分钟记一次账，今天的数字最多差一分钟。',
    en: "The running program keeps its account once a minute: today's figures may lack the last one.",
  },
};

/** By how the account counts a passage. */
const WHY_PASSED: Readonly<Record<string, Text>> = {
  grant: { zh: '通过，没有上报：有缴费', en: 'passed, not reported: it had a payment' },
  known: { zh: '通过，没有上报：在名单车辆里', en: 'passed, not reported: in the list of known vehicles' },
  relay: {
    zh: '通过，没有上报：开闸继电器放行',
    en: 'passed, not reported: let out by the relay of the management system',
  },
  automatic: {
    zh: '通过，没有逐辆判定：自动放行期间',
    en: 'passed, not judged by itself: during an automatic release',
  },
  uncovered: { zh: '通过，没有缴费', en: 'passed, without a payment' },
  part: { zh: '可能是前车的一部分，没有上报', en: 'perhaps a part of the vehicle ahead, not reported' },
};

export const whyReleaseText = {
  noneThen: { zh: '这段时间没有记录', en: 'there is no record in that time' },
  more: (most: number): Text => ({
    zh: `只列出最近 ${most} 条`,
    en: `only the newest ${most} are shown`,
  }),
  summary: {
    zh: '一条记录为什么这样判定，或一块车牌为什么没有上报、缴费为什么没用上',
    en: 'why a record was judged so, or why a plate was not reported and its payment not used',
  },
  needsId: {
    zh: '写上记录的编号，如 lanewarden why 12（queue ls 列出编号），或车牌，或时间：--last 1h',
    en: 'name a record by its number, as in lanewarden why 12 (queue ls lists them), or a plate, or a time: --last 1h',
  },
  nothingOf: (plate: string): Text => ({
    zh: `这段时间没有 ${plate} 的缴费、通过或记录`,
    en: `there is no payment, passage or record of ${plate} in that time`,
  }),
  told: (id: string): Text => ({ zh: `收到缴费 ${id}`, en: `payment ${id} received` }),
  passed: (how: string): Text => WHY_PASSED[how] ?? { zh: `通过（${how}）`, en: `passed (${how})` },
  judged: (desc: Text, reported: boolean): Text => ({
    zh: `${desc.zh}${reported ? '，上报' : '，留在本机待复核'}`,
    en: `${desc.en}, ${reported ? 'reported' : 'kept for review'}`,
  }),
  unknown: (id: number): Text => ({ zh: `没有第 ${id} 条记录`, en: `there is no record ${id}` }),
  damaged: (id: number): Text => ({
    zh: `第 ${id} 条记录在数据库里已损坏，读不出依据`,
    en: `record ${id} is damaged in the database: its facts cannot be read`,
  }),
  noPlate: { zh: '无车牌', en: 'no plate' },
  facts: { zh: '依据：', en: 'Facts:' },
  sure: (confidence: 'sure' | 'likely' | 'possible', score: number | undefined): Text => {
    const zh = { sure: '确定', likely: '很可能', possible: '可能' }[confidence];
    const share = score === undefined ? '' : ` ${score}/100`;
    return { zh: `${zh}${share}`, en: `${confidence}${share}` };
  },
};
