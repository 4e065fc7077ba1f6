/** What became of each payment of a day, a line each, as CSV. Pure. */

import { grantStatusText, paymentsText } from '../text/page/payments.made.ts';
import { BYTE_ORDER_MARK, csvLines } from '../text/spreadsheet.ts';
import { type Language, yuan } from '../text/text.ts';
import type { GrantFateAnswer, TrackedGrant } from './grant-fate.ts';
import { grantFateAnswer } from './payment-fates.ts';

export function paymentsCsv(grants: readonly TrackedGrant[], language: Language): string {
  const { toldAt, sender, till, id, plate, lane, amount, status, why, uses } = paymentsText;
  const head = [toldAt, sender, till, id, plate, lane, amount, status, why, uses].map((text) => text[language]);
  const fates = grants.map((grant) => grantFateAnswer(grant, language));
  return BYTE_ORDER_MARK + csvLines([head, ...fates.map((fate) => cells(fate, language))]);
}

const moment = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

const cells = (fate: GrantFateAnswer, language: Language): readonly string[] => [
  moment(fate.toldAt),
  fate.sender,
  fate.till ?? '',
  fate.id,
  fate.plate ?? '',
  fate.lane ?? paymentsText.anyLane[language],
  fate.amount === undefined ? '' : yuan(fate.amount),
  grantStatusText[fate.status][language],
  fate.why,
  fate.uses.map(({ lane, at }) => `${lane} ${moment(at)}`).join('; '),
];
