/** What the page of the upload queue says. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const queuePageText = {
  empty: { zh: '没有等待上传的记录', en: 'Nothing queued' },
  allSafe: {
    zh: '记录保存在本机，断网、断电都不会丢。',
    en: 'Records are kept on the box: neither a lost link nor a power cut loses one.',
  },
  pause: { zh: '暂停上传', en: 'Pause' },
  resume: { zh: '恢复上传', en: 'Go on' },
  pauseAsk: { zh: '暂停上传？', en: 'Pause the upload?' },
  pauseHint: {
    zh: '暂停期间记录照常保存，但不会送达平台，直到有人恢复。',
    en: 'Records are kept as ever, but none reaches the platform until somebody lets it go on.',
  },
  retryAll: { zh: '全部立即重试', en: 'Try all now' },
  retried: (count: number): Text => ({
    zh: `${count} 条已排到最前`,
    en: count === 1 ? '1 record is due now' : `${count} records are due now`,
  }),
  export: { zh: '导出未送达（zip）', en: 'Export the undelivered (zip)' },
  causes: { zh: '原因', en: 'Causes' },
  oldest: { zh: '最早', en: 'Oldest' },
  next: { zh: '下次', en: 'Next' },
  byHand: { zh: '需要人处理', en: 'waits for a person' },
  items: { zh: '等待中的记录', en: 'What waits' },
  offlineFor: (duration: Text): Text => ({
    zh: `平台已 ${duration.zh}未连通`,
    en: `the platform has been out of reach for ${duration.en}`,
  }),
  firstShown: (count: number): Text => ({ zh: `只列出前 ${count} 条`, en: `the first ${count} are listed` }),
} satisfies Texts;
