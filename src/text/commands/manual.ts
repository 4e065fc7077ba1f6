/** The manual of each command: examples, exit codes, the page of the documents. `--help`, the man page and the README's table come from it. */
import type { ExitName } from '../../cli/command.ts';
import type { Text } from '../text.ts';

export interface ManualEntry {
  /** Lines as one types them, without the program's name. */
  readonly examples: readonly (readonly [line: string, what: Text])[];
  /** Exit codes besides `ok` and `usage`, which all have. */
  readonly exits: readonly ExitName[];
  /** A page of docs/. */
  readonly page: string;
}

const t = (zh: string, en: string): Text => ({ zh, en });
const READS_CONFIG = ['noInput', 'permission', 'configuration'] as const;
const READS_STORE = ['failure', ...READS_CONFIG, 'cannotCreate', 'io'] as const;

/** In the order of the help. The compiler demands an entry for each command of `src/process.ts`. */
export const MANUAL = {
  run: {
    examples: [
      ['run', t('按机器上的配置运行，直到 Ctrl-C', 'run by the configuration of this box until Ctrl-C')],
      ['run --config lanewarden.yaml', t('用当前目录的配置', 'with the configuration of this folder')],
    ],
    exits: ['failure', ...READS_CONFIG, 'unavailable', 'cannotCreate', 'io'],
    page: 'configuration.md',
  },
  demo: {
    examples: [
      [
        'demo',
        t('模拟一条车道，网页在 http://127.0.0.1:8080', 'a simulated lane, with its page at http://127.0.0.1:8080'),
      ],
      ['demo --once', t('播放固定故事并核对', 'play the fixed story and check what arrived')],
    ],
    exits: ['failure', 'unavailable', 'cannotCreate'],
    page: 'simulator.md',
  },
  simulate: {
    examples: [
      ['simulate --lanes 2', t('两条车道的模拟车场，供对接', 'a park of two lanes to integrate with')],
      ['simulate --vehicles 1000 --seed 1', t('一千辆车的检出报告', 'a report of detection over 1,000 vehicles')],
    ],
    exits: ['failure', ...READS_CONFIG, 'unavailable'],
    page: 'simulator.md',
  },
  status: {
    examples: [
      ['status', t('不正常的排在最前；不正常时退出码 1', 'what is not well comes first; exit code 1 when anything is')],
      ['status --json', t('供监控读取', 'for monitoring')],
    ],
    exits: ['failure'],
    page: 'troubleshooting.md',
  },
  check: {
    examples: [
      ['check', t('检查机器上的配置', 'check the configuration of this box')],
      ['check --config lanewarden.yaml --json', t('供程序读取', 'for programs')],
    ],
    exits: READS_CONFIG,
    page: 'configuration.md',
  },
  scenario: {
    examples: [
      ['scenario test/scenarios/101-button-held.yaml', t('跑一个场景', 'run one story')],
      ['scenario *.yaml --through-hardware --speed 16', t('经由模拟硬件', 'through simulated hardware')],
    ],
    exits: ['failure', 'noInput', 'permission'],
    page: 'simulator.md',
  },
  replay: {
    examples: [
      [
        'replay --from 2026-11-24T08:00 --to 2026-11-24T09:00',
        t('按今天的参数重放一小时', 'an hour by today’s settings'),
      ],
      [
        'replay --from 2026-11-24 --to 2026-11-25 --lane 1001 --settings other.yaml',
        t('一条车道，换一组参数', 'one lane, by other settings'),
      ],
    ],
    exits: READS_STORE,
    page: 'lane-logic.md',
  },
  evidence: {
    examples: [['evidence 12', t('第 12 条记录的证据包', 'the evidence of record 12')]],
    exits: READS_STORE,
    page: 'evidence.md',
  },
  verify: {
    examples: [
      ['verify', t('核对本机的证据链', 'the chain of this box')],
      ['verify evidence-12.zip', t('核对一个证据包', 'a bundle, on any computer')],
    ],
    exits: READS_STORE,
    page: 'evidence.md',
  },
  person: {
    examples: [
      ['person 粤B12345', t('查这块车牌留下了什么', 'what is kept about this plate')],
      ['person 粤B12345 --erase --reason "request of 2026-11-24" --yes', t('删除', 'delete it')],
    ],
    exits: READS_STORE,
    page: 'privacy.md',
  },
  probe: {
    examples: [
      ['probe', t('列出串口', 'list the serial ports')],
      ['probe /dev/ttyUSB0 --listen', t('只听，看有没有别的主站', 'only listen: is there another master?')],
      ['probe /dev/ttyUSB0 --units 1-4 --yes', t('找站号 1 到 4 的板', 'look for boards at units 1 to 4')],
    ],
    exits: ['failure', 'unavailable', 'permission'],
    page: 'commissioning.md',
  },
  snapshot: {
    examples: [
      ['snapshot cam1 --out cam1.jpg', t('配置里的摄像机', 'a camera of the configuration')],
      [
        'snapshot --kind hikvision --host 192.0.2.64 --user viewer --out new.jpg',
        t('还没有写进配置的摄像机', 'one that is not configured yet'),
      ],
    ],
    exits: [...READS_CONFIG, 'unavailable', 'cannotCreate', 'io'],
    page: 'cameras.md',
  },
  cameras: {
    examples: [['cameras cam1 --limit 5', t('这台摄像机最近推来的 5 条', 'the last five pushes of a camera')]],
    exits: [...READS_CONFIG, 'unavailable'],
    page: 'cameras.md',
  },
  queue: {
    examples: [
      ['queue ls --state parked', t('平台拒收的记录', 'records that the platform refused')],
      ['queue retry all', t('全部重试', 'try all of them again')],
      ['queue export /media/usb/queue.zip', t('导出未送达的记录', 'take out what is not delivered')],
    ],
    exits: READS_STORE,
    page: 'store.md',
  },
  report: {
    examples: [
      ['report', t('昨天的日报', 'the sheet of yesterday')],
      ['report --day 2026-11-24 --csv', t('用表格软件打开', 'for a spreadsheet')],
    ],
    exits: READS_STORE,
    page: 'account.md',
  },
  why: {
    examples: [['why 12', t('第 12 条记录为什么这样判', 'why record 12 was judged so')]],
    exits: READS_STORE,
    page: 'lane-logic.md',
  },
  sign: {
    examples: [
      ['sign < fields.json', t('密钥在 LANEWARDEN_SECRET', 'the secret is in LANEWARDEN_SECRET')],
      ['sign --compare "park_uuid=…" < fields.json', t('与平台的原文比对', 'compare with the text of the platform')],
    ],
    exits: ['configuration'],
    page: 'platform.md',
  },
  diagnose: {
    examples: [
      ['diagnose', t('写 lanewarden-support.zip', 'writes lanewarden-support.zip')],
      ['diagnose --hours 72 --no-disk box.zip', t('三天的日志，不测磁盘', 'logs of three days, no disk test')],
    ],
    exits: ['permission', 'cannotCreate', 'io'],
    page: 'troubleshooting.md',
  },
  backup: {
    examples: [
      ['backup /media/usb/box.zip', t('备份到 U 盘', 'to a USB stick')],
      [
        'backup --secrets --force box.zip',
        t('连同密钥（加密），替换旧文件', 'secrets too (encrypted); replaces the file'),
      ],
    ],
    exits: [...READS_CONFIG, 'cannotCreate', 'io'],
    page: 'update.md',
  },
  restore: {
    examples: [
      ['restore /media/usb/box.zip --yes', t('恢复整台设备；先停服务', 'the whole box; stop the service first')],
    ],
    exits: ['failure', 'noInput', 'permission', 'cannotCreate', 'io'],
    page: 'update.md',
  },
  provision: {
    examples: [
      ['provision id', t('本机的名称和公钥，交给运营方', 'name and key of this box, for the operator')],
      [
        'provision make fleet.yaml --key operator.pem --out fleet.lwp',
        t('在运营方的电脑上生成签名文件', 'make the signed file, on the operator’s computer'),
      ],
      ['provision show /media/usb/fleet.lwp', t('先看会改什么', 'see first what it would change')],
      [
        'provision /media/usb/fleet.lwp --trust 1a2b-3c4d-5e6f-7081',
        t('采用；不正常会自己恢复', 'apply it; what ran before comes back when the box is not well'),
      ],
    ],
    exits: ['failure', 'noInput', 'unavailable', 'io'],
    page: 'fleet.md',
  },
  update: {
    examples: [
      ['update lanewarden_1.2.0_arm64.deb', t('安装签名的包', 'install a signed package')],
      ['update --keys', t('列出信任的密钥', 'list the keys in force')],
    ],
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'update.md',
  },
  profile: {
    examples: [
      ['profile list', t('所有设备档案', 'all profiles')],
      ['profile lint my-board.yaml', t('检查自己写的档案', 'check one of your own')],
    ],
    exits: ['noInput', 'configuration'],
    page: 'devices.md',
  },
  passwd: {
    examples: [['passwd installer', t('现场输入新密码', 'asks for the new password')]],
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'page.md',
  },
  token: {
    examples: [
      ['token', t('有哪些令牌，最近何时用过', 'which there are, and when each was last used')],
      ['token --new prometheus --scope metrics', t('给监控的', 'for monitoring')],
      ['token --revoke prometheus', t('作废', 'revoke it')],
    ],
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'page.md',
  },
  label: {
    examples: [
      ['label', t('手机扫码打开网页', 'a phone opens the page by its camera')],
      ['label > label.txt', t('打印成标签', 'to print as a label')],
    ],
    exits: ['noInput', 'permission', 'io'],
    page: 'page.md',
  },
  'setup-code': {
    examples: [['setup-code', t('首次打开网页时要用', 'needed at the first visit of the page')]],
    exits: ['noInput', 'unavailable', 'permission', 'io'],
    page: 'page.md',
  },
  schema: {
    examples: [['schema > lanewarden.schema.json', t('供编辑器使用', 'for an editor')]],
    exits: [],
    page: 'configuration.md',
  },
  completion: {
    examples: [
      [
        'completion bash > /etc/bash_completion.d/lanewarden',
        t('安装补全（软件包已带）', 'the package has it already'),
      ],
      ['completion man | man -l -', t('看手册页', 'read the man page')],
    ],
    exits: [],
    page: 'update.md',
  },
  version: {
    examples: [['version --json', t('连同 Node 与架构', 'with Node and the architecture')]],
    exits: [],
    page: 'update.md',
  },
} as const satisfies Readonly<Record<string, ManualEntry>>;

export type CommandName = keyof typeof MANUAL;

/** undefined: a command outside the table, as tests have them. */
export const manualOf = (name: string): ManualEntry | undefined =>
  Object.hasOwn(MANUAL, name) ? MANUAL[name as CommandName] : undefined;

export const exitText: Readonly<Record<ExitName, Text>> = {
  ok: t('一切正常', 'all well'),
  failure: t('没有做成，或结果与预期不符', 'it failed, or what was expected did not come true'),
  usage: t(
    '用法不对：没有这个命令或选项，或输入无效',
    'wrong usage: no such command or option, or input that is not valid',
  ),
  noInput: t('指定的文件、数据或记录不存在', 'a file, a store or a record that was named is not there'),
  unavailable: t(
    '需要的东西用不了（端口、设备、程序未运行）',
    'something needed is unavailable: a port, a device, the program itself',
  ),
  cannotCreate: t('文件建不了（目录不可写，或已有同名文件）', 'a file cannot be created, or is there already'),
  io: t('读写失败', 'reading or writing failed'),
  permission: t('没有权限', 'no permission'),
  configuration: t('配置有错', 'the configuration is wrong'),
};

/** What the program reads from its environment, for people. */
export const environmentText: Readonly<Record<string, Text>> = {
  LANEWARDEN_CONFIG: t('没有 --config 时的配置文件', 'the configuration file, where --config is not given'),
  LANEWARDEN_PASSPHRASE: t('backup --secrets 与 restore 的口令', 'the passphrase of backup --secrets and of restore'),
  LANEWARDEN_CAMERA_PASSWORD: t('snapshot --user 的密码', 'the password of snapshot --user'),
  LANEWARDEN_SECRET: t('sign 用的平台密钥', 'the platform’s secret, for sign'),
  'LC_ALL, LC_MESSAGES, LANG': t(
    '语言：en_* 等为英文；zh_*、C、POSIX 或没有时为中文；--lang 优先',
    'the language: Chinese for zh_*, C, POSIX or none, else English; --lang goes before',
  ),
  'HTTPS_PROXY, HTTP_PROXY, NO_PROXY': t('run 连接平台时的代理', 'the proxy of run on its way to the platform'),
};

export const filesText: Readonly<Record<string, Text>> = {
  '/etc/lanewarden/lanewarden.yaml': t(
    '配置；/usr/share/doc/lanewarden/examples 里有样例',
    'the configuration; /usr/share/doc/lanewarden/examples has one to begin with',
  ),
  '/etc/lanewarden/secrets.yaml': t('其中引用的密钥，权限 0600', 'the secrets it refers to, mode 0600'),
  '/var/lib/lanewarden': t('记录、图片、网页用户', 'records, pictures, users of the page'),
  '/etc/lanewarden-update.pub': t('更新包的公钥', 'the public keys of updates'),
};

export const manualText = {
  whatIs: t('盯住车道道闸，上报每一次没有缴费的放行', "watches a lane's barrier and reports every unpaid release"),
  version: t('显示版本', 'show the version'),
  examples: t('示例：', 'Examples:'),
  exits: t('退出码：', 'Exit codes:'),
  more: (place: string): Text => t(`详见 ${place}`, `More: ${place}`),
  docs: '/usr/share/doc/lanewarden/docs',
  sections: {
    name: t('名称', 'NAME'),
    synopsis: t('概要', 'SYNOPSIS'),
    description: t('说明', 'DESCRIPTION'),
    options: t('选项', 'OPTIONS'),
    commands: t('命令', 'COMMANDS'),
    exits: t('退出码', 'EXIT STATUS'),
    environment: t('环境变量', 'ENVIRONMENT'),
    files: t('文件', 'FILES'),
    examples: t('示例', 'EXAMPLES'),
    seeAlso: t('另见', 'SEE ALSO'),
  },
  description: t(
    '闸口卫士读道闸限位和地感，得知哪些车已缴费，把没有人付钱的放行连同抓拍图签名后上报给停车平台。它只看不动：不能开闸。服务由 systemd 运行（systemctl status lanewarden）；这里的命令供人在机器上使用。',
    'It reads the limits of a barrier and the loops, hears of paid exits, and reports each release that nobody paid for to the parking platform, signed and with a picture. It only observes, and cannot open a barrier. systemd runs it as a service (systemctl status lanewarden); the commands here are for people at the box.',
  ),
};
