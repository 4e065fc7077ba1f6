/**
 * `parking_serial` of a release: derived from the box, the boot, the lane and the moment, so that a second verdict on the same opening, after a
 * kill, gives the same serial and the platform accepts it once. In the form of a ULID: 48 bits of lane time, then 80 of a hash.
 */
import { createHash } from 'node:crypto';
import type { NewRecord } from './record-types.ts';
import { base32 } from './thread/ulid.ts';

/** A boot as far as serials need it. Its id is the kernel's, random for each boot of each machine. */
export interface SerialBoot {
  readonly bootId: string;
  /** Lane time. */
  readonly fromMs: number;
}

const HASH_CHARACTERS = 16;
const TIME_CHARACTERS = 10;
/** How many of the last moments are remembered. */
const USED_MOST = 4_096;

export class Serials {
  readonly #boxId: number;
  readonly #boots: readonly SerialBoot[];
  /** By serial: the release that has it. */
  readonly #used = new Map<string, string>();

  /** `boxId`: of the database, so that two programs on one machine differ. Boots: oldest first. */
  constructor(boxId: number, boots: readonly SerialBoot[]) {
    this.#boxId = boxId;
    this.#boots = boots;
  }

  /** `second`: for the second release of the same lane and millisecond. The first is taken where nothing else has it; an entry record's id where the setting says so. */
  of({ laneId, release, entrySerial }: NewRecord): { readonly first: string; readonly second: string } {
    const first = this.#made(laneId, release.releaseAtMs);
    const second = this.#made(laneId, release.releaseAtMs, release.id);
    if (entrySerial !== undefined) {
      const isFree = this.#isFree(entrySerial, release.id);
      return {
        first: isFree ? entrySerial : `${entrySerial}-${withoutLane(first, laneId)}`,
        second: `${entrySerial}-${withoutLane(second, laneId)}`,
      };
    }
    return { first: this.#isFree(first, release.id) ? first : second, second };
  }

  #isFree(serial: string, releaseId: string): boolean {
    const holder = this.#used.get(serial);
    if (holder !== undefined) return holder === releaseId;
    this.#used.set(serial, releaseId);
    const [oldest] = this.#used.keys();
    if (this.#used.size > USED_MOST && oldest !== undefined) this.#used.delete(oldest);
    return true;
  }

  #made(laneId: string, atMs: number, ...more: readonly string[]): string {
    const moment = Math.floor(atMs);
    const bootId = (this.#boots.findLast(({ fromMs }) => fromMs <= moment) ?? this.#boots[0])?.bootId ?? '';
    const digest = createHash('sha256')
      .update([this.#boxId, bootId, laneId, moment, ...more].join('\n'))
      .digest();
    let hash = '';
    // Five bits of each byte.
    for (const byte of digest.subarray(0, HASH_CHARACTERS)) hash += base32(byte & 31, 1);
    return `${laneId}-${base32(moment >= 0 && moment < 2 ** 48 ? moment : 0, TIME_CHARACTERS)}${hash}`;
  }
}

const withoutLane = (serial: string, laneId: string): string => serial.slice(laneId.length + 1);
