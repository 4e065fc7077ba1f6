/** Texts of the command line: help, usage errors, the report of `check`. Both languages; Chinese first. */
import type { StoreCode } from '../../store/error.ts';
import type { Text } from '../text.ts';

const near = (name: string | undefined): Text =>
  name === undefined ? { zh: '', en: '' } : { zh: `；是不是想写 ${name}？`, en: `; did you mean ${name}?` };

/** Failures of the store, and the remedy; the other codes are faults of the disk. */
const STORE: Readonly<Record<StoreCode, readonly [zh: string, en: string]>> = {
  unavailable: [
    '打不开保存目录：检查 store.path 是否存在、是否属于运行本程序的用户、磁盘是否已满',
    'the state folder cannot be used: check that store.path exists, belongs to the user that runs this, and that the disk is not full',
  ],
  damaged: [
    '数据库损坏，本命令没有改动任何文件：systemctl kill -s KILL lanewarden，服务重启时会检查、隔离并找回数据',
    'the database is damaged, nothing was changed: after systemctl kill -s KILL lanewarden the service checks it as it starts again, quarantines it and salvages the readable records',
  ],
  inUse: [
    '服务正在运行，数据库被占用：先 systemctl stop lanewarden',
    'the service is running and has the database open: systemctl stop lanewarden first',
  ],
  newer: [
    '数据是更新的版本写的：请更新程序，或换一个 store.path',
    'the data was written by a newer version: upgrade the program, or use another store.path',
  ],
  full: [
    '等待写入的数据超过内存上限：检查磁盘是否已满或只读',
    'the queue of writes in memory is full: check whether the disk is full or read-only',
  ],
  unknown: ['没有这条记录', 'there is no such record'],
  stuck: [
    '磁盘长时间没有应答，程序结束并由服务重新启动：检查存储卡',
    'the disk has not answered for long; the program ends and the service starts it again: check the card',
  ],
  died: [
    '存储线程意外结束，程序结束并由服务重新启动；如果反复出现，请把日志和 diagnose 的文件发给技术支持',
    'the store thread ended by itself; the program ends and the service starts it again. If it happens again, send the log and the file of diagnose to support',
  ],
  closed: ['存储已关闭：程序正在停止', 'the store is closed: the program is stopping'],
};

export const cliText = {
  programSummary: {
    zh: '闸口卫士：盯住车道道闸，把每一次没有缴费的放行上报给平台',
    en: "lanewarden watches a parking lane's barrier and reports every unpaid release",
  },
  usage: (line: string): Text => ({ zh: `用法：${line}`, en: `Usage: ${line}` }),
  commandPlaceholder: { zh: '命令', en: 'COMMAND' },
  optionsPlaceholder: { zh: '选项', en: 'OPTIONS' },
  commands: { zh: '命令：', en: 'Commands:' },
  options: { zh: '选项：', en: 'Options:' },
  helpFooter: (program: string): Text => ({
    zh: `某个命令的选项与示例：${program} help 命令`,
    en: `Options and examples of a command: ${program} help COMMAND`,
  }),
  defaultsTo: (value: string): Text => ({ zh: `（默认 ${value}）`, en: ` (default ${value})` }),
  langOption: {
    zh: '语言：zh 或 en；不写时看 LC_ALL、LC_MESSAGES、LANG，都没有就用中文',
    en: 'language: zh or en; else by LC_ALL, LC_MESSAGES, LANG; Chinese when none says otherwise',
  },
  helpOption: { zh: '显示帮助', en: 'show this help' },
  configOption: {
    zh: '配置文件；不写时看 LANEWARDEN_CONFIG（软件包：/etc/lanewarden/lanewarden.yaml），再看当前目录的 lanewarden.yaml',
    en: 'configuration file; else LANEWARDEN_CONFIG (of the package: /etc/lanewarden/lanewarden.yaml), else lanewarden.yaml in the current folder',
  },
  jsonOption: { zh: '输出 JSON，供程序读取', en: 'print JSON, for programs' },

  noCommand: { zh: '没有写命令', en: 'no command given' },
  unknownCommand: (name: string, nearest: string | undefined): Text => ({
    zh: `没有命令“${name}”${near(nearest).zh}`,
    en: `there is no command "${name}"${near(nearest).en}`,
  }),
  unknownOption: (name: string, nearest: string | undefined): Text => ({
    zh: `没有选项 ${name}${near(nearest).zh}`,
    en: `there is no option ${name}${near(nearest).en}`,
  }),
  valueMissing: (name: string): Text => ({ zh: `选项 ${name} 后面要写值`, en: `option ${name} needs a value` }),
  valueUnwanted: (name: string): Text => ({ zh: `选项 ${name} 后面不能写值`, en: `option ${name} takes no value` }),
  positionalUnwanted: (value: string): Text => ({
    zh: `多余的参数“${value}”`,
    en: `"${value}" is one argument too many`,
  }),
  badLanguage: (value: string): Text => ({
    zh: `语言只能是 zh 或 en，不能是“${value}”`,
    en: `the language is zh or en, not "${value}"`,
  }),
  seeHelp: (line: string): Text => ({ zh: `看帮助：${line} --help`, en: `see ${line} --help` }),
  stopped: { zh: '再次收到停止信号，立即结束', en: 'second signal: ending at once' },
  ownMistake: (message: string): Text => ({ zh: `程序内部错误：${message}`, en: `internal error: ${message}` }),
  systemError: (message: string): Text => ({ zh: `系统拒绝了操作：${message}`, en: `the system refused: ${message}` }),
  noPermission: (message: string): Text => ({
    zh: `没有权限，请加 sudo 再试：${message}`,
    en: `no permission, use sudo: ${message}`,
  }),
  storeError: (code: StoreCode, message: string): Text => {
    const [zh, en] = STORE[code];
    return { zh: `${zh}［${message}］`, en: `${en} [${message}]` };
  },
  noSuch: (path: string): Text => ({
    zh: `没有这个文件或目录：${path}`,
    en: `there is no such file or folder: ${path}`,
  }),
  noFile: (file: string): Text => ({ zh: `没有文件 ${file}`, en: `there is no file ${file}` }),
  unreadable: (file: string, code: string): Text => ({
    zh: `无法读取文件 ${file}（${code}）`,
    en: `the file ${file} cannot be read (${code})`,
  }),
  hint: (hint: string): Text => ({ zh: `→ ${hint}`, en: `→ ${hint}` }),
};

export const completionText = {
  summary: {
    zh: '命令补全（bash）、手册页（man）或文档里的一页（reference）；补全用的车道、摄像机、记录、用户、设备模板的名字',
    en: 'completion for bash, the man page or a page of the documents; the names of lanes, cameras, records, users and profiles for it',
  },
  store: { zh: '数据目录，代替配置中的', en: 'the state folder, instead of the configuration’s' },
  wrongForm: (form: string, forms: readonly string[]): Text => ({
    zh: `没有“${form}”，只有 ${forms.join('、')}`,
    en: `there is no "${form}", only ${forms.join(', ')}`,
  }),
};

export const checkText = {
  summary: {
    zh: '检查配置文件：所有错误一次列出，没有错误时列出车道能看到什么',
    en: 'check a configuration: all faults at once, else what each lane can see',
  },
  good: (file: string): Text => ({ zh: `${file}：没有错误`, en: `${file}: no faults` }),
  cloud: (url: string, park: string, mode: string): Text => ({
    zh: `平台 ${url}，车场 ${park}，${mode === 'production' ? '正式模式' : '联调模式（带 hint 的应答算没送达）'}`,
    en: `platform ${url}, park ${park}, ${mode === 'production' ? 'production' : 'integration mode (an answer with a hint is not a delivery)'}`,
  }),
  line: (id: string, port: string, form: string, listenOnly: boolean): Text => ({
    zh: `线路 ${id}：${port}，${form}${listenOnly ? '，只听不发' : ''}`,
    en: `line ${id}: ${port}, ${form}${listenOnly ? ', listening only' : ''}`,
  }),
  device: (id: string, kind: string, points: readonly string[]): Text =>
    points.length === 0
      ? { zh: `设备 ${id}（${kind}）`, en: `device ${id} (${kind})` }
      : {
          zh: `设备 ${id}（${kind}），${points.length} 个点位：${points.join('、')}`,
          en: `device ${id} (${kind}), ${points.length} points: ${points.join(', ')}`,
        },
  output: (id: string, enabled: boolean): Text =>
    enabled
      ? {
          zh: `报警输出 ${id} 已打开：会接通一路继电器，这是本程序唯一会动作的东西`,
          en: `alarm output ${id} is on: it switches a relay, the only thing this program ever switches`,
        }
      : { zh: `报警输出 ${id} 未打开（enabled）`, en: `alarm output ${id} is off (enabled)` },
  camera: (id: string, kind: string, read: readonly string[]): Text => ({
    zh: `摄像机 ${id}（${kind}）${read.length === 0 ? '' : `：读取 ${read.join('、')}`}`,
    en: `camera ${id} (${kind})${read.length === 0 ? '' : `: reads ${read.join(', ')}`}`,
  }),
  lane: (id: string, name: string, direction: string): Text => ({
    zh: `车道 ${id} ${name}，${direction === 'entry' ? '入场' : direction === 'exit' ? '出场' : '双向'}`,
    en: `lane ${id} ${name}, ${direction === 'both' ? 'both directions' : direction}`,
  }),
  wiring: (pairs: string): Text => ({ zh: `接线：${pairs}`, en: `wired: ${pairs}` }),
  can: (abilities: string): Text => ({ zh: `能：${abilities}`, en: `can: ${abilities}` }),
  limit: (limit: string): Text => ({ zh: `注意：${limit}`, en: `note: ${limit}` }),
  intake: (url: string, names: readonly string[]): Text => ({
    zh: `缴费消息：HTTP ${url}，令牌 ${names.join('、')}`,
    en: `paid exits by HTTP at ${url}, tokens ${names.join(', ')}`,
  }),
  mqtt: (address: string, topics: readonly string[]): Text => ({
    zh: `缴费消息：MQTT ${address}，主题 ${topics.join('、')}`,
    en: `paid exits by MQTT from ${address}, topics ${topics.join(', ')}`,
  }),
  publish: (address: string, box: string): Text => ({
    zh: `发布：MQTT ${address}，主题 lanewarden/${box}/…`,
    en: `publishes by MQTT at ${address}, topics lanewarden/${box}/…`,
  }),
  destination: (name: string, what: string, host: string | undefined): Text => ({
    zh: `去向 ${name}：${what}${host === undefined ? '' : `，${host}`}`,
    en: `destination ${name}: ${what}${host === undefined ? '' : ` at ${host}`}`,
  }),
  plainHttp: {
    zh: '平台地址是 http，记录和图片在网上不加密',
    en: 'the platform address is http: records and pictures travel unencrypted',
  },
};

export const wireCommandText = {
  unsteady: (port: string): Text => ({
    zh: `${port} 重启后可能变成另一个口：请写 /dev/serial/by-id/ 下的名字（没有序列号的转换器用 by-path）`,
    en: `${port} may be another port after a restart: write its name under /dev/serial/by-id/ (by-path for an adapter without a serial number)`,
  }),
  slow: (device: string, everyMs: number): Text => ({
    zh: `设备 ${device} 约 ${everyMs} 毫秒才读一次，超过 100 毫秒会漏掉短脉冲和紧跟的车`,
    en: `device ${device} is read about every ${everyMs} ms: above 100 ms short pulses and close cars are missed`,
  }),
  /** `share`: of a core. */
  boxTooSlow: (perSecond: number, share: number): Text => ({
    zh: `本机估计忙不过来：每秒轮询 ${Math.round(perSecond)} 次，要占一个处理器核心的 ${Math.round(share * 100)} %（最好不超过 50 %）；请加大 pollMs，或把车道分给两台`,
    en: `this box is estimated to be too slow: ${Math.round(perSecond)} polls a second take ${Math.round(share * 100)} % of a core (at most 50 % is well); raise pollMs, or share the lanes between two boxes`,
  }),
};

export const abilityText = {
  opening: { zh: '看到每次抬杆', en: 'see every opening' },
  passageByBoth: {
    zh: '用地感 A、B 数车，分得清方向和跟车',
    en: 'count cars by loops A and B, with direction and tailgating',
  },
  passageByBarrier: { zh: '只用防砸地感 B 数车', en: 'count cars by loop B alone' },
  passageByApproach: { zh: '只用触发地感 A 数车', en: 'count cars by loop A alone' },
  passageForSure: { zh: '用第三个地感确认过车', en: 'confirm a passage by the third loop' },
  cause: (causes: Text): Text => ({ zh: `分清${causes.zh}开闸`, en: `distinguish openings by ${causes.en}` }),
  picture: { zh: '抓拍', en: 'take pictures' },
  noLoops: {
    zh: '没有地感：一次抬杆算一辆车，看不到跟车',
    en: 'no loops: an opening counts as one car, and tailgating cannot be seen',
  },
  noApproach: {
    zh: '没有触发地感 A：只能靠防砸地感 B 的间隔判断跟车，倒车和折返看不出来',
    en: 'no loop A: tailgating only by the gaps of loop B; cars that back out are not recognised',
  },
  noBarrier: {
    zh: '没有防砸地感 B：抬杆期间触发地感 A 释放就算过车，闯杆看不出来',
    en: 'no loop B: loop A falling under a raised arm counts as a passage; a car that runs the barrier is not seen',
  },
  noDown: {
    zh: '没有下限位 down：落杆时刻靠上限位释放后的时间推算',
    en: 'no down limit: the end of an opening is estimated from when the up limit releases',
  },
  noUp: { zh: '没有上限位 up：道闸卡在半空看不出来', en: 'no up limit: an arm stuck half way is not noticed' },
  noCause: {
    zh: '没有接按钮（button）和遥控（remote）：只知道是手动放行，分不清怎么开的',
    en: 'neither button nor remote is wired: a manual release is known, its cause is not',
  },
  noPaid: {
    zh: '没有任何缴费消息来源（没有 auto 接点，也没启用 intake）：每辆车都会被当成没缴费上报',
    en: 'no source of payments (no auto contact, no intake): every car will be reported as unpaid',
  },
  noEntries: {
    zh: '没有任何入场记录来源（没有 auto 接点，也没启用 intake）：每辆驶入的车都会被当成没有入场记录上报',
    en: 'no source of entry records (no auto contact, no intake): every car that comes in will be reported as having none',
  },
  entry: {
    zh: '入口：放行消息就是“已有入场记录”；上报的是没有入场记录的驶入，以及从入口驶出',
    en: 'an entrance: a grant here is an entry record; reported are entries without one, and cars that leave by it',
  },
  noCamera: { zh: '没有摄像机：记录不带图片', en: 'no camera: records go without a picture' },
  cameraOff: {
    zh: '摄像机的图片地址没有确认：不取图，记录不带图片',
    en: 'the picture address of its camera is not confirmed: none is taken, records go without a picture',
  },
  pulseAlways: {
    zh: 'autoCommandIsGrant: true：继电器开闸一律算已缴费，岗亭用软件开闸分不出来',
    en: 'autoCommandIsGrant: true: every relay opening counts as paid; openings by the booth’s software are not recognised',
  },
  pulseNever: {
    zh: 'autoCommandIsGrant: false：没有消息的继电器开闸记为“系统开闸无缴费”，不经试用',
    en: 'autoCommandIsGrant: false: a relay opening without a message is "opened by the system, unpaid", without a trial',
  },
  tellsAll: {
    zh: 'intake.tells 齐全：100 次继电器开闸里 95% 对上消息以后，没有消息的继电器开闸记为“系统开闸无缴费”',
    en: 'intake.tells is complete: once 95 % of 100 relay openings had a message, one without is "opened by the system, unpaid"',
  },
  tellsSome: (missing: readonly string[]): Text => ({
    zh: `intake.tells 不齐全（缺 ${missing.join('、')}）：继电器开闸一律算已缴费，岗亭用软件开闸分不出来`,
    en: `intake.tells is not complete (without ${missing.join(', ')}): every relay opening counts as paid; openings by the booth’s software are not recognised`,
  }),
  tellsNothing: {
    zh: '没写 intake.tells：继电器开闸一律算已缴费，岗亭用软件开闸分不出来；管理系统每种放行都发消息时，请在 intake.tells 写明',
    en: 'intake.tells is empty: every relay opening counts as paid, openings by the booth’s software are not recognised; where the management system reports every kind of passage, list them in intake.tells',
  },
  tellsNowhere: {
    zh: '写了 intake.tells，但没有启用任何接口：收不到消息',
    en: 'intake.tells is written and no intake is on: no message can arrive',
  },
  shares: ({ manual, far, near, close, paid }: WiringShares): Text => ({
    zh: `此接线在模拟中：上报人工开闸 ${manual} %、2 m 以上跟车 ${far} %；上报或待复核 0.8–2 m 跟车 ${near} %、更近的 ${close} %；误报缴费车 ${paid} %`,
    en: `this wiring in the simulator: reports ${manual} % of manual openings and ${far} % of tailgaters over 2 m; reports or keeps for review ${near} % of tailgaters at 0.8 to 2 m and ${close} % of nearer ones; reports ${paid} % of paid cars falsely`,
  }),
  cure: {
    overview: (now: WiringShares, then: WiringShares): Text => ({
      zh: `高处再装一台摄像机：0.8–2 m 跟车 ${now.near} % → ${then.near} %，更近的 ${now.close} % → ${then.close} %（模拟）`,
      en: `a second camera, high and past the arm: tailgaters at 0.8 to 2 m ${now.near} % → ${then.near} %, nearer ones ${now.close} % → ${then.close} % (simulated)`,
    }),
    beam: (now: WiringShares, then: WiringShares): Text => ({
      zh: `用红外对射作防砸信号：0.8–2 m 跟车 ${now.near} % → ${then.near} %，更近的 ${now.close} % → ${then.close} %，误报缴费车 ${now.paid} % → ${then.paid} %（模拟）`,
      en: `an infrared beam on the contact of loop B: tailgaters at 0.8 to 2 m ${now.near} % → ${then.near} %, nearer ones ${now.close} % → ${then.close} %, paid cars falsely reported ${now.paid} % → ${then.paid} % (simulated)`,
    }),
    exit: (now: WiringShares, then: WiringShares): Text => ({
      zh: `加装出口地感 C：2 m 以上跟车 ${now.far} % → ${then.far} %，0.8–2 m ${now.near} % → ${then.near} %（模拟）`,
      en: `a third loop past the arm: tailgaters over 2 m ${now.far} % → ${then.far} %, at 0.8 to 2 m ${now.near} % → ${then.near} % (simulated)`,
    }),
    whole: (now: WiringShares, then: WiringShares): Text => ({
      zh: `地感 A、B、摄像机和缴费消息都接上：人工开闸 ${now.manual} % → ${then.manual} %，2 m 以上跟车 ${now.far} % → ${then.far} %，误报缴费车 ${now.paid} % → ${then.paid} %（模拟）`,
      en: `with loops A and B, a camera and payment messages: manual openings ${now.manual} % → ${then.manual} %, tailgaters over 2 m ${now.far} % → ${then.far} %, paid cars falsely reported ${now.paid} % → ${then.paid} % (simulated)`,
    }),
  },
};

/** Per cent of each class, as measured in the simulator. */
interface WiringShares {
  readonly manual: number;
  readonly far: number;
  readonly near: number;
  readonly close: number;
  readonly paid: number;
}

export const CAUSE_NAMES: Readonly<Record<string, Text>> = {
  auto: { zh: '管理系统', en: 'the management system' },
  button: { zh: '按钮', en: 'the button' },
  remote: { zh: '遥控', en: 'the remote control' },
  fire: { zh: '消防', en: 'the fire alarm' },
  mains: { zh: '断电', en: 'loss of mains' },
};

export const schemaText = {
  summary: {
    zh: '输出配置文件的 JSON Schema，编辑器可用它提示和检查',
    en: 'print the JSON Schema of the configuration, for editors',
  },
  markdown: (pages: readonly string[]): Text => ({
    zh: `输出配置说明的一页（Markdown，按 --lang 的语言）：${pages.join('、')}`,
    en: `print a page of the configuration's documentation (Markdown, in the language of --lang): ${pages.join(', ')}`,
  }),
  out: {
    zh: '写到这个文件；页名写错时文件不动（用 > 会先把它清空）',
    en: 'write it to this file, which a wrong page leaves as it is (a > empties it first)',
  },
};

export const versionText = {
  summary: { zh: '显示版本', en: 'show the version' },
};
