/** Texts about running as a service and about updates. Both languages; Chinese first. */
import type { Text } from '../text.ts';

export const serviceText = {
  silent: (name: string, seconds: number): Text => ({
    zh: `${name} 已 ${seconds} 秒没有动静，暂停喂狗；若不恢复，系统会重启本程序`,
    en: `${name} has not responded for ${seconds} s: the watchdog is not fed, and the service manager restarts this program unless it recovers`,
  }),
  again: (name: string): Text => ({ zh: `${name} 恢复`, en: `${name} has recovered` }),
  killed: {
    zh: '有部分程序卡住，无法正常停止，强制结束；已写入的记录不受影响',
    en: 'a part is stuck and does not stop: killed; written records are not affected',
  },
  byProgram: {
    zh: '没有 unix-dgram，改用 systemd-notify 报告状态；服务文件里须写 NotifyAccess=all',
    en: 'unix-dgram is not installed: using systemd-notify, for which the unit needs NotifyAccess=all',
  },
};

/** Failures of an update, and what to do. */
const FAILED: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  noKey: [
    '本机没有更新公钥（/etc/lanewarden-update.pub），不接受更新包；可由管理员用 dpkg 安装',
    'this box has no update key (/etc/lanewarden-update.pub) and accepts no package this way; an administrator can install with dpkg',
  ],
  signature: [
    '签名不对或缺失：文件损坏、没有签名，或不是给本机的；什么都没有改动',
    'the signature is wrong or missing: a damaged file, or not one for this box; nothing was changed',
  ],
  badKeys: [
    '更新公钥文件读不了，或其中有不是 Ed25519 公钥（PEM）的内容；改好之前不接受更新包',
    'a file of update keys is unreadable or contains anything but public keys (Ed25519, PEM); no update is accepted until it is repaired',
  ],
  revoked: [
    '签名用的密钥已作废（可能已泄露），没有安装；请向制作方要用现用密钥签名的安装包',
    'it is signed with a revoked key, which may have leaked, and was not installed; ask the maker for a package signed with the current key',
  ],
  notPackage: ['这不是适合本机的 lanewarden 安装包', 'this is no package of lanewarden for this box'],
  tooLarge: ['文件过大，不是安装包', 'the file is too large to be a package'],
  downgrade: [
    '比已安装的版本旧，没有安装；确要降级，请用命令 lanewarden update --allow-downgrade',
    'it is older than the installed version and was not installed; to downgrade, use the command lanewarden update --allow-downgrade',
  ],
  notRoot: ['需要 root：用 sudo 运行', 'only root may install: use sudo'],
  notInstalled: ['系统拒绝安装，原版本继续运行', 'it was not installed, and the former version goes on'],
  reverted: ['新版本没有通过试运行，已自动换回旧版本', 'the new version failed its trial; the former one is back'],
  waiting: [
    '已安装，但还没有通过试运行：看 systemctl status lanewarden',
    'it is installed, its trial has not passed yet: see systemctl status lanewarden',
  ],
  lost: [
    '系统没有取走更新包，或中途断了：看 systemctl status lanewarden-update.path lanewarden-update，再试一次',
    'the system did not take the package, or was interrupted: see systemctl status lanewarden-update.path lanewarden-update, and try again',
  ],
};

export const updateText = {
  summary: {
    zh: '安装签名的更新包：先复制数据库，起不来会自动换回旧版本',
    en: 'install a signed package: the database is copied first, and the former version comes back when it does not come up',
  },
  signature: { zh: '签名文件；不写时为 FILE.deb.sig', en: 'the signature; else FILE.deb.sig' },
  key: {
    zh: '公钥文件（PEM，可有几把）；不写时为 /etc/lanewarden-update.pub 和安装包自带的',
    en: 'a file of public keys (PEM); else /etc/lanewarden-update.pub and those of the package',
  },
  keys: {
    zh: '列出本机接受哪些密钥签的更新包、哪些已作废',
    en: 'list the trusted update keys and the revoked ones',
  },
  inForce: (fingerprint: string, file: string): Text => ({
    zh: `有效    ${fingerprint}  ${file}`,
    en: `in force  ${fingerprint}  ${file}`,
  }),
  revokedKey: (fingerprint: string): Text => ({ zh: `已作废  ${fingerprint}`, en: `revoked   ${fingerprint}` }),
  spool: { zh: '由系统服务调用：取页面放在这里的更新包', en: 'for the unit: installs the package the page left here' },
  allowDowngrade: { zh: '允许安装更旧的版本', en: 'allow an older version' },
  noWait: { zh: '装好即返回，不等新版本通过试运行', en: 'do not wait for the trial of the new version' },
  needsFile: { zh: '要写安装包文件 FILE.deb', en: 'name the package, FILE.deb' },
  installed: (version: string, before: string | undefined): Text => ({
    zh: `已安装 ${version}${before === undefined ? '' : `（原为 ${before}）`}，试运行中（约两分钟）`,
    en: `${version} is installed${before === undefined ? '' : ` (it was ${before})`}; on trial (about two minutes)`,
  }),
  asked: { zh: '更新包已收到，等系统取走', en: 'the package is here; waiting for the system to take it' },
  installing: {
    zh: '正在检查并安装；页面会断开一会儿，自己会回来',
    en: 'checking and installing; the page disconnects for a moment and reconnects by itself',
  },
  proving: (version: string): Text => ({
    zh: `已安装 ${version}，试运行中（约两分钟）；不行会自动换回`,
    en: `${version} is installed and on trial (about two minutes); on failure the former version comes back`,
  }),
  needsPackage: {
    zh: '本程序不是用安装包装的（例如 npm start），不能在网页上更新。源码：git pull && npm ci && npm start。装成服务：sudo dpkg -i lanewarden_….deb，以后就能在这里更新',
    en: 'This was not installed as a package (npm start, for one), and only a package is updated here. From source: git pull && npm ci && npm start. As a service: sudo dpkg -i lanewarden_….deb; from then on updates can be given here',
  },
  done: (version: string): Text => ({ zh: `更新完成：${version}`, en: `updated to ${version}` }),
  failed: (code: string, detail: string): Text => {
    const [zh, en] = FAILED[code] ?? ['更新失败', 'the update failed'];
    const tail = detail === '' ? '' : ` [${detail}]`;
    return { zh: `${zh}${tail}`, en: `${en}${tail}` };
  },
  notProven: (version: string, seconds: number, missing: readonly Text[]): Text => ({
    zh: `新版本 ${version} 在 ${seconds} 秒内没有通过试运行（${missing.map(({ zh }) => zh).join('；')}），退出；几次之后自动换回旧版本`,
    en: `version ${version} did not pass its trial within ${seconds} s (${missing.map(({ en }) => en).join('; ')}): it ends, and after a few attempts the former version comes back`,
  }),
};

/** What does not work in a version on trial. */
export const lackingText = {
  notLooked: { zh: '还没有检查', en: 'nothing was checked yet' },
  fault: (message: string): Text => ({ zh: `检查出错：${message}`, en: `the check failed: ${message}` }),
  stalled: { zh: '存储卡写不进去', en: 'the disk refuses' },
  page: { zh: '本机网页不应答', en: 'its page does not answer' },
  intake: { zh: '缴费接入端口不应答', en: 'its intake does not answer' },
  blind: { zh: '没有读到任何设备', en: 'no device was read' },
  devices: (ids: readonly string[]): Text => ({
    zh: `更新前能读到的设备读不到了：${ids.join('、')}`,
    en: `devices that were read before the update are not: ${ids.join(', ')}`,
  }),
  channels: (ids: readonly string[]): Text => ({
    zh: `更新前连着的接入通道没有连上：${ids.join('、')}`,
    en: `intake channels that were up before the update are not: ${ids.join(', ')}`,
  }),
  uploader: { zh: '上传没有在运行', en: 'the uploader does not run' },
  platform: { zh: '更新前能连上的平台连不上了', en: 'the platform, which answered before the update, does not' },
  lanes: { zh: '更新前在用的配置启动不了', en: 'the configuration that ran before the update does not come up' },
};
