/**
 * Sessions: random tokens, kept as hashes in memory and on disk, with times of the monotonic clock. They end by idle time, age, logout and a
 * reboot. A failing disk does not prevent logins, because the page is where it is reported; unsaved sessions end with the program.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { readText, writeDurably } from '../../small-file.ts';

export const IDLE_MS = 15 * 60_000;
export const SESSION_MS = 12 * 3_600_000;
const BOOTH_SESSION_MS = 24 * 3_600_000;
/** Per user; the least recently used goes first. */
export const PER_USER_MAX = 8;
const SESSIONS_FILE = 'sessions.json';
/** How often use is saved; a crash forgets later use. */
const SAVE_EVERY_MS = 60_000;
const TOKEN_BYTES = 32;

export interface Session {
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly user: string;
  readonly createdMs: number;
  usedMs: number;
}

export class Sessions {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #idleMs: () => number;
  readonly #lasts: (user: string) => boolean;
  #boot = '';
  #sessions: Session[] = [];
  #savedMs = 0;
  #keeping: Promise<void> = Promise.resolve();

  private constructor(folder: string, clock: Clock, idleMs: () => number, lasts: (user: string) => boolean) {
    this.#lasts = lasts;
    this.#file = join(folder, SESSIONS_FILE);
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  /** `lasts`: users whose sessions stay open for a day, used or not: those of a booth. */
  static async open(
    folder: string,
    clock: Clock,
    idleMs: () => number = () => IDLE_MS,
    lasts: (user: string) => boolean = () => false,
  ): Promise<Sessions> {
    const sessions = new Sessions(folder, clock, idleMs, lasts);
    sessions.#boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
    sessions.#sessions = parse(await readText(sessions.#file), sessions.#boot);
    return sessions;
  }

  /** Always a new token, against session fixation. */
  async create(user: string, most = PER_USER_MAX): Promise<{ readonly token: string; readonly session: Session }> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const nowMs = this.#clock.nowMs();
    const session: Session = { hash: hashOf(token), user, createdMs: nowMs, usedMs: nowMs };
    const mine = this.#sessions.filter((each) => each.user === user && this.isAlive(each));
    const over = new Set([...mine].sort((a, b) => b.usedMs - a.usedMs).slice(most - 1));
    this.#sessions = [...this.#sessions.filter((each) => this.isAlive(each) && !over.has(each)), session];
    await this.#keep();
    return { token, session };
  }

  /** The session of a token, marked as used unless the page asks by itself; undefined: none, or ended. */
  find(token: string | undefined, isUse = true): Session | undefined {
    if (token === undefined || token.length > 100) return undefined;
    const hash = hashOf(token);
    const session = this.#sessions.find((each) => each.hash === hash);
    if (session === undefined || !this.isAlive(session)) return undefined;
    if (!isUse) return session;
    session.usedMs = this.#clock.nowMs();
    if (session.usedMs - this.#savedMs > SAVE_EVERY_MS) void this.#keep();
    return session;
  }

  isAlive(session: Session): boolean {
    const nowMs = this.#clock.nowMs();
    if (this.#lasts(session.user)) return nowMs - session.createdMs < BOOTH_SESSION_MS;
    return nowMs - session.usedMs < this.#idleMs() && nowMs - session.createdMs < SESSION_MS;
  }

  /** Whether it lives, without marking it as used: for an open stream. */
  has(session: Session): boolean {
    return this.#sessions.includes(session) && this.isAlive(session);
  }

  async end(session: Session): Promise<void> {
    this.#sessions = this.#sessions.filter((each) => each !== session);
    await this.#keep();
  }

  /** All sessions of a user but `except`. */
  async endAll(user: string, except?: Session): Promise<void> {
    this.#sessions = this.#sessions.filter((each) => each.user !== user || each === except);
    await this.#keep();
  }

  close(): Promise<void> {
    return this.#keep();
  }

  #keep(): Promise<void> {
    this.#savedMs = this.#clock.nowMs();
    const kept = JSON.stringify({ version: 1, boot: this.#boot, sessions: this.#sessions });
    this.#keeping = this.#keeping.then(() => writeDurably(this.#file, `${kept}\n`)).catch(() => undefined);
    return this.#keeping;
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Monotonic times of another boot are void: its sessions are dropped. */
function parse(text: string | undefined, boot: string): Session[] {
  try {
    const kept = JSON.parse(text ?? '{}') as { boot?: unknown; sessions?: unknown };
    if (kept.boot !== boot || boot === '' || !Array.isArray(kept.sessions)) return [];
    return (kept.sessions as Session[]).filter(
      ({ hash, user, createdMs, usedMs }) =>
        typeof hash === 'string' && typeof user === 'string' && Number.isFinite(createdMs) && Number.isFinite(usedMs),
    );
  } catch {
    return [];
  }
}
