/** The outcome of an upload for its record. A receipt is a result, not an exception. */
import type { PlatformAnswer } from '../../store/record-types.ts';

/**
 * `why` is `code` or `code: detail`, the same in every language; `whyText` of src/text/cloud.ts renders it. `answer`: the platform's own,
 * if any.
 */
export type DeliveryReceipt = { readonly answer?: PlatformAnswer } & (
  | {
      readonly kind: 'accepted';
      readonly seqno?: string;
      /** A hint that came with a success code in production mode. */
      readonly warning?: string;
      /** The `Date` of the answer. */
      readonly dateMs?: number;
    }
  /** A success code with a hint in integration mode: the platform has dropped it; kept and shown. */
  | { readonly kind: 'held'; readonly why: string }
  | {
      readonly kind: 'retry';
      /** The platform's `Retry-After`. */
      readonly afterMs?: number;
      readonly why: string;
      /** The number of these is limited. */
      readonly unknownCode?: boolean;
      /** No connection: no byte of the record can have been sent. */
      readonly unsent?: boolean;
    }
  | { readonly kind: 'rejected'; readonly why: string }
  /** Signature or access refused: every record would fail, so all wait. */
  | { readonly kind: 'paused'; readonly why: string; readonly hint?: string }
);
