/** Users of the page with roles and password hashes, and the one-time set-up code while there is no user, in a small durable file. Knows no session. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../http/problem.ts';
import { makeFolderDurably, readText, removeDurably, writeDurably } from '../../small-file.ts';
import { pageText } from '../../text/page/server.ts';
import type { UserRole, UserRow } from '../api/api.ts';
import { USER_ROLES } from '../api/rights.ts';
import { fileContent } from '../file-content.ts';
import { type HashCost, type PasswordHash, Passwords, requireGood } from './password.ts';

export const USERS_MAX = 50;
const USERS_FILE = 'users.json';
/** A login that somebody made is another person only after the time that a change waits. */
const NEW_USER_MS = 3_600_000;
export const SETUP_CODE_FILE = 'setup-code';
/** 16 of 32 characters: 80 bits, without look-alikes. */
const CODE_LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CODE_LENGTH = 16;

interface Account extends UserRow {
  readonly password: PasswordHash;
  /** When somebody made it. Absent, as in files of earlier versions: long ago. */
  readonly sinceWallMs?: number;
}

export class Accounts {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #passwords: Passwords;
  #accounts: readonly Account[] = [];
  /** Last known content of the file. */
  #written: string | undefined;
  #code: string | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, clock: Clock, cost: HashCost | undefined) {
    this.#folder = folder;
    this.#passwords = new Passwords(cost);
    this.#clock = clock;
  }

  /** Creates `folder` if missing. While there is no user, its file has a set-up code. */
  static async open(folder: string, clock: Clock, cost?: HashCost): Promise<Accounts> {
    // A disk that refuses has the page say so: it opens with what there is.
    await makeFolderDurably(folder).catch(() => undefined);
    const accounts = new Accounts(folder, clock, cost);
    await accounts.reload();
    return accounts;
  }

  /** Reads the file again. A damaged file means no users, and a new set-up code. */
  async reload(): Promise<void> {
    await this.#saving;
    this.#written = await readText(join(this.#folder, USERS_FILE));
    this.#accounts = parse(this.#written);
    this.#code = undefined;
    if (this.isEmpty) await this.#setupCode();
  }

  /** Reads the file if another program (the command `passwd`) changed it. Returns the users whose password changed. */
  async refresh(): Promise<readonly string[]> {
    await this.#saving;
    const text = await readText(join(this.#folder, USERS_FILE));
    if (text === undefined && this.#code !== undefined) await this.#keepCode();
    if (text === undefined || text === this.#written) return [];
    const before = new Map(this.#accounts.map(({ user, password }) => [user, password]));
    this.#written = text;
    this.#accounts = parse(text);
    return [...before].filter(([user, password]) => this.#find(user)?.password !== password).map(([user]) => user);
  }

  get isEmpty(): boolean {
    return this.#accounts.length === 0;
  }

  /** For the first user; undefined once there is one. */
  get setupCode(): string | undefined {
    return this.#code;
  }

  role(user: string): UserRole | undefined {
    return this.#find(user)?.role;
  }

  /** Those the user sees; undefined: all. */
  lanes(user: string): readonly string[] | undefined {
    const { role, lanes } = this.#find(user) ?? {};
    return role === 'booth' ? lanes : undefined;
  }

  list(): readonly UserRow[] {
    return this.#accounts.map(({ password: _, sinceWallMs: __, ...row }) => row);
  }

  /** It may be of whoever made it a moment ago: it is no second person yet. */
  isNew(user: string): boolean {
    const { sinceWallMs } = this.#find(user) ?? {};
    return sinceWallMs !== undefined && this.#clock.wallMs() - sinceWallMs < NEW_USER_MS;
  }

  isSetupCode(written: string): boolean {
    const given = Buffer.from(plainCode(written));
    const wanted = Buffer.from(plainCode(this.#code ?? ''));
    return wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  async isPassword(user: string, password: string): Promise<boolean> {
    return this.#passwords.matches(password, this.#find(user)?.password);
  }

  /** Throws Problem: `conflict` (name in use), `full`, `weakPassword`. Invalidates the set-up code. */
  async add(user: string, role: UserRole, password: string, lanes?: readonly string[]): Promise<void> {
    const refuse = () => {
      if (this.#find(user) !== undefined) throw new Problem('conflict');
      if (this.#accounts.length >= USERS_MAX) throw new Problem('full');
    };
    refuse();
    requireGood(password, user);
    const hash = await this.#passwords.hash(password);
    // Another request may have added it meanwhile.
    refuse();
    const sinceWallMs = Math.round(this.#clock.wallMs());
    await this.#save([...this.#accounts, { user, role, password: hash, sinceWallMs, ...(lanes && { lanes }) }]);
    await this.#endSetup();
  }

  /** Users with the hashes of their passwords: those there are get them, with the role. Throws Problem `full`, before any is changed. */
  async provide(users: readonly Omit<Account, 'lastLoginWallMs'>[]): Promise<void> {
    if (users.length === 0) return;
    const others = this.#accounts.filter(({ user }) => !users.some((each) => each.user === user));
    if (others.length + users.length > USERS_MAX) throw new Problem('full');
    await this.#save([...others, ...users]);
    await this.#endSetup();
  }

  /** Throws Problem: `notFound`, `weakPassword`. */
  async setPassword(user: string, password: string): Promise<void> {
    if (this.#find(user) === undefined) throw new Problem('notFound');
    requireGood(password, user);
    const hash = await this.#passwords.hash(password);
    await this.#save(this.#accounts.map((each) => (each.user === user ? { ...each, password: hash } : each)));
  }

  /** undefined: all. Throws Problem: `notFound`, `conflict` for a user who is no booth. */
  async setLanes(user: string, lanes: readonly string[] | undefined): Promise<void> {
    const found = this.#find(user);
    if (found === undefined) throw new Problem('notFound');
    if (found.role !== 'booth') throw new Problem('conflict');
    const { lanes: _, ...rest } = found;
    const bound = { ...rest, ...(lanes && { lanes }) };
    await this.#save(this.#accounts.map((each) => (each === found ? bound : each)));
  }

  /** Throws Problem: `notFound`, `conflict` for the last installer. */
  async remove(user: string): Promise<void> {
    const found = this.#find(user);
    if (found === undefined) throw new Problem('notFound');
    const left = this.#accounts.filter((each) => each !== found);
    // A demonstration has none at all.
    if (found.role === 'installer' && !left.some(({ role }) => role === 'installer'))
      throw new Problem('conflict', { detail: pageText.lastInstaller });
    await this.#save(left);
  }

  /** A failing disk does not prevent logins. */
  async loggedIn(user: string): Promise<void> {
    const lastLoginWallMs = Math.round(this.#clock.wallMs());
    const accounts = this.#accounts.map((each) => (each.user === user ? { ...each, lastLoginWallMs } : each));
    await this.#save(accounts).catch(() => undefined);
  }

  #find(user: string): Account | undefined {
    return this.#accounts.find((each) => each.user === user);
  }

  /** Saves in order. Memory is ahead of the disk until it resolves, and restored if it rejects. */
  #save(accounts: readonly Account[]): Promise<void> {
    const before = this.#accounts;
    this.#accounts = accounts;
    const text = `${JSON.stringify({ version: 1, users: accounts }, undefined, 1)}\n`;
    this.#written = text;
    const saving = this.#saving.then(() => writeDurably(join(this.#folder, USERS_FILE), text));
    this.#saving = saving.catch(() => {
      if (this.#accounts === accounts) this.#accounts = before;
    });
    return saving;
  }

  async #endSetup(): Promise<void> {
    if (this.#code === undefined) return;
    this.#code = undefined;
    await removeDurably(join(this.#folder, SETUP_CODE_FILE));
  }

  async #setupCode(): Promise<void> {
    const kept = (await readText(join(this.#folder, SETUP_CODE_FILE)))?.trim();
    const isGood = kept !== undefined && plainCode(kept).length === CODE_LENGTH;
    this.#code = isGood ? kept : newCode();
    if (!isGood) await this.#keepCode();
  }

  /** A disk that refuses gets it later (`refresh`): the log and the console have it already. */
  async #keepCode(): Promise<void> {
    const file = join(this.#folder, SETUP_CODE_FILE);
    if ((await readText(file))?.trim() === this.#code) return;
    await makeFolderDurably(this.#folder)
      .then(() => writeDurably(file, `${this.#code}\n`))
      .catch(() => undefined);
  }
}

function newCode(): string {
  const letters = [...randomBytes(CODE_LENGTH)].map((byte) => CODE_LETTERS[byte % CODE_LETTERS.length]);
  return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** Without case, blanks and dashes. */
function plainCode(written: string): string {
  return written.toUpperCase().replaceAll(/[\s-]/g, '');
}

function parse(text: string | undefined): readonly Account[] {
  const { users } = fileContent<{ users?: unknown }>(text) ?? {};
  return Array.isArray(users) ? users.filter(isAccount) : [];
}

function isAccount(value: unknown): value is Account {
  const { user, role, password, lanes } = (value ?? {}) as Partial<Account>;
  // Lanes that cannot be read are not all lanes.
  const hasLanes = lanes === undefined || (Array.isArray(lanes) && lanes.every((lane) => typeof lane === 'string'));
  const isKnown = USER_ROLES.some((each) => each === role);
  return typeof user === 'string' && typeof password === 'string' && hasLanes && isKnown;
}
