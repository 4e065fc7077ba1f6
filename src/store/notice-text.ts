/** What the store reports, in words. */
import { RECOVERY_WAITS, STORE_NOTICE } from '../text/store.made.ts';
import { ofKind, type Text } from '../text/text.ts';
import type { StoreNotice } from './notice.ts';

/** One line for the log and the page. */
export const storeNoticeText = (notice: StoreNotice): Text =>
  notice.kind === 'recoveryWaits'
    ? RECOVERY_WAITS[notice.missing](notice.folder, Math.ceil(notice.bytes / 1_000_000))
    : ofKind(STORE_NOTICE, notice);
