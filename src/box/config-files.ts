/**
 * The configuration on the disk: the file and its secrets, the last good one, the history, and the note of a trial in progress. Every
 * write survives a power cut whole. It knows the parts of a configuration and nothing of what runs.
 */
import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kinds } from '../config/devices.ts';
import type { PlainDocument } from '../config/document.ts';
import { editSecrets } from '../config/edit.ts';
import type { ConfigFault } from '../config/errors.ts';
import { checkConfig } from '../config/file.ts';
import { readSecrets, secretsFile, secretsOf } from '../config/secrets.ts';
import type { Config } from '../config/types.ts';
import type { HistoryRow } from '../page/api/api-setup.ts';
import { makeFolderDurably, readText, removeDurably, writeDurably } from '../small-file.ts';
import { parsed } from '../store/thread/json.ts';

/** A configuration as text. `secrets` undefined: no such file. `ca`: the certificates it came up with; undefined: those in their file. */
export interface ConfigTexts {
  readonly yaml: string;
  readonly secrets: string | undefined;
  readonly ca?: string | undefined;
}

/** The same as another process has read them. */
export interface PlainTexts {
  readonly yaml: PlainDocument;
  readonly secrets: PlainDocument | undefined;
}

export interface CheckedConfig {
  readonly config?: Config;
  readonly faults: readonly ConfigFault[];
}

export const HISTORY_MAX = 50;
const GOOD = 'good.json';
const TRIAL = 'trial.json';
const HISTORY = 'history';
const FILE_MODE = 0o640;

interface HistoryEntry extends HistoryRow {
  readonly yaml: string;
}

export class ConfigFiles {
  /** The configuration's own path, absolute. */
  readonly file: string;
  readonly #kinds: Kinds;
  readonly #folder: string;

  /** `folder`: of the state, 0700: it holds copies of the secrets. */
  constructor(file: string, kinds: Kinds, folder: string) {
    this.file = file;
    this.#kinds = kinds;
    this.#folder = folder;
  }

  /** The current files; undefined: there is no configuration. */
  async read(): Promise<ConfigTexts | undefined> {
    const yaml = await readText(this.file);
    return yaml === undefined ? undefined : { yaml, secrets: await readText(secretsFile(this.file)) };
  }

  /** `isNew`: what is outdated is a fault. */
  check({ yaml, secrets, ca }: ConfigTexts | (PlainTexts & Pick<ConfigTexts, 'ca'>), isNew = false): CheckedConfig {
    const file = secretsFile(this.file);
    const read =
      secrets === undefined
        ? { file, state: 'absent' as const, byName: new Map(), faults: [] }
        : secretsOf(file, secrets);
    return checkConfig(this.file, yaml, read, this.#kinds, { heldCa: ca, isNew });
  }

  /** The same for the files as they are, with the mode of the secrets. */
  checkFiles(yaml: string): CheckedConfig {
    return checkConfig(this.file, yaml, readSecrets(this.file), this.#kinds);
  }

  async write(texts: ConfigTexts): Promise<void> {
    const mode = await stat(this.file).then(
      (found) => found.mode & 0o777,
      () => FILE_MODE,
    );
    // The secrets first: a file that names a missing one would be broken.
    if (texts.secrets !== undefined) await writeDurably(secretsFile(this.file), texts.secrets);
    await writeDurably(this.file, texts.yaml, mode);
  }

  /** The last configuration that came up and was kept. */
  async good(): Promise<ConfigTexts | undefined> {
    return textsIn(parsed(await this.#kept(GOOD)));
  }

  /**
   * Keeps it as the good one, and adds it to the history unless the newest entry is the same. Resolves to the good one before it, if that was another,
   * or had other secrets or certificates.
   */
  async keep(texts: ConfigTexts, by: string, wallMs: number): Promise<ConfigTexts | undefined> {
    await makeFolderDurably(join(this.#folder, HISTORY));
    const former = await this.good();
    const isOther =
      former !== undefined &&
      (former.yaml !== texts.yaml || former.secrets !== texts.secrets || former.ca !== texts.ca);
    await writeDurably(join(this.#folder, GOOD), JSON.stringify(texts));
    const ids = await this.#ids();
    const newest = ids.at(-1);
    const before = newest === undefined ? undefined : await this.#entry(newest);
    const other = isOther ? former : undefined;
    if (before?.yaml === texts.yaml) return other;
    const id = String(Number(newest ?? 0) + 1).padStart(6, '0');
    const changedLines = countChanged(before?.yaml ?? '', texts.yaml);
    const entry: HistoryEntry = { id, savedWallMs: Math.round(wallMs), by, changedLines, yaml: texts.yaml };
    await writeDurably(join(this.#folder, HISTORY, `${id}.json`), JSON.stringify(entry));
    const over = [...ids, id].slice(0, -HISTORY_MAX);
    for (const each of over) await rm(join(this.#folder, HISTORY, `${each}.json`), { force: true });
    return other;
  }

  /** Newest first. */
  async history(): Promise<readonly HistoryRow[]> {
    const entries = await Promise.all((await this.#ids()).map((id) => this.#entry(id)));
    return entries
      .flatMap((entry) => entry ?? [])
      .map(({ yaml: _, ...row }) => row)
      .reverse();
  }

  async historyText(id: string): Promise<string | undefined> {
    return (await this.#ids()).includes(id) ? (await this.#entry(id))?.yaml : undefined;
  }

  /** Begins a trial: should the program end during it, `former` is restored. */
  async beginTrial(former: ConfigTexts | undefined): Promise<void> {
    await makeFolderDurably(this.#folder);
    await writeDurably(join(this.#folder, TRIAL), JSON.stringify({ former: former ?? null }));
  }

  async endTrial(): Promise<void> {
    await removeDurably(join(this.#folder, TRIAL)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  /** The texts before a trial that was never ended. undefined: there is none, or nothing that could be one. */
  async interruptedTrial(): Promise<{ readonly former: ConfigTexts | null } | undefined> {
    const { former } = parsed<{ former?: unknown }>(await this.#kept(TRIAL)) ?? {};
    const texts = textsIn(former);
    return texts === undefined && former !== null ? undefined : { former: texts ?? null };
  }

  /** A disk that cannot read it keeps no lane from its start. */
  #kept(name: string): Promise<string | undefined> {
    return readText(join(this.#folder, name)).catch(() => undefined);
  }

  async #ids(): Promise<readonly string[]> {
    const names = await readdir(join(this.#folder, HISTORY)).catch(() => []);
    return names.flatMap((name) => /^(\d{6,})\.json$/.exec(name)?.[1] ?? []).sort();
  }

  async #entry(id: string): Promise<HistoryEntry | undefined> {
    return parsed(await readText(join(this.#folder, HISTORY, `${id}.json`)));
  }
}

/** Digest of a text, to detect a change. */
export function baseOf(yaml: string): string {
  return createHash('sha256').update(yaml).digest('hex');
}

/** The texts with other secrets set; undefined: the secrets' file is no YAML. */
export function withSecrets(
  { yaml, secrets }: ConfigTexts,
  changes: Readonly<Record<string, string | undefined>>,
): ConfigTexts | undefined {
  if (Object.keys(changes).length === 0) return { yaml, secrets };
  const edited = editSecrets(secrets ?? '', changes);
  return edited === undefined ? undefined : { yaml, secrets: edited };
}

/** Whatever stands in a file that somebody may have changed. */
function textsIn(value: unknown): ConfigTexts | undefined {
  const texts = (value ?? {}) as Partial<Record<keyof ConfigTexts, unknown>>;
  const isText = (text: unknown): boolean => text === undefined || typeof text === 'string';
  return typeof texts.yaml === 'string' && isText(texts.secrets) && isText(texts.ca)
    ? (texts as ConfigTexts)
    : undefined;
}

/** Lines of one text that the other lacks, whichever count is higher. */
function countChanged(before: string, after: string): number {
  const missing = (from: string, than: string): number => {
    const left = new Map<string, number>();
    for (const line of from.split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
    for (const line of than.split('\n')) left.set(line, (left.get(line) ?? 0) - 1);
    return [...left.values()].reduce((sum, count) => sum + Math.max(0, count), 0);
  };
  return Math.max(missing(before, after), missing(after, before));
}
