/** Texts about the platform and its answers, in Chinese and English. It words others' decisions. */
import type { DeliveryReceipt } from '../cloud/delivery-receipt.ts';
import type { SignatureComparison, SignatureDifference } from '../cloud/signature/signature-comparison.ts';
import * as table from './cloud.made.ts';
import { SEND_FAULT } from './cloud.made.ts';
import type { Text } from './text.ts';

export { cloudFaultText } from './cloud.made.ts';

/** The reason of a record sent before the clock was set. On the wire, so Chinese only. */
export function reasonWithDoubt(reason: string): string {
  return reason === '' ? '时间未校准' : `${reason}（时间未校准）`;
}

/** The reason of a record corrected by a person, which adds to what the lane found: what was corrected, and the reason of then. On the wire. */
export function correctedReason(why: string, was: readonly string[], reason: string): string {
  const former = was.map((each) => (each === '' ? '无牌' : each)).join('、');
  return `人工更正：${why}；原为${former}，${reason}`;
}

/** The reason of a record that a person asked to drop, with what it was. On the wire. */
export function dismissedReason(who: string, why: string, was: string): string {
  return `${who}要求丢弃：${why}；原记录：${was}`;
}

/** The codes of `whyText`, for the test that all are documented. */
export const WHY_CODES: readonly string[] = Object.keys(SEND_FAULT);

/** Words a `why` (`code` or `code: detail`); the platform's own words stay unchanged. */
export function whyText(why: string): Text {
  const [, code = '', detail] = /^(\w+)(?:: ([\s\S]*))?$/.exec(why) ?? [];
  const text = SEND_FAULT[code];
  if (text === undefined) return { zh: why, en: why };
  if (detail === undefined || detail === '') return text;
  return { zh: `${text.zh}（${detail}）`, en: `${text.en} (${detail})` };
}

/** Longer words of the platform, such as a whole signed text, would hide the sentence. */
const DETAIL_SHOWN_MAX = 60;

/** As `whyText`, with a long detail apart: to be folded. */
export function foldedWhy(why: string): { readonly why: Text; readonly detail?: string } {
  const [, code = '', detail = ''] = /^(\w+): ([\s\S]*)$/.exec(why) ?? [];
  const text = SEND_FAULT[code];
  return text === undefined || detail.length <= DETAIL_SHOWN_MAX ? { why: whyText(why) } : { why: text, detail };
}

/** One log line: the platform's answer to a record. */
export function receiptText(receipt: DeliveryReceipt): Text {
  switch (receipt.kind) {
    case 'accepted': {
      if (receipt.warning === undefined) return { zh: '已上传，平台收下', en: 'sent, the platform took it' };
      const warning = whyText(receipt.warning);
      return { zh: `已上传，平台收下；注意：${warning.zh}`, en: `sent, the platform took it; note: ${warning.en}` };
    }
    case 'held':
      return headed('未送达，留待处理', 'not delivered, kept for a person', receipt.why);
    case 'retry':
      return headed('暂未送达，稍后补传', 'not delivered yet, tried again later', receipt.why);
    case 'rejected':
      return headed('平台拒收，已另存', 'refused by the platform, parked', receipt.why);
    case 'paused':
      return headed('上传已暂停，记录不会丢', 'sending is paused, nothing is lost', receipt.why);
  }
}

function headed(zh: string, en: string, why: string): Text {
  const text = whyText(why);
  return { zh: `${zh}：${text.zh}`, en: `${en}: ${text.en}` };
}

/** The command `sign`. */
export const signText = {
  ...table.signText,
  noDestination: (name: string, names: readonly string[]): Text => ({
    zh: `配置里没有 kind: platform 的去向“${name}”${names.length === 0 ? '' : `；有：${names.join('、')}`}`,
    en: `the configuration has no destination "${name}" of kind platform${names.length === 0 ? '' : `; it has ${names.join(', ')}`}`,
  }),
  noFact: (name: string, near: string | undefined): Text => ({
    zh: `没有“${name}”这项内容${near === undefined ? '' : `；是不是想写 ${near}？`}`,
    en: `there is no fact "${name}"${near === undefined ? '' : `; did you mean ${near}?`}`,
  }),
} as const;

/** One line per difference, in terms an installer can act on. */
export function comparisonText(comparison: SignatureComparison): readonly Text[] {
  if (comparison.kind === 'noText')
    return [
      {
        zh: '提示里没有签名原文，或只有与我们一致的一段，无法比对（完整的原文到 app_secret=*** 为止）',
        en: 'the hint holds no signed text, or only a piece of it that is as ours, so there is nothing to compare (the whole text ends with app_secret=***)',
      },
    ];
  if (comparison.kind === 'equal')
    return [
      {
        zh: '两边签名原文完全一致：是密钥不对，请向平台核对',
        en: 'the texts are equal: the secret is wrong; ask the platform for it again',
      },
    ];
  return comparison.differences.map(differenceText);
}

function differenceText(difference: SignatureDifference): Text {
  switch (difference.kind) {
    case 'missing':
      return {
        zh: `字段 ${difference.field}：我们发送了「${difference.ours}」，平台的签名原文里没有`,
        en: `${difference.field}: we sent “${difference.ours}”, the platform did not sign it`,
      };
    case 'extra':
      return difference.empty
        ? {
            zh: `字段 ${difference.field}：平台把空值也算进了签名，空字段不应参与`,
            en: `${difference.field}: the platform signed an empty value, which is to be left out`,
          }
        : {
            zh: `字段 ${difference.field}：平台的签名原文里多出「${difference.theirs}」，我们没有发送`,
            en: `${difference.field}: the platform signed “${difference.theirs}”, which we did not send`,
          };
    case 'charset':
      return {
        zh: `字段 ${difference.field}：字符集丢失，我们发送「${difference.ours}」，平台读成「${difference.theirs}」；文本部分须注明 charset=UTF-8`,
        en: `${difference.field}: the charset was lost: we sent “${difference.ours}”, the platform read “${difference.theirs}”; the part needs charset=UTF-8`,
      };
    case 'encoded':
      return {
        zh: `字段 ${difference.field}：平台用 URL 编码后的值「${difference.theirs}」签名，应使用原文`,
        en: `${difference.field}: the platform signed the URL-encoded “${difference.theirs}”; the raw value is to be signed`,
      };
    case 'value':
      return {
        zh: `字段 ${difference.field}：值不同，我们是「${difference.ours}」，平台是「${difference.theirs}」`,
        en: `${difference.field}: the value differs: ours is “${difference.ours}”, the platform’s is “${difference.theirs}”`,
      };
    case 'order':
      return {
        zh: `字段顺序不同，平台的顺序是 ${difference.theirs.join('、')}；应按 ASCII 升序`,
        en: `the order differs; the platform has ${difference.theirs.join(', ')}; it should be ascending by ASCII`,
      };
    case 'text':
      return {
        zh: `原文从第 ${difference.at} 个字起不同：我们是「${difference.ours}」，平台是「${difference.theirs}」`,
        en: `the texts differ from character ${difference.at} on: ours is “${difference.ours}”, the platform’s is “${difference.theirs}”`,
      };
  }
}
