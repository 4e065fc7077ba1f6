/** Texts shared by all pages: states, buttons, times, jobs. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-parts.made.ts';

export { clockQuality, levelName } from './ui-parts.made.ts';

export const partText = {
  ...table.partText,
  days: (value: number): Text => ({ zh: `${value} 天`, en: value === 1 ? '1 day' : `${value} days` }),
} satisfies Texts;
