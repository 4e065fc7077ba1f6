/**
 * Memory shared by both threads, for pictures to be uploaded: a new buffer for each kept the garbage collector busier than sending. This side hands
 * out places; the store thread reads a picture directly into one. It knows no record and no file.
 */

/** Room in front of a picture for the head of a request, and behind it for its end. */
const BEFORE_BYTES = 8_192;
const AFTER_BYTES = 256;
/** A larger picture gets memory of its own. */
const PICTURE_BYTES = 524_288;
/** Records in flight or ready at the same time; further ones get memory of their own. */
const PLACES = 30;
const PLACE_BYTES = BEFORE_BYTES + PICTURE_BYTES + AFTER_BYTES;

/** A picture, lent until it is given back. The bytes around it may be written to, so that a body can be built in place. */
export interface LentPicture {
  readonly bytes: Uint8Array;
  /** Free bytes of the same buffer in front of `bytes` and behind them. */
  readonly before: number;
  readonly after: number;
  /** From here on the bytes may change. */
  giveBack(): void;
}

export const newLendingMemory = (): SharedArrayBuffer => new SharedArrayBuffer(PLACES * PLACE_BYTES);

/** Where the store thread reads a picture to. */
export const placeOf = (memory: SharedArrayBuffer, place: number): Uint8Array =>
  new Uint8Array(memory, place * PLACE_BYTES + BEFORE_BYTES, PICTURE_BYTES);

export class LendingDesk {
  readonly #memory: SharedArrayBuffer;
  readonly #free: number[] = Array.from({ length: PLACES }, (_, place) => place);

  constructor(memory: SharedArrayBuffer) {
    this.#memory = memory;
  }

  /** `read` fills the place, if one is free, and returns the number of bytes; or it returns the picture in memory of its own, or none. */
  async lend(
    read: (place: number | undefined) => Promise<number | Uint8Array | undefined>,
  ): Promise<LentPicture | undefined> {
    const place = this.#free.pop();
    let back = place === undefined;
    const giveBack = () => {
      if (!back && place !== undefined) this.#free.push(place);
      back = true;
    };
    try {
      const found = await read(place);
      if (typeof found === 'number' && place !== undefined) {
        const bytes = new Uint8Array(this.#memory, place * PLACE_BYTES + BEFORE_BYTES, found);
        return { bytes, before: BEFORE_BYTES, after: PLACE_BYTES - BEFORE_BYTES - found, giveBack };
      }
      giveBack();
      return typeof found === 'object' ? { bytes: found, before: 0, after: 0, giveBack } : undefined;
    } catch (error) {
      giveBack();
      throw error;
    }
  }
}
