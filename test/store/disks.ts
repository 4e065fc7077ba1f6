/** Small disks for tests, and what can befall them: an ext4 of its own on a loop device. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { endings } from '../endings.ts';
import { temporaryFolder } from './open.ts';

/** Why disks cannot be made here; undefined when they can. Fails in CI, where no test of a disk may be left out. */
export function whyNoDisk(): string | undefined {
  const why = whyNot();
  if (why !== undefined && process.env.CI) throw new Error(`no small disks for tests: ${why}`);
  return why;
}

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root for loop devices';
  return spawnSync('losetup', ['-f']).status === 0 ? undefined : 'there is no loop device';
}

/**
 * A small ext4 of its own, with the blocks of a disk of a usual size. With those of 1 KB that mkfs takes below 512 MB, a disk with 8 KB free kills
 * whoever opens a database: SQLite reserves the last byte of each page that it maps, and the kernel finds no room for the first.
 */
export function disk(megabytes: number): { folder: string; image: string; mount(): void; unmount(): void } {
  const root = temporaryFolder();
  const [image, folder] = [join(root, 'disk.img'), join(root, 'disk')];
  mkdirSync(folder);
  execFileSync('truncate', ['-s', `${megabytes}M`, image]);
  execFileSync('mkfs.ext4', ['-q', '-b', '4096', '-m', '0', image]);
  // Each time from a file of its own: where another program has a copy of all mounts, the kernel keeps the former, as it is, and would give it back.
  const mount = () => {
    execFileSync('cp', ['--sparse=always', image, `${image}.new`]);
    renameSync(`${image}.new`, image);
    execFileSync('mount', ['-o', 'loop,errors=remount-ro', image, folder], { stdio: 'pipe' });
  };
  const unmount = () => {
    spawnSync('sync', ['-f', folder]);
    execFileSync('umount', [folder], { stdio: 'pipe' });
  };
  mount();
  endings.push(() => spawnSync('umount', ['-l', folder]));
  return { folder, image, mount, unmount };
}

/** Writes until the disk takes no more. */
export function fill(file: string): void {
  const handle = openSync(file, 'a');
  const block = Buffer.alloc(65_536, 1);
  for (let size = block.length; size >= 512; ) {
    try {
      writeSync(handle, block, 0, size);
    } catch {
      size /= 2;
    }
  }
  closeSync(handle);
}

/** The kernel's own way to let a file system fail: ext4 notices an error and turns read-only. */
export function failDisk(folder: string): void {
  const device = execFileSync('findmnt', ['-no', 'SOURCE', folder], { encoding: 'utf8' }).trim();
  writeFileSync(`/sys/fs/ext4/${device.replace('/dev/', '')}/trigger_fs_error`, 'a test');
}

/** Behind the back of the store that has it open: all pages on which records lie. */
export function garbleRecords(file: string): void {
  const database = new Sqlite(file);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = readFileSync(file);
  const handle = openSync(file, 'r+');
  for (let at = 0; at < bytes.length; at += 2_048)
    if (bytes.subarray(at, at + 2_048).includes('"laneId"') || bytes.subarray(at, at + 2_048).includes('before'))
      writeSync(handle, Buffer.alloc(2_048, 0x5a), 0, 2_048, at);
  fsyncSync(handle);
  closeSync(handle);
}
