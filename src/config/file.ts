/** Finds the configuration file, reads it with its secrets, and returns the configuration or all its faults. */
import { resolve } from 'node:path';
import { readSmallFileSync } from '../small-file.ts';
import { fileText } from '../text/config.ts';
import type { Kinds } from './devices.ts';
import { ConfigDocument, type PlainDocument } from './document.ts';
import { ConfigError, type ConfigFault } from './errors.ts';
import { resolveConfig } from './resolve.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import type { Config } from './types.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `--config`, else LANEWARDEN_CONFIG, else ./lanewarden.yaml; absolute. */
export function configFile(option: string | undefined, environment: Environment): string {
  return resolve(option ?? (environment.LANEWARDEN_CONFIG || 'lanewarden.yaml'));
}

/**
 * Reads and checks a configuration. `path`: from `--config`; undefined: found by `configFile`. Throws ConfigError: `noInput`,
 * `unreadable`, or `invalid` with every fault in line order.
 */
export function loadConfig(path: string | undefined, kinds: Kinds, environment: Environment): Config {
  const file = configFile(path, environment);
  const { config, faults } = checkConfig(file, readConfigText(file), readSecrets(file), kinds);
  if (config !== undefined) return config;
  throw invalid(file, faults);
}

/**
 * Checks a text as if it stood at `file`: the configuration, or every fault in line order. `heldCa`: see resolveConfig. `isNew`: what is outdated is
 * a fault.
 */
export function checkConfig(
  file: string,
  text: string | PlainDocument,
  secrets: Secrets,
  kinds: Kinds,
  { heldCa, isNew = false }: { readonly heldCa?: string | undefined; readonly isNew?: boolean } = {},
): { readonly config?: Config; readonly faults: readonly ConfigFault[] } {
  const document = new ConfigDocument(file, text, { isNew });
  const { config, faults } =
    document.faults.length > 0 ? { faults: document.faults } : resolveConfig(document, kinds, secrets, heldCa);
  const all = sorted([...faults, ...secrets.faults], file);
  return config !== undefined && all.length === 0 ? { config, faults: [] } : { faults: all };
}

export function invalid(file: string, faults: readonly ConfigFault[]): ConfigError {
  return new ConfigError('invalid', file, fileText.invalid(file, faults.length), faults);
}

/** Throws ConfigError: `noInput`, `unreadable`. */
export function readConfigText(file: string): string {
  try {
    return readSmallFileSync(file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ConfigError('noInput', file, fileText.noInput(file));
    throw new ConfigError('unreadable', file, fileText.unreadable(file, code));
  }
}

/** undefined: it does not exist, or may not be read. */
export function configTextIfReadable(file: string): string | undefined {
  try {
    return readConfigText(file);
  } catch {
    return undefined;
  }
}

/** Sorts by line, the configuration file first, without duplicates. */
function sorted(faults: readonly ConfigFault[], file: string): readonly ConfigFault[] {
  const byPlace = new Map(
    faults.map((fault) => [`${fault.file}:${fault.line}:${fault.column}:${fault.message.en}`, fault]),
  );
  return [...byPlace.values()].sort(
    (a, b) =>
      Number(a.file !== file) - Number(b.file !== file) ||
      a.file.localeCompare(b.file) ||
      a.line - b.line ||
      a.column - b.column,
  );
}
