/** Texts of the live signals: inputs and raw frames. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-signals.made.ts';

export const signalsText = {
  ...table.signalsText,
  use: (lane: string, role: Text, inverted: boolean): Text => ({
    zh: `${lane} ${role.zh}${inverted ? '（取反）' : ''}`,
    en: `${lane} ${role.en}${inverted ? ' (inverted)' : ''}`,
  }),
} satisfies Texts;
