/** Texts of the status page. Chinese first. */
import type { DeviceLive, QueueBrief } from '../../page/api/api.ts';
import type { TodayBrief } from '../../page/api/api-account.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const deviceKind: Readonly<Record<DeviceLive['kind'], Text>> = {
  line: { zh: '线路', en: 'line' },
  device: { zh: '设备', en: 'device' },
  gpio: { zh: '引脚', en: 'pins' },
  camera: { zh: '摄像机', en: 'camera' },
};

export const deviceState: Readonly<Record<DeviceLive['state'], Text>> = {
  ok: { zh: '在线', en: 'online' },
  down: { zh: '离线', en: 'offline' },
  unknown: { zh: '还没有数据', en: 'no data yet' },
};

export const uploaderState: Readonly<Record<QueueBrief['uploader'], Text>> = {
  working: { zh: '正在上传', en: 'uploading' },
  idle: { zh: '空闲', en: 'idle' },
  offline: { zh: '平台未连通', en: 'platform unreachable' },
  paused: { zh: '已暂停', en: 'paused' },
  refused: { zh: '平台拒绝', en: 'refused by the platform' },
};

/** Whole days; below one whole hours, at least one. */
export const fitsForMs = (held: number): number =>
  held >= 1 ? Math.floor(held) * 86_400_000 : Math.max(1, Math.floor(held * 24)) * 3_600_000;

export const overviewPageText = {
  newLane: { zh: '添加车道', en: 'Add a lane' },
  today: ({ passages, byHand, tailgating }: TodayBrief): Text => ({
    zh: `今天：通行 ${passages} 次，人工开闸 ${byHand} 次，跟车 ${tailgating} 次`,
    en: `Today: ${passages} passages, ${byHand} by hand, ${tailgating} tailgating`,
  }),
  forSince: (duration: Text): Text => ({ zh: `已 ${duration.zh}`, en: `for ${duration.en}` }),
  on: { zh: '有', en: 'on' },
  off: { zh: '无', en: 'off' },
  notKnown: { zh: '未知', en: 'unknown' },
  drawing: (arm: Text, on: readonly Text[]): Text => ({
    zh: `${arm.zh}；${on.length === 0 ? '没有信号' : `有信号：${on.map(({ zh }) => zh).join('、')}`}`,
    en: `${arm.en}; ${on.length === 0 ? 'no signal is on' : `on: ${on.map(({ en }) => en).join(', ')}`}`,
  }),
  granted: { zh: '已缴费', en: 'paid' },
  entered: { zh: '已有入场记录', en: 'entry recorded' },
  twoCameras: (camera: string, second: string, looks: 'front' | 'rear'): Text => ({
    zh: `摄像机 ${camera}，第二台 ${second} 拍车${looks === 'rear' ? '尾' : '头'}`,
    en: `Cameras ${camera} and ${second}, which sees the ${looks} of vehicles`,
  }),
  lastPlate: { zh: '最近车牌', en: 'Last plate' },
  lastRelease: { zh: '最近放行', en: 'Last release' },
  none: { zh: '还没有', en: 'none yet' },
  noRelease: { zh: '还没有放行记录', en: 'No release yet' },
  whatToDo: { zh: '怎么办', en: 'What to do' },
  follows: { zh: '由此引起：', en: 'Follows from it:' },
  technical: { zh: '技术细节：', en: 'Technical details:' },
  picture: (what: Text): Text => ({ zh: `抓拍：${what.zh}`, en: `Picture: ${what.en}` }),
  noPicture: { zh: '无图', en: 'No picture' },
  picturePending: { zh: '取图中', en: 'Pending' },
  devices: { zh: '设备', en: 'Devices' },
  round: { zh: '轮询周期', en: 'Poll cycle' },
  wire: { zh: '线路占用', en: 'Bus load' },
  faults: { zh: '出错次数', en: 'Faults' },
  offlineFor: (duration: Text): Text => ({ zh: `离线 ${duration.zh}`, en: `offline for ${duration.en}` }),
  queue: { zh: '上传队列', en: 'Upload queue' },
  waiting: { zh: '待上传', en: 'waiting' },
  oldest: { zh: '最早一条已等', en: 'Oldest queued' },
  held: { zh: '需处理', en: 'Held' },
  review: { zh: '待复核', en: 'For review' },
  keptBack: { zh: '暂存未上报', en: 'Kept back' },
  toPayments: { zh: '去缴费接口这一步', en: 'To the payments step' },
  delivered: { zh: '已送达', en: 'Delivered' },
  nextTry: { zh: '下次上传', en: 'Next attempt' },
  inTime: (duration: Text): Text => ({ zh: `${duration.zh}后`, en: `in ${duration.en}` }),
  clock: { zh: '时钟', en: 'Clock' },
  clockDiffers: (duration: Text): Text => ({
    zh: `与这台设备相差 ${duration.zh}`,
    en: `${duration.en} off from this device`,
  }),
  disk: { zh: '存储', en: 'Storage' },
  daysLeft: { zh: '还能存', en: 'Space left for' },
  daysLeftUnknown: { zh: '还没有数据可估算', en: 'not enough data yet' },
  free: { zh: '磁盘剩余', en: 'Free' },
  frames: { zh: '图片', en: 'Pictures' },
  kept: { zh: '保留', en: 'Kept' },
  keptFor: (frames: string, records: string): Text => ({
    zh: `图片 ${frames}，记录 ${records}`,
    en: `pictures ${frames}, records ${records}`,
  }),
  fits: { zh: '放得下图片', en: 'Pictures fit for' },
  lostFirst: { zh: '最先删除', en: 'Lost first' },
  lostFrom: { zh: '提前删除，始于', en: 'before its time, from' },
  framesOf: (used: string, most: string): Text => ({ zh: `${used} / ${most}`, en: `${used} of ${most}` }),

  maintenance: { zh: '维护模式', en: 'Maintenance' },
  enterMaintenance: { zh: '进入维护', en: 'Start maintenance' },
  maintenanceUntil: { zh: '维护中，到', en: 'In maintenance until' },
  maintenanceOpen: { zh: '维护中', en: 'In maintenance' },
  toWizard: { zh: '接着调试：打开向导', en: 'Go on with commissioning' },
  notSeenFor: (time: Text): Text => ({ zh: `起有 ${time.zh}没有看全：`, en: `not fully seen for ${time.en}:` }),
  maintenanceHint: {
    zh: '维护期间这条车道的放行只记录不上报，到时间自动结束。',
    en: 'During maintenance, releases of this lane are recorded but not reported. It ends automatically.',
  },
  maintenanceFor: { zh: '多长时间', en: 'How long' },
  maintenanceReason: { zh: '原因', en: 'Reason' },
  maintenanceReasonHint: { zh: '会写进记录，例如：更换地感线圈', en: 'kept with the record, such as: new loop' },
  maintenanceStart: { zh: '开始维护', en: 'Start maintenance' },
  maintenanceEnd: { zh: '结束维护', en: 'End maintenance' },
} satisfies Texts;

/** Questions that no first release waits for. `now`: what holds until somebody decides. */
export const undecidedText = {
  title: { zh: '待定的事', en: 'Still to decide' },
  hint: {
    zh: '不定也能运行，先按下面的默认办理。',
    en: 'The box runs without an answer; until there is one, the default holds.',
  },
  decide: { zh: '去设置', en: 'Decide' },
  keep: { zh: '就按默认', en: 'Keep the default' },
  questions: {
    feed: {
      question: { zh: '管理系统会把每一次缴费都发来吗？', en: 'Does the management system report every payment?' },
      now: {
        zh: '默认：不一定。继电器开闸算已缴费（车道另有设置的除外），岗亭用软件开闸分不出来。',
        en: 'Default: not every one. A relay opening counts as paid unless its lane says otherwise; openings by the booth’s software are not recognised.',
      },
    },
    retention: {
      question: { zh: '图片和记录保留多久？', en: 'How long do pictures and records stay?' },
      now: {
        zh: '默认：已送达的图片留 7 天，记录留 30 天；未送达的一直保留。',
        en: 'Default: once delivered, pictures for 7 days and records for 30; what is not delivered stays.',
      },
    },
    roster: {
      question: { zh: '谁在当班？', en: 'Who is on duty?' },
      now: {
        zh: '默认：没有排班。只知道自己登记上岗的，和管理系统告知的。',
        en: 'Default: no roster. Only those who sign on, or whom the management system names, are known.',
      },
    },
  },
} as const satisfies Readonly<Record<string, Text | Readonly<Record<string, Readonly<Record<string, Text>>>>>>;
