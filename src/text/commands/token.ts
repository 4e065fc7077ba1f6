/** The command `token`. Both languages; Chinese first. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const tokenText = {
  summary: both('列出、新建、作废供程序使用的令牌', 'lists, makes and revokes the tokens of programs'),
  store: both('数据目录，代替配置文件', 'the state folder, instead of a configuration'),
  make: both('新建一个令牌；只显示这一次', 'makes a token, which is shown this once'),
  scope: both(
    '权限：grants 送缴费消息，read 读取，metrics 读指标，act 复核和重试；可写多个',
    'what it may: grants pushes payments, read reads, metrics reads the metrics, act reviews and retries; several may be given',
  ),
  revoke: both('作废一个令牌，立即失效', 'revokes a token, at once'),
  noFolder: (folder: string): Text =>
    both(
      `没有 ${folder}：程序还没有在这里运行过，或 --store 写错了`,
      `there is no ${folder}: the program has never run here, or --store is wrong`,
    ),
  oneOfBoth: both('--new 和 --revoke 只能写一个', 'give --new or --revoke, not both'),
  scopeAlone: both('--scope 要和 --new 一起写', '--scope goes with --new'),
  scopes: (all: readonly string[]): Text =>
    both(`--scope 只能是 ${all.join('、')}`, `--scope must be of ${all.join(', ')}`),
  badName: both(
    '名字最多 32 个字：字母、数字、. _ -，以字母或数字开头',
    'a name has at most 32 letters, digits, . _ or -, and begins with a letter or digit',
  ),
  none: (name: string): Text =>
    both(
      `没有叫“${name}”的令牌；配置 intake.http.tokens 里的要在配置里删`,
      `there is no token named ${name}; those of intake.http.tokens are removed in the configuration`,
    ),
  revoked: (name: string): Text => both(`已作废 ${name}`, `revoked ${name}`),
  once: both(
    '请现在抄下：本机只存它的哈希，不再显示',
    'Copy it now: the box keeps its hash only and does not show it again',
  ),
  empty: both('没有令牌', 'there are no tokens'),
  made: both('建于', 'made'),
  unused: both('未使用过', 'never used'),
  used: (at: string): Text => both(`最近使用 ${at}`, `last used ${at}`),
} as const;
