/**
 * The month before the demonstration's simulated day, as the account keeps it: of each earlier day only its rows, put together from hours of the
 * simulated one in another order. An hour of the account closes by itself, and so does a day of such hours. It must not know a store. Pure.
 */
import type { AccountDay, AccountRow, OnDuty, Rows } from '../../account/account.ts';
import { rowsOf } from '../../account/closing.ts';
import { beginOf, daysAfter } from '../../account/days.ts';

/** With yesterday, which the page opens with, the thirty days of the trend. */
const DAYS = 29;
const OPEN_HOURS = { first: 7, last: 21 };
const WEEKEND_LAST = 17;
const HOUR_MS = 3_600_000;

/** `day`: that of the simulation. Its hours that were asked about are not used again. */
export function monthBefore(
  day: string,
  simulated: AccountDay,
  dutyAt: (wallMs: number) => OnDuty | undefined,
): readonly { readonly day: string; readonly rows: AccountDay }[] {
  const asked = new Set(simulated.questions.map(({ atWallMs }) => Math.floor((atWallMs - beginOf(day)) / HOUR_MS)));
  const all = rowsOf(simulated.rows).filter(({ hour }) => !asked.has(hour));
  const hours = [...new Set(all.map(({ hour }) => hour))].map((hour) => all.filter((row) => row.hour === hour));
  return Array.from({ length: DAYS }, (_, index) => {
    const of = daysAfter(day, index - DAYS);
    const rows: Rows = Object.fromEntries(
      hoursOf(of).flatMap((hour) => rowsAt(hours[(7 * index + 5 * hour) % hours.length] ?? [], of, hour, dutyAt)),
    );
    return { day: of, rows: { rows, questions: [], moreQuestions: 0, corrections: [] } };
  });
}

/** At weekends it closes earlier. */
function hoursOf(day: string): readonly number[] {
  const isWeekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  const last = isWeekend ? WEEKEND_LAST : OPEN_HOURS.last;
  return Array.from({ length: last - OPEN_HOURS.first + 1 }, (_, index) => OPEN_HOURS.first + index);
}

function rowsAt(
  rows: readonly AccountRow[],
  day: string,
  hour: number,
  dutyAt: (wallMs: number) => OnDuty | undefined,
): readonly (readonly [string, readonly [number, number]])[] {
  const duty = dutyAt(beginOf(day) + hour * HOUR_MS);
  const since = duty === undefined ? [] : [duty.sinceWallMs];
  const sums = new Map<string, readonly [number, number]>();
  for (const { part, column, count, amount } of rows) {
    const key = [hour, duty?.operator ?? '', part, column, ...since].join('\t');
    const [before, sum] = sums.get(key) ?? [0, 0];
    sums.set(key, [before + count, sum + amount]);
  }
  return [...sums];
}
