/**
 * The files beside the database that say who may do what: each change of one by the program leaves a digest in the chain, as a row that it knows. A file
 * that is another than that, and that this program did not write, is reported: while it runs within a minute, and at its next start.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import { COMMISSIONED_FILE } from '../page/access/box-name.ts';
import { onWritten } from '../page/durable-files.ts';

const EVERY_MS = 60_000;
/** At its end: a disk that refuses does not hold up the stop. */
const LAST_LOOK_MS = 2_000;
/** Contents of a file by the program that may still be on their way to it. */
const OWN_MOST = 8;
/** The program writes none that is longer. */
const MOST_BYTES = 4_000_000;

/** The configuration by the copy that it came up with: a change of the file itself is told as that. */
const FILES = {
  settings: 'config/good.json',
  user: 'page/users.json',
  token: 'page/tokens.json',
  pin: 'page/pins.json',
  // Without it no change waits for a second person.
  commissioned: COMMISSIONED_FILE,
} as const;
type Name = keyof typeof FILES;
const NAMES = Object.keys(FILES) as Name[];

interface KeptFilesParts {
  readonly host: { readonly app: Pick<App, 'store' | 'clock'> | undefined };
  readonly stateFolder: string;
  /** Of the machine. */
  readonly clock: Clock;
}

interface Digest {
  readonly salt: string;
  readonly sha256: string;
  /** That it stands in: a database that was put back knows other files, and the chain tells that itself. */
  readonly chain?: string;
}

/** Salted, because a file of secrets may be guessed. */
const digestOf = (text: string, salt: string): string => createHash('sha256').update(`${salt}\n${text}`).digest('hex');

/** What counts of a file: a login is no change. */
function whatCounts(name: Name, text: string): string {
  if (name !== 'user') return text;
  try {
    return JSON.stringify(JSON.parse(text, (key, value) => (key === 'lastLoginWallMs' ? undefined : value)));
  } catch {
    return text;
  }
}

/** Whatever lies there is something to compare, and is told once: a folder in its place, too. */
function contentOf(path: string): string {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= MOST_BYTES ? readFileSync(path, 'utf8') : `${found.mode} ${found.size}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

const MISSING = 'ENOENT';

function reportOf(name: Name, text: string): Parameters<App['store']['looks']['report']>[0] {
  if (name !== 'commissioned')
    return { why: name, detail: { done: 'outside', ...(name === 'settings' && { how: 'file' }) } };
  const isThere = text !== MISSING;
  const change = { path: name, before: String(!isThere), after: String(isThere) };
  return { why: 'settings', detail: { done: 'outside', how: 'file', changes: [change] } };
}

export class KeptFiles {
  readonly #parts: KeptFilesParts;
  readonly #own = new Map<Name, string[]>();
  readonly #end: () => void;
  /** As the program found them before it wrote: all at its start, and one that was another than it knew at a later write. */
  #found: (readonly [name: Name, text: string])[];
  /** As they were looked at last. */
  readonly #seen: Map<Name, string>;
  #chain: string | undefined;
  readonly #over = new AbortController();
  #runs: Promise<void> = Promise.resolve();
  #turn: Promise<void> = Promise.resolve();

  /** Before anything writes. */
  constructor(parts: KeptFilesParts) {
    this.#parts = parts;
    this.#found = NAMES.map((name) => [name, this.#read(name)] as const);
    this.#seen = new Map(this.#found.map(([name, text]) => [name, digestOf(text, '')]));
    const names = new Map(NAMES.map((name) => [this.#path(name), name]));
    this.#end = onWritten(
      (path, content) => {
        const name = names.get(path);
        if (name === undefined) return;
        const before = this.#read(name);
        const own = this.#own.get(name) ?? [];
        // Another wrote it since: what the program makes of it must not hide that.
        if (![this.#seen.get(name), ...own].includes(digestOf(before, ''))) this.#found.push([name, before]);
        this.#own.set(name, [...own, digestOf(whatCounts(name, String(content)), '')].slice(-OWN_MOST));
      },
      () => void this.#look(),
    );
  }

  /** Once there is a store. */
  start(): void {
    this.#runs = this.#run(this.#over.signal);
  }

  /** When nothing of the program writes any more. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#runs;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const ends = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      await Promise.race([this.#look(), ends]);
      await this.#parts.clock.sleep(EVERY_MS, signal);
    }
    await Promise.race([this.#look(), this.#parts.clock.sleep(LAST_LOOK_MS)]);
    this.#end();
  }

  #path(name: Name): string {
    return join(this.#parts.stateFolder, FILES[name]);
  }

  #read(name: Name): string {
    return whatCounts(name, contentOf(this.#path(name)));
  }

  /** One after the other. A store or a disk that refuses is asked again. */
  #look(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#compare()).catch(() => undefined);
    return this.#turn;
  }

  async #compare(): Promise<void> {
    const { store } = this.#parts.host.app ?? {};
    if (store === undefined) return;
    this.#chain ??= (await store.chain.seal())?.chain;
    const rows = await store.parkFacts.rows('file');
    const known = new Map(rows.map(({ key, body }) => [key, JSON.parse(body) as Digest]));
    const found = [...this.#found];
    for (const [name, text] of [...found, ...NAMES.map((name) => [name, this.#read(name)] as const)])
      await this.#compareOne(name, text, {
        known,
        wasFound: found.some((each) => each[1] === text && each[0] === name),
      });
    this.#found = this.#found.filter((each) => !found.includes(each));
  }

  async #compareOne(
    name: Name,
    text: string,
    { known, wasFound }: { readonly known: Map<string, Digest>; readonly wasFound: boolean },
  ): Promise<void> {
    const { store, clock } = this.#parts.host.app ?? {};
    if (store === undefined || clock === undefined) return;
    const before = known.get(name);
    const digest = digestOf(text, '');
    const own = this.#own.get(name) ?? [];
    const at = wasFound ? -1 : own.indexOf(digest);
    if (before === undefined || digestOf(text, before.salt) !== before.sha256) {
      // A database that was put back, or a chain that begins, is told as that.
      if (before !== undefined && at < 0 && [this.#chain, undefined].includes(before.chain))
        await store.looks.report(reportOf(name, text));
      const salt = randomBytes(16).toString('hex');
      const now = { salt, sha256: digestOf(text, salt), ...(this.#chain !== undefined && { chain: this.#chain }) };
      const atMs = clock.nowMs() + store.boot.laneOffsetMs;
      await store.parkFacts.keep(undefined, [{ kind: 'file', key: name, atMs, body: JSON.stringify(now) }]);
      known.set(name, now);
    }
    this.#seen.set(name, digest);
    // What was written earlier comes back by no writing of the program.
    const later = this.#own.get(name) ?? [];
    if (at >= 0) this.#own.set(name, later.slice(later.indexOf(digest) + 1));
  }
}
