/** What a person reads about the support file and the speed of the disk. Both languages; Chinese first. */
import type { CardSpeed } from '../../system/disk-speed.ts';
import type { Text } from '../text.ts';

const LEVEL: Readonly<Record<CardSpeed['level'], Text>> = {
  good: { zh: '正常', en: 'good' },
  slow: {
    zh: '偏慢：建议换工业级存储卡或固态盘',
    en: 'slow: an industrial card or an SSD is worth it',
  },
  bad: {
    zh: '很慢，可能将要损坏：请尽快更换存储卡',
    en: 'very slow and perhaps about to fail: replace the card soon',
  },
};

export const supportText = {
  summary: {
    zh: '生成给技术支持的文件（版本、配置、队列、日志、磁盘、网络……，已去除密钥和车牌），并测量磁盘',
    en: 'write the file support asks for (versions, configuration, queue, logs, disk, network…, without secrets and plates), and measure the disk',
  },
  hours: { zh: '日志取最近几小时', en: 'of the logs, the last so many hours' },
  noDisk: { zh: '不测量磁盘', en: 'do not measure the disk' },
  badHours: (most: number): Text => ({
    zh: `--hours 要写 1 到 ${most} 之间的数`,
    en: `--hours takes a number from 1 to ${most}`,
  }),
  missing: (name: string, why: string): Text => ({
    zh: `没有拿到 ${name}：${why}`,
    en: `${name} could not be had: ${why}`,
  }),
  written: (file: string, bytes: number): Text => ({
    zh: `已写入 ${file}（${Math.ceil(bytes / 1000)} kB），可以发给技术支持`,
    en: `${file} is written (${Math.ceil(bytes / 1000)} kB) and can be sent to support`,
  }),
  card: ({ writes, medianMs, slowMs, longestMs, level }: CardSpeed): Text => ({
    zh: `磁盘：${writes} 次 4 KB 落盘，中位 ${medianMs} ms，99% 在 ${slowMs} ms 内，最长 ${longestMs} ms：${LEVEL[level].zh}`,
    en: `disk: ${writes} writes of 4 KB brought to the disk, median ${medianMs} ms, 99 % within ${slowMs} ms, longest ${longestMs} ms: ${LEVEL[level].en}`,
  }),
  cardFailed: (folder: string, why: string): Text => ({
    zh: `${folder} 写不进去，无法测量磁盘：${why}`,
    en: `the disk cannot be measured: ${folder} cannot be written (${why})`,
  }),
};
