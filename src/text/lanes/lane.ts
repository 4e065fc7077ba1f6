/** Texts about lanes, in Chinese and English. It words the lane's decisions and decides nothing. */
import type { SettingName } from '../../lane/settings.ts';
import type { AlarmKind, Fact, LaneEffect, LaneSettings, Release, ReleaseDesc } from '../../lane/types.ts';
import { beijingTime } from '../beijing-time.ts';
import { joined, type Text } from '../text.ts';
import { OUT_BY_THE_ENTRANCE } from './entry-facts.ts';
import { factText, roleText } from './lane-facts.ts';

export { factText, timedFactText } from './lane-facts.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });

/** `release_method_desc`: the Chinese goes over the wire and never changes. */
const DESC: Readonly<Record<ReleaseDesc, Text>> = {
  button: plain('按钮开闸', 'opened by the button'),
  remote: plain('遥控开闸', 'opened by a radio remote'),
  manual: plain('手动开闸', 'opened by hand'),
  heldOpen: plain('常开放行', 'passed while held open'),
  tailgating: plain('可疑跟车', 'suspected tailgating'),
  wrongWay: plain('逆行', 'wrong way'),
  ranBarrier: plain('闯杆', 'ran the barrier'),
  fire: plain('消防开闸', 'opened for fire'),
  mainsLost: plain('断电开闸', 'opened as mains were lost'),
  keepOpen: plain('平台常开', 'kept open by the platform'),
  freePassage: plain('免费时段', 'free passage'),
  systemUnpaid: plain('系统开闸无缴费', 'opened by the system, unpaid'),
  fakeExit: plain('折返未出场', 'went back without leaving'),
  unknown: plain('原因不明', 'cause unknown'),
};

/** All kinds of a release. */
export const RELEASE_DESCS = Object.keys(DESC) as readonly ReleaseDesc[];

export const descText = (desc: ReleaseDesc): Text => DESC[desc];
/** The code of a `release_method_desc`; undefined for an unknown text. */
export const descFromText = (zh: string): ReleaseDesc | undefined => RELEASE_DESCS.find((desc) => DESC[desc].zh === zh);

const ALARMS: Readonly<Record<AlarmKind, Text>> = {
  barrierStuck: plain('闸杆卡滞：两个限位都没有信号', 'barrier stuck: neither limit is active'),
  barrierFault: plain('闸杆限位故障：上下限位同时有信号', 'barrier fault: both limits are active'),
  barrierUnknown: plain('看不到闸杆状态，暂不判断', 'the barrier cannot be seen: no verdicts'),
  loopStuck: plain('地感长时间占用，改用其余地感判断', 'a loop is stuck: the lane goes by the others'),
  ranBarrier: plain('闯杆', 'the barrier was run'),
  heldOpen: plain('闸杆长时间未落', 'the arm stays up'),
  pointsLost: plain('信号丢失', 'a signal is lost'),
  feedDown: plain(
    '缴费消息中断：凭“没有缴费”的判断改为待复核',
    'no payment messages are received: verdicts that rest on a missing payment go to review',
  ),
  pulsesUnverified: plain(
    '开闸继电器动作多数没有缴费消息：暂按已放行处理，待复核',
    'most relay pulses have no payment message: they count as grants, for review',
  ),
  laneIdsSwapped: plain('缴费消息的车道编号可能填反了', 'the lane ids of payment messages look swapped'),
  loopChanged: plain(
    '地感与验收时不同，凭地感的判断改为待复核',
    'a loop does otherwise than when learned: what rests on it goes to review',
  ),
  relayChanged: plain(
    '开闸继电器与验收时不同，名单车辆改为待复核',
    'the relay does otherwise than when learned: known vehicles go to review',
  ),
  readsChanged: plain(
    '车牌识别与验收时不同，凭“没有缴费”的判断改为待复核',
    'plates are read otherwise than when learned: “nobody paid” goes to review',
  ),
};

/** What has changed, and since when. */
export function changedText(changed: Fact, sinceWallMs: number): Text {
  const { zh, en } = factText(changed);
  const since = beijingTime(sinceWallMs).slice(5, 16).replace('T', ' ');
  return plain(`${since} 起${zh}`, `since ${since} ${en}`);
}

export function alarmText(effect: Pick<Extract<LaneEffect, { kind: 'alarm' }>, 'alarm' | 'role' | 'on'>): Text {
  const { alarm, role, on } = effect;
  const what = ALARMS[alarm];
  const of = role === undefined ? undefined : roleText(role);
  const zh = of === undefined ? what.zh : `${what.zh}（${of.zh}）`;
  const en = of === undefined ? what.en : `${what.en} (${of.en})`;
  return on ? plain(zh, en) : plain(`已恢复：${zh}`, `over: ${en}`);
}

export const noteText = (
  effect: Pick<Extract<LaneEffect, { kind: 'note' }>, 'fact'>,
  direction?: LaneSettings['direction'],
): Text => factText(effect.fact, direction);

/** Facts for the platform's staff; the others stay on the page. */
const GIST: readonly string[] = [
  'stateBegan',
  'modeReason',
  'buttonPressed',
  'remotePressed',
  'armRaisedAgain',
  'noCommand',
  'commandsNotSeen',
  'startNotSeen',
  'platesDiffer',
  'plateMismatch',
  'armWasDown',
  'barrierLoopFirst',
  'armStayedUp',
  'gapBefore',
  'passagePresumed',
  'nobodyPassed',
  'noGrant',
  'loopsUnproven',
  'pointsBad',
  'pointsWereBad',
  'maintenance',
];

/** A release's gist for the platform's `reason`. */
export function reasonText(release: Pick<Release, 'facts'> & Partial<Pick<Release, 'desc' | 'direction'>>): Text {
  const { direction } = release;
  const isOut = release.desc === 'wrongWay' && direction === 'exit';
  const gist = release.facts
    .filter((fact: Fact) => GIST.includes(fact.kind))
    .sort((a, b) => GIST.indexOf(a.kind) - GIST.indexOf(b.kind))
    .map((fact) => factText(fact, direction));
  // A wrong way out is the way in.
  if (isOut) gist.unshift(OUT_BY_THE_ENTRANCE);
  return joined(gist);
}

/** Meaning of each lane setting: help in the configuration form and in the JSON Schema. */
export const SETTING_TEXT: Readonly<Record<SettingName, Text>> = {
  settle: {
    zh: '车辆离开防砸地感后，等待迟到缴费消息的时间，到时才下结论',
    en: 'how long after a vehicle has left loop B a late payment message is waited for before the verdict',
  },
  reportFrom: {
    zh: '疑似跟车等不确定的结论达到哪一级把握才上报；低于此级的只留在本机待复核',
    en: 'the confidence from which suspected tailgating and other uncertain verdicts are reported; what lies below is kept on the box for review',
  },
  reportNobodyPassed: {
    zh: '人工开闸后无车通过时，是否也上报',
    en: 'whether a manual opening without a passage is reported as well',
  },
  plateMismatch: {
    zh: '车牌与所用放行凭证不符时：仅记一笔、留待复核、或上报',
    en: 'when a plate contradicts the grant that its car used: a note, kept for review, or reported',
  },
  autoCommandIsGrant: {
    zh: '管理系统的开闸继电器动作是否即视为已缴费：true 是，false 否，auto 由 intake.tells 决定',
    en: 'whether a pulse of the management system’s relay is itself a grant: true, false, or auto: by intake.tells',
  },
  systemOpenWait: {
    zh: '消息齐全的车道上，继电器开闸后等多久仍无缴费消息即记为“系统开闸无缴费”',
    en: 'with complete messages: how long a message for a relay opening is waited for before it counts as opened by the system, unpaid',
  },
  fakeExit: {
    zh: '已放行的车折返未出场时：仅留在本机，或同时上报',
    en: 'when a granted vehicle goes back into the park: kept on the box, or reported as well',
  },
  fakeExitWait: {
    zh: '车辆折返后等多久仍未再出场即记为“折返未出场”',
    en: 'how long after a granted vehicle went back it may still leave before that counts as a fake exit',
  },
  chainWait: {
    zh: '首尾相接的两车最多等多久看后车车牌是否单独出现，再下结论',
    en: 'how long a verdict on vehicles bumper to bumper waits at most for the second plate to come alone',
  },
  flicker: {
    zh: '触发地感和出口地感短于此时间的断开视为抖动',
    en: 'a drop of loop A or C shorter than this is flicker',
  },
  autoJoin: {
    zh: '继电器动作与缴费消息相隔多久以内算作同一次放行凭证',
    en: 'within what time a relay pulse and a payment message are one and the same grant',
  },
  laneGrantTtl: {
    zh: '本车道放行凭证的有效时间',
    en: 'how long a grant for this lane lives while no body holds it',
  },
  paidAheadTtl: {
    zh: '提前缴费（按车牌）的有效离场时间',
    en: 'how long a payment made ahead, bound to its plate, is good for leaving',
  },
  manualMaxWait: {
    zh: '人工开闸后迟迟无车通过时，最多等多久就上报',
    en: 'how long after a manual opening its record waits at most for a first vehicle',
  },
  heldOpenAfter: {
    zh: '最后一辆车通过后，闸杆仍抬起超过此时间即视为常开',
    en: 'an arm still up this long after the last passage counts as held open',
  },
  plateWindow: {
    zh: '车辆触发前后多久以内的识别结果归这辆车',
    en: 'how far before a body’s rise and after its end a plate read may still belong to it',
  },
  transit: {
    zh: '小型车辆离开触发地感到压上防砸地感的最长时间',
    en: 'the longest time between leaving loop A and reaching loop B for a small or far-spaced vehicle',
  },
  drawbarGap: {
    zh: '触发地感短于此时间的断开视为拖挂或高底盘，仍算一辆车',
    en: 'a gap on loop A shorter than this is a drawbar or a high chassis: the same vehicle',
  },
  mergeGap: {
    zh: '防砸地感短于此时间的断开视为抖动',
    en: 'a gap on loop B shorter than this is flicker',
  },
  mergeGapTravel: {
    zh: '闸杆运动期间，防砸地感短于此时间的断开视为抖动',
    en: 'the same while the arm travels, which disturbs loop B',
  },
  mergeGapSingle: {
    zh: '只有防砸地感时，两次占用相隔短于此时间算一辆车',
    en: 'with loop B alone: two occupancies with a shorter gap are one vehicle',
  },
  minDwell: {
    zh: '只有防砸地感时，占用至少多久才算一辆车',
    en: 'with loop B alone: the shortest occupancy that is a vehicle',
  },
  closeTime: {
    zh: '没有下限位时，抬杆信号消失多久后视为已落杆',
    en: 'with no down limit: how long after the up signal ends the arm counts as down',
  },
  travelTimeout: {
    zh: '两个限位都没有信号超过此时间，报闸杆卡滞',
    en: 'with neither limit active for longer than this the barrier is reported stuck',
  },
  loopStuckAfter: {
    zh: '地感持续占用超过此时间，报地感卡死并改用其余地感判断',
    en: 'a loop occupied for longer than this is reported stuck, and the lane goes by the loops that remain',
  },
};
