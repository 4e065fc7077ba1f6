/** What a person reads about running as a service and about updates. Both languages; Chinese first. */
import type { Text } from '../text.ts';

export const serviceText = {
  silent: (name: string, seconds: number): Text => ({
    zh: `${name} 已 ${seconds} 秒没有动静，暂停喂狗；若不恢复，系统会重启本程序`,
    en: `${name} has shown no life for ${seconds} s: the service manager is not told that all is well, and will restart this program unless it recovers`,
  }),
  again: (name: string): Text => ({ zh: `${name} 恢复`, en: `${name} is itself again` }),
  killed: {
    zh: '有部分程序卡住，无法正常停止，强制结束；已写入的记录不受影响',
    en: 'some part is stuck and does not stop: ending by force; what was written stays',
  },
  byProgram: {
    zh: '没有 unix-dgram，改用 systemd-notify 报告状态；服务文件里须写 NotifyAccess=all',
    en: 'unix-dgram is not there: systemd-notify is used instead, and the unit needs NotifyAccess=all',
  },
};

/** What went wrong with an update, and what to do. */
const FAILED: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  noKey: [
    '本机没有更新公钥（/etc/lanewarden-update.pub），不接受更新包；可由管理员用 dpkg 安装',
    'this box has no key for updates (/etc/lanewarden-update.pub) and takes none this way; an administrator can install with dpkg',
  ],
  signature: [
    '签名不对或缺失：文件损坏、没有签名，或不是给本机的；什么都没有改动',
    'the signature is wrong or missing: a damaged file, or not one for this box; nothing was changed',
  ],
  badKeys: [
    '更新公钥文件读不了，或其中有不是 Ed25519 公钥（PEM）的内容；改好之前不接受更新包',
    'a file of update keys cannot be read, or holds something that is no public key (Ed25519, PEM); no update is accepted until it is fixed',
  ],
  revoked: [
    '签名用的密钥已作废（可能已泄露），没有安装；请向制作方要用现用密钥签名的安装包',
    'it is signed with a key that is revoked, because it may have leaked, and was not taken; ask the maker for a package signed with the present key',
  ],
  notPackage: ['这不是适合本机的 lanewarden 安装包', 'this is no package of lanewarden for this box'],
  tooLarge: ['文件过大，不是安装包', 'the file is too large to be a package'],
  downgrade: [
    '比已安装的版本旧，没有安装；确要降级，请用命令 lanewarden update --allow-downgrade',
    'it is older than what is installed and was not taken; if that is meant, use the command lanewarden update --allow-downgrade',
  ],
  notRoot: ['需要 root：用 sudo 运行', 'only root may install: use sudo'],
  notInstalled: ['系统拒绝安装，原版本继续运行', 'it was not installed, and the former version goes on'],
  reverted: [
    '新版本没有证明自己正常，已自动换回旧版本',
    'the new version did not prove itself; the former one is back',
  ],
  waiting: [
    '已安装，但还没有证明自己正常：看 systemctl status lanewarden',
    'it is installed but has not proven itself: see systemctl status lanewarden',
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
    en: 'list the keys whose packages this box takes, and the revoked ones',
  },
  inForce: (fingerprint: string, file: string): Text => ({
    zh: `有效    ${fingerprint}  ${file}`,
    en: `in force  ${fingerprint}  ${file}`,
  }),
  revokedKey: (fingerprint: string): Text => ({ zh: `已作废  ${fingerprint}`, en: `revoked   ${fingerprint}` }),
  spool: { zh: '由系统服务调用：取页面放在这里的更新包', en: 'for the unit: takes what the page left here' },
  allowDowngrade: { zh: '允许安装更旧的版本', en: 'an older version is meant' },
  noWait: { zh: '装好即返回，不等新版本证明自己', en: 'do not wait until the new version has proven itself' },
  needsFile: { zh: '要写安装包文件 FILE.deb', en: 'name the package, FILE.deb' },
  installed: (version: string, before: string | undefined): Text => ({
    zh: `已安装 ${version}${before === undefined ? '' : `（原为 ${before}）`}，等它证明自己正常（约两分钟）`,
    en: `${version} is installed${before === undefined ? '' : ` (it was ${before})`}; waiting for it to prove itself (about two minutes)`,
  }),
  asked: { zh: '更新包已收到，等系统取走', en: 'the package is here; waiting for the system to take it' },
  installing: {
    zh: '正在检查并安装；页面会断开一会儿，自己会回来',
    en: 'checking and installing; this page loses the box for a moment and comes back by itself',
  },
  proving: (version: string): Text => ({
    zh: `已安装 ${version}，等它证明自己正常（约两分钟）；不行会自动换回`,
    en: `${version} is installed and must prove itself (about two minutes); else the former version comes back`,
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
  notProven: (version: string, seconds: number, hasRead: boolean): Text => ({
    zh: `新版本 ${version} 在 ${seconds} 秒内没有证明自己正常${hasRead ? '' : '（没有读到任何设备）'}，退出；几次之后自动换回旧版本`,
    en: `version ${version} has not proven itself within ${seconds} s${hasRead ? '' : ' (no device was read)'}: it ends, and after a few attempts the former version comes back by itself`,
  }),
};
