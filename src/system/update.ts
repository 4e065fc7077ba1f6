/**
 * Installs a package of ours: verifies its signature, then its control data, then runs dpkg. Runs as root; the page, which has no
 * rights, leaves its request in a folder (`update-request.ts`) that a unit of the box watches. It knows packages, not lanes.
 */
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageVersionOf, programVersionOf } from './package-version.ts';
import { UpdateError } from './update-error.ts';
import type { UpdateKeys } from './update-keys.ts';
import { checkSignature, signedPart } from './update-signature.ts';

/** Our packages have a few megabytes; verification needs all of it in memory. */
export const PACKAGE_MAX_BYTES = 64_000_000;
/** No update takes so long. */
const LEFT_MS = 3_600_000;
const LEFT = /\/lanewarden-update-\w{6}$/;
/** Where the releases are, side by side (deploy/supervisor). */
export const RELEASES = '/opt/lanewarden';

/** Control data of a package, and the installed version. */
export interface PackageFacts {
  readonly version: string;
  /** undefined: nothing is installed. */
  readonly installed: string | undefined;
}

/**
 * Verifies and installs `file`; its signature is in `signatureFile`, else beside it, else within. What was verified is what is
 * installed: both are read once, into a folder that only root can reach. Returns the package's facts; the trial of the new version has
 * then begun. Throws UpdateError.
 */
export function installPackage(
  file: string,
  options: { readonly signatureFile?: string; readonly keys: UpdateKeys; readonly allowDowngrade: boolean },
): PackageFacts {
  if (process.getuid?.() !== 0) throw new UpdateError('notRoot');
  const bytes = readWhole(file, PACKAGE_MAX_BYTES);
  checkFile(bytes, options.signatureFile ?? besideIt(file), options.keys);
  const work = mkdtempSync(join(tmpdir(), 'lanewarden-update-'));
  const { mtimeMs: nowMs } = lstatSync(work);
  // A killed update left its package there.
  for (const path of readdirSync(tmpdir()).map((name) => join(tmpdir(), name)))
    if (LEFT.test(path) && nowMs - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs) > LEFT_MS)
      rmSync(path, { recursive: true, force: true });
  try {
    const own = join(work, 'package.deb');
    writeFileSync(own, bytes, { mode: 0o600 });
    const facts = factsOf(own);
    const isOlder = facts.installed !== undefined && isLess(facts.version, facts.installed);
    if (isOlder && !options.allowDowngrade) throw new UpdateError('downgrade', `${facts.version} < ${facts.installed}`);
    withWritableRoot(() => install(own));
    return facts;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function besideIt(file: string): string | undefined {
  const beside = `${file}.sig`;
  return existsSync(beside) ? beside : undefined;
}

function checkFile(bytes: Buffer, signatureFile: string | undefined, keys: UpdateKeys): void {
  const { signed, signature } =
    signatureFile === undefined ? signedPart(bytes) : { signed: bytes, signature: signatureOf(signatureFile) };
  checkSignature(signed, signature, keys);
}

function signatureOf(file: string): Uint8Array {
  try {
    return readWhole(file, 1_000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UpdateError('signature', file);
    throw error;
  }
}

/** A regular file and no link: the request's folder belongs to a user with fewer rights. */
function readWhole(file: string, mostBytes: number): Buffer {
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(handle);
    if (!status.isFile()) throw new UpdateError('notPackage', file);
    if (status.size > mostBytes) throw new UpdateError('tooLarge', file);
    const bytes = Buffer.alloc(status.size);
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(handle);
  }
}

function factsOf(file: string): PackageFacts {
  const field = (name: string): string => run('dpkg-deb', ['--field', file, name]);
  try {
    const isOurs = field('Package') === 'lanewarden';
    const isForHere = field('Architecture') === run('dpkg', ['--print-architecture']);
    if (!isOurs || !isForHere) throw new UpdateError('notPackage', `${field('Package')} ${field('Architecture')}`);
    return { version: programVersionOf(field('Version')), installed: installedVersion() };
  } catch (error) {
    if (error instanceof UpdateError) throw error;
    throw new UpdateError('notPackage', (error as Error).message);
  }
}

/**
 * Of the release that runs: after a roll-back dpkg still calls the refused version installed. As dpkg knows it while there is none; undefined:
 * not installed as a package.
 */
export function installedVersion(releases: string = RELEASES): string | undefined {
  try {
    return programVersionOf(readFileSync(join(releases, 'current/VERSION'), 'utf8').trim());
  } catch {
    // Installed, and never configured.
  }
  try {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is dpkg's own
    return programVersionOf(run('dpkg-query', ['--show', '--showformat=${Version}', 'lanewarden'])) || undefined;
  } catch {
    return undefined;
  }
}

/** By the order of packages, in which a candidate comes before its release. */
export function isLess(left: string, right: string): boolean {
  try {
    run('dpkg', ['--compare-versions', packageVersionOf(left), 'lt', packageVersionOf(right)]);
    return true;
  } catch {
    return false;
  }
}

function install(file: string): void {
  try {
    execFileSync('dpkg', ['--install', '--force-confold', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new UpdateError('notInstalled', `${stdout}${stderr}`.trim().split('\n').slice(-5).join(' · '));
  }
}

/** The root file system of a prepared box is read-only; it is remounted writable while dpkg runs. */
function withWritableRoot(act: () => void): void {
  try {
    accessSync('/usr', constants.W_OK);
    act();
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EROFS') throw error;
  }
  run('mount', ['-o', 'remount,rw', '/']);
  try {
    act();
  } finally {
    run('sync', []);
    run('mount', ['-o', 'remount,ro', '/']);
  }
}

function run(command: string, words: readonly string[]): string {
  return execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** State of the last update: the supervisor leaves these files (deploy/supervisor). What is on probation has passed its trial. */
export function trialState(base: string, version: string): 'proving' | 'proven' | 'reverted' {
  const text = (name: string): string | undefined => {
    try {
      return readFileSync(join(base, name), 'utf8');
    } catch {
      return undefined;
    }
  };
  // Both: it is being thrown back, and its database is not there yet.
  const name = packageVersionOf(version);
  if (text('trial')?.includes(`to=${name}\n`)) return 'proving';
  return text('reverted')?.includes(`version=${name}\n`) ? 'reverted' : 'proven';
}
