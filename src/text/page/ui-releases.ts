/** Texts of the releases: list, filters, and one release. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-releases.made.ts';

export { confidenceName, stateName } from './ui-releases.made.ts';

export const releasesText = {
  ...table.releasesText,
  attempts: (count: number): Text => ({ zh: `试了 ${count} 次`, en: count === 1 ? '1 attempt' : `${count} attempts` }),
} satisfies Texts;
