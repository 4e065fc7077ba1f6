/** One line of the account of pushes: what a camera sent, and what became of it. Plain data, as the page and the command show it. */

export const PUSH_OUTCOMES = ['read', 'none', 'repeated', 'late', 'refused'] as const;
export type PushOutcome = (typeof PUSH_OUTCOMES)[number];

/** Why: texts in `src/text/page/pushes.txt`. */
export type PushWhy =
  /** read: a later read of the same vehicle under the same id, better than the first. */
  | 'refined'
  /**
   * none: a message without a read (a heartbeat, an event of another kind); a camera that reports no plate; a text that is none; its own
   * alarm or the state of its barrier.
   */
  | 'noRead'
  | 'noPlate'
  | 'notPlate'
  | 'witness'
  | 'otherLane'
  /** none, besides the line of the read: it is of a second channel, and the camera has none configured. */
  | 'secondChannel'
  /** repeated: the same id; the same plate a moment before. */
  | 'sameId'
  | 'sameVehicle'
  /** late: stored by the camera and sent again; too old by its stamp; retained by a broker. */
  | 'replayed'
  | 'old'
  | 'retained'
  /** refused. */
  | 'unknownCamera'
  | 'notTheCamera'
  /** Of a management system. */
  | 'notTheSystem'
  | 'badSignature'
  | 'notInForm'
  | 'otherCharset'
  | 'tooManyPayments'
  | 'unauthorized'
  | 'noToken'
  | 'methodNotAllowed'
  | 'tooManyRequests'
  | 'malformed'
  | 'tooLarge'
  | 'slow'
  | 'notUnderstood'
  | 'invalid'
  | 'full'
  | 'broken';

/** `named`: the camera gave its address only, and it is fetched; `skipped`: not that one, because others were being fetched. */
export type PushPicture = 'came' | 'named' | 'skipped';

/** How a message came. `api`: as a plate in the form of this box, over HTTP. */
export type PushWay = 'push' | 'stream' | 'mqtt' | 'api';

export interface PushMessage {
  readonly way: PushWay;
  /** The sender's address, or its name. */
  readonly from?: string;
  /** Below the camera's own path, or the topic. */
  readonly path?: string;
  /** The declared content type. */
  readonly type?: string;
  readonly bytes?: number;
}

export interface PushResult {
  readonly outcome: PushOutcome;
  readonly why?: PushWhy;
  /** Of a message that was not understood: the fault, without any of its content. */
  readonly detail?: string;
  readonly plate?: string;
  /** 0…1 */
  readonly confidence?: number;
  /** The camera gives no confidence: this one is a default. */
  readonly unrated?: true;
  readonly picture?: PushPicture;
}

export interface PushRow extends PushMessage, PushResult {
  /** Clock.nowMs of the last one. */
  readonly atMs: number;
  /** Messages without a plate that are alike stand in one row: how many, and since when. */
  readonly count: number;
  readonly firstMs: number;
  /** Number of the last of them among the kept requests (`kept-requests.ts`). */
  readonly capture?: number;
}
