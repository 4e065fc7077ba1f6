/** Texts of the clock that is taken from a phone. Chinese first. */
import * as table from './clock.made.ts';
import type { Text } from './text.ts';

const seconds = (ms: number): string => (Math.abs(ms) / 1_000).toFixed(1).replace(/\.0$/, '');

export const clockText = {
  ...table.clockText,
  taken: (byMs: number, errorMs: number): Text => table.clockText.taken(byMs < 0, seconds(byMs), seconds(errorMs)),
} as const;
