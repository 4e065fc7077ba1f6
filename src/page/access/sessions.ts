/**
 * Who is logged in: random tokens, of which only hashes are kept, also on disk, with times of the monotonic clock. They end when they are idle,
 * when they are old, when somebody says so, and with the boot of the machine. A disk that refuses keeps nobody out, because the page is where it
 * is told: what it could not keep it does not know after a restart.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { readText, writeDurably } from '../durable-files.ts';

export const IDLE_MS = 15 * 60_000;
export const SESSION_MS = 12 * 3_600_000;
/** Of one user; the one that was used longest ago goes first. */
export const PER_USER_MAX = 8;
const SESSIONS_FILE = 'sessions.json';
/** How often use is written down: what was used since is as if it had not been, after a crash. */
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
  #boot = '';
  #sessions: Session[] = [];
  #savedMs = 0;
  #keeping: Promise<void> = Promise.resolve();

  private constructor(folder: string, clock: Clock, idleMs: () => number) {
    this.#file = join(folder, SESSIONS_FILE);
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  static async open(folder: string, clock: Clock, idleMs: () => number = () => IDLE_MS): Promise<Sessions> {
    const sessions = new Sessions(folder, clock, idleMs);
    sessions.#boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
    sessions.#sessions = parse(await readText(sessions.#file), sessions.#boot);
    return sessions;
  }

  /** A new token: nobody could have known it before. */
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

  /** The session of a token; it counts as used. undefined: there is none, or it has ended. */
  find(token: string | undefined): Session | undefined {
    if (token === undefined || token.length > 100) return undefined;
    const hash = hashOf(token);
    const session = this.#sessions.find((each) => each.hash === hash);
    if (session === undefined || !this.isAlive(session)) return undefined;
    session.usedMs = this.#clock.nowMs();
    if (session.usedMs - this.#savedMs > SAVE_EVERY_MS) void this.#keep();
    return session;
  }

  isAlive(session: Session): boolean {
    const nowMs = this.#clock.nowMs();
    return nowMs - session.usedMs < this.#idleMs() && nowMs - session.createdMs < SESSION_MS;
  }

  /** Whether it may go on without being used: for a stream that is open. */
  has(session: Session): boolean {
    return this.#sessions.includes(session) && this.isAlive(session);
  }

  async end(session: Session): Promise<void> {
    this.#sessions = this.#sessions.filter((each) => each !== session);
    await this.#keep();
  }

  /** All of a user, but `except`. */
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

/** Times of another boot mean nothing: whoever was logged in then logs in again. */
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
