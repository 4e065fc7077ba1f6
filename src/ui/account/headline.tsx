/** What is read first: how many left, how many of them nobody paid for and what those would have cost, beside the same day of the week before. */

import type { DaySheetView } from '../../page/api/api-account.ts';
import { yuan } from '../../text/money.ts';
import { daySheetText } from '../../text/page/account.ts';
import type { Text } from '../../text/text.ts';
import { say } from '../language.ts';

export function Headline({ seen: { passages, owed, trend } }: { readonly seen: DaySheetView }) {
  const sum = (column: string): number => owed.columns.find((one) => one.column === column)?.amount ?? 0;
  const without = owed.columns.find(({ column }) => column === 'without')?.count ?? 0;
  const before = trend[trend.length - 8];
  const seenBefore = before !== undefined && before.passages > 0;
  const beside = (value: (line: DaySheetView['trend'][number]) => string): Text =>
    seenBefore ? daySheetText.weekBefore(value(before)) : daySheetText.noWeekBefore;
  return (
    <div class="day-headline">
      <Figure name={daySheetText.left} value={`${passages.total}`} beside={beside((line) => `${line.passages}`)} />
      <Figure name={daySheetText.unpaid} value={`${owed.total}`} beside={beside((line) => `${line.unpaid}`)} />
      <Figure
        name={daySheetText.worth}
        value={`¥${yuan(sum('told') + sum('estimated'))}`}
        beside={beside((line) => `¥${yuan(line.owedTold + line.owedEstimated)}`)}
        more={owed.total === 0 ? undefined : daySheetText.worthOf(yuan(sum('told')), yuan(sum('estimated')), without)}
      />
    </div>
  );
}

interface FigureProps {
  readonly name: Text;
  readonly value: string;
  readonly beside: Text;
  readonly more?: Text | undefined;
}

const Figure = ({ name, value, beside, more }: FigureProps) => (
  <div class="card">
    <div class="quiet">{say(name)}</div>
    <div class="figure">{value}</div>
    <div class="quiet">{say(beside)}</div>
    {more && <div class="quiet">{say(more)}</div>}
  </div>
);
