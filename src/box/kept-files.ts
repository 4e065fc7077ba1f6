/**
 * The files beside the database that say who may do what: each change of one by the program leaves a digest in the chain, as a row that it knows. A file
 * that is another than that, and that this program did not write, is reported: while it runs within a minute, and at its next start.
 */
import { createHash, randomBytes, subtle } from 'node:crypto';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { App } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import { COMMISSIONED_FILE } from '../page/access/box-name.ts';
import { OPERATOR_KEY_FILE } from '../provision/operator-key.ts';
import { profilesFolder } from '../provision/site-profiles.ts';
import { onWritten } from '../small-file.ts';

const EVERY_MS = 60_000;
/** At its end: a disk that refuses does not hold up the stop. */
const LAST_LOOK_MS = 2_000;
/** Contents of a file by the program that may still be on their way to it. */
const OWN_MOST = 8;
/** The program writes none that is longer, and reads it in pieces. */
const WHOLE_BYTES = 4_000_000;
/** In memory at a time, of a longer one. */
const PIECE_BYTES = 262_144;
/** What has more cannot be read as one text, by any part of the program. */
const MOST_BYTES = 2 ** 31;
/** Named by a configuration. */
const AUTHORITIES_MOST = 50;

/** The configuration by the copy that it came up with: a change of the file itself is told as that. */
const FILES = {
  settings: 'config/good.json',
  user: 'page/users.json',
  token: 'page/tokens.json',
  pin: 'page/pins.json',
  // Without it no change waits for a second person.
  commissioned: COMMISSIONED_FILE,
  // Whose provisioning files are taken.
  operator: `provision/${OPERATOR_KEY_FILE}`,
} as const;
/** Beside the configuration, and what counts before the one in the state folder. */
const BESIDE = { operatorBeside: OPERATOR_KEY_FILE } as const;
/** All of a folder as one: a profile decides which input is the button. */
const PROFILES = 'profiles';
/** A certificate that the configuration names, by its path: of another path the change of the configuration tells. */
const AUTHORITY = 'ca ';
const NAMES: readonly string[] = [...Object.keys({ ...FILES, ...BESIDE }), PROFILES];
const REPORTED = ['settings', 'user', 'token', 'pin'] as const;

interface KeptFilesParts {
  readonly host: {
    readonly app: Pick<App, 'store' | 'clock'> | undefined;
    readonly inForce: { readonly yaml: string } | undefined;
  };
  readonly configFile: string;
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

/** Salted, because a file of secrets may be guessed. Beside the lanes' thread. */
const digestOf = async (bytes: Buffer, salt: string): Promise<string> =>
  Buffer.from(await subtle.digest('SHA-256', Buffer.concat([Buffer.from(`${salt}\n`), bytes]))).toString('hex');

/** What counts of a file: a login is no change. */
function whatCounts(name: string, bytes: Buffer): Buffer {
  if (name !== 'user') return bytes;
  try {
    const kept = JSON.parse(String(bytes), (key, value) => (key === 'lastLoginWallMs' ? undefined : value));
    return Buffer.from(JSON.stringify(kept));
  } catch {
    return bytes;
  }
}

/** Whatever lies there is something to compare, and is told once: a folder in its place, too. */
async function contentOf(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    const about = `${found.mode} ${found.size}`;
    if (!found.isFile() || found.size > MOST_BYTES) return Buffer.from(about);
    return found.size <= WHOLE_BYTES ? await readFile(path) : Buffer.from(`${about} ${await digestInPieces(path)}`);
  } catch (error) {
    return Buffer.from(String((error as NodeJS.ErrnoException).code));
  }
}

/** Read and digested beside the lanes' thread, one piece after the other: a copy is all that a turn of it has to do. */
async function digestInPieces(path: string): Promise<string> {
  const all = createHash('sha256');
  const file = await open(path);
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(piece);
      if (bytesRead === 0) return all.digest('hex');
      all.update(new Uint8Array(await subtle.digest('SHA-256', piece.subarray(0, bytesRead))));
    }
  } finally {
    await file.close();
  }
}

/** `written`: one that is about to be there. */
async function contentOfProfiles(folder: string, written?: readonly [file: string, content: Buffer]): Promise<Buffer> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.yaml'));
  const found = new Map<string, string>();
  for (const file of files) found.set(file, await digestOf(await contentOf(join(folder, file)), ''));
  if (written !== undefined) found.set(written[0], await digestOf(written[1], ''));
  return Buffer.from(JSON.stringify([...found].sort()));
}

/** Every value of a key `ca`, wherever it stands; a comment that looks like one is digested for nothing. */
const authoritiesIn = (yaml: string): readonly string[] =>
  [...yaml.matchAll(/\bca["']?:\s*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s,{}#"']+))/g)]
    .map(([, double, single, plain]) => double ?? single ?? plain ?? '')
    .slice(0, AUTHORITIES_MOST);

const MISSING = Buffer.from('ENOENT');

function reportOf(name: string, text: Buffer): Parameters<App['store']['looks']['report']>[0] {
  const why = REPORTED.find((each) => each === name);
  if (why !== undefined) return { why, detail: { done: 'outside', ...(why === 'settings' && { how: 'file' }) } };
  const isThere = !text.equals(MISSING);
  const [path, more = {}] =
    name === 'commissioned'
      ? [name, { before: String(!isThere), after: String(isThere) }]
      : [name.startsWith(AUTHORITY) ? 'ca' : name.replace('Beside', '')];
  return { why: 'settings', detail: { done: 'outside', how: 'file', changes: [{ path, ...more }] } };
}

export class KeptFiles {
  readonly #parts: KeptFilesParts;
  readonly #own = new Map<string, string[]>();
  readonly #paths: ReadonlyMap<string, string>;
  readonly #end: () => void;
  /** As the program found them before it wrote: all at its start, and one that was another than it knew at a later write. */
  #found: (readonly [name: string, text: Buffer])[];
  /** As they were looked at last. */
  readonly #seen: Map<string, string>;
  #chain: string | undefined;
  readonly #over = new AbortController();
  #runs: Promise<void> = Promise.resolve();
  #turn: Promise<void> = Promise.resolve();

  /** Before anything writes. */
  static async open(parts: KeptFilesParts): Promise<KeptFiles> {
    const kept = new KeptFiles(parts);
    for (const name of NAMES) kept.#found.push([name, await kept.#read(name)]);
    for (const [name, text] of kept.#found) kept.#seen.set(name, await digestOf(text, ''));
    return kept;
  }

  private constructor(parts: KeptFilesParts) {
    this.#parts = parts;
    [this.#found, this.#seen] = [[], new Map()];
    const beside = dirname(resolve(parts.configFile));
    this.#paths = new Map([
      ...Object.entries(FILES).map(([name, file]) => [name, join(parts.stateFolder, file)] as const),
      ...Object.entries(BESIDE).map(([name, file]) => [name, join(beside, file)] as const),
      [PROFILES, profilesFolder(resolve(parts.configFile))],
    ]);
    this.#end = onWritten(
      (path, content) => this.#writing(path, Buffer.from(content)),
      () => void this.#look(),
    );
  }

  /** Before it is in place. */
  async #writing(path: string, content: Buffer): Promise<void> {
    const isProfile = dirname(resolve(path)) === this.#paths.get(PROFILES);
    const name = isProfile ? PROFILES : [...this.#paths].find(([, each]) => each === path)?.[0];
    if (name === undefined) return;
    const before = await this.#read(name);
    const now = isProfile
      ? await contentOfProfiles(dirname(path), [basename(path), content])
      : whatCounts(name, content);
    const [was, is] = [await digestOf(before, ''), await digestOf(now, '')];
    const own = this.#own.get(name) ?? [];
    // Another wrote it since: what the program makes of it must not hide that.
    if (![this.#seen.get(name), ...own].includes(was)) this.#found.push([name, before]);
    this.#own.set(name, [...own, is].slice(-OWN_MOST));
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

  async #read(name: string): Promise<Buffer> {
    const { configFile } = this.#parts;
    if (name.startsWith(AUTHORITY)) return contentOf(resolve(dirname(configFile), name.slice(AUTHORITY.length)));
    const path = this.#paths.get(name) ?? '';
    return name === PROFILES ? contentOfProfiles(path) : whatCounts(name, await contentOf(path));
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
    for (const [name, text] of found) await this.#compareOne(name, text, { known, wasFound: true });
    const authorities = authoritiesIn(this.#parts.host.inForce?.yaml ?? '').map((path) => `${AUTHORITY}${path}`);
    for (const name of [...NAMES, ...authorities]) {
      const text = await this.#read(name);
      const wasFound = found.some((each) => each[0] === name && each[1].equals(text));
      await this.#compareOne(name, text, { known, wasFound });
    }
    this.#found = this.#found.filter((each) => !found.includes(each));
  }

  async #compareOne(
    name: string,
    text: Buffer,
    { known, wasFound }: { readonly known: Map<string, Digest>; readonly wasFound: boolean },
  ): Promise<void> {
    const { store, clock } = this.#parts.host.app ?? {};
    if (store === undefined || clock === undefined) return;
    const before = known.get(name);
    const digest = await digestOf(text, '');
    const own = this.#own.get(name) ?? [];
    const at = wasFound ? -1 : own.indexOf(digest);
    if (before === undefined || (await digestOf(text, before.salt)) !== before.sha256) {
      // A database that was put back, or a chain that begins, is told as that.
      if (before !== undefined && at < 0 && [this.#chain, undefined].includes(before.chain))
        await store.looks.report(reportOf(name, text));
      const salt = randomBytes(16).toString('hex');
      const now = {
        salt,
        sha256: await digestOf(text, salt),
        ...(this.#chain !== undefined && { chain: this.#chain }),
      };
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
