/** Finds the configuration file, reads it with its secrets, and either gives the configuration or says everything that is wrong. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileText } from '../text/config.ts';
import type { Kinds } from './devices.ts';
import { ConfigDocument } from './document.ts';
import { ConfigError, type Fault } from './errors.ts';
import { resolveConfig } from './resolve.ts';
import { readSecrets } from './secrets.ts';
import type { Config } from './types.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `--config`, else LANEWARDEN_CONFIG, else ./lanewarden.yaml; absolute. */
export function configFile(option: string | undefined, environment: Environment): string {
  return resolve(option ?? (environment.LANEWARDEN_CONFIG || 'lanewarden.yaml'));
}

/**
 * Reads and checks a configuration. `path` is that of `--config`; undefined: found as `configFile` says.
 * Throws ConfigError: `noInput`, `unreadable`, or `invalid` with every fault in the order of the lines.
 */
export function loadConfig(path: string | undefined, kinds: Kinds, environment: Environment): Config {
  const file = configFile(path, environment);
  const document = new ConfigDocument(file, readText(file));
  const secrets = readSecrets(file);
  const { config, faults } =
    document.faults.length > 0 ? { faults: document.faults } : resolveConfig(document, kinds, secrets);
  const all = inOrder([...faults, ...secrets.faults], file);
  if (config !== undefined && all.length === 0) return config;
  throw new ConfigError('invalid', file, fileText.invalid(file, all.length), all);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ConfigError('noInput', file, fileText.noInput(file));
    throw new ConfigError('unreadable', file, fileText.unreadable(file, code));
  }
}

/** By line, those of the configuration itself first, each once. */
function inOrder(faults: readonly Fault[], file: string): readonly Fault[] {
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
