/** Which day: yesterday, today, any, and the days before and after it. A booth, whose overview has no figures of today, sees a day when it is over. */
import { daySheetText } from '../../text/page/account.ts';
import type { Text } from '../../text/text.ts';
import { say } from '../language.ts';
import { useOverview } from '../live.ts';
import { LinkButton } from '../parts.tsx';
import { go, place } from '../route.ts';
import { day as dayOf } from '../time.tsx';

const DAY_MS = 86_400_000;
const daysAfter = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);

interface PickerProps {
  readonly type: 'date' | 'month';
  readonly value: string;
  /** None comes after it. */
  readonly last: string | undefined;
  readonly stepped: (count: number) => string;
  /** Address of one. */
  readonly of: (value: string) => string;
  readonly words: readonly [name: Text, earlier: Text, later: Text];
}

/** A date to enter, with links to the one before and the one after it. */
export const Picker = ({ type, value, last, stepped, of, words: [name, earlier, later] }: PickerProps) => (
  <span class="day-picker">
    <a class="button" href={of(stepped(-1))} aria-label={say(earlier)}>
      ‹
    </a>
    <input
      type={type}
      aria-label={say(name)}
      value={value}
      max={type === 'month' ? last : undefined}
      onInput={({ currentTarget: { value: next } }) => /^\d{4}-\d\d(-\d\d)?$/.test(next) && go(of(next), true)}
    />
    {value !== last && (
      <a class="button" href={of(stepped(1))} aria-label={say(later)}>
        ›
      </a>
    )}
  </span>
);

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
      <Picker
        type="date"
        value={day}
        last={lastDay}
        stepped={(count) => daysAfter(day, count)}
        of={of}
        words={[daySheetText.day, daySheetText.earlier, daySheetText.later]}
      />
      <LinkButton to={place(path, query)} text={daySheetText.yesterday} />
      <LinkButton to={of('today')} text={daySheetText.todayLink} hidden={overview?.today === undefined} />
    </>
  );
}
