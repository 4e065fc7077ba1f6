/** The platform's answers in words. */

import { COMPARED, DIFFERENCE, RECEIPT } from '../../text/cloud.made.ts';
import { whyText } from '../../text/cloud.ts';
import { ofKind, type Text } from '../../text/text.ts';
import type { DeliveryReceipt } from './delivery-receipt.ts';
import type { SignatureComparison } from './signature-comparison.ts';

/** One log line: the platform's answer to a record. */
export function receiptText(receipt: DeliveryReceipt): Text {
  if (receipt.kind !== 'accepted') return RECEIPT[receipt.kind](whyText(receipt.why));
  return RECEIPT.accepted(receipt.warning === undefined ? undefined : whyText(receipt.warning));
}

/** One line per difference. */
export const comparisonText = (compared: SignatureComparison): readonly Text[] =>
  compared.kind === 'different'
    ? compared.differences.map((difference) => ofKind(DIFFERENCE, difference))
    : [COMPARED[compared.kind]];
