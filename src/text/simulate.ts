/** What `lanewarden simulate` says, in Chinese and English. */
import type { ReleaseDesc } from '../lane/types.ts';
import type { Text } from './text.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

export const detectionText = {
  head: (vehicles: number, hours: string, paid: number): Text =>
    plain(
      `${vehicles} 辆车，${hours} 小时的车流，其中付费通过 ${paid} 次`,
      `${vehicles} vehicles in ${hours} hours of traffic, ${paid} paid passages among them`,
    ),
  count: plain('总数', 'all'),
  found: plain('发现', 'found'),
  missed: plain('漏报', 'missed'),
  false: plain('误报', 'false'),
  confusion: plain('实际是什么（行），盒子说什么（列）', 'what it was (rows) and what the box said of it (columns)'),
  plates: (right: number, of: number): Text =>
    plain(`已发现的 ${of} 条中，${right} 条车牌正确`, `of ${of} found, ${right} bear the right plate`),
  finding: {
    nothing: plain('无', 'nothing'),
    review: plain('待复核', 'review'),
    button: plain('按钮', 'button'),
    remote: plain('遥控', 'remote'),
    manual: plain('手动', 'by hand'),
    heldOpen: plain('常开', 'held open'),
    tailgating: plain('跟车', 'tailgating'),
    wrongWay: plain('逆行', 'wrong way'),
    ranBarrier: plain('闯杆', 'ran it'),
    fire: plain('消防', 'fire'),
    mainsLost: plain('断电', 'mains'),
    keepOpen: plain('平台常开', 'kept open'),
    freePassage: plain('免费时段', 'free hours'),
    unknown: plain('不明', 'unknown'),
  } satisfies Readonly<Record<'nothing' | 'review' | ReleaseDesc, Text>>,
  class: {
    paid: plain('付费车辆', 'paid'),
    paidTrailer: plain('付费拖挂车', 'paid, with trailer'),
    paidMotorcycle: plain('付费摩托车', 'paid motorcycle'),
    backOut: plain('付费后倒回再出', 'paid, backed out, came again'),
    button: plain('按钮放行', 'let out by button'),
    remote: plain('遥控放行', 'let out by remote'),
    crank: plain('手摇或钥匙放行', 'let out by key or crank'),
    motorcycle: plain('按钮放行的摩托车', 'motorcycle, by button'),
    nobody: plain('开闸无车', 'opened for nobody'),
    tailgater: plain('跟车（地感分得开）', 'tailgater, own loop order'),
    tailgaterClose: plain('跟车（首尾相接）', 'tailgater, too close'),
  },
  goal: {
    manual: (is: string, goal: string): Text =>
      plain(`人工开闸发现 ${is}（目标 ${goal}）`, `manual openings found: ${is} (goal ${goal})`),
    tailgaters: (is: string, goal: string): Text =>
      plain(
        `地感分得开的跟车发现 ${is}（目标不少于 ${goal}）`,
        `tailgaters with their own loop order found: ${is} (goal at least ${goal})`,
      ),
    falseAlarms: (is: string, goal: string): Text =>
      plain(
        `误报占付费通过 ${is}（目标不超过 ${goal}）`,
        `false alarms of paid passages: ${is} (goal at most ${goal})`,
      ),
  },
};

export const simulateText = {
  summary: plain(
    '模拟一个车场供人练习和对接；--vehicles 用虚拟时间跑随机车流并给出检出报告',
    'a simulated park to train on and to integrate with; --vehicles plays random traffic in virtual time and reports detection',
  ),
  vehicles: plain(
    '虚拟时间：这么多辆随机车辆，打印检出报告',
    'virtual time: so many random vehicles, then a report of detection',
  ),
  seed: plain('随机种子；相同的种子给出相同的车流', 'seed of chance; the same seed gives the same traffic'),
  rate: plain('每小时来车数', 'vehicles an hour'),
  mix: plain(
    '各类来车的份额，如 paid=80,tailgater=10（未列出的不来）',
    'shares of what comes, such as paid=80,tailgater=10 (what is left out does not come)',
  ),
  baud: plain('串口波特率', 'baud rate of the wire'),
  poll: plain('轮询间隔，毫秒', 'time between polls, milliseconds'),
  boards: plain('同一条线上的 I/O 板数', 'boards that share the wire'),
  without: plain(
    '缺少什么：点位名、camera 或 payments，逗号分隔',
    'what is missing: names of points, camera or payments, with commas',
  ),
  goals: plain('未达到目标时退出码为 1', 'exits 1 when a goal is not reached'),
  keep: plain(
    '把漏报和误报写成场景文件，存到此目录',
    'writes what was missed or false as scenario files into this folder',
  ),
  json: plain('输出 JSON，供程序读取', 'prints JSON for programs'),
  badNumber: (name: string, text: string, least: number, most: number): Text =>
    plain(`--${name} 应为 ${least} 到 ${most}，而不是 ${text}`, `--${name} is ${least} to ${most}, not ${text}`),
  badMix: (part: string, stories: readonly string[]): Text =>
    plain(
      `--mix 看不懂 ${part}；可用：${stories.join('、')}`,
      `--mix: ${part} makes no sense; there are ${stories.join(', ')}`,
    ),
  badWithout: (part: string, known: readonly string[]): Text =>
    plain(
      `--without 不认识 ${part}；可用：${known.join('、')}`,
      `--without: no ${part}; there are ${known.join(', ')}`,
    ),
  kept: (count: number, folder: string): Text =>
    plain(`${count} 个场景写入 ${folder}`, `${count} scenarios written to ${folder}`),
};
