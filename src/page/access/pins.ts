/**
 * The PINs of those who sign on for duty, by name: six digits, hashed like passwords, in a small durable file. One that somebody else has set is for
 * one use, in which its owner chooses another. Wrong ones delay the next for this name and this user, up to a minute, and never lock anybody out.
 */
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { LoginThrottle } from '../../http/login-throttle.ts';
import { Problem } from '../../http/problem.ts';
import { readText, writeDurably } from '../../small-file.ts';
import { PIN_FORM } from '../api/forms.ts';
import { type HashCost, type PasswordHash, Passwords } from './password.ts';

const FILE = 'pins.json';
export const PINS_MAX = 200;

/** All digits alike, or one after the other. */
const isGuessed = (pin: string): boolean =>
  /^(\d)\1+$/.test(pin) || '01234567890'.includes(pin) || '09876543210'.includes(pin);

/** How a PIN is kept: one that its owner chose as its hash alone, as 1.0.0-rc.1 kept all. */
type KeptPin = PasswordHash | ForeignPin;

interface ForeignPin {
  readonly hash: PasswordHash;
  /** The user who set it, or in whose session it was chosen after that user had set one. */
  readonly setBy: string;
  /** It must be changed at its first use. */
  readonly once?: true;
}

/** A right PIN. `setBy`: it is not its owner's own. */
export interface RightPin {
  readonly setBy?: string;
  readonly once: boolean;
}

export class Pins {
  readonly #file: string;
  readonly #passwords: Passwords;
  readonly #throttle: LoginThrottle;
  #pins: ReadonlyMap<string, KeptPin> = new Map();

  private constructor(folder: string, clock: Clock, cost: HashCost | undefined) {
    this.#passwords = new Passwords(cost);
    this.#file = join(folder, FILE);
    this.#throttle = new LoginThrottle(clock, 'pin');
  }

  static async open(folder: string, clock: Clock, cost?: HashCost): Promise<Pins> {
    const pins = new Pins(folder, clock, cost);
    pins.#pins = parse(await readText(pins.#file));
    return pins;
  }

  names(): readonly string[] {
    return [...this.#pins.keys()];
  }

  /** For somebody else, for one use. `pin` undefined: it is removed. Throws Problem `weakPin`, `full`. */
  async set(operator: string, pin: string | undefined, setBy: string): Promise<void> {
    await this.#keep(operator, pin === undefined ? undefined : { hash: await this.#hash(pin), setBy, once: true });
  }

  /** By its owner, in a session of `user`; where that user set the former PIN, the choice may be theirs. Throws Problem `weakPin`. */
  async change(operator: string, pin: string, { setBy }: RightPin, user: string): Promise<void> {
    const hash = await this.#hash(pin);
    await this.#keep(operator, setBy === user ? { hash, setBy } : hash);
  }

  async #hash(pin: string): Promise<PasswordHash> {
    if (!PIN_FORM.test(pin) || isGuessed(pin)) throw new Problem('weakPin');
    return this.#passwords.hash(pin);
  }

  async #keep(operator: string, pin: KeptPin | undefined): Promise<void> {
    const pins = new Map(this.#pins);
    if (pin === undefined) pins.delete(operator);
    else pins.set(operator, pin);
    if (pins.size > PINS_MAX) throw new Problem('full');
    await writeDurably(this.#file, `${JSON.stringify({ version: 1, pins: Object.fromEntries(pins) }, undefined, 1)}\n`);
    this.#pins = pins;
  }

  /** The right PIN, or how many wrong ones there were in a row. Throws Problem `tooManyRequests`. */
  async check(operator: string, user: string, pin: string): Promise<RightPin | number> {
    const kept = this.#pins.get(operator);
    const foreign = typeof kept === 'object' ? kept : undefined;
    const hash = typeof kept === 'object' ? kept.hash : kept;
    const check = () => this.#passwords.matches(pin, hash);
    const { isRight, failures } = await this.#throttle.attempt(`${operator}\n${user}`, check);
    if (!isRight) return failures;
    return { once: foreign?.once === true, ...(foreign && { setBy: foreign.setBy }) };
  }
}

const isHash = (value: unknown): value is PasswordHash => typeof value === 'string' && value !== '';

function isKept(value: unknown): value is KeptPin {
  if (typeof value !== 'object' || value === null) return isHash(value);
  const { hash, setBy } = value as Readonly<Record<string, unknown>>;
  return isHash(hash) && typeof setBy === 'string';
}

function parse(text: string | undefined): ReadonlyMap<string, KeptPin> {
  try {
    const { pins = {} } = JSON.parse(text ?? '{}') as { pins?: Readonly<Record<string, unknown>> };
    return new Map(Object.entries(pins).filter((entry): entry is [string, KeptPin] => isKept(entry[1])));
  } catch {
    // Damaged: nobody has one, and the office gives new ones.
    return new Map();
  }
}
