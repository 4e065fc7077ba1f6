/**
 * The interface between the local page and the box on what comes in, what could not be seen, and what is proven. Types only, like `api.ts`, whose head says what
 * holds for both.
 */
import type { IgnoredMessage } from '../../intake/ignored-messages.ts';
import type { PushOutcome, PushRow } from '../../intake/pushes/push-row.ts';
import type { Text } from '../../text/text.ts';

/** Where paid exits are pushed to. */
export interface IntakeAddresses {
  /** Of the ports that listen, TLS first. */
  readonly urls: readonly string[];
  /** Of the TLS port: SHA-256 of the whole, and of its public key as `curl --pinnedpubkey` takes it. */
  readonly certificate?: { readonly fingerprint: string; readonly pin: string };
}

/** `GET /api/v1/intake`: over which channels payments come in, and what came and does not count. */
export interface IntakeView extends IntakeAddresses {
  readonly channels: readonly {
    /** `http/pms` (by the token's name), `mqtt`, `device/ctl1`. */
    readonly id: string;
    readonly up: boolean;
    /** Up or down for this long. */
    readonly forMs: number;
    /** Since its last valid message; absent: none since the start. */
    readonly heardAgoMs?: number;
  }[];
  /** Senders whose clock is off: slow by so much when positive. Their times are corrected by it. */
  readonly senders: readonly { readonly sender: string; readonly offsetMs: number }[];
  /** Senders all of whose sums are under ¥1, ten at least: perhaps yuan in place of fen. */
  readonly smallSums: readonly string[];
  /** Tokens that cross the network in clear. */
  readonly inClear: readonly string[];
  /** The last 50, newest first. `expired`: over before it came; `ignored`: not of this box; `reusedId`: counted under an id that another payment had. */
  readonly uncounted: readonly (IgnoredMessage & { readonly atWallMs: number })[];
  /** Since the start. */
  readonly uncountedCount: number;
  /** Senders whose messages were refused, the last refused first, twenty at most; one that gets through is dropped. */
  readonly refused: readonly RefusedSenderView[];
}

export interface RefusedSenderView {
  /** Its address. */
  readonly from: string;
  /** Name of its token, where that was valid. */
  readonly holder?: string;
  readonly path?: string;
  readonly why: Text;
  readonly todo: Text;
  readonly count: number;
  readonly firstWallMs: number;
  readonly lastWallMs: number;
}

/** `GET /api/v1/pushes`: what cameras sent and what became of it, since the start of the program. */
export interface PushesView {
  readonly cameras: readonly {
    /** Of a camera; else the name of a channel, or `?` for senders to cameras that are not configured. */
    readonly id: string;
    readonly name?: Text;
    readonly kind?: string;
    /** Messages by outcome. */
    readonly counts: Readonly<Record<PushOutcome, number>>;
    /** The last hundred, newest first. */
    readonly rows: readonly PushView[];
  }[];
}

export interface PushView extends Omit<PushRow, 'atMs' | 'firstMs' | 'detail'> {
  readonly atWallMs: number;
  /** Of the first of `count` equal messages. */
  readonly firstWallMs: number;
  /** The reason in words. */
  readonly what?: Text;
}

/** `GET /api/v1/observations`: blind times and what was done to the box or its records, the last 100, newest first. */
export interface ObservationList {
  readonly items: readonly {
    readonly id: number;
    /** Empty: the box. */
    readonly lane: string;
    readonly fromWallMs: number;
    readonly toWallMs: number;
    /** It has no end yet. */
    readonly lasts?: true;
    /** What could not be seen, and what was counted meanwhile. */
    readonly what: Text;
    readonly counted?: Text;
  }[];
}

/** `GET /api/v1/evidence`: the newest signed head of the chain, and the key of the box. Absent: none has been signed yet. */
export interface EvidenceView {
  readonly signed?: {
    readonly chain: string;
    /** The last row under it. */
    readonly last: number;
    readonly head: string;
    readonly atWallMs: number;
    /** Public, in hex. */
    readonly key: string;
    /** How it is known to have left the box: `mqtt`. */
    readonly ways: readonly string[];
    /** Boxes of the park that remember it, or one of the last two hours; absent: this box says none in any network. */
    readonly boxes?: number;
  };
}

/** `POST /api/v1/person/find { plate }` (auditor), `/erase { plate, why }` (installer): what was found or deleted, in the language of the request. */
export interface PersonLines {
  readonly lines: readonly string[];
}

/** Job `verify`: what `lanewarden verify --frames` says, in the language of the request. */
export interface VerifyResult {
  readonly fits: boolean;
  readonly lines: readonly string[];
}
