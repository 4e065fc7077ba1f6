/** Each fact of a verdict, and each note of a lane, as a short sentence in Chinese and English. It words them and decides nothing. */
import type { ClaimWay } from '../../lane/kinds.ts';
import type { Fact, LaneSettings } from '../../lane/types.ts';
import { joined, type Text } from '../text.ts';
import { ENTRY_FACT_TEXT } from './entry-facts.ts';
import { CAUSE, CHANGED, ROLE, SENSE, WAY } from './lane-facts.made.ts';

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

/** 300 → 0.3, 61000 → 61 */
/** Who tells of payments, with its till. */
const sender = (values: Values): string =>
  [values.text('source'), values.text('till')].filter((name) => name !== '').join(' / ');

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

const fixed =
  (zh: string, en: string): (() => Text) =>
  () =>
    plain(zh, en);

function withPlate(zh: string, en: string): (values: Values) => Text {
  return (values) => {
    const [plateZh, plateEn] = values.after('plate', '：', ': ');
    return plain(`${zh}${plateZh}`, `${en}${plateEn}`);
  };
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
export const FACT_TEXT: Readonly<Record<string, (values: Values) => Text>> = {
  // The opening.
  downReleased: fixed('下限位释放', 'down limit released'),
  upActive: fixed('抬杆到位信号出现', 'barrier-open contact active'),
  startNotSeen: fixed('未观察到开闸的开始', 'the beginning of the opening was not observed'),
  openingEnded: fixed('闸杆落下', 'the arm was down again'),
  buttonPressed: press('按下按钮', 'button pressed'),
  remotePressed: press('遥控动作', 'remote used'),
  armRaisedAgain: fixed(
    '闸杆已开始下落又抬起，未见任何开闸指令',
    'the arm had begun to close and went up again without any command',
  ),
  noCommand: fixed('未见任何开闸指令', 'no command was seen'),
  commandsNotSeen: fixed('当时看不到开闸指令信号', 'the command inputs could not be observed'),
  relayPulsed: fixed('开闸继电器动作', 'the relay of the management system pulsed'),
  nobodyPassed: fixed('无车通过', 'no vehicle passed'),
  wrongWayInOpening: fixed('期间有车逆行', 'a vehicle came the wrong way meanwhile'),
  firstPassageLater: fixed(
    '首辆车较晚通过，属于已上报的同一次开闸',
    'the first passage came later and belongs to the record already sent',
  ),
  armBounced: (values) =>
    plain(
      `闸杆抖动 ${values.seconds('forMs')} 秒，不算开闸`,
      `the arm bounced for ${values.seconds('forMs')} s: not an opening`,
    ),
  armStayedUp: (values) =>
    plain(`闸杆已抬起 ${values.seconds('forMs')} 秒未落`, `the arm had stayed up for ${values.seconds('forMs')} s`),
  armStaysUp: fixed('最后一辆车之后闸杆一直未落', 'the arm has not come down since the last vehicle'),
  armTravelling: fixed('两个限位都没有信号', 'neither limit is active'),
  bothLimits: fixed('上下限位同时有信号', 'both limits are active'),
  // The passage.
  vehicle: (values) =>
    plain(`本车道第 ${values.text('bodyId')} 辆到达`, `vehicle ${values.text('bodyId')} of this lane came`),
  approachRose: fixed('压上触发地感', 'loop A occupied'),
  barrierRose: fixed('压上防砸地感', 'loop B occupied'),
  approachFell: fixed('离开触发地感', 'loop A free'),
  barrierFell: fixed('离开防砸地感', 'loop B free'),
  exitFell: fixed('离开出口地感', 'loop C free'),
  exitRose: fixed('压上出口地感', 'loop C occupied'),
  plateRead: (values) => {
    const percent = Math.round(values.number('confidence') * 100);
    return plain(`识别车牌 ${values.text('plate')}（${percent}%）`, `plate ${values.text('plate')} read (${percent}%)`);
  },
  approachFellAgain: (values) =>
    plain(`触发地感断开 ${values.text('falls')} 次`, `loop A became free ${values.text('falls')} times`),
  longerThanUsual: (values) =>
    plain(`占用长度为平常的 ${values.text('ratio')} 倍`, `${values.text('ratio')} times as long as usual`),
  shorterThanUsual: fixed('比平常车辆短得多', 'much shorter than a usual vehicle'),
  platesDiffer: (values) =>
    plain(
      `车牌 ${values.text('plate')} 与前车 ${values.text('before')} 不同`,
      `plate ${values.text('plate')} is not that of the vehicle before, ${values.text('before')}`,
    ),
  plateMismatch: (values) =>
    plain(
      `车牌 ${values.text('plate')} 与缴费车牌 ${values.text('granted')} 不符`,
      `plate ${values.text('plate')} is not the granted one, ${values.text('granted')}`,
    ),
  gapBefore: (values) => {
    const held = values.is('heldB');
    const [zh, en] = held ? ['，其间防砸地感未断', ', loop B occupied throughout'] : ['', ''];
    return plain(
      `与前车相隔 ${values.seconds('gapMs')} 秒${zh}`,
      `${values.seconds('gapMs')} s behind the one before${en}`,
    );
  },
  passagePresumed: fixed('没有可用地感，推定有车通过', 'no loop could see it: presumed to have passed'),
  loopsUnproven: fixed(
    '断电后地感尚未见空闲，可能把停着的车当作空闲',
    'since the power cut a loop had not been seen free yet',
  ),
  armWasDown: fixed('通过时闸杆一直在下', 'the arm was down throughout'),
  barrierLoopFirst: fixed('先压防砸地感、后压触发地感', 'loop B came before loop A'),
  noGrant: (values) => {
    const forMs = values.number('toAtMs') - values.number('fromAtMs');
    return plain(`前后共 ${seconds(forMs)} 秒内没有缴费`, `no payment in ${seconds(forMs)} s`);
  },
  feedDown: (values) => {
    const [zh, en] = values.after('intakes', '：', ': ');
    return plain(`缴费消息中断${zh}`, `no payment messages are received${en}`);
  },
  pulsesJoined: (values) =>
    plain(
      `最近 ${values.text('pulses')} 次继电器开闸中 ${values.text('joined')} 次有缴费消息`,
      `${values.text('joined')} of the last ${values.text('pulses')} relay pulses had a payment message`,
    ),
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
  pointsWereBad: fixed('期间有信号中断', 'a point was not good meanwhile'),
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
  automaticPassages: (values) =>
    plain(
      `恢复逐车判断，其间共通过 ${values.text('passages')} 辆`,
      `verdicts per car again: ${values.text('passages')} passed meanwhile`,
    ),
  modeReason: (values) => plain(`原因：${reason(values, '，')}`, `because of: ${reason(values, ', ')}`),
  maintenance: (values) => {
    const [zh, en] = values.after('reason', '：', ': ');
    return plain(`维护模式，不上报${zh}`, `maintenance mode, not reported${en}`);
  },
  maintenanceBegan: (values) =>
    plain(`进入维护模式：${reason(values, '，')}`, `maintenance mode began: ${reason(values, ', ')}`),
  maintenanceEnded: fixed('维护模式结束', 'maintenance mode ended'),
  // Grants.
  grantUsed: (values) => {
    const [plateZh, plateEn] = values.after('plate', ' ', ' ');
    return plain(`放行凭证${plateZh} 已使用（${way(values).zh}）`, `grant${plateEn} used (${way(values).en})`);
  },
  pulseUsed: fixed('按继电器开闸放行', 'passed on the relay of the management system'),
  relayFlashed: (values) =>
    plain(
      `继电器触点只闪了 ${values.number('forMs')} 毫秒，远短于平常，不算脉冲`,
      `the relay's contact flashed for ${values.number('forMs')} ms, far shorter than usual: no pulse`,
    ),
  pulseLapsed: fixed('继电器开闸后无车通过', 'the relay opened and no vehicle passed'),
  grantUnused: (values) => {
    if (values.is('repeated'))
      return withPlate('重复的缴费消息，车已离场', 'a repeated payment for a vehicle that has left')(values);
    if (values.is('expired')) return withPlate('收到时已过期的缴费', 'a payment that had expired on arrival')(values);
    return withPlate('已缴费放行，但无车通过', 'granted, no vehicle passed')(values);
  },
  grantReplaced: withPlate('被更新的放行凭证取代', 'replaced by a newer grant'),
  grantGivenUp: withPlate(
    '未用的放行凭证过多，丢弃其中最多的来源最早一条',
    'too many unused grants: the oldest of the sender with most was dropped',
  ),
  grantPassageElsewhere: withPlate(
    '放行凭证的其中一次已在其他车道使用',
    'one passage of the grant was used in another lane',
  ),
  grantUsedElsewhere: withPlate('放行凭证已在其他车道使用', 'the grant was used in another lane'),
  grantCancelled: withPlate('放行凭证已取消', 'the grant was cancelled'),
  grantIdReused: (values) =>
    plain(
      `编号 ${values.text('grantId')} 以前用过：按另一笔缴费计`,
      `the id ${values.text('grantId')} was used before: counted as another payment`,
    ),
  grantInvalid: (values) =>
    plain(
      `拒收放行凭证 ${values.text('grantId')}：次数无效或缺车牌`,
      `grant ${values.text('grantId')} refused: a bad count, or no plate`,
    ),
  paidLate: fixed('判断之后收到缴费消息', 'the payment arrived after the verdict'),
  latePayment: fixed('记录已发出后收到缴费消息', 'the payment arrived after the record had left'),
  notASecondVehicle: fixed(
    '车牌随后单独出现，并无第二辆车',
    'its plate came alone afterwards: there was no second vehicle',
  ),
  grantGivenBack: withPlate('放行凭证还给车牌完全相符的车', 'grant given back to the vehicle with exactly its plate'),
  paymentLost: (values) =>
    plain(
      `曾按相近车牌 ${values.text('granted')} 的放行凭证，那辆车后来自己来了`,
      `had passed on the payment of ${values.text('granted')}, a plate like its own, whose vehicle has come since`,
    ),
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
  alikeElsewhere: fixed(
    '有相近车牌的缴费，那辆车在另一条车道',
    'a payment for a plate like its own, whose vehicle is in another lane',
  ),
  grantForOtherLane: fixed('缴费消息给的是另一条车道', 'the payment message named another lane'),
  grantsForOtherLane: (values) =>
    plain(
      `连续 ${values.text('count')} 辆车的缴费消息给了另一条车道`,
      `the payments of ${values.text('count')} vehicles in a row named another lane`,
    ),
  pulsesUnverified: fixed(
    '按继电器放行，缴费消息中断，未核实',
    'let out by the relay while messages are missing: not verified',
  ),
  systemOpenedNobody: fixed('系统开闸，无车通过', 'opened by the system, no vehicle passed'),
  unseenNobody: fixed('未见开闸，也无车通过', 'no opening seen, and no vehicle passed'),
  // Vehicles.
  fakeExit: withPlate('已放行的车折返，未出场', 'a granted vehicle went back without leaving'),
  cameToA: fixed('车辆驶上触发地感', 'the vehicle came onto loop A'),
  wentBack: fixed('车辆退离触发地感', 'the vehicle went back off loop A'),
  grantEndedUnused: fixed('放行凭证未被使用', 'its grant was not used'),
  possiblePart: fixed('可能是前车的一部分，不另记', 'perhaps a part of the vehicle before it: no separate record'),
  paidPassage: (values) => {
    const [plateZh, plateEn] = values.after('plate', ' ', ' ');
    return plain(`已缴费通过${plateZh}（${way(values).zh}）`, `paid passage${plateEn} (${way(values).en})`);
  },
  turnedAway: withPlate('到达后离开，未通过', 'came and turned away'),
  stuckOnLoop: withPlate('触发地感卡死，不再当作车辆', 'loop A is stuck: no longer taken for a vehicle'),
  backedOut: withPlate('压上防砸地感后倒车退出', 'backed out'),
  bodyGivenUp: withPlate('车道内车辆过多，放弃跟踪最早一辆', 'too many vehicles: tracking of the oldest was dropped'),
  seenOnBarrierOnly: fixed('仅防砸地感短暂动作，不算车辆通过', 'seen on loop B only: not a passage'),
  reverseBackedOut: fixed('逆向驶入后退回', 'came from behind and went back'),
  reverseUnclear: fixed('逆向车辆因信号中断无法判断', 'one from behind could not be followed: a point was lost'),
  passageUnjudged: fixed('看不到闸杆状态，此次通过不作判断', 'a passage with no opening known: no verdict'),
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
