/**
 * Which secret signs while the platform's is being changed: the present one until the platform refuses its signature, then the next one, for as long
 * as the platform accepts that. It sees receipts, knows no wire and shows no secret.
 */
import { masked } from './compare.ts';
import type { DeliveryReceipt } from './types.ts';

interface Revealed {
  reveal(): string;
}

export class SigningSecrets {
  readonly #secrets: readonly Revealed[];
  readonly #onNext: () => void;
  #inUse = 0;
  #isToldOfNext = false;
  /** Since the platform last accepted a signature. */
  readonly #refused = new Set<number>();

  /** `onNext`: once, when the platform has accepted a signature of `next`. */
  constructor(present: Revealed, next: Revealed | undefined, onNext: () => void) {
    this.#secrets = next === undefined ? [present] : [present, next];
    this.#onNext = onNext;
  }

  /** Its number, to be kept with what it signed. */
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
   * The receipt as it counts for a record signed with secret `number`: while the other secret has not been refused as well, a refused signature is no
   * reason to pause but to sign again.
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
    if (number === 0 || this.#isToldOfNext) return;
    this.#isToldOfNext = true;
    this.#onNext();
  }
}
