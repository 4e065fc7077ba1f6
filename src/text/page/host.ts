/** Which configuration is in force, and why the one in the file is not. Chinese first. */
import { STALLED_TEXT } from '../store.ts';
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** Of texts from outside, parsed within limits. */
export const parseText = {
  tooLong: (seconds: number): Text =>
    both(
      `${seconds} 秒内没有读完，已放弃：内容重复或嵌套太多，请精简`,
      `not read within ${seconds} s, and given up: too much in it repeats or is nested; make it simpler`,
    ),
  tooMuch: both(
    '读它要用的内存超过上限，已放弃：内容重复或嵌套太多，请精简',
    'reading it takes more memory than there is for it: too much in it repeats or is nested; make it simpler',
  ),
  busy: both('正在读别的配置，请稍后再试', 'other configurations are being read: try again in a moment'),
  ended: (why: string): Text =>
    both(`读配置的线程结束了：${why}，请再试一次`, `the thread that reads configurations has ended: ${why}; try again`),
};

export const hostText = {
  /** In place of a user: the configuration was found in its file. */
  byFile: '-',
  checking: both('检查配置', 'checking the configuration'),
  writing: both('保存配置', 'saving the configuration'),
  stopping: both('停止当前配置', 'stopping the current configuration'),
  starting: both('启用新配置', 'starting the new configuration'),
  reverting: both(
    '新配置没有启动，正在恢复原来的配置',
    'the new configuration did not come up: restoring the previous one',
  ),
  fault: (line: number, message: Text): Text =>
    both(`配置第 ${line} 行：${message.zh}`, `line ${line} of the configuration: ${message.en}`),
  cameNotUp: (message: string): Text =>
    both(
      `配置没有启动：${message}；原来的配置仍然生效`,
      `the configuration did not come up: ${message}; the previous one is in force`,
    ),
  tooLong: (seconds: number): Text => both(`${seconds} 秒内没有启动`, `it did not come up within ${seconds} s`),
  notKept: both(
    '新配置没有人确认保留，已恢复原来的配置',
    'the new configuration was not kept: the previous one is in force',
  ),
  waitsForDisk: (why: keyof typeof STALLED_TEXT, detail: string): Text =>
    both(
      `${STALLED_TEXT[why].zh}（${detail}）：打不开数据库，车道没有监视，每秒重试`,
      `${STALLED_TEXT[why].en} (${detail}): the store cannot be opened and no lane is watched; tried again every second`,
    ),
  lastGood: (file: string): Text =>
    both(
      `${file} 有错误；上一次可用的配置仍然生效，错误见本地网页`,
      `${file} has faults: the last good configuration is in force; the page shows the faults`,
    ),
  nothing: (file: string): Text =>
    both(
      `${file} 不能用，也没有上一次可用的配置：车道没有监视，请在本地网页修改`,
      `${file} cannot be used and there is no previous one: no lane is watched; fix it on the page`,
    ),
  mendFirst: { zh: '先改正配置里的错误', en: 'mend the faults of the configuration first' },
  secretsBroken: both(
    'secrets.yaml 不是合法的 YAML，请先在本机上改正',
    'secrets.yaml is not valid YAML: fix it on the box first',
  ),
  restoring: both('停止车道，恢复备份', 'stopping the lanes, restoring the backup'),
  wrongPassphrase: both(
    '备份的口令不对，或没有填；什么都没有改动。口令是做备份时定的',
    'the passphrase of the backup is wrong or missing; nothing was changed. It was chosen when the backup was made',
  ),
  notNoted: (message: string): Text =>
    both(`未能保存配置历史：${message}`, `the history of the configuration could not be saved: ${message}`),
} as const;
