/**
 * Selects the signing secret during a change: the present one until the platform refuses its signature, then the next one for as long as
 * the platform accepts that. It sees receipts, knows no wire and shows no secret.
 */

import type { DeliveryReceipt } from '../request/delivery-receipt.ts';
import { masked } from '../request/signature-comparison.ts';
import type { Revealed } from '../settings.ts';

export class SigningSecrets {
  readonly #secrets: readonly Revealed[];
  readonly #onNext: () => void;
  #inUse = 0;
  #nextReported = false;
  /** Refused since the platform last accepted a signature. */
  readonly #refused = new Set<number>();

  /** `onNext`: called once, when the platform has accepted a signature of `next`. */
  constructor(present: Revealed, next: Revealed | undefined, onNext: () => void) {
    this.#secrets = next === undefined ? [present] : [present, next];
    this.#onNext = onNext;
  }

  /** Its number, to be kept with the signed body. */
  get inUse(): number {
    return this.#inUse;
  }

  reveal(number: number): string {
    return this.#secrets[number]?.reveal() ?? '';
  }

  /** Without any of the secrets. */
  mask(text: string): string {
    return this.#secrets.reduce((left, secret) => masked(left, secret.reveal()), text);
  }

  /**
   * The effective receipt of a record signed with secret `number`: as long as the other secret has not been refused as well, a refused
   * signature does not pause uploads but is signed again.
   */
  judged(receipt: DeliveryReceipt, number: number): DeliveryReceipt {
    if (this.#secrets.length === 1) return receipt;
    if (receipt.kind === 'accepted') this.#accepted(number);
    if (receipt.kind !== 'paused' || !receipt.why.startsWith('signature')) return receipt;
    const again: DeliveryReceipt = { ...receipt, kind: 'retry', why: receipt.why.replace(/^signature/, 'otherSecret') };
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
