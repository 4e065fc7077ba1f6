/** What is known of a record beside its verdict: who was on duty, the vehicle's type, its entry, the sum, what people said. Chinese first. */
import type { OutboxRecord } from '../store/record-types.ts';
import { MARK_NAME, operatorSource, owedText, reviewText } from './page/ui-review.ts';
import { beijingTime, type Text, yuan } from './text.ts';

const plain = (zh: string, en: string): Text => ({ zh, en });
const minute = (wallMs: number): string => beijingTime(wallMs).slice(0, 16);

/** Of the vehicle and the person, each with its name; what is not known is left out. */
export function knownOf({
  release,
  operator,
  operatorBy,
  known = {},
}: OutboxRecord): readonly (readonly [Text, Text])[] {
  const { car, entry, owed, signedOnBy } = known;
  const plate = release.plate?.text;
  const by = operatorBy === undefined ? plain('', '') : operatorSource[operatorBy];
  const session =
    signedOnBy === undefined
      ? plain('', '')
      : plain(`，在 ${signedOnBy} 的会话里登记`, `, signed on in the session of ${signedOnBy}`);
  const rows: (readonly [Text, Text])[] = [];
  if (operator !== undefined)
    rows.push([
      plain('当班', 'On duty'),
      plain(`${operator} ${by.zh}${session.zh}`.trim(), `${operator} ${by.en}${session.en}`.trim()),
    ]);
  if (car !== undefined && car.plate === plate) {
    const type = [car.carDesc, car.carType].filter((each) => each !== undefined).join(' · ');
    const ended = car.endedWallMs;
    const over =
      ended === undefined ? plain('', '') : plain(`（${minute(ended)} 到期）`, ` (over since ${minute(ended)})`);
    if (type !== '') rows.push([plain('车类', 'Vehicle type'), plain(type + over.zh, type + over.en)]);
  }
  if (entry !== undefined) {
    const paid = entry.unpaid ? plain('，此后没有收到它的缴费', ', no payment told for it since') : plain('', '');
    const where = [minute(entry.wallMs), entry.lane, entry.serial].filter((each) => each !== undefined).join(' · ');
    rows.push([plain('入场', 'Entry'), plain(where + paid.zh, where + paid.en)]);
  }
  if (owed !== undefined && owed.plate === plate)
    rows.push([owedText.label, owedText.long(owed, minute(owed.wallMs).slice(5))]);
  return rows;
}

/** What a person said of it. */
export interface SaidOfRecord {
  readonly kind: keyof typeof MARK_NAME;
  readonly who: string;
  readonly reason?: string;
  readonly words?: string;
  readonly plate?: string;
  readonly amount?: number;
}

export function saidRow({ kind, who, reason, words, plate, amount }: SaidOfRecord): readonly [Text, Text] {
  const name = MARK_NAME[kind];
  const sum = amount === undefined ? undefined : `¥${yuan(amount)}`;
  const more = [who, reason, words, plate, sum].filter((each) => each !== undefined && each !== '').join(' · ');
  return [reviewText.title, plain(`${name.zh} · ${more}`, `${name.en} · ${more}`)];
}
