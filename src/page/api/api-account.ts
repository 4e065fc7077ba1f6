/** The account as the page shows it: the day's sheet with today's figures. Types only. */
import type { DaySheet } from '../../account/sheet.ts';
import type { Text } from '../../text/text.ts';

/** `GET /api/v1/account?day&lane`: the sheet of a Beijing day; without a day yesterday's. Amounts are in fen. */
export interface DaySheetView extends DaySheet {
  /** The patterns in words, in their order. */
  readonly asks: readonly Text[];
  /** How far the day is reviewed, in words. */
  readonly review: readonly Text[];
  /** Those that questions are about, by lane and `releaseId`. */
  readonly records: readonly {
    readonly lane: string;
    readonly releaseId: string;
    readonly id: number;
    readonly desc: Text;
    readonly picture: 'pending' | 'attached' | 'none';
  }[];
}

/** Today's figures, on the status page. */
export interface TodayBrief {
  readonly passages: number;
  readonly byHand: number;
  readonly tailgating: number;
  readonly byLane: readonly {
    readonly lane: string;
    readonly passages: number;
    readonly byHand: number;
    readonly tailgating: number;
  }[];
}

/** `day`: a Beijing day, `today` or `yesterday`. */
export interface SheetFilter {
  readonly day?: string | undefined;
  readonly lane?: string | undefined;
  /** Only these, of a user who sees no others. */
  readonly own?: readonly string[] | undefined;
}
