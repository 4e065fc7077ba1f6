/** The account as the page shows it: the day's sheet with today's figures. Types only. */
import type { MonthSheet } from '../../account/month-sheet.ts';
import type { DaySheet, SheetLane } from '../../account/sheet.ts';
import type { GrantFateAnswer, PaymentSheet } from '../../intake/grant-fate.ts';
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

/** `GET /api/v1/account/month?month&lane`: by attendant and by day; without a month that of yesterday. */
export interface MonthSheetView extends MonthSheet {
  readonly lanes: readonly SheetLane[];
}

/** `GET /api/v1/payments?day&lang`: told versus counted on a Beijing day, as `GET /api/v1/grants?day=` of the intake answers, of every sender. */
export type PaymentSheetView = PaymentSheet;

/** `GET /api/v1/payments/{payment}`: what became of one, likewise. */
export type PaymentFateView = GrantFateAnswer;

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

/** `day`: a Beijing day, `today` or `yesterday`. `month`: `2026-11`; of a picture, instead of the days before `day`. */
export interface SheetFilter {
  readonly month?: string | undefined;
  readonly day?: string | undefined;
  readonly lane?: string | undefined;
  /** Only these, of a user who sees no others. */
  readonly own?: readonly string[] | undefined;
}
