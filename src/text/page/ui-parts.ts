/** Texts shared by all pages: states, buttons, times, jobs. Chinese first. */
import type { ClockLive, Level } from '../../page/api/api.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const levelName: Readonly<Record<Level, Text>> = {
  ok: { zh: '正常', en: 'OK' },
  warn: { zh: '注意', en: 'Attention' },
  error: { zh: '故障', en: 'Fault' },
};

export const clockQuality: Readonly<Record<ClockLive['quality'], Text>> = {
  synced: { zh: '已校准', en: 'synchronised' },
  corrected: { zh: '事后校正', en: 'corrected afterwards' },
  manual: { zh: '按手机校准', en: 'taken from a phone' },
  estimated: { zh: '估计', en: 'estimated' },
  unknown: { zh: '未知', en: 'unknown' },
};

export const partText = {
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  retry: { zh: '再试一次', en: 'Try again' },
  copy: { zh: '复制', en: 'Copy' },
  copyAddress: { zh: '复制网址', en: 'Copy the address' },
  noDownload: {
    zh: '微信里下载没有反应：点右上角“…”→“在浏览器打开”，或复制网址到浏览器',
    en: 'WeChat downloads nothing: "…" at the top, then "Open in browser", or copy the address',
  },
  noUpload: {
    zh: '微信里选了文件也传不上来：点右上角“…”→“在浏览器打开”，或复制网址到浏览器',
    en: 'WeChat uploads nothing: "…" at the top, then "Open in browser", or copy the address',
  },
  copied: { zh: '已复制', en: 'Copied' },
  optional: { zh: '可不填', en: 'optional' },
  milliseconds: (value: number): Text => ({ zh: `${value} 毫秒`, en: `${value} ms` }),
  seconds: (value: number): Text => ({ zh: `${value} 秒`, en: `${value} s` }),
  minutes: (value: number): Text => ({ zh: `${value} 分钟`, en: `${value} min` }),
  hours: (value: number): Text => ({ zh: `${value} 小时`, en: `${value} h` }),
  days: (value: number): Text => ({ zh: `${value} 天`, en: value === 1 ? '1 day' : `${value} days` }),
  left: (duration: Text): Text => ({ zh: `还要约 ${duration.zh}`, en: `about ${duration.en} left` }),
  jobDone: { zh: '完成', en: 'Done' },
  jobFailed: { zh: '失败', en: 'Failed' },
  jobCancelled: { zh: '已取消', en: 'Cancelled' },
} satisfies Texts;
