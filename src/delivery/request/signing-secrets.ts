/**
 * Selects the signing secret during a change: the present one until the platform refuses its signature, then the next one for as long as
 * the platform accepts that. It sees receipts and numbers: 0 the present one, 1 the next.
 */

import type { PlatformReceipt } from './platform-answer.ts';

export class SigningSecrets {
  readonly #hasNext: boolean;
  readonly #onNext: () => void;
  #inUse = 0;
  #nextReported = false;
  /** Refused since the platform last accepted a signature. */
  readonly #refused = new Set<number>();

  /** `onNext`: called once, when the platform has accepted a signature of the next one. */
  constructor(hasNext: boolean, onNext: () => void) {
    this.#hasNext = hasNext;
    this.#onNext = onNext;
  }

  /** Its number, to be kept with the signed body. */
  get inUse(): number {
    return this.#inUse;
  }

  /**
   * The effective receipt of a record signed with secret `number`: as long as the other secret has not been refused as well, a refused
   * signature does not pause uploads but is signed again.
   */
  judged(receipt: PlatformReceipt, number: number): PlatformReceipt {
    if (!this.#hasNext) return receipt;
    if (receipt.kind === 'accepted') this.#accepted(number);
    if (receipt.kind !== 'paused' || !receipt.why.startsWith('signature')) return receipt;
    const again: PlatformReceipt = { ...receipt, kind: 'retry', why: receipt.why.replace(/^signature/, 'otherSecret') };
    // Signed before the change.
    if (number !== this.#inUse) return again;
    this.#refused.add(number);
    const other = 1 - number;
    const isOtherRefused = this.#refused.has(other);
    this.#inUse = isOtherRefused ? 0 : other;
    if (!isOtherRefused) return again;
    this.#refused.clear();
    return receipt;
  }

  #accepted(number: number): void {
    this.#refused.clear();
    if (number === 0 || this.#nextReported) return;
    this.#nextReported = true;
    this.#onNext();
  }
}
