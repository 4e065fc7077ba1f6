/** Texts of the options that take times, in every command alike. Chinese first. */
import type { Text } from '../text.ts';
import * as table from './time-range.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

export const rangeText = {
  ...table.rangeText,
  tooMany: (options: readonly string[]): Text =>
    both(
      `${options.join(' 和 ')} 不能一起用：用 --last、--day，或 --from 和 --until`,
      `${options.join(' and ')} do not go together: use --last, --day, or --from and --until`,
    ),
};
