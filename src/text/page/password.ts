/** The commands `passwd`, `setup-code` and `label`. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './password.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const passwordText = {
  ...table.passwordText,
  noUser: (user: string, names: readonly string[]): Text => {
    const there = names.length === 0 ? both('', '') : both(`：${names.join('、')}`, `: ${names.join(', ')}`);
    return user === ''
      ? both(`请写用户名${there.zh}`, `name a user${there.en}`)
      : both(`没有用户“${user}”${there.zh}`, `there is no user "${user}"${there.en}`);
  },
} as const;

export const labelText = {
  ...table.labelText,
  network: (name: string, key: string, [wifi, cable]: readonly string[]): Text =>
    both(
      `没有网络时：Wi-Fi ${name}，密码 ${key}，打开 ${wifi}；或网线直连，打开 ${cable}`,
      `where there is no network: Wi-Fi ${name}, key ${key}, then ${wifi}; or a cable, then ${cable}`,
    ),
} as const;
