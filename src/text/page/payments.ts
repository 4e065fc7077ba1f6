/** Told versus counted: what became of each payment, for the page and its CSV. Chinese first. */
import type { GrantStatus } from '../../intake/grant-fate.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const grantStatusText: Readonly<Record<GrantStatus, Text>> = {
  used: { zh: '已计入', en: 'Counted' },
  late: { zh: '来迟', en: 'Late' },
  waiting: { zh: '等车来', en: 'Waiting' },
  unused: { zh: '没用上', en: 'Unused' },
  expired: { zh: '收到已过期', en: 'Expired' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
  repeated: { zh: '重送', en: 'Repeated' },
  replaced: { zh: '被取代', en: 'Replaced' },
};

export const paymentsText = {
  title: { zh: '缴费：送来的与计入的', en: 'Payments: told versus counted' },
  link: { zh: '送来的与计入的', en: 'Told versus counted' },
  toSheet: { zh: '日报', en: 'Daily sheet' },
  sender: { zh: '发送方', en: 'Sender' },
  till: { zh: '收费电脑', en: 'Till' },
  told: { zh: '送来', en: 'Told' },
  toldAmount: { zh: '送来（元）', en: 'Told ¥' },
  countedAmount: { zh: '计入（元）', en: 'Counted ¥' },
  total: { zh: '合计', en: 'Total' },
  sum: (told: number, missing: number): Text =>
    missing === 0
      ? {
          zh: `送来 ${told} 笔，都计入了或在等车来。`,
          en: `${told} told, all of them counted or waiting for their vehicle.`,
        }
      : {
          zh: `送来 ${told} 笔，${missing} 笔没有计入，逐笔列在下面。`,
          en: `${told} told, ${missing} not counted; they are listed below.`,
        },
  none: {
    zh: '这一天没有留存的缴费（本机保存最近一万笔）。',
    en: 'No payment of this day is kept (the box keeps the last 10,000).',
  },
  notCounted: { zh: '没有计入的', en: 'Not counted' },
  more: (count: number): Text => ({
    zh: `另有 ${count} 笔，CSV 里都有`,
    en: `${count} more; the CSV has all of them`,
  }),
  find: { zh: '查一笔缴费的结果', en: 'Look a payment up' },
  id: { zh: '缴费编号', en: 'Payment number' },
  look: { zh: '查', en: 'Look up' },
  unknown: {
    zh: '没有这个编号的缴费：没有收到过，或已不再保存。收费系统推送或读取的，编号前面有系统名和冒号。',
    en: 'No payment with this number: it was never received, or is no longer kept. Of a system with a profile the number begins with the name of the system and a colon.',
  },
  status: { zh: '结果', en: 'Outcome' },
  why: { zh: '说明', en: 'Why' },
  toldAt: { zh: '收到时间', en: 'Received' },
  endedAt: { zh: '了结时间', en: 'Ended' },
  plate: { zh: '车牌', en: 'Plate' },
  lane: { zh: '车道', en: 'Lane' },
  anyLane: { zh: '全部车道', en: 'all lanes' },
  amount: { zh: '金额（元）', en: 'Amount (CNY)' },
  count: { zh: '可放行', en: 'Covers' },
  countOf: (count: number, left: number): Text => ({
    zh: `${count} 辆，还剩 ${left} 辆`,
    en: `${count} ${count === 1 ? 'vehicle' : 'vehicles'}, ${left} left`,
  }),
  uses: { zh: '放行了', en: 'Covered' },
  releases: { zh: '这块车牌当天的放行记录', en: 'Releases of this plate that day' },
  allOfDay: { zh: '当天全部缴费', en: 'All payments of the day' },
} satisfies Texts;
