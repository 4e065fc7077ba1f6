/** Texts of commissioning, step by step. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import { parityName } from './wizard/first.ts';

export type StepName = 'ports' | 'bus' | 'wiring' | 'camera' | 'cloud' | 'paid' | 'sheet';

export const stepName: Readonly<Record<StepName, Text>> = {
  ports: { zh: '串口', en: 'Ports' },
  bus: { zh: '找设备', en: 'Devices' },
  wiring: { zh: '接线测试', en: 'Wiring' },
  camera: { zh: '摄像机', en: 'Camera' },
  cloud: { zh: '平台联调', en: 'Platform' },
  paid: { zh: '缴费接口', en: 'Paid exits' },
  sheet: { zh: '验收单', en: 'Acceptance' },
};

export type FirstScreen = 'park' | 'connected' | 'lane';

export const firstScreen: Readonly<Record<FirstScreen, Text>> = {
  park: { zh: '车场', en: 'The park' },
  connected: { zh: '接了什么', en: 'What is connected' },
  lane: { zh: '车道', en: 'The lane' },
};

/** By profile of retention. */
export const keptForName: Readonly<Record<string, Text>> = {
  short: { zh: '图片 7 天，记录 30 天', en: 'pictures 7 days, records 30' },
  month: { zh: '图片 31 天，记录 62 天', en: 'pictures 31 days, records 62' },
  year: { zh: '都是一年', en: 'both for a year' },
};

const TEACH_MEANS: Readonly<Record<string, Text>> = {
  button: { zh: '岗亭按钮', en: 'the booth’s button' },
  remote: { zh: '遥控器', en: 'the remote' },
  auto: { zh: '管理系统', en: 'the management system' },
};

export const wizardText = {
  lane: { zh: '车道', en: 'Lane' },
  steps: { zh: '步骤', en: 'Steps' },
  next: { zh: '下一步', en: 'Next' },
  done: { zh: '已完成', en: 'done' },
  write: { zh: '写入配置并启用', en: 'Write and apply' },
  writing: { zh: '正在启用，起不来会自动退回', en: 'Applying; reverts automatically if it does not come up' },
  written: { zh: '新配置已启用', en: 'The new configuration is in force' },
  notWritten: { zh: '没有写入', en: 'Nothing written' },

  first: { zh: '还没有配置', en: 'There is no configuration yet' },
  firstHint: {
    zh: '三步：车场、接了什么、车道。填完第一条车道就能运行。',
    en: 'Three screens: the park, what is connected, the lane. Then the first lane runs.',
  },
  firstRestore: { zh: '换下坏的设备？从备份恢复', en: 'Replacing a dead box? Restore its backup' },
  broken: { zh: '配置文件有错误，请先改正：', en: 'The configuration has faults, fix them first:' },
  toConnected: { zh: '下一步：接了什么', en: 'Next: what is connected' },
  toLane: { zh: '下一步：车道', en: 'Next: the lane' },
  taken: (profile: string): Text => ({ zh: `已选 ${profile}`, en: `Taken: ${profile}` }),
  firstCameraHint: {
    zh: '没有摄像机或以后再接：地址留空。',
    en: 'No camera, or one that comes later: leave the address empty.',
  },
  pictureGood: { zh: '画面正确，发一条测试记录', en: 'The picture is right: send one test record' },
  parkUuid: { zh: '车场编号 park_uuid', en: 'Park id (park_uuid)' },
  parkUuidHint: { zh: '由平台提供', en: 'from the platform' },
  qr: { zh: '平台的二维码（拍照或选图）', en: 'QR code of the platform (a photo or a picture)' },
  qrHint: {
    zh: '在手机上识别，不上传；没有反应就复制粘贴',
    en: 'read on this phone, not uploaded; if nothing happens, copy and paste',
  },
  qrReads: { zh: '正在识别…', en: 'Reading…' },
  qrRead: { zh: '已填好，请核对', en: 'Filled in: check it' },
  qrFailed: {
    zh: '没有认出车场编号或密钥。靠近些、拍正，或复制粘贴。',
    en: 'No park id or secret was found in it. Closer and straight, or copy and paste.',
  },
  secret: { zh: '平台密钥 app_secret', en: 'Platform secret (app_secret)' },
  secretHint: { zh: '存在本机，不再显示', en: 'stays on the box, never shown again' },
  url: { zh: '平台地址', en: 'Platform address' },
  laneId: { zh: '车道编号 gate_id', en: 'Lane number (gate_id)' },
  laneName: { zh: '车道名称', en: 'Lane name' },
  direction: { zh: '方向', en: 'Direction' },
  keep: { zh: '记录和图片保留多久', en: 'How long records and pictures stay' },
  keepHint: {
    zh: '按当地规定选；更长的只在需要时选。运行一天后状态页写明磁盘放得下几天。',
    en: 'As the rules of the place ask; longer only where it is needed. After a day the status page says how many days fit on the disk.',
  },
  device: { zh: '设备名', en: 'Device name' },
  profile: { zh: '设备模板', en: 'Device profile' },
  unit: { zh: '站号', en: 'Unit' },
  baudRate: { zh: '波特率', en: 'Baud rate' },
  parity: { zh: '校验', en: 'Parity' },

  portsHint: {
    zh: '选适配器的串口，优先用固定名称（by-id）。',
    en: 'Choose the adapter; names under by-id stay the same after a restart.',
  },
  noPorts: { zh: '没有找到串口，可直接填写', en: 'No serial port found; type one' },
  stable: { zh: '名称固定', en: 'stable name' },
  unstable: { zh: '名称会变', en: 'name may change' },
  heldBy: (who: string): Text => ({ zh: `正被 ${who} 占用`, en: `in use by ${who}` }),
  latency: (ms: number): Text => ({
    zh: `FTDI 延迟 ${ms} ms，应答变慢；软件包会设为 1 ms`,
    en: `FTDI latency ${ms} ms slows answers; the package sets 1 ms`,
  }),
  port: { zh: '串口或地址', en: 'Port or address' },
  portHint: {
    zh: '/dev/…、tcp://主机:端口 或 modbus-tcp://主机:端口',
    en: '/dev/…, tcp://host:port or modbus-tcp://host:port',
  },
  refresh: { zh: '刷新', en: 'Refresh' },

  busHint: {
    zh: '逐个站号发问，只读不写。先听 3 秒，有别的主站就停。',
    en: 'Polls each unit, read only. Listens for 3 s first and stops if another master is active.',
  },
  alone: {
    zh: '我确认：总线上没有别的主站（管理系统、控制器）',
    en: 'I confirm that no other master (management system, controller) is on this bus',
  },
  release: (line: string): Text => ({
    zh: `扫描时暂停线路 ${line}（它的车道收不到信号）`,
    en: `Pause line ${line} during the scan (its lanes get no signals)`,
  }),
  listenOnly: (line: string): Text => ({
    zh: `线路 ${line} 只听，另有主站：不能扫描`,
    en: `Line ${line} is listen-only: another master owns it`,
  }),
  unitsFrom: { zh: '站号从', en: 'Units from' },
  unitsTo: { zh: '到', en: 'to' },
  takes: (duration: Text): Text => ({ zh: `最多约 ${duration.zh}`, en: `at most about ${duration.en}` }),
  scan: { zh: '开始找', en: 'Search' },
  nothing: {
    zh: '没有设备应答：检查供电、A/B 接线、波特率；有的板子要先用厂家工具改成 Modbus',
    en: 'No device answered: check power, the A/B wires and the baud rate; some boards must first be set to Modbus with the maker’s tool',
  },
  /** `speed`: absent behind a socket, which has none. */
  found: (unit: number, speed?: { readonly baudRate: number; readonly parity: string }): Text => ({
    zh: `站号 ${unit}${speed ? `，${speed.baudRate}，${parityName[speed.parity]?.zh ?? speed.parity}校验` : ''}`,
    en: `Unit ${unit}${speed ? `, ${speed.baudRate}, parity ${parityName[speed.parity]?.en ?? speed.parity}` : ''}`,
  }),
  garbled: (count: number): Text => ({
    zh: `${count} 处乱码：站号重复，或波特率、校验不对`,
    en: `${count} garbled: duplicate unit, or wrong baud rate or parity`,
  }),
  fits: { zh: '符合的模板', en: 'Profiles that fit' },
  other: { zh: '其他模板…', en: 'Another profile …' },
  take: { zh: '用这个设备', en: 'Use this one' },
  addDevice: { zh: '添加到配置', en: 'Add to the configuration' },

  teach: { zh: '过一辆车，学会全部接线', en: 'One car teaches the wiring' },
  teachHint: {
    zh: '请别的车道先不要过车。闸杆由收费员开，本机不会也不能开闸。',
    en: 'Keep other lanes still meanwhile. The attendant opens the arm; this box cannot.',
  },
  teachBy: { zh: '怎么开闸', en: 'Opened by' },
  teachMeans: (by: string): Text => TEACH_MEANS[by] ?? { zh: by, en: by },
  teachStart: { zh: '开始', en: 'Start' },
  teachTaught: { zh: '照波形逐行核对名称', en: 'Compare each name with its waveform' },
  teachSure: { zh: '确定', en: 'certain' },
  teachLikely: { zh: '待核对', en: 'to be checked' },
  teachUnused: { zh: '不用', en: 'not used' },
  teachOthers: (points: string): Text => ({ zh: `也可能是 ${points}`, en: `or ${points}` }),
  teachChatter: (points: string): Text => ({
    zh: `${points} 一直在跳：检查接线，可能是悬空的输入`,
    en: `${points} changes all the time: check its wire, it may be an open input`,
  }),
  teachEmpty: { zh: '空车道开一次闸', en: 'Open with the lane empty' },
  teachConfirm: { zh: '核对无误，写入并启用', en: 'Confirm, write and apply' },
  teachNothing: { zh: '没有看出一次开闸过车。', en: 'No opening with a car was recognised.' },

  inTest: {
    zh: '调试中：车道在维护状态，记录只留在本机，不上报。',
    en: 'Commissioning: the lane is in maintenance, its records stay on this box and are not reported.',
  },
  endTest: { zh: '验收完成，开始上报', en: 'Accepted: start reporting' },

  wiringHint: {
    zh: '单项测试（补测、检修用）：点“测试”，照提示做一次动作，本机识别哪个点变化、是否取反。测试时不要有别的车。闸杆由收费员抬落，本机不会也不能开闸。',
    en: 'Single tests, for repairs: press Test and follow the prompt: the box detects which input changes and whether it is inverted. Keep other cars away. The attendant moves the arm; this box cannot.',
  },
  test: { zh: '测试', en: 'Test' },
  notWired: { zh: '未接', en: 'not wired' },
  tested: { zh: '已测试', en: 'tested' },
  untested: { zh: '未测试', en: 'not tested' },
  inverted: { zh: '取反', en: 'inverted' },
  learned: (point: string, inverted: boolean): Text => ({
    zh: `测得 ${point}${inverted ? '（取反）' : ''}`,
    en: `found ${point}${inverted ? ' (inverted)' : ''}`,
  }),
  alsoMoved: (points: string): Text => ({ zh: `同时变化的还有 ${points}`, en: `${points} changed too` }),
  takenBy: (role: Text): Text => ({
    zh: `它在配置里是“${role.zh}”，写入后改归这里`,
    en: `it is the ${role.en} in the configuration; writing moves it here`,
  }),
  pulsesOnly: { zh: '只有计数，看不出是否取反', en: 'counter only: polarity unknown' },
  forget: { zh: '不采用', en: 'Discard' },

  camera: { zh: '摄像机', en: 'Camera' },
  noCamera: { zh: '这条车道没有摄像机，记录不带照片', en: 'This lane has no camera: records go without a picture' },
  mendCamera: { zh: '更正摄像机', en: 'Correct the camera' },
  mendCameraHint: {
    zh: '地址、厂家、用户名可改；密码不填就不变。',
    en: 'Address, make and user can be changed; an empty password stays as it is.',
  },
  takePicture: { zh: '拍一张', en: 'Take a picture' },
  picture: { zh: '刚拍的照片', en: 'The picture just taken' },
  pictureFacts: (width: number, height: number, size: string, ms: number): Text => ({
    zh: `${width}×${height}，${size}，用时 ${ms} 毫秒`,
    en: `${width}×${height}, ${size}, in ${ms} ms`,
  }),
  pictureAsk: {
    zh: '车牌看得清吗？抬杆时车在画面里吗？',
    en: 'Is the plate sharp, and the car in view when the arm rises?',
  },
  addressUnknown: {
    zh: '这个地址不是已知的图片地址，也没有人确认过：本机不会向它发送请求，记录不带照片。',
    en: 'This is not a known picture address and has not been confirmed: the box sends nothing to it, and records have no picture.',
  },
  addressByUpdate: {
    zh: '这个地址不是已知的图片地址；它以前给过照片，更新时保留了。请试一次并确认。',
    en: 'This is not a known picture address; it delivered pictures before, so the update kept it. Try it once and confirm it.',
  },
  tryOnce: { zh: '试一次', en: 'Try it once' },
  addressAsk: {
    zh: '什么都没有动，而且这是本车道的照片吗？',
    en: 'Did nothing move, and is this the picture of this lane?',
  },
  addressConfirm: { zh: '是，记入配置', en: 'Yes, confirm the address' },
  maker: { zh: '类型', en: 'Type' },
  cameraUrl: { zh: '摄像机地址', en: 'Camera address' },
  cameraUser: { zh: '用户名', en: 'User' },
  cameraPassword: { zh: '密码', en: 'Password' },
  addCamera: { zh: '添加摄像机', en: 'Add the camera' },
  laneTaken: { zh: '已有这个编号的车道', en: 'There is a lane with this number' },
  boardOfLane: { zh: '接在哪块板上', en: 'Its board' },
  freeInputs: (board: string, free: number): Text => ({
    zh: `${board}（空着 ${free} 路）`,
    en: `${board} (${free} ${free === 1 ? 'input' : 'inputs'} free)`,
  }),
  noFreeInput: {
    zh: '现有的板都接满了：先找另一块板。',
    en: 'Every input of the boards is in use: find another board first.',
  },
  anotherBoard: { zh: '找另一块板', en: 'Find another board' },

  paidHint: {
    zh: '让管理系统推送一条，确认本机收到。',
    en: 'Let the management system push a message and check that it arrives.',
  },
  intakeOff: { zh: 'HTTP 接口没有打开，收不到缴费消息。', en: 'The HTTP intake is off: payments are not received.' },
  example: { zh: '示例命令', en: 'Example command' },
  exampleWarn: { zh: '会真的记一次缴费：下一辆车算作已缴费。', en: 'This counts: the next car is treated as paid.' },
  reports: { zh: '管理系统会发来哪些消息？逐项核对', en: 'What does the management system report? Check each kind' },
  reportsAll: {
    zh: '齐全：试用 100 次继电器开闸、95% 对上消息以后，没有消息的开闸记为“系统开闸无缴费”。',
    en: 'Complete: once 95 % of 100 relay openings had a message, one without is “opened by the system, unpaid”.',
  },
  reportsSome: {
    zh: '不齐全：继电器开闸一律算已缴费，岗亭用软件开闸分不出来。',
    en: 'Not complete: every relay opening counts as paid; openings by the booth’s software are not recognised.',
  },
  reportsSave: { zh: '写入配置', en: 'Write to the configuration' },
  waiting: { zh: '正在等……', en: 'Waiting …' },
  grant: { zh: '缴费', en: 'paid exit' },
  expired: { zh: '收到时已过期', en: 'expired on arrival' },
  plateRead: { zh: '车牌', en: 'plate' },
  arrived: { zh: '收到的缴费和车牌', en: 'Paid exits and plates as they arrive' },

  cloudHint: {
    zh: '平台会收到一条标明“联调测试”的记录，用配置的密钥签名，不经过上传队列。',
    en: 'The platform receives one record marked as a test, signed with the configured secret, past the upload queue.',
  },
  confirmProduction: {
    zh: '现在是正式模式：记录会进入正式数据，我会通知平台',
    en: 'This is production mode: the record goes into live data, and I will inform the platform',
  },
  platformHint: {
    zh: '配置里的另一个去向（kind: platform）：发一条标明“联调测试”的记录，用它的模板签名，不经过队列。验收单只记上面的平台。',
    en: 'Another destination of the configuration (kind: platform): one record marked as a test, signed by its profile, past the queue. The acceptance sheet is about the platform above.',
  },
  send: { zh: '发送测试记录', en: 'Send the test record' },
  passed: { zh: '通过', en: 'Passed' },
  failed: { zh: '没有通过', en: 'Failed' },
  answer: { zh: '平台的应答', en: 'Platform response' },
  comparison: { zh: '签名原文比对', en: 'Signature comparison' },
  todo: { zh: '下一步怎么做', en: 'What to do next' },
  toProduction: { zh: '改为正式模式', en: 'Switch to production' },
  newSecret: { zh: '重新输入密钥', en: 'Enter the secret again' },
  saveSecret: { zh: '保存密钥', en: 'Save the secret' },

  print: { zh: '打印', en: 'Print' },
  printHint: { zh: '微信里不能打印，请用电脑浏览器。', en: 'WeChat cannot print: use a browser on a computer.' },
  installer: { zh: '安装人员', en: 'Installer' },
  site: { zh: '车场', en: 'Site' },
  remarks: { zh: '备注', en: 'Remarks' },
} satisfies Texts;

/** Values of `intake.tells`. */
export const reportedKind: Readonly<Record<string, Text>> = {
  paid: { zh: '放行凭证', en: 'paid exits' },
  free: { zh: '免费放行，包括免费时长内离场', en: 'free exits, those within the free minutes too' },
  season: { zh: '月卡、季卡', en: 'season tickets' },
  stored: { zh: '储值卡', en: 'stored-value cards' },
  remote: { zh: '远程开闸', en: 'remote openings' },
};

export const phoneClockText = {
  banner: {
    zh: '本机没有校准时间（没有网络校时，也没有时钟电池）。记录的时间和平台的证书都靠它。',
    en: 'The clock of this box is not set (no network time, no clock battery). The times of its records and the platform’s certificate depend on it.',
  },
  unknown: (why: Text): Text => ({
    zh: `本机时间还没有校准。${why.zh}。`,
    en: `The clock of this box is not set. ${why.en}.`,
  }),
  take: { zh: '用这部手机的时间', en: 'Take the time of this phone' },
  takeAgain: { zh: '再取一次手机时间', en: 'Take it again' },
  isSet: (errorMs = 0): Text => ({
    zh: `本机时间取自手机，误差 ±${(errorMs / 1_000).toFixed(1)} 秒；接上网络后自动校准。没有时钟电池的，断电后要再取一次。`,
    en: `The time of this box was taken from a phone, ±${(errorMs / 1_000).toFixed(1)} s; a network corrects it by itself. Without a clock battery it must be taken again after a power cut.`,
  }),
} as const;
