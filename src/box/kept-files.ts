/**
 * The files beside the database that say who may do what: each change of one by the program leaves a digest in the chain, as a row that it knows. A file
 * that is another than that, and that this program did not write, is reported: while it runs within a minute, and at its next start.
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { App } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import { onWritten, readText } from '../page/durable-files.ts';

const EVERY_MS = 60_000;
/** Contents of a file by the program that may still be on their way to it. */
const OWN_MOST = 8;

/** The configuration by the copy that it came up with: a change of the file itself is told as that. */
const FILES = {
  settings: 'config/good.json',
  user: 'page/users.json',
  token: 'page/tokens.json',
  pin: 'page/pins.json',
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
}

/** A login is no change. Salted, because a file of secrets may be guessed. */
const digestOf = (text: string | undefined, salt: string): string =>
  createHash('sha256')
    .update(`${salt}\n${text?.replaceAll(/\s*"lastLoginWallMs": \d+,?/g, '') ?? ''}`)
    .digest('hex');

export class KeptFiles {
  readonly #parts: KeptFilesParts;
  readonly #own = new Map<Name, string[]>();
  readonly #end: () => void;
  /** As the program found them, before it wrote any. */
  #found: ReadonlyMap<Name, string | undefined> | undefined;
  #turn: Promise<void> = Promise.resolve();

  private constructor(parts: KeptFilesParts) {
    this.#parts = parts;
    const names = new Map(NAMES.map((name) => [this.#path(name), name]));
    this.#end = onWritten(
      (path, content) => {
        const name = names.get(path);
        if (name === undefined) return;
        const own = [...(this.#own.get(name) ?? []), digestOf(String(content), '')];
        this.#own.set(name, own.slice(-OWN_MOST));
      },
      () => void this.#look(),
    );
  }

  /** Before anything writes. */
  static async open(parts: KeptFilesParts): Promise<KeptFiles> {
    const files = new KeptFiles(parts);
    files.#found = await files.#read();
    return files;
  }

  /** Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look();
      await this.#parts.clock.sleep(EVERY_MS, signal);
    }
    this.#end();
    await this.#look();
  }

  #path(name: Name): string {
    return join(this.#parts.stateFolder, FILES[name]);
  }

  async #read(): Promise<ReadonlyMap<Name, string | undefined>> {
    const texts = NAMES.map(async (name) => [name, await readText(this.#path(name))] as const);
    return new Map(await Promise.all(texts));
  }

  /** One after the other. A store or a disk that refuses is asked again. */
  #look(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#compare()).catch(() => undefined);
    return this.#turn;
  }

  async #compare(): Promise<void> {
    const { store, clock } = this.#parts.host.app ?? {};
    if (store === undefined || clock === undefined) return;
    const rows = await store.parkFacts.rows('file');
    const known = new Map(rows.map(({ key, body }) => [key, JSON.parse(body) as Digest]));
    for (const texts of [this.#found, await this.#read()])
      for (const [name, text] of texts ?? []) {
        const before = known.get(name);
        if (before !== undefined && digestOf(text, before.salt) === before.sha256) continue;
        const isOwn = texts !== this.#found && this.#own.get(name)?.includes(digestOf(text, '')) === true;
        if (before !== undefined && !isOwn)
          await store.looks.report({
            why: name,
            detail: { done: 'outside', ...(name === 'settings' && { how: 'file' }) },
          });
        const salt = randomBytes(16).toString('hex');
        const now: Digest = { salt, sha256: digestOf(text, salt) };
        const atMs = clock.nowMs() + store.boot.laneOffsetMs;
        await store.parkFacts.keep(undefined, [{ kind: 'file', key: name, atMs, body: JSON.stringify(now) }]);
        known.set(name, now);
      }
    this.#found = undefined;
  }
}
