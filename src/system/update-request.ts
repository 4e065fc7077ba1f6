/**
 * An update asked for by the page: how the page, which has no rights, leaves a package for the unit that installs, and how root tells what became
 * of it. It knows files, and not what is in a package.
 */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Text } from '../text/text.ts';
import { trialState } from './update.ts';
import { type UpdateCode, UpdateError } from './update-error.ts';

const SPOOL = { package: 'package.deb', signature: 'package.deb.sig', request: 'request' } as const;

/** What became of the last request, for the page: written by root, read by everybody, gone at the next boot. */
export const UPDATE_RESULT = '/run/lanewarden-update/result.json';

export interface UpdateResult {
  readonly state: 'asked' | 'installing' | 'proving' | 'done' | 'failed';
  readonly version?: string;
  readonly code?: UpdateCode;
  readonly text?: Text;
}

/**
 * Leaves the package at `path` for the unit that installs: the request comes last, when the package is whole on the disk. `folder`: `update` below
 * the state folder, on the same file system as `path`.
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

/** Takes the request away first: whatever becomes of it, it is tried once. */
export function takeRequest(folder: string): string {
  rmSync(join(folder, SPOOL.request), { force: true });
  return join(folder, SPOOL.package);
}

export function clearRequest(folder: string): void {
  for (const name of Object.values(SPOOL)) rmSync(join(folder, name), { force: true });
}

/** Whole or not at all: the page reads it at any moment. Nothing is told where nobody has made its folder. */
export function tellResult(result: UpdateResult, file: string = UPDATE_RESULT): void {
  if (statOf(dirname(file)) === undefined) return;
  writeFileSync(`${file}.new`, `${JSON.stringify(result)}\n`, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}

/** Where an update leaves its marks. */
export interface UpdateMarks {
  readonly spool: string;
  readonly result: string;
  /** Of deploy/box/release. */
  readonly releases: string;
}

/** A path unit takes a request in milliseconds; dpkg on a slow card takes minutes, and its unit has 15. */
const TAKEN_WITHIN_MS = 60_000;
const INSTALLED_WITHIN_MS = 16 * 60_000;

/** How the last update stands; undefined: nothing is known of one. `nowMs`: wall clock. */
export function updateState(marks: UpdateMarks, nowMs: number): UpdateResult | undefined {
  const isOld = (file: string, ms: number): boolean => Math.abs(nowMs - (statOf(file) ?? nowMs)) > ms;
  const request = join(marks.spool, SPOOL.request);
  if (statOf(request) !== undefined) return isOld(request, TAKEN_WITHIN_MS) ? failed('lost') : { state: 'asked' };
  const told = toldResult(marks);
  if (told?.state === 'installing' && isOld(marks.result, INSTALLED_WITHIN_MS)) return failed('lost');
  return told;
}

/** Root's word ends with the program that said it, by a power cut for one; the marks of the releases go on. */
function toldResult({ result, releases }: UpdateMarks): UpdateResult | undefined {
  const told = readResult(result);
  const version = told === undefined ? markedVersion(releases) : told.version;
  if (version === undefined || (told !== undefined && told.state !== 'proving')) return told;
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

/** Of the trial under way, or of the version that was taken back. */
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
      // Not this one.
    }
  }
  return undefined;
}

/** When it was changed, wall clock; undefined: it is not there. */
function statOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
