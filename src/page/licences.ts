/** Under which licences the program's libraries are: written when it was built, beside the page. */
import { readFile } from 'node:fs/promises';
import type { About } from './api/api-setup.ts';

/** Empty when the page was not built. `assets`: the folder of the built page. */
export async function readLicences(assets: URL): Promise<About['licences']> {
  try {
    return JSON.parse(await readFile(new URL('licences.json', assets), 'utf8')) as About['licences'];
  } catch {
    return [];
  }
}
