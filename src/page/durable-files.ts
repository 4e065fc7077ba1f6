/** Small files that must survive a power cut whole: written beside, synced, put in place, and the folder synced. Knows no content. */
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** After it resolves a power cut leaves the new content; before, the old or the new one. The folder must be there. */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  try {
    await withFile(await open(beside, 'wx', mode), async (file) => {
      await file.chmod(mode);
      // What root writes for the service (`passwd`) must be the service's to read.
      if (process.getuid?.() === 0) {
        const { uid, gid } = await stat(dirname(path));
        await file.chown(uid, gid);
      }
      await file.writeFile(content);
      await file.sync();
    });
  } catch (error) {
    // Half of it takes room on a disk that has none.
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
  await rename(beside, path);
  await syncFolder(dirname(path));
}

/** The file is gone for good when it resolves; it need not have been there. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/** undefined: there is none. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** With every folder above it. */
export async function makeFolderDurably(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

async function syncFolder(path: string): Promise<void> {
  await withFile(await open(path, 'r'), (folder) => folder.sync());
}

async function withFile<T>(file: FileHandle, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
