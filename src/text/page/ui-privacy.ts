/** Texts of the page of personal data. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const privacyText = {
  kept: { zh: '存了什么，多久', en: 'What is kept, and how long' },
  keptHint: {
    zh: '放行记录和图片，送达后按下面的天数保留；已缴费车辆的车牌只在事件日志里。谁看过图片，在“更多 → 用户 → 谁做过什么”。',
    en: 'Releases and their pictures stay this long after delivery; plates of paying vehicles are in the journal only. Who looked at pictures is under More → Users → Who did what.',
  },
  frames: { zh: '图片', en: 'Pictures' },
  records: { zh: '记录', en: 'Records' },
  change: {
    zh: '在配置的 store.keep 里改（short、month、year）',
    en: 'Set by store.keep of the configuration (short, month, year)',
  },
  person: { zh: '一个人的数据', en: 'One person’s data' },
  personHint: {
    zh: '按完整车牌查找、导出、删除。删除后摘要仍在证据链中，链照样核对得过。',
    en: 'Found, given out and deleted by a whole plate. After a deletion the digests stay in the chain of evidence, which still fits.',
  },
  plate: { zh: '车牌', en: 'Plate' },
  find: { zh: '查找', en: 'Find' },
  give: { zh: '导出', en: 'Give out' },
  erase: { zh: '删除', en: 'Delete' },
  eraseAsk: (plate: string): Text => ({ zh: `删除 ${plate} 的全部数据？`, en: `Delete all data of ${plate}?` }),
  eraseHint: {
    zh: '不可恢复。未送达的记录暂时留下。',
    en: 'It does not come back. Records that are not delivered stay for now.',
  },
  why: { zh: '原因（留在链中，不要写车牌）', en: 'Reason (stays in the chain: name no plate)' },
} satisfies Texts;
