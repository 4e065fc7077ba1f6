/**
 * Pictures as files. Written so that a committed row never points at a missing or torn file: file, write, fdatasync, fsync of the folder,
 * and only then the row; deleted the other way round. No temporary name: what makes a file a picture is its row, and a rename would cost two
 * flushes more. It knows files and checksums, no rows.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  opendirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { wearMeter } from '../files/card-wear.ts';
import { unlessLost } from '../repair/unless-lost.ts';
import { give, makeFolder } from './owner.ts';
import { sync } from './sync.ts';

/** The folder of quarantined databases, by number, and in each the pictures of its lost rows. */
export const DAMAGED_FOLDER = 'damaged';
export const LOST_FOLDER = 'frames';

export interface KeptFrame {
  readonly file: string;
  readonly bytes: number;
  readonly crc32: number;
}

export class FrameFolder {
  readonly #folder: string;
  readonly wear: ReturnType<typeof wearMeter>;

  constructor(folder: string) {
    this.#folder = folder;
    this.wear = wearMeter(folder);
    makeFolder(folder);
  }

  /** Throws the file system's error and leaves nothing behind. */
  write(name: string, bytes: Uint8Array): KeptFrame {
    const path = join(this.#folder, name);
    const handle = openSync(path, 'wx', 0o600);
    try {
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
        give(handle, this.#folder);
        fdatasyncSync(handle);
      } finally {
        closeSync(handle);
      }
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
    // Without this a name can be lost although a later commit is not (reliability.md 3.2).
    sync(this.#folder);
    return { file: name, bytes: bytes.length, crc32: crc32(bytes) };
  }

  /** The bytes as written; undefined when the file is gone or its content has changed. Throws when the disk fails. */
  read(name: string, checksum: number): Uint8Array | undefined {
    const bytes = unlessLost(() => readFileSync(join(this.#folder, name)));
    return bytes !== undefined && crc32(bytes) === checksum ? bytes : undefined;
  }

  /** The same into given memory; `bytes` is as long as the file was. Returns that length. */
  readInto(name: string, checksum: number, bytes: Uint8Array): number | undefined {
    const length = unlessLost(() => {
      const handle = openSync(join(this.#folder, name), 'r');
      try {
        let done = 0;
        for (let more = -1; done < bytes.length && more !== 0; done += more)
          more = readSync(handle, bytes, done, bytes.length - done, done);
        return done;
      } finally {
        closeSync(handle);
      }
    });
    return length === bytes.length && crc32(bytes) === checksum ? length : undefined;
  }

  /** Not synced: a file that comes back after a cut is an orphan and is swept. */
  remove(name: string): void {
    rmSync(join(this.#folder, name), { force: true });
  }

  /** The names of all pictures, in parts: a folder may hold a hundred thousand. */
  *names(atOnce: number): Generator<readonly string[]> {
    const folder = opendirSync(this.#folder, { bufferSize: atOnce });
    try {
      for (let found: string[] = []; ; ) {
        const entry = folder.readSync();
        if (entry?.name.endsWith('.jpg')) found.push(entry.name);
        if (entry !== null && found.length < atOnce) continue;
        yield found;
        if (entry === null) return;
        found = [];
      }
    } finally {
      folder.closeSync();
    }
  }

  /** Removes these, or with `keepIn` moves them into that folder. Returns the count. */
  sweep(orphans: readonly string[], keepIn?: string): number {
    if (keepIn === undefined) return orphans.filter((name) => this.removeIfLet(name)).length;
    if (orphans.length > 0) makeFolder(keepIn);
    for (const name of orphans) renameSync(join(this.#folder, name), join(keepIn, name));
    return orphans.length;
  }

  /** Removes pictures of lost rows, those of the oldest damaged database that has any. false: there are none. */
  giveUpLost(): boolean {
    const root = join(this.#folder, '..', DAMAGED_FOLDER);
    const numbers = unlessLost(() => readdirSync(root)) ?? [];
    const folders = numbers.sort((a, b) => Number(a) - Number(b)).map((number) => join(root, number, LOST_FOLDER));
    const oldest = folders.find((folder) => existsSync(folder));
    if (oldest === undefined) return false;
    try {
      rmSync(oldest, { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  }

  /** A file that cannot be removed does not stop the others: the next sweep retries it. */
  removeIfLet(name: string): boolean {
    try {
      this.remove(name);
      return true;
    } catch {
      return false;
    }
  }

  freeBytes(): number {
    return freeBytesOf(this.#folder);
  }
}

/** Space that an ordinary user may still fill. */
export function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
