/** Where the state is kept when no configuration can be read to say so: as far as the broken one still says it, else where the system keeps it. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { peekValue } from '../config/edit.ts';

const USUAL = '/var/lib/lanewarden';

/** Absolute; undefined: nobody can say. `yaml`: what stands in `file`, if it is there. */
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
