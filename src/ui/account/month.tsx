/** A month's sheet: three figures beside those of the month before, a line for each attendant and each day, and the days as a picture. Prints on A4. */
import type { MonthSheetView } from '../../page/api/api-account.ts';
import { daySheetText } from '../../text/page/account.ts';
import { useLoad } from '../fetch.ts';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import type { PageProps } from '../page-contract.ts';
import { Button, Download, LinkButton, LoadState, ProblemBox } from '../parts.tsx';
import { place, search } from '../route.ts';
import { day as dayOf } from '../time.tsx';
import { Picker } from './day-picker.tsx';
import { Headline } from './headline.tsx';
import { LanePicker, Lines, type SheetSums, Signature } from './lines.tsx';
import { Trend } from './trend.tsx';

const PATH = 'account/month';
type Attendant = MonthSheetView['byOperator'][number];

const UNPAID = { head: daySheetText.unpaid, of: ({ unpaid }: SheetSums) => unpaid };
const OF_ATTENDANTS = [
  UNPAID,
  {
    head: daySheetText.share100,
    of: ({ byHand, openings }: Attendant) => Math.round((1000 * byHand) / Math.max(1, openings)) / 10,
  },
  { head: daySheetText.shifts, of: ({ shifts }: Attendant) => shifts },
];

export function MonthPage({ route }: PageProps) {
  const { month, lane } = route.query;
  const sheet = useLoad<MonthSheetView>(`${PATH}${search({ month, lane })}`);
  const seen = sheet.value;
  if (seen === undefined) return <LoadState of={sheet} />;
  const isEmpty = seen.total.openings === 0 && seen.total.passages === 0;
  return (
    <div class="day-sheet month-sheet">
      <ProblemBox problem={sheet.problem} />
      <Tools seen={seen} />
      <h2 class="list-title">
        {say(daySheetText.month)} {seen.month}{' '}
        <small class="quiet">
          {seen.isFinal && say(daySheetText.final)}{' '}
          {seen.lane === undefined
            ? say(daySheetText.allLanes)
            : (seen.lanes.find(({ id }) => id === seen.lane)?.name ?? seen.lane)}
        </small>
      </h2>
      <Signature />
      {isEmpty ? <p class="quiet">{say(daySheetText.monthEmpty)}</p> : <Figures seen={seen} />}
      <div class="row no-print">
        <Download path={`${PATH}.csv${search({ month: seen.month, lane })}`}>{say(daySheetText.csv)}</Download>
        <LinkButton to={place('account', { lane })} text={daySheetText.title} />
      </div>
    </div>
  );
}

const Figures = ({ seen: { total, before, byOperator, days, month, lane } }: { readonly seen: MonthSheetView }) => (
  <>
    <Headline total={total} before={before} words={daySheetText.monthBefore} none={daySheetText.noMonthBefore} />
    <Lines
      head={say(daySheetText.operator)}
      lines={[...byOperator, { ...total, key: TOTAL, shifts: byOperator.reduce((sum, { shifts }) => sum + shifts, 0) }]}
      name={(key) => (key === TOTAL ? say(daySheetText.total) : key || say(daySheetText.nobodyOn))}
      more={OF_ATTENDANTS}
    />
    <Trend title={daySheetText.monthDays} query={{ month, lane }} trend={days} />
    <Lines
      head={say(daySheetText.day)}
      lines={days}
      name={(day) => <a href={place('account', { day, lane })}>{day.slice(5)}</a>}
      more={[UNPAID]}
    />
  </>
);

/** No attendant has such a name: what separates the parts of a key is never in one. */
const TOTAL = '\t';

function Tools({ seen: { month, lane } }: { readonly seen: MonthSheetView }) {
  const overview = useOverview();
  const last = overview && dayOf(overview.atWallMs).slice(0, 7);
  return (
    <div class="page-tools no-print">
      <Picker
        type="month"
        value={month}
        last={last}
        stepped={(count) => monthsAfter(month, count)}
        of={(value) => place(PATH, { month: value, lane })}
        words={[daySheetText.monthOf, daySheetText.monthEarlier, daySheetText.monthLater]}
      />
      <LanePicker path={PATH} query={{ month }} lane={lane} />
      <Button text={daySheetText.print} onClick={() => print()} />
    </div>
  );
}

function monthsAfter(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + count)).toISOString().slice(0, 7);
}
