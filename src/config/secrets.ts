/**
 * Secrets: values that are used and never shown. They stand in secrets.yaml beside the configuration, readable only by its owner. Knows
 * that file, not the use of the secrets.
 */
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { isWindows, readSmallFileSync } from '../small-file.ts';
import { configFaultText } from '../text/config.ts';
import { ConfigDocument, type PlainDocument } from './document.ts';
import type { ConfigFault } from './errors.ts';

const MASK = '***';

/** Renders as `***` wherever it is printed, joined or serialised by mistake. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The only access to the value: search for its calls to find the users of secrets. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return MASK;
  }
  toJSON(): string {
    return MASK;
  }
  [inspect.custom](): string {
    return MASK;
  }
}

/** Secrets of one configuration, by name. */
export interface Secrets {
  readonly file: string;
  readonly state: 'read' | 'absent' | 'unreadable';
  readonly byName: ReadonlyMap<string, Secret>;
  readonly faults: readonly ConfigFault[];
}

/** File mode bits that grant access to others than the owner. */
const OTHERS = isWindows ? 0 : 0o077;

/** Beside the configuration. */
export const secretsFile = (configFile: string): string => join(dirname(configFile), 'secrets.yaml');

/** Reads `secrets.yaml` beside `configFile`: a flat map from name to value, mode 0600. A missing file has no secrets. */
export function readSecrets(configFile: string): Secrets {
  const file = secretsFile(configFile);
  const none = { file, byName: new Map<string, Secret>() };
  try {
    const { mode } = statSync(file);
    const open = (mode & OTHERS) === 0 ? [] : [at(file, configFaultText.secretsMode(file, mode & 0o777))];
    const { faults, ...secrets } = secretsOf(file, readSmallFileSync(file));
    return { ...secrets, faults: [...open, ...faults] };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing) return { ...none, state: 'absent', faults: [] };
    return { ...none, state: 'unreadable', faults: [at(file, configFaultText.secretsUnreadable(file))] };
  }
}

/** Parses a text as if it stood in `file`. */
export function secretsOf(file: string, text: string | PlainDocument): Secrets {
  return { file, state: 'read', ...parse(new ConfigDocument(file, text)) };
}

function parse(document: ConfigDocument): Pick<Secrets, 'byName' | 'faults'> {
  const byName = new Map<string, Secret>();
  const faults = [...document.faults];
  const { value, file } = document;
  if (faults.length > 0 || value === null || value === undefined) return { byName, faults };
  if (typeof value !== 'object' || Array.isArray(value))
    return { byName, faults: [at(file, configFaultText.secretsShape())] };
  for (const [name, held] of Object.entries(value)) {
    const text = document.numberSource([name]) ?? held;
    const isPlaceholder = text === '…' || text === '...';
    if (isPlaceholder)
      faults.push({ ...at(file, configFaultText.secretsPlaceholder(name)), path: name, ...document.keyAt([name]) });
    if (typeof text === 'string' && text !== '') byName.set(name, new Secret(text));
    else faults.push({ ...at(file, configFaultText.secretsValue(name)), path: name, ...document.keyAt([name]) });
  }
  return { byName, faults };
}

function at(file: string, text: Pick<ConfigFault, 'message' | 'hint'>): ConfigFault {
  return { code: 'secret', file, path: '', line: 1, column: 1, ...text };
}
