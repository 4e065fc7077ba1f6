/** Why a record waits, in a few words. Both languages; Chinese first. */
import type { Text } from './text.ts';

export const waitsText = {
  paused: { zh: '上传已暂停', en: 'uploads are paused' },
  refused: { zh: '平台拒绝了密钥，定时再试', en: 'the platform refuses the secret; it is probed' },
  picture: { zh: '等图片', en: 'waits for its picture' },
  clock: { zh: '等时钟校准', en: 'waits for the clock' },
  offline: { zh: '平台未连通', en: 'the platform cannot be reached' },
  notTried: { zh: '尚未上传', en: 'not tried yet' },
  person: { zh: '等人查看后处理', en: 'waits for a person' },
  turn: { zh: '轮到就传', en: 'next in turn' },
} satisfies Readonly<Record<string, Text>>;
