/**
 * Small pictures for lists: made of the record's picture at the first look and kept in memory, the least recently looked at goes first. Nothing of
 * them is written: a picture that is removed by a rule leaves none behind on the disk.
 */
import { preparePicture } from '../delivery/jpeg-reencoding.ts';

/** The lowest limit that the tool always meets. */
export const THUMBNAIL_BYTES_MAX = 20_000;
/** Some 4 MB. */
const KEPT = 200;

export class Thumbnails {
  readonly #kept = new Map<number, Uint8Array>();

  /** Where it cannot be made smaller (no tool, or it is small already) it is the picture itself. `picture`: reads it. */
  async of(id: number, picture: () => Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
    const whole = await picture();
    if (whole === undefined) this.#kept.delete(id);
    const kept = this.#kept.get(id);
    if (whole === undefined || kept !== undefined) {
      if (kept !== undefined) this.#keep(id, kept);
      return kept;
    }
    const { bytes, note } = await preparePicture(whole, THUMBNAIL_BYTES_MAX);
    if (bytes === undefined || note !== undefined) return whole;
    this.#keep(id, bytes);
    return bytes;
  }

  #keep(id: number, bytes: Uint8Array): void {
    this.#kept.delete(id);
    this.#kept.set(id, bytes);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
