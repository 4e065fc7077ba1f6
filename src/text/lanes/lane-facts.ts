/** Each fact of a verdict, and each note of a lane, as a short sentence in Chinese and English. It words them and decides nothing. */
import type { ClaimWay } from '../../lane/kinds.ts';
import type { Fact, LaneSettings } from '../../lane/types.ts';
import { joined, type Text } from '../text.ts';
import { ENTRY_FACTS, ENTRY_FACTS_OF_A_PLATE } from './entry-facts.made.ts';
import { CAUSE, CHANGED, FACTS, FACTS_OF_A_PLATE, GRANT_UNUSED, ROLE, SENSE, WAY } from './lane-facts.made.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

/** Reads a fact's values; a missing one reads as empty rather than as `undefined`. */
class Values {
  readonly #fact: Fact;
  constructor(fact: Fact) {
    this.#fact = fact;
  }
  text(name: string): string {
    const value = this.#fact.values?.[name];
    return value === undefined ? '' : String(value);
  }
  number(name: string): number {
    const value = this.#fact.values?.[name];
    return typeof value === 'number' ? value : 0;
  }
  /** For a table: times in seconds. */
  get worded(): Readonly<Record<string, string>> {
    return new Proxy({}, { get: (_, name: string) => (name.endsWith('Ms') ? this.seconds(name) : this.text(name)) });
  }
  is(name: string): boolean {
    return this.#fact.values?.[name] === true;
  }
  seconds(name: string): string {
    return seconds(this.number(name));
  }
  after(name: string, zh: string, en: string): readonly [string, string] {
    const value = this.text(name);
    return value === '' ? ['', ''] : [`${zh}${value}`, `${en}${value}`];
  }
}

/** Who tells of payments, with its till. */
const sender = (values: Values): string =>
  [values.text('source'), values.text('till')].filter((name) => name !== '').join(' / ');

/** 300 → 0.3, 61000 → 61 */
const seconds = (ms: number): string => String(Math.round(ms / 100) / 10);
const cause = (values: Values): Text =>
  CAUSE[values.text('cause')] ?? plain(values.text('cause'), values.text('cause'));
/** How a vehicle came to its payment; of a newer version that has more ways, its own name. */
export const claimWayText = (way: string): Text => WAY[way as ClaimWay] ?? plain(way, way);
const way = (values: Values): Text => claimWayText(values.text('way'));

function press(zh: string, en: string): (values: Values) => Text {
  return (values) => {
    const beforeMs = values.number('beforeMs');
    const passing = values.text('what') === 'passage';
    const what = passing ? plain('通过', 'it passed') : plain('开闸', 'the opening');
    const time = seconds(Math.abs(beforeMs));
    return beforeMs >= 0
      ? plain(`${what.zh}前 ${time} 秒${zh}`, `${en} ${time} s before ${what.en}`)
      : plain(`${what.zh}后 ${time} 秒${zh}`, `${en} ${time} s after ${what.en}`);
  };
}

function withPlate({ zh, en }: Text): (values: Values) => Text {
  return (values) => {
    const [plateZh, plateEn] = values.after('plate', '：', ': ');
    return plain(`${zh}${plateZh}`, `${en}${plateEn}`);
  };
}

type Worded = Readonly<Record<string, (values: Values) => Text>>;

function ofTables(texts: object, ofAPlate: Readonly<Record<string, Text>>): Worded {
  const facts = Object.entries(texts as Readonly<Record<string, Text | ((values: object) => Text)>>);
  return Object.fromEntries([
    ...facts.map(([kind, text]) => [kind, (values: Values) => (typeof text === 'object' ? text : text(values.worded))]),
    ...Object.entries(ofAPlate).map(([kind, text]) => [kind, withPlate(text)]),
  ]) as Worded;
}

/** A role's name at the lane. */
export const roleText = (role: string): Text => ROLE[role] ?? plain(role, role);
function roles(values: Values, name: string): Text {
  const named = values
    .text(name)
    .split(' ')
    .filter((role) => role !== '')
    .map(roleText);
  return joined(named, '、', ', ');
}

/** Every kind of fact of the lane engine. A test compares the engine's sources with this table. */
export const FACT_TEXT: Worded = {
  ...ofTables(FACTS, FACTS_OF_A_PLATE),
  buttonPressed: press('按下按钮', 'button pressed'),
  remotePressed: press('遥控动作', 'remote used'),
  plateRead: (values) => {
    const percent = Math.round(values.number('confidence') * 100);
    return plain(`识别车牌 ${values.text('plate')}（${percent}%）`, `plate ${values.text('plate')} read (${percent}%)`);
  },
  gapBefore: (values) => {
    const held = values.is('heldB');
    const [zh, en] = held ? ['，其间防砸地感未断', ', loop B occupied throughout'] : ['', ''];
    return plain(
      `与前车相隔 ${values.seconds('gapMs')} 秒${zh}`,
      `${values.seconds('gapMs')} s behind the one before${en}`,
    );
  },
  noGrant: (values) => {
    const forMs = values.number('toAtMs') - values.number('fromAtMs');
    return plain(`前后共 ${seconds(forMs)} 秒内没有缴费`, `no payment in ${seconds(forMs)} s`);
  },
  feedDown: (values) => {
    const [zh, en] = values.after('intakes', '：', ': ');
    return plain(`缴费消息中断${zh}`, `no payment messages are received${en}`);
  },
  senderClockOff: (values) =>
    plain(
      `缴费消息来源 ${sender(values)} 的时钟相差 ${values.seconds('offsetMs')} 秒，缴费照常计入`,
      `the clock of ${sender(values)} is off by ${values.seconds('offsetMs')} s: its payments count all the same`,
    ),
  // Quality.
  senseChanged: (values) => {
    const { zh, en } = CHANGED[values.text('measure')] ?? plain('与平时不同', 'it does otherwise than usual');
    const by = ` ${values.seconds('byMs')} `;
    return plain(zh.replace('…', by), en.replace('… ', by.trimStart()));
  },
  senseSick: (values) => {
    const { zh, en } = SENSE[values.text('sense')] ?? plain('', '');
    return plain(`${zh}当时与平时不同`, `${en} did otherwise than usual then`);
  },
  pointsBad: (values) => {
    const names = roles(values, 'roles');
    return plain(`信号不可信：${names.zh}`, `not good: ${names.en}`);
  },
  pointLost: (values) => {
    const names = roles(values, 'role');
    return plain(`${names.zh}信号丢失`, `${names.en} lost`);
  },
  loopOccupied: (values) => {
    const names = roles(values, 'role');
    return plain(`${names.zh}一直被占用`, `${names.en} occupied all the time`);
  },
  startedBlind: (values) =>
    plain(
      `程序重新启动，${values.seconds('blindMs')} 秒未观察${values.is('powerCut') ? '（断电）' : ''}`,
      `started again after ${values.seconds('blindMs')} s unobserved${values.is('powerCut') ? ' (power cut)' : ''}`,
    ),
  // States.
  stateBegan: (values) => plain(`${cause(values).zh}开始`, `${cause(values).en} began`),
  stateEnded: (values) =>
    plain(
      `${cause(values).zh}结束，期间通过 ${values.text('passages')} 辆`,
      `${cause(values).en} ended: ${values.text('passages')} passed meanwhile`,
    ),
  modeReason: (values) => plain(`原因：${reason(values, '，')}`, `because of: ${reason(values, ', ')}`),
  maintenance: (values) => {
    const [zh, en] = values.after('reason', '：', ': ');
    return plain(`维护模式，不上报${zh}`, `maintenance mode, not reported${en}`);
  },
  maintenanceBegan: (values) =>
    plain(`进入维护模式：${reason(values, '，')}`, `maintenance mode began: ${reason(values, ', ')}`),
  // Grants.
  grantUsed: (values) => {
    const [plateZh, plateEn] = values.after('plate', ' ', ' ');
    return plain(`放行凭证${plateZh} 已使用（${way(values).zh}）`, `grant${plateEn} used (${way(values).en})`);
  },
  relayFlashed: (values) =>
    plain(
      `继电器触点只闪了 ${values.number('forMs')} 毫秒，远短于平常，不算脉冲`,
      `the relay's contact flashed for ${values.number('forMs')} ms, far shorter than usual: no pulse`,
    ),
  grantUnused: (values) => {
    if (values.is('repeated')) return withPlate(GRANT_UNUSED.repeated)(values);
    if (values.is('expired')) return withPlate(GRANT_UNUSED.expired)(values);
    return withPlate(GRANT_UNUSED.unused)(values);
  },
  mayBePaid: (values) => {
    const plate = values.text('granted');
    return plain(
      `有一笔没用上的缴费${plate === '' ? '' : `（${plate}）`}，可能就是这辆车的`,
      `a payment is unused${plate === '' ? '' : ` (${plate})`} and may be of this vehicle`,
    );
  },
  oneOfTwo: (values) => {
    const plate = values.text('granted');
    const [zh, en] = plate === '' ? ['', ''] : [`（${plate}）`, ` (${plate})`];
    return plain(
      `这辆车和前一辆（第 ${values.text('bodyId')} 辆）都没有识别到车牌，只有一笔缴费${zh}：其中一辆未缴费，是哪一辆无法确定`,
      `neither this vehicle nor the one ahead (vehicle ${values.text('bodyId')}) was read, and there is one payment${en}: one of them has not paid, and which is not known`,
    );
  },
  paidPassage: (values) => {
    const [plateZh, plateEn] = values.after('plate', ' ', ' ');
    return plain(`已缴费通过${plateZh}（${way(values).zh}）`, `paid passage${plateEn} (${way(values).en})`);
  },
};

/** At an entry a grant is an entry record; what is missing here reads as at an exit. */
export const ENTRY_FACT_TEXT: Worded = {
  ...ofTables(ENTRY_FACTS, ENTRY_FACTS_OF_A_PLATE),
  noGrant: (values) => {
    const forMs = values.number('toAtMs') - values.number('fromAtMs');
    return plain(`前后共 ${seconds(forMs)} 秒内没有入场记录`, `no entry record in ${seconds(forMs)} s`);
  },
};

function reason(values: Values, comma: string): string {
  return [values.text('reason'), values.text('operator')].filter((part) => part !== '').join(comma);
}

/** A fact without its time, of a vehicle in this direction. An unknown kind (a record of a newer version) shows its own name. */
export function factText(fact: Fact, direction: LaneSettings['direction'] = 'exit'): Text {
  const text = (direction === 'entry' ? ENTRY_FACT_TEXT[fact.kind] : undefined) ?? FACT_TEXT[fact.kind];
  return text === undefined ? plain(fact.kind, fact.kind) : text(new Values(fact));
}

/** A fact with its time in front; `time` formats a lane time. */
export function timedFactText(
  fact: Fact,
  time: (atMs: number) => string,
  direction: LaneSettings['direction'] = 'exit',
): Text {
  const { zh, en } = factText(fact, direction);
  return fact.atMs === undefined ? plain(zh, en) : plain(`${time(fact.atMs)} ${zh}`, `${time(fact.atMs)} ${en}`);
}
