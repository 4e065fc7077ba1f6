/** Words of every page of the manual: exit codes, environment, files, headings. */
import type { ExitName } from '../../cli/command.ts';
import type { Text } from '../text.ts';

const t = (zh: string, en: string): Text => ({ zh, en });

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
  reference: {
    title: t('命令', 'Commands'),
    intro: t(
      '本页由 `lanewarden completion reference --lang zh` 生成。每个命令都有 `--help`（或 `lanewarden help 命令`），列出选项和示例；`--lang zh|en` 选语言。箭头指向详细的一页。',
      'This page is made by `lanewarden completion reference --lang en`. Every command has `--help` (or `lanewarden help COMMAND`) with its options and examples; `--lang zh|en` chooses the language. An arrow leads to the page that says more.',
    ),
    command: t('命令', 'command'),
    what: t('做什么', 'what it does'),
    meaning: t('含义', 'what it means'),
    times: t('时间的写法', 'Times'),
    takers: (names: string): Text =>
      t(`用到时间的命令写法一致：${names}。`, `Commands that take times take them in one way: ${names}.`),
    option: t('选项', 'option'),
    exits: t('退出码', 'Exit codes'),
    code: t('退出码', 'code'),
    environment: t('环境变量', 'Environment'),
    variable: t('变量', 'variable'),
    files: t('文件', 'Files'),
    file: t('文件', 'file'),
  },
  description: t(
    '闸口卫士读道闸限位和地感，得知哪些车已缴费，把没有人付钱的放行连同抓拍图签名后上报给停车平台。它只看不动：不能开闸。服务由 systemd 运行（systemctl status lanewarden）；这里的命令供人在机器上使用。',
    'It reads the limits of a barrier and the loops, hears of paid exits, and reports each release that nobody paid for to the parking platform, signed and with a picture. It only observes, and cannot open a barrier. systemd runs it as a service (systemctl status lanewarden); the commands here are for people at the box.',
  ),
};
