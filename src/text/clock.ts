/** Texts of the clock that is taken from a phone. Chinese first. */
import type { Text } from './text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });
const seconds = (ms: number): string => (Math.abs(ms) / 1_000).toFixed(1).replace(/\.0$/, '');

export const clockText = {
  route: both('本机时钟的状态', 'the state of the clock of this box'),
  routeTake: both(
    '按手机的时间校准本机时钟，仅在没有网络校时的时候',
    'takes the time of a phone, where no network tells it',
  ),
  needsPackage: both(
    '只有用安装包装的本机能按手机校准；否则在本机上运行 sudo date -s',
    'Only a box installed by its package takes the time of a phone; else run sudo date -s at the box',
  ),
  fromNetwork: both(
    '本机的时间已由网络校准，不从手机取',
    'The time of this box comes from the network; a phone is not needed',
  ),
  tooSlow: both('网络太慢，量不准；请再点一次', 'The network was too slow to measure: tap once more'),
  refused: both(
    '系统没有接受（日志里有原因），时钟没有改',
    'The system refused it (the log says why); the clock is as it was',
  ),
  notSet: both('系统没有应答，时钟没有改', 'The system did not answer; the clock is as it was'),
  taken: (byMs: number, errorMs: number): Text =>
    both(
      `按手机校准了本机时钟：${byMs < 0 ? '回拨' : '拨快'} ${seconds(byMs)} 秒，误差 ±${seconds(errorMs)} 秒`,
      `took the time of a phone: the clock was moved by ${byMs < 0 ? '-' : '+'}${seconds(byMs)} s, ±${seconds(errorMs)} s`,
    ),
} as const;
