/** Texts of `lanewarden scenario` and `lanewarden replay`, in Chinese and English. */
import type { Text } from '../text.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

export const scenarioText = {
  summary: plain('用虚拟时间运行场景文件并核对结论', 'runs scenario files in virtual time and compares the verdicts'),
  json: plain('输出 JSON，供程序读取', 'prints JSON for programs'),
  timeline: plain('通过的场景也打印时间线', 'prints the timeline of scenarios that pass as well'),
  noFiles: plain('请给出至少一个场景文件', 'name at least one scenario file'),
  invalid: (file: string): Text => plain(`场景文件无效：${file}`, `not a valid scenario file: ${file}`),
  invalidSettings: (file: string): Text => plain(`参数文件无效：${file}`, `not a valid file of lane settings: ${file}`),
  notWired: (role: string) => ({
    message: plain(`这条车道没有接 ${role}`, `this lane has no ${role} wired`),
    hint: plain('加入 lane.points，或删去此处', 'add it to lane.points, or leave it out here'),
  }),
  backwards: (atS: number, beforeS: number) => ({
    message: plain(`时间倒退：${atS} 在 ${beforeS} 之后`, `time goes back: ${atS} after ${beforeS}`),
    hint: plain('按 t 从小到大排列', 'put the moments in the order of t'),
  }),
  passed: (name: string): Text => plain(`通过  ${name}`, `ok    ${name}`),
  failed: (name: string): Text => plain(`不符  ${name}`, `FAIL  ${name}`),
  totals: (passed: number, failed: number): Text =>
    plain(
      `共 ${passed + failed} 个场景，${passed} 个通过，${failed} 个不符`,
      `${passed + failed} scenarios: ${passed} passed, ${failed} failed`,
    ),
  expected: plain('预期', 'expected'),
  decided: plain('实际', 'decided'),
  nothing: plain('（无）', '(nothing)'),
  differs: (member: string, expected: string, actual: string): Text =>
    plain(`${member} 应为 ${expected}，实为 ${actual}`, `${member} should be ${expected}, is ${actual}`),
  missing: plain('缺少这条放行记录', 'this release did not come'),
  unexpected: plain('多出这条放行记录', 'this release was not expected'),
  total: (key: string, expected: number, actual: number): Text =>
    plain(`合计 ${key} 应为 ${expected}，实为 ${actual}`, `the total of ${key} should be ${expected}, is ${actual}`),
  throughHardware: plain(
    '经由模拟的 I/O 板、驱动、引擎、存储与签名上传运行，以模拟平台收到的为准',
    'plays them through simulated boards, the drivers, the engine, the store and the signed upload; what the simulated platform got counts',
  ),
  speed: plain(
    '配合 --through-hardware：真实时间的倍数，1 到 20（默认 1）',
    'with --through-hardware: so many times real time, 1 to 20 (default 1)',
  ),
  badSpeed: (text: string): Text => plain(`--speed 应为 1 到 20，而不是 ${text}`, `--speed is 1 to 20, not ${text}`),
  skipped: (name: string, why: Text): Text => plain(`跳过  ${name}：${why.zh}`, `skip  ${name}: ${why.en}`),
  skippedTotal: (count: number): Text =>
    plain(`${count} 个场景无法经由硬件运行`, `${count} scenarios cannot run through hardware`),
  notForHardware: {
    sending: plain('记录要一直留在本机里', 'its records must stay on the box'),
    mode: plain('模式由人在本机页面设置', 'its mode is set by a person on the page'),
    revoke: plain('另一条车道用掉了缴费', 'another lane uses the grant'),
    powerCut: plain('整机断电', 'the machine loses power'),
    relay: plain('缴费消息没有这种类型（relay）', 'no message has a grant of the kind relay'),
  },
  recordOfNothing: (serial: string): Text =>
    plain(`平台收到一条来历不明的记录 ${serial}`, `the platform got a record of nothing, ${serial}`),
  refused: (serial: string): Text => plain(`平台拒绝了记录 ${serial}`, `the platform refused the record ${serial}`),
  notDelivered: (id: string): Text => plain(`平台没有收到记录 ${id}`, `the platform did not get the record of ${id}`),
  withdrawnArrived: (id: string): Text =>
    plain(`平台收到了已撤回的记录 ${id}`, `the platform got the record of ${id}, which was withdrawn`),
  noPicture: (id: string): Text => plain(`记录 ${id} 没有图片`, `the record of ${id} came without a picture`),
  cloudTime: (id: string, got: string, box: string): Text =>
    plain(
      `记录 ${id} 的 release_time 为 ${got}，本机里是 ${box}`,
      `the release_time of ${id} is ${got}, on the box ${box}`,
    ),
  timelineHead: plain('时间线（秒）', 'timeline (seconds)'),
};

export const replayText = {
  summary: plain(
    '用今天或另一组参数重放一段日志，对比当时与现在的结论，分清要紧的改变和只差几秒的',
    'replays a stretch of journal with today’s or other settings, beside the verdicts of then: what matters apart from seconds that differ',
  ),
  config: plain(
    '配置文件，数据目录与今天的参数取自其中',
    'the configuration: where the store is, and today’s settings',
  ),
  lane: plain('只重放这条车道', 'only this lane'),
  settings: plain(
    '另一组车道参数的文件（YAML）；当时的其余参数不变',
    'a YAML file of lane settings to judge with; the others stay as they were then',
  ),
  json: plain('输出 JSON，供程序读取', 'prints JSON for programs'),
  noLane: (id: string): Text => plain(`日志中没有车道 ${id}`, `there is no lane ${id} in the journal`),
  lane1: (id: string, rows: number): Text =>
    plain(`车道 ${id}：重放 ${rows} 条事件`, `lane ${id}: ${rows} events replayed`),
  fromNothing: plain(
    '  没有更早的状态可用，开头几条结论可能不完整',
    '  no earlier state to begin from: the first verdicts may lack what happened before',
  ),
  change: {
    same: plain('相同', 'same'),
    seconds: plain('只差几秒', 'seconds differ'),
    changed: plain('改变', 'changed'),
    gone: plain('消失', 'gone'),
    new: plain('新增', 'new'),
  },
  given: plain('当时给出', 'given'),
  unlike: (members: string, version: string): Text =>
    plain(
      `同一段日志不再得出当时（程序 ${version}）给出的结论：${members}。程序换过，或日志被改过：lanewarden verify 指出是哪一行`,
      `the journal no longer yields what ${version} gave: ${members}. The program has changed since, or somebody changed the journal: lanewarden verify names the row`,
    ),
  unlikeTotal: (count: number): Text =>
    plain(
      `${count} 条结论与当时给出的不同`,
      `${count} ${count === 1 ? 'verdict is' : 'verdicts are'} not as given at the time`,
    ),
  asJudged: plain('当时', 'then'),
  now: plain('现在', 'now'),
  withdrawn: plain('（已撤回）', ' (withdrawn)'),
  review: plain('（待复核）', ' (for review)'),
  differs: (members: string): Text => plain(`不同之处：${members}`, `differs in: ${members}`),
  totals: ({ same, seconds, changed, gone, new: added }: ReplayTotals): Text =>
    plain(
      `合计：要紧的 ${changed + gone + added}（改变 ${changed}，消失 ${gone}，新增 ${added}），只差几秒 ${seconds}，相同 ${same}`,
      `in all: ${changed + gone + added} that matter (${changed} changed, ${gone} gone, ${added} new), ${seconds} where only seconds differ, ${same} same`,
    ),
};

type ReplayTotals = Readonly<Record<'same' | 'seconds' | 'changed' | 'gone' | 'new', number>>;
