/** The interface between the local page and the box on duty, known vehicles and review. Types only, like `api.ts`, whose head says what holds for all. */
import type { KeptMark, MarkKind } from '../../store/park-facts/review-marks.ts';

export type { MarkKind };

/** `GET /api/v1/duty` (booth). */
export interface DutyView {
  readonly lanes: readonly {
    readonly id: string;
    readonly name: string;
    /** Absent: nobody has signed on. */
    readonly operator?: string;
    readonly by?: 'message' | 'pin' | 'roster';
    readonly sinceWallMs?: number;
  }[];
  /** Who has a PIN. */
  readonly operators: readonly string[];
  readonly booths: readonly { readonly name: string; readonly lanes: readonly string[] }[];
  /** Records of the last 30 days that nobody has marked; `openMore`: not counted to the end. */
  readonly open: number;
  readonly openMore?: true;
  /** Of the last 24 h: nobody on duty, or several who signed on. */
  readonly oddities: readonly {
    readonly lane: string;
    readonly fromWallMs: number;
    readonly toWallMs: number;
    readonly operators: readonly string[];
  }[];
  /** Known vehicles that were told. */
  readonly vehicles: number;
}

export type MarkRow = KeptMark;

/** `GET /api/v1/releases/{id}/review`. */
export interface ReviewView {
  /** All that was said, oldest first. */
  readonly marks: readonly MarkRow[];
  /** Who decided that it is no release: one person, or the one who asked and the one who agreed, `operator, auditor`. */
  readonly droppedBy?: string;
  /** Of a tailgater: the vehicle in front of it, as the camera read it. */
  readonly front?: {
    readonly plate: string;
    readonly beforeMs: number;
    /** A message said that it had paid. */
    readonly isPaid: boolean;
    /** It has a record of its own; `hasPicture`: and that has a picture of it. No other picture is certain to show it. */
    readonly record?: number;
    readonly hasPicture?: true;
  };
  /** The short list that reasons are picked from. */
  readonly reasons: readonly string[];
}
/** `POST /api/v1/releases/decide`. */
export interface DecidedRecords {
  /**
   * `reported`: what was kept back goes out now; `dropped`: it does not go out, by one person where it was kept back, `agreed` by two; `goesOut`: it is
   * sent at once, and names the person and the reason; `unchanged`: nothing follows, as of what the platform has, or somebody has asked already;
   * `gone`: nobody can owe for it any more, it was dropped or withdrawn meanwhile, and nothing is noted.
   */
  readonly decided: readonly {
    readonly id: number;
    readonly sending: 'reported' | 'dropped' | 'agreed' | 'goesOut' | 'unchanged' | 'gone';
  }[];
  /** Of these the verdict is not noted: this person has marked them 100 times. */
  readonly notKept: readonly number[];
}
export type ReviewVerdict = Extract<MarkKind, 'checked' | 'owed' | 'wrong'>;
// POST /api/v1/releases/decide { ids, verdict, reason?, words?, plate?, amount? } (operator; an auditor agrees to `wrong`). `checked` and `wrong` need a reason or words.
// POST /api/v1/releases/mark { ids, kind, reason?, words?, plate?, amount? } → { marked } (operator). `owed` without an amount takes each record's own plate and the amount told for it.

export interface VehicleCsvResult {
  readonly taken: number;
  readonly removed: number;
  /** None are known yet: a second person agrees, or an hour passes (`waiting` of the Overview). */
  readonly waits?: true;
}
