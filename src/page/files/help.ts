/**
 * The documents at `/help/`, for a cabinet without internet: files that the package has (deploy/help). Their names are read once, so that no path of a
 * request reaches the file system, and each is read when it is asked for: they are many, and seldom looked at.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ASSET_TYPES } from './assets.ts';

export interface HelpFile {
  readonly type: string;
  read(): Promise<Buffer>;
}

/** By path of the request. Empty where it was not built, as in the source tree. */
export async function readHelp(folder: URL): Promise<ReadonlyMap<string, HelpFile>> {
  const root = fileURLToPath(folder);
  const files = await readdir(root, { recursive: true }).catch(() => []);
  const help = new Map<string, HelpFile>();
  for (const file of files) {
    const type = ASSET_TYPES[extname(file)];
    if (type === undefined) continue;
    const found = { type, read: () => readFile(`${root}/${file}`) };
    help.set(`/help/${file}`, found);
    if (file.endsWith('index.html')) help.set(`/help/${file.slice(0, -'index.html'.length)}`, found);
  }
  return help;
}
