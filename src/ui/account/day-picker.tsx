/** Which day: yesterday, today, any, and the days before and after it. A booth, whose overview has no figures of today, sees a day when it is over. */
import { daySheetText } from '../../text/page/account.ts';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import { go, place } from '../route.ts';
import { day as dayOf } from '../time.tsx';

const DAY_MS = 86_400_000;
const daysAfter = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);

interface DayProps {
  /** Of the page that shows the day. */
  readonly path: string;
  readonly day: string;
  /** What else stands in its address. */
  readonly query?: Readonly<Record<string, string | undefined>>;
}

export function DayPicker({ path, day, query = {} }: DayProps) {
  const overview = useOverview();
  const lastDay = overview && daysAfter(dayOf(overview.atWallMs), overview.today === undefined ? -1 : 0);
  const of = (word: string): string => place(path, { ...query, day: word });
  return (
    <>
      <span class="day-picker">
        <a class="button" href={of(daysAfter(day, -1))} aria-label={say(daySheetText.earlier)}>
          ‹
        </a>
        <input
          type="date"
          aria-label={say(daySheetText.day)}
          value={day}
          onInput={({ currentTarget: { value } }) => value !== '' && go(of(value), true)}
        />
        {day !== lastDay && (
          <a class="button" href={of(daysAfter(day, 1))} aria-label={say(daySheetText.later)}>
            ›
          </a>
        )}
      </span>
      <a class="button" href={place(path, query)}>
        {say(daySheetText.yesterday)}
      </a>
      <a class="button" href={of('today')} hidden={overview?.today === undefined}>
        {say(daySheetText.todayLink)}
      </a>
    </>
  );
}
