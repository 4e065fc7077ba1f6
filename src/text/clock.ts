/** Texts of the clock that is taken from a phone. Chinese first. */

import * as table from './clock.made.ts';
import type { Text } from './text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });
const seconds = (ms: number): string => (Math.abs(ms) / 1_000).toFixed(1).replace(/\.0$/, '');

export const clockText = {
  ...table.clockText,
  taken: (byMs: number, errorMs: number): Text =>
    both(
      `按手机校准了本机时钟：${byMs < 0 ? '回拨' : '拨快'} ${seconds(byMs)} 秒，误差 ±${seconds(errorMs)} 秒`,
      `took the time of a phone: the clock was moved by ${byMs < 0 ? '-' : '+'}${seconds(byMs)} s, ±${seconds(errorMs)} s`,
    ),
} as const;
