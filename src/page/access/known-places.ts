/**
 * Known places of each user's logins: by a random token in the browser (device cookie), stored here as a hash, and by address. Failed logins of
 * others do not delay a login there. The token is no login: the password is still required.
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { readText, writeDurably } from '../../small-file.ts';
import { fileContent } from '../file-content.ts';

const FILE = 'known-places.json';
/** The least recently used goes first; users are limited by their accounts. */
export const PLACES_PER_USER = 8;
const TOKEN_BYTES = 24;

interface KnownPlace {
  readonly user: string;
  /** SHA-256 of the token. */
  readonly device: string;
  /** `addressBlock` of the last login. */
  readonly block: string;
  /** For people only. */
  readonly atWallMs: number;
}

export class KnownPlaces {
  readonly #file: string;
  readonly #clock: Clock;
  /** Most recent login last. */
  #places: readonly KnownPlace[] = [];
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, clock: Clock) {
    this.#file = join(folder, FILE);
    this.#clock = clock;
  }

  static async open(folder: string, clock: Clock): Promise<KnownPlaces> {
    const places = new KnownPlaces(folder, clock);
    places.#places = parse(await readText(places.#file));
    return places;
  }

  /** Name for counting attempts at this place; undefined: the user has never logged in there. */
  nameOf(user: string, device: string | undefined, block: string): string | undefined {
    const hash = device === undefined ? undefined : hashOf(device);
    if (this.#places.some((each) => each.user === user && each.device === hash)) return `device ${hash}`;
    return this.#places.some((each) => each.user === user && each.block === block) ? placeName(user, block) : undefined;
  }

  /** After a successful login. Resolves with the token for the browser. A failing disk does not prevent logins. */
  async keep(user: string, device: string | undefined, block: string): Promise<string> {
    const hash = device === undefined ? undefined : hashOf(device);
    const isOurs = device !== undefined && this.#places.some((each) => each.device === hash);
    const token = isOurs ? device : randomBytes(TOKEN_BYTES).toString('base64url');
    const place = { user, device: hashOf(token), block, atWallMs: Math.round(this.#clock.wallMs()) };
    const others = this.#places.filter((each) => each.user !== user || each.device !== place.device);
    const over = others.filter((each) => each.user === user).slice(0, -(PLACES_PER_USER - 1));
    await this.#save([...others.filter((each) => !over.includes(each)), place]);
    return token;
  }

  async forget(user: string): Promise<void> {
    await this.#save(this.#places.filter((each) => each.user !== user));
  }

  #save(places: readonly KnownPlace[]): Promise<void> {
    this.#places = places;
    const text = `${JSON.stringify({ version: 1, places }, undefined, 1)}\n`;
    this.#saving = this.#saving.then(() => writeDurably(this.#file, text)).catch(() => undefined);
    return this.#saving;
  }
}

/** A user at an address. */
export const placeName = (user: string, block: string): string => `${block} as ${user}`;

function hashOf(token: string): string {
  return createHash('sha256').update(token.slice(0, 100)).digest('hex');
}

function parse(text: string | undefined): readonly KnownPlace[] {
  const { places } = fileContent<{ places?: unknown }>(text) ?? {};
  return Array.isArray(places) ? places.filter(isPlace) : [];
}

function isPlace(value: unknown): value is KnownPlace {
  const { user, device, block, atWallMs } = (value ?? {}) as Partial<KnownPlace>;
  return (
    typeof user === 'string' && typeof device === 'string' && typeof block === 'string' && Number.isFinite(atWallMs)
  );
}
