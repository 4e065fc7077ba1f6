/** Told versus counted, for the page: the same sheet and fates that a vendor fetches from the intake, of every sender. */
import { dayOf } from '../account/days.ts';
import { dayNamed } from '../account/read-sheet.ts';
import type { App } from '../app/app.ts';
import type { GrantFateAnswer } from '../intake/grant-fate.ts';
import { paymentsCsv } from '../intake/payment-csv.ts';
import { grantFateAnswer, paymentSheet } from '../intake/payment-fates.ts';
import type { Language } from '../text/text.ts';

type PaymentParts = Pick<App, 'grants' | 'store' | 'clock'>;

/** undefined: no such day. */
const dayIn = ({ store, clock }: PaymentParts, word: string): string | undefined =>
  dayNamed(word, dayOf(store.time.wallMsAt(clock.nowMs())));

export async function paymentSheetView(app: PaymentParts, word: string, language: Language) {
  const day = dayIn(app, word);
  return day === undefined ? undefined : paymentSheet(day, await app.grants.on(day), language);
}

export function paymentFate({ grants }: PaymentParts, id: string, language: Language): GrantFateAnswer | undefined {
  const grant = grants.get(id);
  return grant && grantFateAnswer(grant, language);
}

export async function paymentSheetCsv(app: PaymentParts, word: string, language: Language) {
  const day = dayIn(app, word);
  return day === undefined ? undefined : paymentsCsv(await app.grants.on(day), language);
}
