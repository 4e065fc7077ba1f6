/** Texts about the store, in Chinese and English. It words events and decides nothing. */

import type { StoreNotice } from '../store/notice.ts';
import * as table from './store.made.ts';
import { NO_PICTURE, RECOVERY_WAITS, STATE_TEXT, STORE_NOTICE } from './store.made.ts';
import { ofKind, type Text } from './text.ts';

export { queueFileText, STALLED_TEXT, STATE_TEXT } from './store.made.ts';

/** `code`: as the record keeps it. One that this version does not know says only that there is none. */
export const noPictureText = (code = ''): Text =>
  (Object.hasOwn(NO_PICTURE, code) ? NO_PICTURE[code] : undefined) ?? table.noPicture;

/** One line for the log and the page. */
export const storeNoticeText = (notice: StoreNotice): Text =>
  notice.kind === 'recoveryWaits'
    ? RECOVERY_WAITS[notice.missing](notice.folder, Math.ceil(notice.bytes / 1_000_000))
    : ofKind(STORE_NOTICE, notice);

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
