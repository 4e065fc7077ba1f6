/**
 * An update requested by the page: how the page, which has no rights, hands a package to the installing unit, and how root reports the
 * result. It knows files, not the content of a package.
 */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Text } from '../text/text.ts';
import { programVersionOf } from './package-version.ts';
import { trialState } from './update.ts';
import { type UpdateCode, UpdateError } from './update-error.ts';

const SPOOL = { package: 'package.deb', signature: 'package.deb.sig', request: 'request' } as const;

/** Result of the last request, for the page: written by root, world-readable, gone at the next boot. */
export const UPDATE_RESULT = '/run/lanewarden-update/result.json';

export interface UpdateResult {
  readonly state: 'asked' | 'installing' | 'proving' | 'done' | 'failed';
  readonly version?: string;
  readonly code?: UpdateCode;
  readonly text?: Text;
}

/**
 * Hands over the package at `path`: the request file comes last, when the package is flushed to disk. `folder`: `update` below the state
 * folder, on the same file system as `path`.
 */
export async function requestUpdate(folder: string, path: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await flushed(path);
  await rm(join(folder, SPOOL.signature), { force: true });
  await rename(path, join(folder, SPOOL.package));
  await flushed(folder);
  await (await open(join(folder, SPOOL.request), 'w', 0o600)).close();
}

async function flushed(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes the request first: one attempt, whatever its outcome. */
export function takeRequest(folder: string): string {
  rmSync(join(folder, SPOOL.request), { force: true });
  return join(folder, SPOOL.package);
}

export function clearRequest(folder: string): void {
  for (const name of Object.values(SPOOL)) rmSync(join(folder, name), { force: true });
}

/** Atomic: the page may read it at any moment. Skipped when its folder does not exist. */
export function writeResult(result: UpdateResult, file: string = UPDATE_RESULT): void {
  if (statOf(dirname(file)) === undefined) return;
  writeFileSync(`${file}.new`, `${JSON.stringify(result)}\n`, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}

/** Files in which an update leaves its state. */
export interface UpdateMarks {
  readonly spool: string;
  readonly result: string;
  /** Of the supervisor (deploy/supervisor). */
  readonly releases: string;
}

/** A path unit takes a request in milliseconds; dpkg on a slow card takes minutes, and its unit has 15. */
const TAKEN_WITHIN_MS = 60_000;
const INSTALLED_WITHIN_MS = 16 * 60_000;

/** State of the last update; undefined: none known. `nowMs`: wall clock. */
export function updateState(marks: UpdateMarks, nowMs: number): UpdateResult | undefined {
  const isOld = (file: string, ms: number): boolean => Math.abs(nowMs - (statOf(file) ?? nowMs)) > ms;
  const request = join(marks.spool, SPOOL.request);
  if (statOf(request) !== undefined) return isOld(request, TAKEN_WITHIN_MS) ? failed('lost') : { state: 'asked' };
  const reported = reportedResult(marks);
  if (reported?.state === 'installing' && isOld(marks.result, INSTALLED_WITHIN_MS)) return failed('lost');
  return reported;
}

/** Root's report may be cut off, as by a power cut; the marks of the releases continue it. The report of 0.1 has a package's version. */
function reportedResult({ result, releases }: UpdateMarks): UpdateResult | undefined {
  const reported = readResult(result);
  const named = reported === undefined ? markedVersion(releases) : reported.version;
  const version = named && programVersionOf(named);
  if (version === undefined || reported?.state === 'installing' || reported?.state === 'failed') return reported;
  // A version that was reported as done may still fail on probation.
  const state = trialState(releases, version);
  if (state === 'reverted') return { ...failed('reverted', version), version };
  return { state: state === 'proving' ? 'proving' : 'done', version };
}

function failed(code: UpdateCode, detail?: string): UpdateResult {
  return { state: 'failed', code, text: new UpdateError(code, detail).text };
}

function readResult(file: string): UpdateResult | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as UpdateResult;
  } catch {
    return undefined;
  }
}

/** Of the trial in progress, or of the version rolled back. */
function markedVersion(releases: string): string | undefined {
  for (const [name, key] of [
    ['trial', 'to'],
    ['reverted', 'version'],
  ] as const) {
    try {
      const text = readFileSync(join(releases, name), 'utf8');
      return text
        .split('\n')
        .find((line) => line.startsWith(`${key}=`))
        ?.slice(key.length + 1);
    } catch {
      // Try the next mark.
    }
  }
  return undefined;
}

/** Modification time, wall clock; undefined: no such file. */
function statOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
