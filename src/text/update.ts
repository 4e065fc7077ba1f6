/** What a person reads about running as a service and about updates. Both languages; Chinese first. */
import type { Text } from './text.ts';

export const serviceText = {
  silent: (name: string, seconds: number): Text => ({
    zh: `${name} 已 ${seconds} 秒没有动静，暂停向系统报平安；若不恢复，系统会重启本程序`,
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

export const updateText = {
  notProven: (version: string, seconds: number, hasRead: boolean): Text => ({
    zh: `新版本 ${version} 在 ${seconds} 秒内没有证明自己正常${hasRead ? '' : '（没有读到任何设备）'}，退出；几次之后自动换回旧版本`,
    en: `version ${version} has not proven itself within ${seconds} s${hasRead ? '' : ' (no device was read)'}: it ends, and after a few attempts the former version comes back by itself`,
  }),
};
