/** What a user of the role viewer is shown where plates are masked: no whole plate and no picture. It works on the text of an answer. Pure. */

import { maskedPlate, maskedPlates } from '../../text/destinations/plate-mask.ts';
import { csvText } from '../../text/lanes/record-csv.ts';
import { paymentsText } from '../../text/page/payments.made.ts';

const STRING = '"(?:[^"\\\\]|\\\\.)*"';
/** `"plate": "…"`, `"lastPlate": { "text": "…" }`, and the form field of a request to the platform. */
const FIELD = new RegExp(
  `("(?:plate|lastPlate)":(?:\\{(?:"\\w+":(?:${STRING}|[\\d.]+),)*"text":)?|"name":"plate","value":)(${STRING})`,
  'g',
);
/** Looked for in the other texts of an answer: a search through all of it for each, in the thread of the lanes. */
const KNOWN_MOST = 40;

export function withoutPlates(text: string): string {
  const known = new Set<string>();
  const inFields = text.replaceAll(FIELD, (_, before: string, written: string) => {
    const plate = JSON.parse(written) as string;
    known.add(plate);
    return before + JSON.stringify(maskedPlate(plate));
  });
  return maskedPlates(withoutKnown(inFields, known))
    .replaceAll('"picture":"attached"', '"picture":"none"')
    .replaceAll(/"beside":\{[^{}]*\}/g, '"beside":{"before":false,"after":false,"second":false}');
}

/** What a field calls a plate stands in the facts beside it, too, in whatever form; a word or a number may be something else. */
function withoutKnown(text: string, known: ReadonlySet<string>): string {
  return [...known]
    .filter((plate) => plate.length > 3 && /^(?=.*\d)(?=.*\D)[\p{L}\p{N}\p{M}]+$/u.test(plate))
    .slice(0, KNOWN_MOST)
    .reduce((rest, plate) => {
      if (!rest.includes(plate)) return rest;
      return rest.replaceAll(new RegExp(`(?<![A-Za-z0-9])${plate}(?![A-Za-z0-9])`, 'g'), maskedPlate(plate));
    }, text);
}

const HEADS: ReadonlySet<string> = new Set([csvText.plate, paymentsText.plate].flatMap(({ zh, en }) => [zh, en]));

/** By the head of the column. */
export function csvWithoutPlates(text: string): string {
  let [at, column, isHead] = [0, -1, true];
  const masked = text.replaceAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g, (whole, cell: string, end: string) => {
    const isPlate = at === column;
    if (isHead && HEADS.has(cell)) column = at;
    isHead &&= end === ',';
    at = end === ',' ? at + 1 : 0;
    return isPlate ? maskedPlate(cell) + end : whole;
  });
  return withoutPlates(masked);
}
