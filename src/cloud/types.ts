/** What an answer of the platform means for a record. A receipt is a result, not an exception. */
import type { PlatformAnswer } from '../store/record-types.ts';

/**
 * `why` is `code` or `code: detail`, the same in every language; `whyText` of src/text/cloud.ts words it.
 * `answer` is what the platform said, when it said something.
 */
export type DeliveryReceipt = { readonly answer?: PlatformAnswer } & (
  | {
      readonly kind: 'accepted';
      readonly seqno?: string;
      /** A hint that came with a success code in production mode. */
      readonly warning?: string;
    }
  /** A success code with a hint in integration mode: the platform has dropped it; kept and shown. */
  | { readonly kind: 'held'; readonly why: string }
  | {
      readonly kind: 'retry';
      /** What the platform asked for (`Retry-After`). */
      readonly afterMs?: number;
      readonly why: string;
      /** Only a bounded number of these. */
      readonly unknownCode?: boolean;
      /** There was no connection: no byte of the record can have left. */
      readonly unsent?: boolean;
    }
  | { readonly kind: 'rejected'; readonly why: string }
  /** Signature or access refused: nobody's record will pass, so all wait. */
  | { readonly kind: 'paused'; readonly why: string; readonly hint?: string }
);
