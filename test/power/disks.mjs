// Disks in files whose power is cut: ext4 on a loop device whose backing file lies on XFS, where a copy by reference is an atomic image; and copies of the
// compiled program with one promise broken.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
export const say = (text) => process.stderr.write(`${text}\n`);
export const run = (command, ...parameters) =>
  execFileSync(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();

export function cannotRun() {
  if (process.getuid() !== 0) return 'it needs root for loop devices';
  for (const tool of ['mkfs.xfs', 'mkfs.ext4', 'losetup']) {
    try {
      run('which', tool);
    } catch {
      return `${tool} is missing (Debian: xfsprogs, e2fsprogs, mount)`;
    }
  }
  return undefined;
}

/** Disks in files, unmounted whatever happens. */
export class Bench {
  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'lanewarden-power-'));
    this.mounted = [];
    this.outer = join(this.root, 'outer');
    this.inner = join(this.root, 'inner');
    this.look = join(this.root, 'look');
    for (const folder of [this.outer, this.inner, this.look]) mkdirSync(folder);
    const image = join(this.root, 'outer.img');
    run('truncate', '-s', '4G', image);
    run('mkfs.xfs', '-q', '-m', 'reflink=1', image);
    this.mount(image, this.outer);
    const innerImage = join(this.outer, 'inner.img');
    run('truncate', '-s', '300M', innerImage);
    run('mkfs.ext4', '-q', innerImage);
    this.mount(innerImage, this.inner);
  }

  mount(image, folder) {
    run('mount', '-o', 'loop', image, folder);
    this.mounted.push(folder);
  }

  unmount(folder) {
    run('umount', folder);
    this.mounted = this.mounted.filter((one) => one !== folder);
  }

  cut(number) {
    const image = join(this.outer, `cut${number}.img`);
    run('cp', '--reflink=always', join(this.outer, 'inner.img'), image);
    const [used, size] = run('df', '--output=used,size', this.outer)
      .trim()
      .split('\n')
      .at(-1)
      .trim()
      .split(/\s+/)
      .map(Number);
    if (used / size > 0.8) throw new Error('the outer disk is nearly full: this run says nothing');
    return image;
  }

  close() {
    for (const folder of this.mounted.reverse()) {
      try {
        run('umount', folder);
      } catch {
        run('umount', '-l', folder);
      }
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A mount or an open that fails is a violation like any other. */
export function inside(bench, image, look) {
  try {
    bench.mount(image, bench.look);
  } catch (error) {
    return [`mount: ${error.message}`];
  }
  try {
    return look(join(bench.look, 'state'));
  } catch (error) {
    return [`open: ${error.message}`];
  } finally {
    bench.unmount(bench.look);
  }
}

/** A copy of the compiled program with one promise broken. */
export function broken(dist, file, changes) {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-broken-'));
  cpSync(dist, join(folder, 'dist'), {
    recursive: true,
    dereference: false,
    filter: (path) => !path.includes('node_modules'),
  });
  symlinkSync(resolve(here, '../../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const path = join(folder, 'dist', file);
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the control does not find '${from}' in ${file}`);
    text = text.replaceAll(from, to);
  }
  writeFileSync(path, text);
  return { dist: join(folder, 'dist'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
