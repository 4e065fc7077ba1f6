/** Texts of the upload queue. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const destinationState = {
  idle: { zh: '正常', en: 'up' },
  working: { zh: '正在发送', en: 'sending' },
  failing: { zh: '发不出去', en: 'failing' },
  paused: { zh: '已暂停', en: 'paused' },
  stopped: { zh: '对方不再接收', en: 'stopped' },
} satisfies Texts;

/** By why a peer waits for a person. */
export const whyConfirm = {
  unconfirmed: {
    zh: '地址在内网（或这里解析不出）：在内网时，有人确认之前什么也不发送。',
    en: 'Its address is near the box, or cannot be resolved here: near the box nothing is sent until somebody confirms it.',
  },
  byUpdate: {
    zh: '更新前就在用，所以还在发送。请核对它确实只接收记录，然后确认。',
    en: 'It was in use before the update, so it is still sent to. See that it only receives records, then confirm it.',
  },
  moved: {
    zh: '它一动作，闸杆就抬起，已经停用。查清它接到了哪里，断开或换掉，再确认。',
    en: 'The arm rose each time it went out, so it is stopped. Find where it leads, undo that, then confirm it.',
  },
} satisfies Texts;

export const queuePageText = {
  unconfirmed: { zh: '内网里还没有确认的去向', en: 'Destinations near the box, not confirmed' },
  confirmPeer: { zh: '确认这个去向', en: 'Confirm this destination' },
  empty: { zh: '没有等待上传的记录', en: 'Nothing queued' },
  allSafe: {
    zh: '记录保存在本机，断网、断电都不会丢。',
    en: 'Records are stored on the box: neither a network outage nor a power cut loses one.',
  },
  pause: { zh: '暂停上传', en: 'Pause uploads' },
  resume: { zh: '恢复上传', en: 'Resume uploads' },
  pauseAsk: { zh: '暂停上传？', en: 'Pause uploads?' },
  pauseHint: {
    zh: '暂停期间记录照常保存，但不会送达平台，直到有人恢复或到时自动继续。',
    en: 'Records are still stored, but none is uploaded until somebody resumes or the time is over.',
  },
  pausedBy: (who: string): Text => ({ zh: `${who} 暂停，最晚到`, en: `Paused by ${who}, at most until` }),
  retryAll: { zh: '全部立即重试', en: 'Retry all now' },
  retried: (count: number): Text => ({
    zh: `${count} 条已排到最前`,
    en: count === 1 ? '1 record moved to the front' : `${count} records moved to the front`,
  }),
  export: { zh: '导出未送达（zip）', en: 'Export undelivered (zip)' },
  destinations: { zh: '去向', en: 'Destinations' },
  platform: { zh: '平台', en: 'Platform' },
  waits: (count: number): Text => ({ zh: `等待 ${count}`, en: `${count} queued` }),
  sinceStart: (arrived: number, failed: number): Text => ({
    zh: `启动以来送达 ${arrived}，失败 ${failed} 次`,
    en: `since the start ${arrived} arrived, ${failed} ${failed === 1 ? 'failure' : 'failures'}`,
  }),
  pauseOne: { zh: '暂停', en: 'Pause' },
  resumeOne: { zh: '恢复', en: 'Resume' },
  ownWords: { zh: '平台的原话', en: 'The platform’s own words' },
  causes: { zh: '原因', en: 'Reasons' },
  oldest: { zh: '最早', en: 'Oldest' },
  next: { zh: '下次', en: 'Next' },
  now: { zh: '马上', en: 'at once' },
  byHand: { zh: '需要人处理', en: 'needs action' },
  items: { zh: '等待中的记录', en: 'Queued records' },
  offlineFor: (duration: Text): Text => ({
    zh: `平台已 ${duration.zh}未连通`,
    en: `platform unreachable for ${duration.en}`,
  }),
  firstShown: (count: number): Text => ({ zh: `只列出前 ${count} 条`, en: `first ${count} shown` }),
} satisfies Texts;
