/**
 * The PINs of those who sign on for duty, by name: six digits, hashed like passwords, in a small durable file. Wrong ones delay the next for this
 * name on this screen, up to a minute, and never lock anybody out.
 */
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { LoginThrottle } from '../../http/login-throttle.ts';
import { Problem } from '../../http/problem.ts';
import { readText, writeDurably } from '../durable-files.ts';
import { type PasswordHash, Passwords } from './password.ts';

const FILE = 'pins.json';
export const PINS_MAX = 200;
export const PIN_FORM = /^\d{6}$/;
const WAITS = { firstWaitMs: 2_000, longestWaitMs: 60_000 };
/** After so many wrong ones the audit log has a row. */
export const WRONG_NOTED = 5;

/** All digits alike, or one after the other. */
const isGuessed = (pin: string): boolean =>
  /^(\d)\1+$/.test(pin) || '01234567890'.includes(pin) || '09876543210'.includes(pin);

export class Pins {
  readonly #file: string;
  readonly #passwords = new Passwords();
  readonly #throttle: LoginThrottle;
  #pins: ReadonlyMap<string, PasswordHash> = new Map();

  private constructor(folder: string, clock: Clock) {
    this.#file = join(folder, FILE);
    this.#throttle = new LoginThrottle(clock, WAITS);
  }

  static async open(folder: string, clock: Clock): Promise<Pins> {
    const pins = new Pins(folder, clock);
    pins.#pins = parse(await readText(pins.#file));
    return pins;
  }

  names(): readonly string[] {
    return [...this.#pins.keys()];
  }

  /** `pin` undefined: it is removed. Throws Problem `weakPin`, `full`. */
  async set(operator: string, pin: string | undefined): Promise<void> {
    if (pin !== undefined && (!PIN_FORM.test(pin) || isGuessed(pin))) throw new Problem('weakPin');
    const pins = new Map(this.#pins);
    if (pin === undefined) pins.delete(operator);
    else pins.set(operator, await this.#passwords.hash(pin));
    if (pins.size > PINS_MAX) throw new Problem('full');
    await writeDurably(this.#file, `${JSON.stringify({ version: 1, pins: Object.fromEntries(pins) }, undefined, 1)}\n`);
    this.#pins = pins;
  }

  /** `right`, or how many wrong ones there were in a row. Throws Problem `tooManyRequests`. */
  async check(operator: string, screen: string, pin: string): Promise<'right' | number> {
    const name = `${operator}\n${screen}`;
    const takeBack = this.#throttle.begin(name);
    const isRight = await this.#passwords.matches(pin, this.#pins.get(operator)).catch((error: unknown) => {
      takeBack();
      throw error;
    });
    const failures = this.#throttle.failures(name);
    if (isRight) this.#throttle.succeeded(name);
    else this.#throttle.waitFromNow(name);
    return isRight ? 'right' : failures;
  }
}

function parse(text: string | undefined): ReadonlyMap<string, PasswordHash> {
  try {
    const { pins = {} } = JSON.parse(text ?? '{}') as { pins?: Readonly<Record<string, unknown>> };
    return new Map(
      Object.entries(pins).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
      ),
    );
  } catch {
    // Damaged: nobody has one, and the office gives new ones.
    return new Map();
  }
}
