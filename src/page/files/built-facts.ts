/** What the build wrote beside the page for answers: the licences of the program's libraries, and the schemas of the interface. */
import { readFile } from 'node:fs/promises';
import type { About } from '../api/api-setup.ts';

/** Empty when the page was not built. `assets`: the folder of the built page. */
export async function readLicences(assets: URL): Promise<About['licences']> {
  return ((await read('licences.json', assets)) ?? []) as About['licences'];
}

/** JSON Schemas of the answers, by the names of their types. Empty likewise. */
export async function readAnswers(assets: URL): Promise<Readonly<Record<string, object>>> {
  return ((await read('answers.json', assets)) ?? {}) as Readonly<Record<string, object>>;
}

async function read(name: string, assets: URL): Promise<unknown> {
  try {
    return JSON.parse(await readFile(new URL(name, assets), 'utf8'));
  } catch {
    return undefined;
  }
}
