/** The manual of each command: examples, exit codes, the page of the documents. `--help`, the man page and the page of commands come from it. */
import type { ExitName } from '../../cli/command.ts';
import type { Language, Text } from '../text.ts';

export interface ManualEntry {
  /** Lines as one types them, without the program's name. */
  readonly examples: readonly (readonly [line: string, what: Text])[];
  /** Exit codes besides `ok` and `usage`, which all have. */
  readonly exits: readonly ExitName[];
  /** A page of docs/; `LANG` stands for the language. */
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
    page: 'LANG/configuration.md',
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
    page: 'LANG/simulator.md',
  },
  simulate: {
    examples: [
      ['simulate --lanes 2', t('两条车道的模拟车场，供对接', 'a park of two lanes to integrate with')],
      ['simulate --vehicles 1000 --seed 1', t('一千辆车的检出报告', 'a report of detection over 1,000 vehicles')],
    ],
    exits: ['failure', ...READS_CONFIG, 'unavailable'],
    page: 'LANG/simulator.md',
  },
  practice: {
    examples: [
      ['practice -- python3 vendor.py', t('四十个故事全演一遍', 'all forty stories')],
      ['practice --story 22 -- java Vendor.java', t('只演第 22 个', 'story 22 only')],
    ],
    exits: ['failure', 'unavailable'],
    page: 'LANG/vendor-stories.md',
  },
  status: {
    examples: [
      ['status', t('不正常的排在最前；不正常时退出码 1', 'what is not well comes first; exit code 1 when anything is')],
      ['status --json', t('供监控读取', 'for monitoring')],
    ],
    exits: ['failure'],
    page: 'LANG/troubleshooting.md',
  },
  check: {
    examples: [
      ['check', t('检查机器上的配置', 'check the configuration of this box')],
      ['check --config lanewarden.yaml --json', t('供程序读取', 'for programs')],
    ],
    exits: READS_CONFIG,
    page: 'LANG/configuration.md',
  },
  scenario: {
    examples: [
      ['scenario test/scenarios/101-button-held.yaml', t('跑一个场景', 'run one story')],
      ['scenario *.yaml --through-hardware --speed 16', t('经由模拟硬件', 'through simulated hardware')],
    ],
    exits: ['failure', 'noInput', 'permission'],
    page: 'LANG/simulator.md',
  },
  replay: {
    examples: [
      [
        'replay --from 2026-11-24T08:00 --until 2026-11-24T09:00',
        t('按今天的参数重放一小时', 'an hour by today’s settings'),
      ],
      [
        'replay --from 2026-11-24 --until 2026-11-25 --lane 1001 --settings other.yaml',
        t('一条车道的这两天，换一组参数', 'these two days of one lane, by other settings'),
      ],
    ],
    exits: READS_STORE,
    page: 'LANG/lane-logic.md',
  },
  evidence: {
    examples: [['evidence 12', t('第 12 条记录的证据包', 'the evidence of record 12')]],
    exits: READS_STORE,
    page: 'LANG/evidence.md',
  },
  verify: {
    examples: [
      ['verify', t('核对本机的证据链', 'the chain of this box')],
      ['verify evidence-12.zip', t('核对一个证据包', 'a bundle, on any computer')],
    ],
    exits: READS_STORE,
    page: 'LANG/evidence.md',
  },
  person: {
    examples: [
      ['person 粤B12345', t('查这块车牌留下了什么', 'what is kept about this plate')],
      ['person 粤B12345 --erase --reason "request of 2026-11-24" --yes', t('删除', 'delete it')],
    ],
    exits: READS_STORE,
    page: 'LANG/privacy.md',
  },
  probe: {
    examples: [
      ['probe', t('列出串口', 'list the serial ports')],
      ['probe /dev/ttyUSB0 --listen', t('只听，看有没有别的主站', 'only listen: is there another master?')],
      ['probe /dev/ttyUSB0 --units 1-4 --yes', t('找站号 1 到 4 的板', 'look for boards at units 1 to 4')],
    ],
    exits: ['failure', 'unavailable', 'permission'],
    page: 'LANG/commissioning-search.md',
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
    page: 'LANG/cameras.md',
  },
  cameras: {
    examples: [['cameras cam1 --limit 5', t('这台摄像机最近推来的 5 条', 'the last five pushes of a camera')]],
    exits: [...READS_CONFIG, 'unavailable'],
    page: 'LANG/camera-push.md',
  },
  queue: {
    examples: [
      ['queue ls --state parked', t('平台拒收的记录', 'records that the platform refused')],
      ['queue retry all', t('全部重试', 'try all of them again')],
      ['queue export /media/usb/queue.zip', t('导出未送达的记录', 'take out what is not delivered')],
    ],
    exits: READS_STORE,
    page: 'LANG/queue.md',
  },
  report: {
    examples: [
      ['report', t('昨天的日报', 'the sheet of yesterday')],
      ['report --day 2026-11-24 --csv', t('用表格软件打开', 'for a spreadsheet')],
    ],
    exits: READS_STORE,
    page: 'LANG/account.md',
  },
  why: {
    examples: [['why 12', t('第 12 条记录为什么这样判', 'why record 12 was judged so')]],
    exits: READS_STORE,
    page: 'LANG/lane-logic.md',
  },
  sign: {
    examples: [
      ['sign < fields.json', t('密钥在 LANEWARDEN_SECRET', 'the secret is in LANEWARDEN_SECRET')],
      ['sign --compare "park_uuid=…" < fields.json', t('与平台的原文比对', 'compare with the text of the platform')],
    ],
    exits: ['configuration'],
    page: 'LANG/platform.md',
  },
  diagnose: {
    examples: [
      ['diagnose', t('写 lanewarden-support.zip', 'writes lanewarden-support.zip')],
      ['diagnose --hours 72 --no-disk box.zip', t('三天的日志，不测磁盘', 'logs of three days, no disk test')],
    ],
    exits: ['permission', 'cannotCreate', 'io'],
    page: 'LANG/troubleshooting.md',
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
    page: 'LANG/backup.md',
  },
  restore: {
    examples: [
      ['restore /media/usb/box.zip --yes', t('恢复整台设备；先停服务', 'the whole box; stop the service first')],
    ],
    exits: ['failure', 'noInput', 'permission', 'cannotCreate', 'io'],
    page: 'LANG/backup.md',
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
    page: 'LANG/provisioning.md',
  },
  update: {
    examples: [
      ['update lanewarden_1.2.0_arm64.deb', t('安装签名的包', 'install a signed package')],
      ['update --keys', t('列出信任的密钥', 'list the keys in force')],
    ],
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'LANG/update.md',
  },
  profile: {
    examples: [
      ['profile list', t('所有设备模板', 'all profiles')],
      ['profile lint my-board.yaml', t('检查自己写的模板', 'check one of your own')],
    ],
    exits: ['failure', 'noInput', 'unavailable', 'configuration'],
    page: 'LANG/device-profiles.md',
  },
  passwd: {
    examples: [['passwd installer', t('现场输入新密码', 'asks for the new password')]],
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'LANG/page.md',
  },
  token: {
    examples: [
      ['token', t('有哪些令牌，最近何时用过', 'which there are, and when each was last used')],
      ['token --new prometheus --scope metrics', t('给监控的', 'for monitoring')],
      ['token --revoke prometheus', t('作废', 'revoke it')],
    ],
    exits: ['failure', 'noInput', 'permission', 'io'],
    page: 'LANG/page-api.md',
  },
  label: {
    examples: [
      ['label', t('手机扫码打开网页', 'a phone opens the page by its camera')],
      ['label > label.txt', t('打印成标签', 'to print as a label')],
    ],
    exits: ['noInput', 'permission', 'io'],
    page: 'LANG/page.md',
  },
  'setup-code': {
    examples: [['setup-code', t('首次打开网页时要用', 'needed at the first visit of the page')]],
    exits: ['noInput', 'unavailable', 'permission', 'io'],
    page: 'LANG/page.md',
  },
  schema: {
    examples: [
      ['schema > lanewarden.schema.json', t('供编辑器使用', 'for an editor')],
      ['schema --markdown configuration-lanes', t('车道的所有键', 'every key of a lane')],
    ],
    exits: [],
    page: 'LANG/configuration.md',
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
    page: 'LANG/update.md',
  },
  version: {
    examples: [['version --json', t('连同 Node 与架构', 'with Node and the architecture')]],
    exits: [],
    page: 'LANG/update.md',
  },
} as const satisfies Readonly<Record<string, ManualEntry>>;

export type CommandName = keyof typeof MANUAL;

/** undefined: a command outside the table, as tests have them. */
export const manualOf = (name: string): ManualEntry | undefined =>
  Object.hasOwn(MANUAL, name) ? MANUAL[name as CommandName] : undefined;

/** Below docs/. undefined: as above. */
export const pageOf = (command: string, language: Language): string | undefined =>
  manualOf(command)?.page.replace('LANG', language);
