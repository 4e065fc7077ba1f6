/** What a user of the role viewer is shown where plates are masked: no whole plate and no picture. It works on the text of an answer. Pure. */

import { maskedPlates } from '../../text/destinations/plate-mask.ts';

export function withoutPlates(text: string): string {
  return maskedPlates(text)
    .replaceAll('"picture":"attached"', '"picture":"none"')
    .replaceAll(/"beside":\{[^{}]*\}/g, '"beside":{"before":false,"after":false,"second":false}');
}
