/** What is read first: how many left, how many of them nobody paid for and what those would have cost, beside the same time before. */
import type { DaySheetView } from '../../page/api/api-account.ts';
import { daySheetText } from '../../text/page/account.ts';
import { type Text, yuan } from '../../text/text.ts';
import { say } from '../language.ts';

export type Sum = Pick<
  DaySheetView['byLane'][number],
  'passages' | 'unpaid' | 'owedTold' | 'owedEstimated' | 'withoutSum'
>;

interface HeadlineProps {
  readonly total: Sum;
  /** The time that it is compared with. */
  readonly before: Sum | undefined;
  readonly words: (value: string) => Text;
  readonly none: Text;
}

export function Headline({ total, before, words, none }: HeadlineProps) {
  const { passages, unpaid, owedTold: told, owedEstimated: estimated, withoutSum } = total;
  const beside = (value: (sum: Sum) => string): Text =>
    before === undefined || before.passages === 0 ? none : words(value(before));
  return (
    <div class="day-headline">
      <Figure name={daySheetText.left} value={`${passages}`} beside={beside((sum) => `${sum.passages}`)} />
      <Figure name={daySheetText.unpaid} value={`${unpaid}`} beside={beside((sum) => `${sum.unpaid}`)} />
      <Figure
        name={daySheetText.worth}
        value={`¥${yuan(told + estimated)}`}
        beside={beside((sum) => `¥${yuan(sum.owedTold + sum.owedEstimated)}`)}
        more={unpaid === 0 ? undefined : daySheetText.worthOf(yuan(told), yuan(estimated), withoutSum)}
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
