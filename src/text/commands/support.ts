/** Texts about the support file and the speed of the disk. Both languages; Chinese first. */
import type { CardSpeed } from '../../system/disk-speed.ts';
import type { Text } from '../text.ts';
import * as table from './support.made.ts';
import { LEVEL } from './support.made.ts';

export const supportText = {
  ...table.supportText,
  written: (file: string, bytes: number): Text => ({
    zh: `已写入 ${file}（${Math.ceil(bytes / 1000)} kB），可以发给技术支持`,
    en: `${file} is written (${Math.ceil(bytes / 1000)} kB) and can be sent to support`,
  }),
  card: ({ writes, medianMs, slowMs, longestMs, level }: CardSpeed): Text => ({
    zh: `磁盘：${writes} 次 4 KB 落盘，中位 ${medianMs} ms，99% 在 ${slowMs} ms 内，最长 ${longestMs} ms：${LEVEL[level].zh}`,
    en: `disk: ${writes} writes of 4 KB brought to the disk, median ${medianMs} ms, 99 % within ${slowMs} ms, longest ${longestMs} ms: ${LEVEL[level].en}`,
  }),
};
