/** What is known of a record beside its verdict: who was on duty, the vehicle's type, its entry, the sum, what people said. Chinese first. */

import { MARK_NAME, operatorSource, owedText, reviewText } from '../text/page/ui-review.ts';
import { known as texts } from '../text/record-known.made.ts';
import { beijingTime, type Text, yuan } from '../text/text.ts';
import type { Mark } from './park-facts/review-marks.ts';
import type { OutboxRecord } from './record-types.ts';

const minute = (wallMs: number): string => beijingTime(wallMs).slice(0, 16);
const withDots = (parts: readonly (string | undefined)[]): string =>
  parts.filter((each) => each !== undefined).join(' · ');

/** Of the vehicle and the person, each with its name; what is not known is left out. */
export function knownOf({
  release,
  operator,
  operatorBy,
  known = {},
}: OutboxRecord): readonly (readonly [Text, Text])[] {
  const { car, entry, owed, signedOnBy } = known;
  const plate = release.plate?.text;
  const rows: (readonly [Text, Text])[] = [];
  if (operator !== undefined) {
    const by = operatorBy && operatorSource[operatorBy];
    rows.push([texts.onDuty, texts.operator(operator, by, signedOnBy)]);
  }
  if (car !== undefined && car.plate === plate) {
    const type = withDots([car.carDesc, car.carType]);
    const ended = car.endedWallMs === undefined ? undefined : minute(car.endedWallMs);
    if (type !== '') rows.push([texts.type, texts.until(type, ended)]);
  }
  if (entry !== undefined) {
    const where = withDots([minute(entry.wallMs), entry.lane, entry.serial]);
    rows.push([texts.entry, texts.came(where, entry.unpaid)]);
  }
  if (owed !== undefined && owed.plate === plate)
    rows.push([owedText.label, owedText.long[owed.by](owed.amount, minute(owed.wallMs).slice(5))]);
  return rows;
}

/** What a person said of it. */
export function saidRow({ kind, who, reason, words, plate, amount }: Mark): readonly [Text, Text] {
  const sum = amount === undefined ? undefined : `¥${yuan(amount)}`;
  return [
    reviewText.title,
    texts.said(MARK_NAME[kind], withDots([who, reason, words, plate, sum].map((each) => each || undefined))),
  ];
}
