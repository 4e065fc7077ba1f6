/** Texts about the store, in Chinese and English. */
import * as table from './store.made.ts';
import { NO_PICTURE, STATE_TEXT } from './store.made.ts';
import type { Text } from './text.ts';

export { queueFileText, STALLED_TEXT, STATE_TEXT } from './store.made.ts';

/** `code`: as the record keeps it. One that this version does not know says only that there is none. */
export const noPictureText = (code = ''): Text =>
  (Object.hasOwn(NO_PICTURE, code) ? NO_PICTURE[code] : undefined) ?? table.noPicture;

/** The command `queue`. */
export const queueText = {
  ...table.queueText,
  wrongState: (word: string): Text =>
    table.queueText.wrongState(
      word,
      Object.entries(STATE_TEXT).map(([state, { zh, en }]) => ({
        zh: `${state} (${zh})`,
        en: state === en ? state : `${state} (${en})`,
      })),
    ),
} as const;
