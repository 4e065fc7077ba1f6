/**
 * Senders whose messages were refused: from where, since when, why, how often; for the page. Anyone on the network can send, so the rows
 * are bounded. It keeps no byte of a body and no token.
 */
import { addressBlock } from '../http/address.ts';
import type { ProblemCode } from '../http/problem.ts';

/** Rows kept; the one refused longest ago is dropped first. */
const ROWS_MAX = 20;
const TEXT_MAX = 80;

/** `noToken`: without an Authorization header; `tlsAtPlain`: a TLS handshake on the plain port. */
export type RefusedFor = ProblemCode | 'noToken' | 'tlsAtPlain';

export interface RefusedMessage {
  readonly code: RefusedFor;
  /** The sender's address. */
  readonly from: string | undefined;
  /** Name of its token, where that was valid. */
  readonly holder?: string;
  readonly path?: string;
}

export interface RefusedSender extends RefusedMessage {
  readonly from: string;
  readonly count: number;
  /** Clock.nowMs of the first and the last one. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export class RefusedSenders {
  readonly #nowMs: () => number;
  /** The last refused is the last. */
  readonly #rows = new Map<string, RefusedSender>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  add({ code, from, holder, path }: RefusedMessage): void {
    const address = addressBlock(from);
    const key = `${code} ${address} ${holder}`;
    const before = this.#rows.get(key);
    const nowMs = this.#nowMs();
    this.#rows.delete(key);
    this.#rows.set(key, {
      code,
      from: address,
      ...(holder !== undefined && { holder }),
      ...(path !== undefined && { path: path.replace(/\p{C}/gu, '?').slice(0, TEXT_MAX) }),
      count: (before?.count ?? 0) + 1,
      firstMs: before?.firstMs ?? nowMs,
      lastMs: nowMs,
    });
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > ROWS_MAX && oldest !== undefined) this.#rows.delete(oldest);
  }

  /** A valid message came from this address: it has its token, port and path right by now. */
  accepted(from: string | undefined): void {
    const address = addressBlock(from);
    for (const [key, row] of this.#rows) if (row.holder === undefined && row.from === address) this.#rows.delete(key);
  }

  /** The last refused first. */
  get rows(): readonly RefusedSender[] {
    return [...this.#rows.values()].toReversed();
  }
}
