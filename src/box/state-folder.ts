/** The state folder when no configuration is readable: from the broken file as far as it goes, else the system's. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { peekValue } from '../config/edit.ts';

const USUAL = '/var/lib/lanewarden';

/** Absolute; undefined: unknown. `yaml`: content of `file`, if it exists. */
export function stateFolder(
  file: string,
  yaml: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const written = yaml === undefined ? undefined : peekValue(yaml, ['store', 'path']);
  if (typeof written === 'string' && written !== '') return resolve(dirname(file), written);
  // The service manager's; it may name several.
  const [given] = (environment.STATE_DIRECTORY ?? '').split(':');
  if (given) return given;
  return existsSync(USUAL) ? USUAL : undefined;
}
