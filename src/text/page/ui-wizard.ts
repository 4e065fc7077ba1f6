/** Words of commissioning: each step, on a phone at the cabinet. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export type StepName = 'ports' | 'bus' | 'wiring' | 'camera' | 'paid' | 'cloud' | 'sheet';

export const stepName: Readonly<Record<StepName, Text>> = {
  ports: { zh: '串口', en: 'Ports' },
  bus: { zh: '找设备', en: 'Devices' },
  wiring: { zh: '接线测试', en: 'Wiring' },
  camera: { zh: '相机', en: 'Camera' },
  paid: { zh: '缴费接口', en: 'Paid exits' },
  cloud: { zh: '平台联调', en: 'Platform' },
  sheet: { zh: '验收单', en: 'Acceptance' },
};

export const wizardText = {
  lane: { zh: '车道', en: 'Lane' },
  steps: { zh: '步骤', en: 'Steps' },
  next: { zh: '下一步', en: 'Next' },
  done: { zh: '已完成', en: 'done' },
  write: { zh: '写入配置并启用', en: 'Write and apply' },
  writing: {
    zh: '检查并启用新配置，起不来会自动退回',
    en: 'Checking and applying; it reverts by itself when it does not come up',
  },
  written: { zh: '新配置已启用并保留', en: 'The new configuration is in force and kept' },
  notWritten: { zh: '没有写入', en: 'Nothing was changed' },

  first: { zh: '还没有配置', en: 'There is no configuration yet' },
  firstHint: {
    zh: '先在下面选好串口、找到设备，再填几项，就能让第一条车道跑起来；其余的以后再补。',
    en: 'Choose the port and find the device below, fill in a few things, and the first lane runs; the rest can follow.',
  },
  basics: { zh: '第一条车道', en: 'The first lane' },
  parkUuid: { zh: '停车场编号 park_uuid', en: 'Park id (park_uuid)' },
  parkUuidHint: { zh: '平台给的，形如 49f0cc52-e8c7-…', en: 'given by the platform, like 49f0cc52-e8c7-…' },
  secret: { zh: '平台密钥 app_secret', en: 'Platform secret (app_secret)' },
  secretHint: { zh: '存在本机，页面不会再显示', en: 'stays on the box and is never shown again' },
  url: { zh: '平台地址', en: 'Platform address' },
  laneId: { zh: '车道编号 gate_id', en: 'Lane number (gate_id)' },
  laneName: { zh: '车道名称', en: 'Lane name' },
  direction: { zh: '方向', en: 'Direction' },
  device: { zh: '设备名', en: 'Device name' },
  profile: { zh: '设备档案', en: 'Device profile' },
  unit: { zh: '站号', en: 'Unit' },
  baudRate: { zh: '波特率', en: 'Baud rate' },
  parity: { zh: '校验', en: 'Parity' },

  portsHint: {
    zh: '选适配器所在的串口。优先用固定名称（by-id）：插拔、重启后不会变。',
    en: 'Choose the port of the adapter. Names under by-id are best: they stay the same after a restart.',
  },
  noPorts: {
    zh: '没有看到串口；可直接填写，例如串口服务器',
    en: 'No serial port is seen; type one, such as a serial server',
  },
  stable: { zh: '名称固定', en: 'name stays' },
  unstable: { zh: '名称会变', en: 'name may change' },
  heldBy: (who: string): Text => ({ zh: `正被 ${who} 占用`, en: `in use by ${who}` }),
  latency: (ms: number): Text => ({
    zh: `FTDI 延迟 ${ms} ms，每次应答都要多等；装软件包会自动设为 1 ms`,
    en: `FTDI latency ${ms} ms slows every answer; the package sets it to 1 ms`,
  }),
  port: { zh: '串口或地址', en: 'Port or address' },
  portHint: {
    zh: '/dev/…，或 tcp://主机:端口、modbus-tcp://主机:端口',
    en: '/dev/…, or tcp://host:port, modbus-tcp://host:port',
  },
  look: { zh: '再看一次', en: 'Look again' },

  busHint: {
    zh: '逐个站号发问，只发读命令。先听 3 秒，听到别的主站就停。',
    en: 'Asks one unit after the other, with reads only. It listens for 3 s first and stops when another master speaks.',
  },
  alone: {
    zh: '我确认：这条总线上没有别的主站（收费系统、控制器）在轮询',
    en: 'I have made sure that no other master (management system, controller) asks on this bus',
  },
  release: (line: string): Text => ({
    zh: `扫描期间暂停线路 ${line}（它的车道这时看不到信号）`,
    en: `Pause line ${line} meanwhile (its lanes see nothing then)`,
  }),
  listenOnly: (line: string): Text => ({
    zh: `线路 ${line} 是只听的，另有主站：不能扫描`,
    en: `Line ${line} is only listened to, another master owns it: it cannot be searched`,
  }),
  unitsFrom: { zh: '站号从', en: 'Units from' },
  unitsTo: { zh: '到', en: 'to' },
  takes: (duration: Text): Text => ({ zh: `最多约 ${duration.zh}`, en: `at most about ${duration.en}` }),
  scan: { zh: '开始找', en: 'Search' },
  nothing: {
    zh: '没有设备应答：检查供电、A/B 是否接反、波特率；有的板子出厂是 ASCII 协议，要先用厂家工具改成 Modbus',
    en: 'No device answered: check power, whether A and B are swapped, and the speed; some boards ship with an ASCII protocol and must be set to Modbus first',
  },
  found: (unit: number, baudRate: number, parity: string): Text => ({
    zh: `站号 ${unit}，${baudRate} ${parity}`,
    en: `Unit ${unit}, ${baudRate} ${parity}`,
  }),
  garbled: (count: number): Text => ({
    zh: `${count} 处应答乱码：可能两个设备站号相同，或波特率、校验不对`,
    en: `${count} garbled answers: two devices with one number, or another speed or parity`,
  }),
  fits: { zh: '符合的档案', en: 'Profiles that fit' },
  other: { zh: '其他档案…', en: 'Another profile …' },
  take: { zh: '用这个设备', en: 'Use this one' },
  addDevice: { zh: '添加到配置', en: 'Add to the configuration' },

  wiringHint: {
    zh: '逐个信号测试：点“测试”，照提示做一次动作，本机看哪个点变化、是否取反。闸杆由值班员用自己的办法抬落，本机不会也不能开闸。',
    en: 'Test signal by signal: press Test, do what is asked, and the box sees which input moves and whether it is inverted. The attendant moves the arm; this box cannot.',
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
  alsoMoved: (points: string): Text => ({ zh: `同时变化的还有 ${points}`, en: `${points} moved too` }),
  takenBy: (role: Text): Text => ({
    zh: `这个点在配置里是“${role.zh}”，写入后归这个信号`,
    en: `in the configuration this input is the ${role.en}; writing gives it to this signal`,
  }),
  pulsesOnly: { zh: '只有计数，看不出是否取反', en: 'it only counts, so its polarity is not known' },
  forget: { zh: '不采用', en: 'Drop' },
  pending: (count: number): Text => ({ zh: `${count} 处与配置不同`, en: `${count} differ from the configuration` }),

  camera: { zh: '相机', en: 'Camera' },
  noCamera: { zh: '这条车道没有相机，记录会不带照片', en: 'This lane has no camera: records go without a picture' },
  takePicture: { zh: '拍一张', en: 'Take a picture' },
  picture: { zh: '刚拍的照片', en: 'The picture just taken' },
  pictureFacts: (width: number, height: number, size: string, ms: number): Text => ({
    zh: `${width}×${height}，${size}，用时 ${ms} 毫秒`,
    en: `${width}×${height}, ${size}, in ${ms} ms`,
  }),
  pictureAsk: {
    zh: '看一看：车牌位置看得清吗？抬杆时车在画面里吗？',
    en: 'Look: is the place of the plate sharp, and is the car in view when the arm rises?',
  },
  maker: { zh: '类型', en: 'Type' },
  cameraUrl: { zh: '相机地址', en: 'Camera address' },
  cameraUser: { zh: '用户名', en: 'User' },
  cameraPassword: { zh: '密码', en: 'Password' },
  addCamera: { zh: '添加相机', en: 'Add the camera' },

  paidHint: {
    zh: '让收费系统推一条，或用下面的命令自己推一条，看它到了没有。',
    en: 'Let the management system push one, or push one yourself with the command below, and see it arrive.',
  },
  intakeOff: {
    zh: 'HTTP 接口没有打开：本机不知道谁付了费。',
    en: 'The HTTP intake is off: the box cannot know who paid.',
  },
  intakeOn: { zh: '打开接口并生成令牌', en: 'Turn it on and make a token' },
  token: {
    zh: '令牌只显示这一次，请抄给收费系统：',
    en: 'The token is shown this once; give it to the management system:',
  },
  example: { zh: '示例命令', en: 'Example command' },
  exampleWarn: {
    zh: '这会真的记一次缴费：这条车道的下一辆车会算作已付费。',
    en: 'This counts as a payment: the next car of the lane will be taken as paid.',
  },
  waiting: { zh: '正在等……', en: 'Waiting …' },
  grant: { zh: '缴费', en: 'paid exit' },
  plateRead: { zh: '车牌', en: 'plate' },
  arrived: { zh: '收到的缴费和车牌', en: 'Paid exits and plates as they arrive' },

  cloudHint: {
    zh: '向平台发一条标明“联调测试”的记录，用配置的密钥签名，不经过真正的上传队列。',
    en: 'Sends one record marked as a test, signed with the configured secret, past the real upload queue.',
  },
  confirm: { zh: '我知道平台会收到一条测试记录', en: 'I know that the platform will get a test record' },
  confirmProduction: {
    zh: '现在是正式模式：测试记录会进入正式数据，我会通知平台',
    en: 'This is production mode: it goes into real data, and I will tell the platform',
  },
  send: { zh: '发送测试记录', en: 'Send the test record' },
  passed: { zh: '通过', en: 'Passed' },
  failed: { zh: '没有通过', en: 'Not passed' },
  answer: { zh: '平台的回答', en: 'The platform’s answer' },
  comparison: { zh: '签名原文比较', en: 'Signature comparison' },
  todo: { zh: '下一步怎么做', en: 'What to do next' },
  toProduction: { zh: '改为正式模式', en: 'Switch to production' },
  newSecret: { zh: '重新输入密钥', en: 'Enter the secret again' },
  saveSecret: { zh: '保存密钥', en: 'Save the secret' },

  print: { zh: '打印', en: 'Print' },
  printHint: {
    zh: '微信里不能打印：请在电脑浏览器里打开本页。',
    en: 'WeChat cannot print: open this page in a browser on a computer.',
  },
  clear: { zh: '清空重来', en: 'Start over' },
  clearAsk: {
    zh: '清空这条车道的测试结果和照片？配置不受影响。',
    en: 'Drop the results and the picture of this lane? The configuration stays.',
  },
  installer: { zh: '安装人员', en: 'Installer' },
  site: { zh: '车场', en: 'Site' },
  remarks: { zh: '备注', en: 'Remarks' },
} satisfies Texts;

/** The sheet is for whoever signs it, whatever the language of the page: both stand on it. */
export const sheetText = {
  title: { zh: '车道验收单', en: 'Lane acceptance sheet' },
  lane: { zh: '车道', en: 'Lane' },
  park: { zh: '停车场编号', en: 'Park id' },
  site: { zh: '车场', en: 'Site' },
  version: { zh: '软件版本', en: 'Software' },
  signal: { zh: '信号', en: 'Signal' },
  point: { zh: '接线点', en: 'Input' },
  polarity: { zh: '极性', en: 'Polarity' },
  straight: { zh: '正', en: 'normal' },
  inverted: { zh: '反', en: 'inverted' },
  testedAt: { zh: '测试时间', en: 'Tested' },
  no: { zh: '未测试', en: 'not tested' },
  picture: { zh: '相机照片', en: 'Camera picture' },
  paid: { zh: '缴费接口', en: 'Paid exits' },
  rehearsal: { zh: '平台联调', en: 'Platform rehearsal' },
  passed: { zh: '通过', en: 'passed' },
  failed: { zh: '未通过', en: 'not passed' },
  mode: { zh: '模式', en: 'Mode' },
  remarks: { zh: '备注', en: 'Remarks' },
  installer: { zh: '安装人员', en: 'Installer' },
  operator: { zh: '车场', en: 'Operator' },
  date: { zh: '日期', en: 'Date' },
  signature: { zh: '签字', en: 'Signature' },
} satisfies Readonly<Record<string, Text>>;
