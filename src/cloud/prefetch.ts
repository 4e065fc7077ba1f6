/**
 * Records in hand: fetched and made ready to leave before their turn, so that the wire waits neither for the disk nor for a signature; and what
 * makes sure that each leaves as it is by then. It knows no order and no receipt.
 */
import type { Clock } from '../clock.ts';
import type { FetchedRecord, Outbox } from '../store/types.ts';
import type { CloudClient, Prepared } from './client.ts';

export interface InHand extends FetchedRecord {
  readonly prepared: Prepared;
}

export interface Fetched {
  /** undefined: it no longer waits. */
  readonly inHand: Promise<InHand | undefined>;
  /** How often somebody had asked for a change by then, and Clock.nowMs. */
  readonly changes: number;
  readonly atMs: number;
}

export interface HandParts {
  readonly outbox: Pick<Outbox, 'fetch' | 'sending' | 'leaving' | 'park'>;
  readonly client: Pick<CloudClient, 'prepare' | 'tellTime'>;
  readonly clock: Clock;
  readonly withPictures: boolean;
}

/** What was fetched longer ago is asked for again: another process (the command `queue`) may have changed it. */
export const FRESH_MS = 250;

export class Hand {
  readonly #parts: HandParts;
  #changes = 0;

  constructor(parts: HandParts) {
    this.#parts = parts;
  }

  /** Something in the outbox may have changed, or somebody has just asked for it: what was fetched before is old. */
  changed(): void {
    this.#changes += 1;
  }

  /** Whoever takes it up hears of a failure; nobody may. */
  fetch(id: number): Fetched {
    const inHand = this.#fetch(id);
    inHand.catch(() => undefined);
    return { inHand, changes: this.#changes, atMs: this.#parts.clock.nowMs() };
  }

  async #fetch(id: number): Promise<InHand | undefined> {
    const { outbox, withPictures } = this.#parts;
    const found = await outbox.fetch(id, withPictures);
    return found && this.#ready(found);
  }

  /** undefined: nothing can be made of the record, so it is put aside. It would end the program, at every start. */
  async #ready(found: FetchedRecord): Promise<InHand | undefined> {
    const { damaged } = found.record;
    const made = damaged ? 'its text is damaged' : await this.#made(found).catch((error: Error) => error.message);
    if (typeof made !== 'string') return made;
    found.picture?.giveBack();
    await this.#parts.outbox.park(found.record.id, `unsendable: ${made}`);
    return undefined;
  }

  /** A picture that was found too large stays here, so that its record gets there at all. */
  async #made(found: FetchedRecord): Promise<InHand> {
    const { client } = this.#parts;
    const { record, picture } = found;
    if (picture === undefined || record.lastWhy?.startsWith('tooBig') !== true)
      return { ...found, prepared: await client.prepare(record, picture) };
    picture.giveBack();
    return { record, prepared: { ...(await client.prepare(record, undefined)), note: 'pictureTooBig' } };
  }

  /**
   * The record as it is now, marked as leaving: a person may have put it right, or the engine taken it back, since it was fetched. What was
   * fetched a moment ago and nobody has asked to change since is that already: the mark then travels while the record does.
   */
  async takeUp(id: number, fetched: Fetched, signal: AbortSignal): Promise<InHand | undefined> {
    const { outbox, client, clock } = this.#parts;
    const inHand = await fetched.inHand;
    // When it is told, the store corrects the record, which is then no longer fresh.
    if (inHand?.record.timeQuality === 'unknown' && !inHand.record.sent) await client.tellTime(signal);
    const isFresh = fetched.changes === this.#changes && clock.nowMs() - fetched.atMs <= FRESH_MS;
    if (isFresh && inHand !== undefined) {
      // The thread answers in order: if this fails, so does keeping what comes of it.
      outbox.leaving(id).catch(() => undefined);
      return inHand;
    }
    const record = await outbox.sending(id);
    if (record === undefined || inHand === undefined) return undefined;
    return this.#ready({ ...inHand, record });
  }
}

/** As soon as it is there, if it is not yet. More than once does no harm. */
export function giveBack({ inHand }: Fetched): void {
  inHand.then(
    (found) => found?.picture?.giveBack(),
    () => undefined,
  );
}
