/** Texts about the platform and its answers, in Chinese and English. It words others' decisions. */
import { SEND_FAULT } from './cloud.made.ts';
import { detailed, plain, type Text } from './text.ts';

export { cloudFaultText, signText } from './cloud.made.ts';

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

/** The reason of a record that turned out otherwise after it was sent, with what it was. On the wire. */
export function turnedOutReason(why: string, was: string): string {
  return `${whyText(why).zh}；原记录：${was}`;
}

/** The codes of `whyText`, for the test that all are documented. */
export const WHY_CODES: readonly string[] = Object.keys(SEND_FAULT);

/** Words a `why` (`code` or `code: detail`); the platform's own words stay unchanged. */
export function whyText(why: string): Text {
  const [, code = '', detail] = /^(\w+)(?:: ([\s\S]*))?$/.exec(why) ?? [];
  const text = SEND_FAULT[code];
  return text === undefined ? plain(why) : detailed(text, detail);
}

/** Longer words of the platform, such as a whole signed text, would hide the sentence. */
const DETAIL_SHOWN_MAX = 60;

/** As `whyText`, with a long detail apart: to be folded. */
export function foldedWhy(why: string): { readonly why: Text; readonly detail?: string } {
  const [, code = '', detail = ''] = /^(\w+): ([\s\S]*)$/.exec(why) ?? [];
  const text = SEND_FAULT[code];
  return text === undefined || detail.length <= DETAIL_SHOWN_MAX ? { why: whyText(why) } : { why: text, detail };
}
