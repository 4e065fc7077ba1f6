/** What is read first: how many left, how many of them nobody paid for and what those would have cost, beside the same day of the week before. */
import type { DaySheetView } from '../../page/api/api-account.ts';
import { yuan } from '../../text/money.ts';
import { daySheetText } from '../../text/page/account.ts';
import type { Text } from '../../text/text.ts';
import { say } from '../language.ts';

type Line = DaySheetView['byLane'][number];

export function Headline({ seen: { byLane, trend } }: { readonly seen: DaySheetView }) {
  const sum = (of: Exclude<keyof Line, 'key'>): number => byLane.reduce((total, line) => total + line[of], 0);
  const [told, estimated] = [sum('owedTold'), sum('owedEstimated')];
  const before = trend[trend.length - 8];
  const beside = (value: (line: Line) => string): Text =>
    before === undefined || before.passages === 0 ? daySheetText.noWeekBefore : daySheetText.weekBefore(value(before));
  return (
    <div class="day-headline">
      <Figure name={daySheetText.left} value={`${sum('passages')}`} beside={beside((line) => `${line.passages}`)} />
      <Figure name={daySheetText.unpaid} value={`${sum('unpaid')}`} beside={beside((line) => `${line.unpaid}`)} />
      <Figure
        name={daySheetText.worth}
        value={`¥${yuan(told + estimated)}`}
        beside={beside((line) => `¥${yuan(line.owedTold + line.owedEstimated)}`)}
        more={sum('unpaid') === 0 ? undefined : daySheetText.worthOf(yuan(told), yuan(estimated), sum('withoutSum'))}
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
