/** The commands `passwd` and `setup-code`. Both languages; Chinese first. */
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
