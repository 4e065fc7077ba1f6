/** Texts of duty and known vehicles. Chinese first. */
import { countText } from '../count.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const dutyPageText = {
  onDuty: { zh: '当班', en: 'On duty' },
  nobody: { zh: '无人登记', en: 'nobody signed on' },
  since: { zh: '从', en: 'since' },
  open: (count: number, more: boolean): Text => ({
    zh: count === 0 ? '没有未处理的记录' : `还有 ${countText(count, more)} 条记录没有人处理过（已上报的也算）`,
    en:
      count === 0
        ? 'No record stands open'
        : `${countText(count, more)} ${count === 1 ? 'record stands' : 'records stand'} open, those reported too`,
  }),
  affirm: { zh: '还是我们当班', en: 'Same people still on duty' },
  signOn: { zh: '上岗', en: 'Sign on' },
  signOff: { zh: '下岗', en: 'Sign off' },
  operator: { zh: '姓名', en: 'Name' },
  pin: { zh: 'PIN（六位数字）', en: 'PIN (six digits)' },
  newPin: { zh: '自己选的新 PIN（六位数字）', en: 'A new PIN of your own (six digits)' },
  place: { zh: '岗位', en: 'Place' },
  allLanes: { zh: '全部车道', en: 'all lanes' },
  noPins: {
    zh: '还没有人有 PIN；先由操作员或安装员在这一页设置',
    en: 'Nobody has a PIN yet; an operator or installer sets them on this page',
  },
  done: (name: string): Text => ({ zh: `${name} 已登记`, en: `${name}: noted` }),
  oddities: { zh: '最近 24 小时的空岗和重叠', en: 'Gaps and overlaps of the last 24 h' },
  noOddities: { zh: '没有', en: 'None' },
  pins: { zh: '上岗 PIN', en: 'PINs' },
  pinsHint: {
    zh: '每人一个，六位，不能全相同或连续。在这里设的只能用一次：本人上岗时换成自己的。设置和换掉都会报告。本机只存哈希，与网页的账号无关。',
    en: 'One for each person: six digits, not all alike and not in a row. One set here is for one use: its owner chooses another when signing on. Setting and changing are reported. Only hashes are kept; it is no account of the page.',
  },
  setPin: { zh: '设置', en: 'Set' },
  removePin: { zh: '去掉', en: 'Remove' },
  vehicles: { zh: '名单车辆', en: 'Known vehicles' },
  vehicleCount: (count: number): Text => ({ zh: `已告知 ${count} 辆`, en: `${count} told` }),
  csvHint: {
    zh: 'CSV（UTF-8 或 GBK）：车牌、类型（月卡 免费 储值 其他）、说明、开始、结束；有表头时按表头',
    en: 'CSV (UTF-8 or GBK): plate, kind (season free storedValue other), description, from, to; with a head, in its order',
  },
  csvFile: { zh: 'CSV 文件', en: 'CSV file' },
  replace: { zh: '以这份为准：不在里面的去掉', en: 'This is the whole list: remove all others' },
  upload: { zh: '上传', en: 'Upload' },
  uploaded: (taken: number, removed: number): Text => ({
    zh: `收下 ${taken} 辆，去掉 ${removed} 辆`,
    en: `${taken} taken, ${removed} removed`,
  }),
} satisfies Texts;
