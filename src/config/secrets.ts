/**
 * Secrets: values that are used and never shown. They stand in secrets.yaml beside the configuration, which only its owner may read.
 * Knows that file and nothing of what the secrets are for.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { configFaultText } from '../text/config.ts';
import { ConfigDocument } from './document.ts';
import type { ConfigFault } from './errors.ts';

const MASK = '***';

/** A value that shows itself as `***` wherever it is printed, joined or serialised by mistake. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The value. The only way to it: search for calls of this to see who uses secrets. */
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

/** The secrets of one configuration, by name. */
export interface Secrets {
  readonly file: string;
  readonly state: 'read' | 'absent' | 'unreadable';
  readonly byName: ReadonlyMap<string, Secret>;
  readonly faults: readonly ConfigFault[];
}

/** Bits of a file mode that would let somebody but the owner in. */
const OTHERS = 0o077;

/** Beside the configuration. */
export const secretsFile = (configFile: string): string => join(dirname(configFile), 'secrets.yaml');

/** Reads `secrets.yaml` beside `configFile`: a flat map from name to value, mode 0600. A file that is not there has no secrets. */
export function readSecrets(configFile: string): Secrets {
  const file = secretsFile(configFile);
  const none = { file, byName: new Map<string, Secret>() };
  try {
    const { mode } = statSync(file);
    const open = (mode & OTHERS) === 0 ? [] : [at(file, configFaultText.secretsMode(file, mode & 0o777))];
    const { faults, ...secrets } = secretsOf(file, readFileSync(file, 'utf8'));
    return { ...secrets, faults: [...open, ...faults] };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing) return { ...none, state: 'absent', faults: [] };
    return { ...none, state: 'unreadable', faults: [at(file, configFaultText.secretsUnreadable(file))] };
  }
}

/** The same from a text that would stand in `file`. */
export function secretsOf(file: string, text: string): Secrets {
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
    if (typeof text === 'string' && text !== '') byName.set(name, new Secret(text));
    else faults.push({ ...at(file, configFaultText.secretsValue(name)), path: name, ...document.keyAt([name]) });
  }
  return { byName, faults };
}

function at(file: string, text: Pick<ConfigFault, 'message' | 'hint'>): ConfigFault {
  return { code: 'secret', file, path: '', line: 1, column: 1, ...text };
}
