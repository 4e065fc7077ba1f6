/** Texts of the options that take times, in every command alike. Chinese first. */
import type { Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const rangeText = {
  last: both('最近这么久：1h、90min、7d', 'this long until now: 1h, 90min, 7d'),
  day: both('一天（北京时间）：today、yesterday、2026-11-25', 'one day in Beijing time: today, yesterday, 2026-11-25'),
  from: both(
    '从何时起：2026-11-24T08:00、2026-11-24、08:00（今天）、today、yesterday；不写时区按北京时间',
    'from when: 2026-11-24T08:00, 2026-11-24, 08:00 (today), today, yesterday; without a zone Beijing time',
  ),
  until: both(
    '到何时止，写法同 --from；写一天就包括这一整天；不写就到现在',
    'until when, written like --from; a day includes all of it; now when left out',
  ),
  badTime: (option: string, value: string): Text =>
    both(
      `--${option} ${value}：看不懂的时间；写成 2026-11-24T08:00、2026-11-24、08:00、today、yesterday 或 now`,
      `--${option} ${value}: not a time; write 2026-11-24T08:00, 2026-11-24, 08:00, today, yesterday or now`,
    ),
  badDay: (value: string): Text =>
    both(
      `--day ${value}：没有这一天；写成 2026-11-25、today 或 yesterday`,
      `--day ${value}: no such day; write 2026-11-25, today or yesterday`,
    ),
  badLast: (value: string): Text =>
    both(`--last ${value}：写成 30min、1h 或 7d`, `--last ${value}: write 30min, 1h or 7d`),
  lastIsDay: (value: string): Text =>
    both(`--last ${value}：一天用 --day ${value}`, `--last ${value}: for a day write --day ${value}`),
  tooMany: (options: readonly string[]): Text =>
    both(
      `${options.join(' 和 ')} 不能一起用：用 --last、--day，或 --from 和 --until`,
      `${options.join(' and ')} do not go together: use --last, --day, or --from and --until`,
    ),
  backwards: both('--until 必须晚于 --from', '--until must be later than --from'),
  needed: both(
    '请给出时间段：--last 1h、--day today，或 --from 和 --until',
    'give the time: --last 1h, --day today, or --from and --until',
  ),
};
