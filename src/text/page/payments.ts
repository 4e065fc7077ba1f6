/** Told versus counted: what became of each payment, for the page and its CSV. Chinese first. */
import type { Text } from '../text.ts';
import * as table from './payments.made.ts';
import type { Texts } from './texts.ts';

export { grantStatusText } from './payments.made.ts';

export const paymentsText = {
  ...table.paymentsText,
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
  countOf: (count: number, left: number): Text => ({
    zh: `${count} 辆，还剩 ${left} 辆`,
    en: `${count} ${count === 1 ? 'vehicle' : 'vehicles'}, ${left} left`,
  }),
} satisfies Texts;
