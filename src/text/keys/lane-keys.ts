/** Meaning of each setting of a lane; the other keys of the configuration are in `keys.ts`. Both languages; Chinese first. */

export const LANE_SETTINGS_KEYS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'lanes.settings': ['判定参数；不写用默认值', 'what the verdicts depend on; defaults when left out'],
  'lanes.settings.settle': [
    '过车后再等这么久的缴费消息',
    'how long a verdict waits for a message after the car is through',
  ],
  'lanes.settings.reportFrom': [
    '可疑跟车达到哪一档才上报：sure 确定、likely 很可能、possible 可能；低于它的留在本机待看',
    'from which confidence on tailgating is reported; what lies below stays on the box for review',
  ],
  'lanes.settings.reportNobodyPassed': ['抬了杆没有车过，也上报', 'report a manual opening without a passage'],
  'lanes.settings.plateMismatch': [
    '缴费车牌和看到的不符：note 只记录、review 待看、report 上报',
    'a paid plate that differs from the one read: note, review or report',
  ],
  'lanes.settings.autoCommandIsGrant': [
    '开闸继电器的脉冲是否算缴费：auto 由 intake.tells 决定，true 总算（没有缴费消息的车场），false 不算',
    'whether a relay pulse alone counts as paid: auto by intake.tells, true always (sites with no messages), false never',
  ],
  'lanes.settings.systemOpenWait': ['继电器开闸后等缴费消息多久', 'how long a relay opening waits for its message'],
  'lanes.settings.fakeExit': [
    '折返未出场：local 只留本机、report 也上报',
    'a fake exit: local event only, or report it too',
  ],
  'lanes.settings.fakeExitWait': ['折返后等多久才算未出场', 'how long after going back it may still leave'],
  'lanes.settings.chainWait': [
    '首尾相接的车等车牌单独出现多久',
    'how long bumper-to-bumper waits for the second plate',
  ],
  'lanes.settings.flicker': ['触发、出口地感短于此的断开不算', 'a shorter drop of loop A or C is none'],
  'lanes.settings.autoJoin': ['脉冲和缴费消息相隔多久算同一件事', 'how far apart a pulse and its message may be'],
  'lanes.settings.laneGrantTtl': ['指定车道的缴费有效多久', 'how long a grant for a lane lives'],
  'lanes.settings.paidAheadTtl': ['提前缴费（按车牌）有效多久', 'how long a grant paid ahead lives'],
  'lanes.settings.manualMaxWait': ['手动抬杆后，最多等车这么久就上报', 'longest wait for a car after a manual opening'],
  'lanes.settings.heldOpenAfter': [
    '最后一辆车过后杆还抬这么久，算常开放行',
    'the arm still up this long after the last car: held open',
  ],
  'lanes.settings.plateWindow': ['车牌识别与地感相差多久算同一辆车', 'how far from its loops a plate read may be'],
  'lanes.settings.transit': ['A 释放到 B 触发最长多久算同一辆车', 'longest gap from loop A to loop B of one car'],
  'lanes.settings.drawbarGap': ['A 上短于它的空档算拖挂或高底盘', 'a gap on loop A shorter than this is a drawbar'],
  'lanes.settings.mergeGap': ['B 上短于它的空档算抖动', 'a gap on loop B shorter than this is flicker'],
  'lanes.settings.mergeGapTravel': ['杆在动时，B 上短于它的空档算抖动', 'the same while the arm travels'],
  'lanes.settings.mergeGapSingle': ['只有 B 时，短于它的空档算同一辆车', 'with loop B alone: a shorter gap is one car'],
  'lanes.settings.minDwell': ['只有 B 时，短于它的占用不算车', 'with loop B alone: a shorter occupancy is no car'],
  'lanes.settings.closeTime': ['没有下限位时，上限位释放后多久算落下', 'without a down limit: how long closing takes'],
  'lanes.settings.travelTimeout': ['两个限位都不到位超过它，报道闸卡住', 'neither limit for this long: barrier stuck'],
  'lanes.settings.loopStuckAfter': ['地感一直占用超过它，报地感常占', 'a loop occupied for this long: loop stuck'],
};
