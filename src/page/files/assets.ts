/**
 * The built page: its files, read once into a fixed map, so that no path of a request reaches the file system. It knows no session: the files
 * are public.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  /** Compressed at the first request. */
  packed(): Promise<Buffer>;
  readonly etag: string;
  /** Its name has its hash in it: it never changes. */
  readonly lasting: boolean;
}

export const ASSET_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

/** By path of the request. Empty when the page has not been built. */
export async function readAssets(folder: URL): Promise<ReadonlyMap<string, Asset>> {
  const root = fileURLToPath(folder);
  const files = await readdir(root, { recursive: true }).catch(() => []);
  const assets = new Map<string, Asset>();
  for (const file of files.map((each) => each.replaceAll('\\', '/'))) {
    const type = ASSET_TYPES[extname(file)];
    if (type === undefined) continue;
    const bytes = await readFile(`${root}/${file}`);
    let packed: Promise<Buffer> | undefined;
    const asset: Asset = {
      type,
      bytes,
      packed: () => {
        packed ??= promisify(gzip)(bytes, { level: 9 });
        return packed;
      },
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      lasting: file.startsWith('assets/'),
    };
    assets.set(file === 'index.html' ? '/' : `/${file}`, asset);
  }
  return assets;
}
