/** Texts of the smaller pages: log, backup, users, interface, about. Chinese first. */
import type { LogRow } from '../../page/api/api-setup.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const logLevel: Readonly<Record<LogRow['level'], Text>> = {
  debug: { zh: '细节', en: 'debug' },
  info: { zh: '信息', en: 'info' },
  warn: { zh: '注意', en: 'warning' },
  error: { zh: '错误', en: 'error' },
};

export const logPageText = {
  from: { zh: '从这一级起', en: 'From level' },
  freeze: { zh: '定格', en: 'Freeze' },
  goOn: { zh: '继续', en: 'Resume' },
  older: { zh: '更早的', en: 'Older' },
  none: { zh: '没有日志', en: 'Nothing logged' },
  hint: {
    zh: '内存里最近的 2000 行；更早的：journalctl -u lanewarden',
    en: 'The last 2,000 lines, in memory; older ones: journalctl -u lanewarden',
  },
} satisfies Texts;

export const backupPageText = {
  make: { zh: '备份', en: 'Back up' },
  makeHint: {
    zh: '整台设备打成一个 zip 文件：配置、自建型号、记录、未送达的图片、操作记录。',
    en: 'The whole box in one zip file: configuration, own profiles, records, undelivered pictures, audit log.',
  },
  withSecrets: {
    zh: '包含密钥、用户和证书（用口令加密）',
    en: 'with secrets, users and certificate (encrypted with a passphrase)',
  },
  passphrase: { zh: '口令', en: 'Passphrase' },
  passphraseHint: {
    zh: '至少 8 个字符。照着这里另记一处：备份里没有它，丢了就打不开。',
    en: 'at least 8 characters. Write it down as it stands here: it is not in the backup, and without it nobody opens it.',
  },
  downloaded: {
    zh: '已下载 lanewarden-backup.zip：存到这台手机以外的地方（电脑、U 盘），口令另记。',
    en: 'lanewarden-backup.zip was downloaded: keep it elsewhere than on this phone (a computer, a stick), and the passphrase apart from it.',
  },
  download: { zh: '下载备份', en: 'Download' },
  restore: { zh: '恢复', en: 'Restore' },
  restoreHint: {
    zh: '用备份替换本机的配置和记录，现在的会先留一份。',
    en: 'Replaces the configuration and records of this box; a copy of the present ones is kept.',
  },
  file: { zh: '备份文件（zip）', en: 'Backup file (zip)' },
  restoreStart: { zh: '恢复这个文件', en: 'Restore this file' },
  restoreAsk: { zh: '恢复备份？', en: 'Restore the backup?' },
  restored: { zh: '已恢复。用户可能已变，请重新登录。', en: 'Restored. Users may have changed: log in again.' },
  update: { zh: '更新', en: 'Update' },
  version: (version: string): Text => ({ zh: `现在是 ${version}。`, en: `Running ${version}.` }),
  package: { zh: '更新包（deb）', en: 'Package (deb)' },
} satisfies Texts;

export const provisionPageText = {
  title: { zh: '开通文件', en: 'Provisioning file' },
  hint: {
    zh: '运营方签名的一份文件：配置、设备模板、密钥、用户、令牌。试运行后保留，不正常自己恢复。下面的名称和公钥交给运营方。',
    en: 'One file that the operator signed: configuration, device profiles, secrets, users, tokens. Kept after a trial; what ran before comes back when the box is not well. The operator needs this name and key:',
  },
  file: { zh: '开通文件（lwp）', en: 'File (lwp)' },
  look: { zh: '看会改什么', en: 'Show changes' },
  signedBy: (key: string, note: string): Text => ({
    zh: `签名公钥 ${key}${note === '' ? '' : `，${note}`}`,
    en: `Signed by ${key}${note === '' ? '' : `, ${note}`}`,
  }),
  compare: (key: string): Text => ({
    zh: `本机还没有认可的运营方。请与运营方核对公钥 ${key}；采用以后只认这一家。`,
    en: `This box trusts no operator yet. Compare the key ${key} with the operator; from then on it takes files of that key only.`,
  }),
  compared: { zh: '核对过，一致', en: 'Compared: they agree' },
  apply: { zh: '采用', en: 'Apply' },
} satisfies Texts;

export const usersText = {
  users: { zh: '用户', en: 'Users' },
  user: { zh: '用户名', en: 'User' },
  role: { zh: '权限', en: 'Role' },
  roleHint: {
    zh: '岗亭：只看自己的车道，签到。查看员：只看。操作员：还能重试、复核、维护。审计员：什么都能看，能取证、核对、同意丢弃记录，不能改。安装员：全部。',
    en: 'booth: sees its own lanes, signs on. viewer: read only. operator: also retry, review, maintenance. auditor: reads all, takes evidence, verifies, agrees to drop a record, changes nothing. installer: everything.',
  },
  lanes: { zh: '车道', en: 'Lanes' },
  allLanes: { zh: '全部车道', en: 'all lanes' },
  lanesOf: (user: string): Text => ({ zh: `${user} 能看的车道`, en: `Lanes that ${user} sees` }),
  lanesHint: { zh: '都不选就是全部车道。', en: 'None ticked: every lane.' },
  save: { zh: '保存', en: 'Save' },
  lastLogin: { zh: '最近登录', en: 'Last login' },
  never: { zh: '从未', en: 'never' },
  add: { zh: '添加用户', en: 'Add a user' },
  remove: { zh: '删除', en: 'Delete' },
  removeAsk: (user: string): Text => ({ zh: `删除用户 ${user}？`, en: `Delete the user ${user}?` }),
  removeHint: { zh: '他会立即退出，不能再登录。', en: 'They are logged out at once and cannot log in again.' },
  own: { zh: '改自己的密码', en: 'Your password' },
  old: { zh: '现在的密码', en: 'Current password' },
  fresh: { zh: '新密码', en: 'New password' },
  change: { zh: '改密码', en: 'Change password' },
  changed: { zh: '密码已改，别处的登录都已退出', en: 'Changed; your other logins have ended' },
  audit: { zh: '谁做过什么', en: 'Who did what' },
  noAudit: { zh: '还没有', en: 'Nothing yet' },
} satisfies Texts;

export const apiPageText = {
  about: {
    zh: '这个页面只用本机的 HTTP 接口，程序也可以用。',
    en: 'This page uses only the HTTP interface of the box; programs may use it too.',
  },
  descriptions: { zh: '接口说明', en: 'API descriptions' },
  openapi: { zh: '本页接口（OpenAPI 3.1）', en: 'this interface (OpenAPI 3.1)' },
  metrics: { zh: '运行指标（Prometheus）', en: 'metrics (Prometheus)' },
  health: { zh: '存活检查', en: 'liveness' },
  ready: { zh: '就绪检查', en: 'readiness' },
  grantExample: { zh: '通知本机一辆车已缴费', en: 'Report a paid vehicle to the box' },
  operations: { zh: '操作和示例', en: 'Operations and examples' },
  operationsHint: {
    zh: '命令里已是本机的地址和证书，复制即可运行。带 $TOKEN 的先运行 export TOKEN=令牌；带 session.jar 的先运行登录那一条。',
    en: 'The commands have the address and the key of this box and work as they are copied. Where one has $TOKEN, run export TOKEN=… first; where it has session.jar, the one of the login.',
  },
  needsScope: (scope: string): Text => ({ zh: `令牌权限 ${scope}`, en: `token scope ${scope}` }),
} satisfies Texts;

export const scopeText = {
  grants: { zh: 'grants：送缴费消息、车牌、入场记录', en: 'grants: pushes payments, plates, entries' },
  read: { zh: 'read：读取状态、记录、日报', en: 'read: reads status, records, daily sheet' },
  metrics: { zh: 'metrics：读取 /metrics', en: 'metrics: reads /metrics' },
  act: { zh: 'act：复核、上报、重试记录', en: 'act: reviews, reports and retries records' },
} satisfies Texts;

export const tokensText = {
  title: { zh: '令牌', en: 'Tokens' },
  hint: {
    zh: '程序凭令牌访问本机：每个程序一个，只给需要的权限。任何权限都不能开闸、改配置、看密钥。',
    en: 'A program uses this box by a token: one for each, with the scopes it needs. None opens a gate, changes the configuration or reads a secret.',
  },
  none: { zh: '没有令牌', en: 'No tokens' },
  make: { zh: '新建令牌', en: 'New token' },
  name: { zh: '程序的名字', en: 'Name of the program' },
  nameHint: { zh: '例如 prometheus、pms', en: 'such as prometheus or pms' },
  scopes: { zh: '权限', en: 'Scopes' },
  ofConfig: { zh: '配置里的', en: 'of the configuration' },
  ofConfigHint: {
    zh: '“配置里的”写在 intake.http.tokens，到配置里改。',
    en: 'Those of the configuration stand in intake.http.tokens and are changed there.',
  },
  lastUsed: { zh: '最近使用', en: 'Last used' },
  never: { zh: '未使用过', en: 'never used' },
  revoke: { zh: '作废', en: 'Revoke' },
  revokeAsk: (name: string): Text => ({ zh: `作废令牌 ${name}？`, en: `Revoke the token ${name}?` }),
  revokeHint: { zh: '用它的程序立即收到 401。', en: 'The program that uses it gets 401 at once.' },
  once: {
    zh: '请现在复制：本机只存哈希，这个令牌不再显示。',
    en: 'Copy it now: the box keeps its hash only and does not show this token again.',
  },
  tryIt: { zh: '试一下：', en: 'Try it:' },
  done: { zh: '已复制，收起', en: 'Copied, close' },
} satisfies Texts;

export const labelPageText = {
  open: { zh: '机柜标签', en: 'Label for the cabinet' },
  print: { zh: '打印', en: 'Print' },
  page: { zh: '打开网页', en: 'Opens the page' },
  urls: { zh: '网址', en: 'Addresses' },
  network: { zh: '没有网络时的 Wi-Fi', en: 'Wi-Fi where there is no network' },
  byWifi: { zh: '连上后打开：', en: 'Then open: ' },
  byCable: { zh: '网线直连打开：', en: 'By a cable open: ' },
  networkHint: { zh: '验收后不再提供。', en: 'It ends with the acceptance.' },
} satisfies Texts;

export const aboutText = {
  version: { zh: '版本', en: 'Version' },
  node: { zh: 'Node.js', en: 'Node.js' },
  system: { zh: '系统', en: 'System' },
  ours: {
    zh: '以 Apache-2.0 许可发布。它只观察，不能开闸。',
    en: 'Licensed under Apache-2.0. It only observes: nothing in it can open a gate.',
  },
  parts: { zh: '第三方软件', en: 'Third-party software' },
  checkFingerprint: {
    zh: '浏览器显示的证书指纹应与此相同。',
    en: 'The browser should show the same fingerprint for the certificate.',
  },
} satisfies Texts;
