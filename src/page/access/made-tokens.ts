/**
 * Tokens made on the page or by the command `token`: names, scopes and hashes in a small durable file that both write; when each was last used in
 * one of its own, which only the running program writes. It knows no request.
 */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../http/problem.ts';
import { TOKEN_SCOPES, type TokenScope } from '../../http/token-scopes.ts';
import { type KnownToken, type MadeTokens, tokenHash } from '../../http/tokens.ts';
import { makeFolderDurably, readText, writeDurably } from '../../small-file.ts';
import { pageText } from '../../text/page/server.ts';
import { fileContent } from '../file-content.ts';

export const TOKENS_MAX = 20;
const TOKENS_FILE = 'tokens.json';
const USES_FILE = 'token-uses.json';
/** Says in a log or a leaked file what it is. */
const PREFIX = 'lw_';
const TOKEN_BYTES = 32;
/** How long a revocation by the command may take to be seen. */
const FRESH_MS = 250;
/** Uses in the file; of tokens that are gone the oldest go first. */
const USES_MAX = 100;
/** A crash forgets later use. */
const SAVE_EVERY_MS = 3_600_000;

interface MadeToken {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** SHA-256, hex. */
  readonly hash: string;
  readonly createdWallMs: number;
  /** Who made it. */
  readonly by: string;
}

export interface MadeTokenRow extends Omit<MadeToken, 'hash'> {
  readonly lastUsedWallMs?: number;
}

export class TokenStore implements MadeTokens {
  readonly #folder: string;
  readonly #clock: Clock;
  #tokens: readonly MadeToken[] = [];
  #known: readonly KnownToken[] = [];
  /** By the hash of the token: another one of the same name has not been used by that. Of version 1 by the name. */
  #uses: Readonly<Record<string, number>> | undefined;
  /** Of the file as it was read: identity, size, time. */
  #read = '';
  #freshUntilMs = Number.NEGATIVE_INFINITY;
  #savedMs = Number.NEGATIVE_INFINITY;
  #turn: Promise<void> = Promise.resolve();

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** A file that cannot be read leaves what was known: a disk that fails must not let a revoked token in, nor lock a good one out. */
  async refresh(): Promise<void> {
    if (this.#clock.nowMs() < this.#freshUntilMs) return;
    await this.#inTurn(() => this.#reload()).catch(() => undefined);
  }

  known(): readonly KnownToken[] {
    return this.#known;
  }

  list(): readonly MadeTokenRow[] {
    return this.#tokens.map(({ hash, ...row }) => {
      const lastUsedWallMs = this.#uses?.[hash];
      return { ...row, ...(lastUsedWallMs !== undefined && { lastUsedWallMs }) };
    });
  }

  /** Of a token of the configuration. */
  lastUsedWallMs({ name, hash }: Pick<KnownToken, 'name' | 'hash'>): number | undefined {
    return this.#uses?.[hash.toString('hex')] ?? this.#uses?.[name];
  }

  /** Returns the token, which is not kept. `taken`: names of the configuration. Throws Problem: `conflict` (name in use), `full`. */
  async add(name: string, scopes: readonly TokenScope[], by: string, taken: readonly string[] = []): Promise<string> {
    const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    await this.#change((tokens) => {
      if (tokens.some((each) => each.name === name) || taken.includes(name))
        throw new Problem('conflict', { detail: pageText.tokenTaken(name) });
      if (tokens.length >= TOKENS_MAX) throw new Problem('conflict', { detail: pageText.tokensFull(TOKENS_MAX) });
      const createdWallMs = Math.round(this.#clock.wallMs());
      return [...tokens, { name, scopes, hash: tokenHash(token).toString('hex'), createdWallMs, by }];
    });
    return token;
  }

  /** Tokens that were made elsewhere, by their hashes; one of the same name is replaced. Throws Problem `conflict`: too many. */
  async provide(tokens: readonly Pick<MadeToken, 'name' | 'scopes' | 'hash'>[], by: string): Promise<void> {
    if (tokens.length === 0) return;
    await this.#change((known) => {
      const others = known.filter(({ name }) => !tokens.some((each) => each.name === name));
      if (others.length + tokens.length > TOKENS_MAX)
        throw new Problem('conflict', { detail: pageText.tokensFull(TOKENS_MAX) });
      const createdWallMs = Math.round(this.#clock.wallMs());
      return [...others, ...tokens.map(({ name, scopes, hash }) => ({ name, scopes, hash, createdWallMs, by }))];
    });
  }

  /** Throws Problem `notFound`. */
  async revoke(name: string): Promise<void> {
    await this.#change((tokens) => {
      const left = tokens.filter((each) => each.name !== name);
      if (left.length === tokens.length) throw new Problem('notFound');
      return left;
    });
  }

  used({ name, hash }: KnownToken): void {
    const { [name]: _, ...uses } = this.#uses ?? {};
    this.#uses = { ...uses, [hash.toString('hex')]: Math.round(this.#clock.wallMs()) };
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#savedMs < SAVE_EVERY_MS) return;
    this.#savedMs = nowMs;
    void this.close();
  }

  /** Saves when each was last used. A failing disk is no reason to refuse a program. */
  close(): Promise<void> {
    const newest = Object.entries(this.#uses ?? {}).sort(([, a], [, b]) => b - a);
    const text = `${JSON.stringify({ version: 2, uses: Object.fromEntries(newest.slice(0, USES_MAX)) })}\n`;
    return this.#inTurn(async () => {
      if (this.#uses !== undefined) await writeDurably(join(this.#folder, USES_FILE), text);
    }).catch(() => undefined);
  }

  /** On what the file says now: the command may have changed it. */
  #change(change: (tokens: readonly MadeToken[]) => readonly MadeToken[]): Promise<void> {
    return this.#inTurn(async () => {
      await makeFolderDurably(this.#folder);
      await this.#reload();
      const tokens = change(this.#tokens);
      await writeDurably(join(this.#folder, TOKENS_FILE), `${JSON.stringify({ version: 1, tokens }, undefined, 1)}\n`);
      await this.#reload();
    });
  }

  async #reload(): Promise<void> {
    const path = join(this.#folder, TOKENS_FILE);
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    const read = found === undefined ? 'none' : `${found.ino} ${found.size} ${found.mtimeMs}`;
    if (read !== this.#read) {
      this.#tokens = parseTokens(await readText(path));
      this.#known = this.#tokens.map(({ name, scopes, hash }) => ({ name, scopes, hash: Buffer.from(hash, 'hex') }));
      this.#read = read;
    }
    this.#uses ??= ofHashes(parseUses(await readText(join(this.#folder, USES_FILE))), this.#tokens);
    this.#freshUntilMs = this.#clock.nowMs() + FRESH_MS;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function parseTokens(text: string | undefined): readonly MadeToken[] {
  const { tokens } = fileContent<{ readonly tokens?: unknown }>(text) ?? {};
  return Array.isArray(tokens) ? tokens.filter(isToken) : [];
}

function parseUses(text: string | undefined): Readonly<Record<string, number>> {
  const { uses } = fileContent<{ readonly uses?: unknown }>(text) ?? {};
  if (typeof uses !== 'object' || uses === null) return {};
  return Object.fromEntries(Object.entries(uses).filter(([, wallMs]) => Number.isFinite(wallMs)));
}

/** Uses of version 1, by name: a token that was made later than that has not been used. Names of the configuration stay as they are. */
function ofHashes(
  uses: Readonly<Record<string, number>>,
  tokens: readonly MadeToken[],
): Readonly<Record<string, number>> {
  const own = new Map(tokens.map((token) => [token.name, token]));
  return Object.fromEntries(
    Object.entries(uses).flatMap(([key, wallMs]) => {
      const token = own.get(key);
      if (token === undefined) return [[key, wallMs]];
      return wallMs < token.createdWallMs ? [] : [[token.hash, wallMs]];
    }),
  );
}

/** A scope that this version does not know gives nothing; the others stay. */
function isToken(value: unknown): value is MadeToken {
  const { name, scopes, hash, createdWallMs, by } = (value ?? {}) as Partial<MadeToken>;
  const isKnown = Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string');
  const isHash = typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash);
  return typeof name === 'string' && isKnown && isHash && Number.isFinite(createdWallMs) && typeof by === 'string';
}

/** Scopes as typed; undefined: none, or one there is not. */
export function scopesOf(typed: readonly string[]): readonly TokenScope[] | undefined {
  const names = typed.flatMap((each) => each.split(',')).map((name) => name.trim());
  const scopes = TOKEN_SCOPES.filter((scope) => names.includes(scope));
  return names.length > 0 && names.every((name) => scopes.some((scope) => scope === name)) ? scopes : undefined;
}
