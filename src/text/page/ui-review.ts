/** Texts of reviewing records. Chinese first. */
import { WRONG_REASON } from './ui-review.made.ts';

export {
  followsText,
  inboxText,
  MARK_NAME,
  operatorSource,
  owedText,
  reviewText,
  VERB_NAME,
  VERB_WHY,
} from './ui-review.made.ts';

/** Until the office has edited the list. */
export const REASONS_AT_FIRST: readonly string[] = ['业主', '访客', '内部车辆', '已收现金', '设备故障', '领导批准'];

export const WRONG_REASONS = Object.values(WRONG_REASON);
