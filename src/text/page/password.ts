/** The commands `passwd`, `setup-code` and `label`. Both languages; Chinese first. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const passwordText = {
  summary: both('在本机重设网页用户的密码', 'sets a new password for a user of the page'),
  setupSummary: both(
    '显示首次设置密码用的设置码和证书指纹',
    'shows the set-up code of the first start, and the fingerprint of the certificate',
  ),
  store: both('数据目录，代替配置文件', 'the state folder, instead of a configuration'),
  fingerprint: (text: string): Text => both(`证书指纹 SHA-256：${text}`, `certificate, SHA-256: ${text}`),
  noCode: both(
    '没有设置码：已经设过密码，或程序还没有启动过',
    'there is no set-up code: a password has been set already, or the program has never run',
  ),
  noUsers: both(
    '还没有用户：请在网页上用设置码设置密码',
    'there are no users yet: set a password on the page with the set-up code',
  ),
  noUser: (user: string, names: readonly string[]): Text => {
    const there = names.length === 0 ? both('', '') : both(`：${names.join('、')}`, `: ${names.join(', ')}`);
    return user === ''
      ? both(`请写用户名${there.zh}`, `name a user${there.en}`)
      : both(`没有用户“${user}”${there.zh}`, `there is no user "${user}"${there.en}`);
  },
  noFolder: (folder: string): Text =>
    both(
      `没有 ${folder}：程序还没有在这里运行过，或 --store 写错了`,
      `there is no ${folder}: the program has never run here, or --store is wrong`,
    ),
  ask: both('新密码：', 'new password: '),
  done: (user: string): Text =>
    both(`已设置 ${user} 的新密码，其他登录已失效`, `${user} has a new password; other sessions have ended`),
} as const;

export const labelText = {
  summary: both(
    '显示本机网页的地址、二维码、设置码和证书指纹，可打印成标签',
    'shows the addresses of the page, a QR code, the set-up code and the certificate’s fingerprint, to print as a label',
  ),
  wait: both('最多等这么多秒，直到网页可用', 'waits for so many seconds at most until the page is there'),
  badWait: both('--wait 应为 0 到 120', '--wait is 0 to 120'),
  open: both(
    'lanewarden 闸口卫士。用手机扫码，或在浏览器打开（证书警告：核对指纹后继续）：',
    'lanewarden. Scan with a phone, or open in a browser (at its warning compare the fingerprint, then go on):',
  ),
  network: (name: string, key: string, [wifi, cable]: readonly string[]): Text =>
    both(
      `没有网络时：Wi-Fi ${name}，密码 ${key}，打开 ${wifi}；或网线直连，打开 ${cable}`,
      `where there is no network: Wi-Fi ${name}, key ${key}, then ${wifi}; or a cable, then ${cable}`,
    ),
  setupCode: (code: string): Text => both(`设置码：${code}`, `set-up code: ${code}`),
  fingerprint: (text: string): Text => both(`证书指纹 SHA-256：${text}`, `certificate, SHA-256: ${text}`),
} as const;
