/** Texts around every page: names of pages, login, setup, bars. Chinese first. */
import type { PageName, UserRole } from '../../page/api/api.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const pageTitle: Readonly<Record<PageName, Text>> = {
  overview: { zh: '状态', en: 'Status' },
  releases: { zh: '放行记录', en: 'Releases' },
  inbox: { zh: '待处理', en: 'Inbox' },
  duty: { zh: '当班与车辆', en: 'Duty, vehicles' },
  queue: { zh: '上传队列', en: 'Upload queue' },
  account: { zh: '日报', en: 'Daily sheet' },
  wizard: { zh: '调试向导', en: 'Commissioning' },
  signals: { zh: '实时信号', en: 'Live signals' },
  config: { zh: '配置', en: 'Configuration' },
  pushes: { zh: '近来的推送', en: 'Recent pushes' },
  diagnostics: { zh: '诊断', en: 'Diagnostics' },
  logs: { zh: '日志', en: 'Log' },
  backup: { zh: '备份与更新', en: 'Backup, update' },
  privacy: { zh: '个人信息', en: 'Personal data' },
  users: { zh: '用户', en: 'Users' },
  api: { zh: 'API 接口', en: 'API' },
  about: { zh: '关于', en: 'About' },
};

export const roleName: Readonly<Record<UserRole, Text>> = {
  booth: { zh: '岗亭', en: 'booth' },
  viewer: { zh: '查看员', en: 'viewer' },
  operator: { zh: '操作员', en: 'operator' },
  auditor: { zh: '审计员', en: 'auditor' },
  installer: { zh: '安装员', en: 'installer' },
};

export const shellText = {
  product: { zh: '闸口卫士', en: 'lanewarden' },
  skip: { zh: '跳到正文', en: 'Skip to the content' },
  pages: { zh: '页面', en: 'Pages' },
  more: { zh: '更多', en: 'More' },
  loading: { zh: '正在读取…', en: 'Loading…' },
  otherLanguage: { zh: 'English', en: '中文' },
  help: { zh: '帮助', en: 'Help' },
  logout: { zh: '退出登录', en: 'Log out' },
  loggedInAs: (user: string, role: Text): Text => ({ zh: `${user}（${role.zh}）`, en: `${user} (${role.en})` }),
  notFound: { zh: '没有这个页面', en: 'There is no such page' },
  notFoundHint: {
    zh: '地址可能写错了，或者这一项已经被删除。',
    en: 'The address may be mistyped, or the item has been deleted.',
  },
  toOverview: { zh: '回到状态页', en: 'Go to the status page' },
  notYours: { zh: '您的账号没有这个页面的权限', en: 'Your account may not open this page' },
  notYoursHint: (role: Text): Text => ({
    zh: `需要“${role.zh}”或更高的权限。请用有权限的账号登录。`,
    en: `It needs the role ${role.en} or higher. Log in with an account that has it.`,
  }),
  offline: {
    zh: '连不上本机，正在重试；下面是断开前的内容',
    en: 'The box does not answer, retrying; below is the last known state',
  },
  configBroken: (faults: number): Text => ({
    zh: `配置文件有 ${faults} 处错误，本机继续按上一份好的配置运行`,
    en: `The configuration file has ${faults} fault${faults === 1 ? '' : 's'}; the box keeps running the last good one`,
  }),
  configReverted: {
    zh: '新配置没有起来或没有被保留，现在用的是上一份',
    en: 'The new configuration did not come up or was not kept; the previous one is in force',
  },
  configTrial: {
    zh: '新配置正在试运行，不确认会自动退回',
    en: 'A new configuration is on trial; unless kept, the previous one is restored',
  },
  toConfig: { zh: '查看', en: 'View' },
  demo: { zh: '演示', en: 'Demonstration' },
  demoSays: {
    zh: '车道和平台都是模拟的。放一辆车过去：',
    en: 'The lane and the platform are simulated. Send a car through:',
  },
  demoPaid: { zh: '已缴费的车', en: 'Paid car' },
  demoManual: { zh: '手动放行', en: 'Manual release' },
  demoTailgater: { zh: '跟车', en: 'Tailgater' },
  demoFaults: { zh: '故障…', en: 'Faults…' },
  demoTrailer: { zh: '挂车', en: 'Trailer' },

  login: { zh: '登录', en: 'Log in' },
  loginHint: { zh: '车道机柜里的闸口卫士', en: 'The warden in the lane cabinet' },
  user: { zh: '用户名', en: 'User' },
  password: { zh: '密码', en: 'Password' },
  forgotten: {
    zh: '忘记密码：在本机上运行 lanewarden passwd',
    en: 'Forgotten: run lanewarden passwd on the box',
  },
  setup: { zh: '第一次使用', en: 'First use' },
  setupHint: {
    zh: '本机还没有用户。用一次性设置码建立第一个账号，它拥有全部权限。',
    en: 'This box has no users yet. Create the first account, with full permissions, using the one-time set-up code.',
  },
  setupCode: { zh: '设置码', en: 'Set-up code' },
  setupCodeHint: {
    zh: '在设备标签、屏幕（HDMI 或串口控制台）或启动日志上；扫标签的二维码自动填好',
    en: 'on the label, on the screen of the box (HDMI or serial console) or in its log; the QR code fills it in',
  },
  newPassword: { zh: '密码', en: 'Password' },
  passwordHint: {
    zh: '至少 12 个字符，例如几个不相干的词；不能是一个词加数字',
    en: 'at least 12 characters, such as a few unrelated words; not one word with digits',
  },
  passwordAgain: { zh: '再输入一次密码', en: 'Password again' },
  passwordsDiffer: { zh: '两次输入的密码不一样', en: 'The two passwords differ' },
  swap: { zh: '更换设备：从备份恢复', en: 'Replacing a box: restore its backup' },
  swapHint: {
    zh: '用旧设备的备份接替它：配置、记录和未送达的图片；备份加了口令的，密钥、用户和证书也回来。',
    en: 'Takes the place of the former box: its configuration, records and undelivered pictures; from a backup with a passphrase also its secrets, users and certificate.',
  },
  swapFile: { zh: '备份文件（zip）', en: 'Backup file (zip)' },
  swapPassphrase: { zh: '备份的口令（没有就空着）', en: 'Passphrase of the backup (if it has one)' },
  swapStart: { zh: '恢复', en: 'Restore' },
  swapped: {
    zh: '已恢复。备份里没有用户，请建立第一个账号。',
    en: 'Restored. The backup has no users: create the first account.',
  },
  swapBack: { zh: '不恢复，建立新账号', en: 'No backup: create an account' },
  create: { zh: '建立账号并登录', en: 'Create the account and log in' },
  fingerprint: { zh: '证书指纹（SHA-256）', en: 'Certificate fingerprint (SHA-256)' },
} satisfies Texts;
