/** The page's access to backup, restore, export, support file and evidence: each made in a process and a folder of its own, one at a time. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../http/problem.ts';
import type { VerifyResult } from '../page/api/api-intake.ts';
import type { FileControl, MadeKind } from '../page/file-control.ts';
import type { BackupCode } from '../system/backup.ts';
import { hostText } from '../text/page/host.ts';
import type { Language } from '../text/text.ts';
import { ChoreError, runChore } from './chore.ts';
import type { Host } from './host.ts';

const PREFIX = 'made-';

type MadeOptions = Parameters<FileControl['make']>[2];

export interface FilesParts {
  readonly host: Host;
  readonly configFile: string;
  readonly stateFolder: string;
  /** Where the files are made. */
  readonly folder: string;
  readonly choreProgram?: URL;
}

export function fileControl(parts: FilesParts): FileControl {
  const { host, configFile, stateFolder, folder } = parts;
  const programUrl = parts.choreProgram && { programUrl: parts.choreProgram };
  removeLeftOvers(folder);
  let isMaking = false;
  const chore = (
    args: readonly string[],
    language: Language,
    environment: Record<string, string>,
    signal: AbortSignal,
  ) => runChore({ args, language, environment }, { ...programUrl, signal });
  const argsOf: Readonly<Record<MadeKind, (file: string, made: MadeOptions) => readonly string[]>> = {
    account: (file, { day = 'yesterday', lane }) => [
      ...['report', '--zip', file, '--day', day, '--config', configFile, '--store', stateFolder],
      ...(lane === undefined ? [] : ['--lane', lane]),
    ],
    backup: (file, { passphrase }) => [
      ...['backup', file, '--config', configFile],
      ...(passphrase === undefined ? [] : ['--secrets']),
    ],
    evidence: (file, { release }) => ['evidence', String(release), '--store', stateFolder, '--file', file],
    person: (file, { plate = '' }) => ['person', plate, '--store', stateFolder, '--export', file],
    queue: (file) => ['queue', 'export', file, '--store', stateFolder],
    support: (file) => ['diagnose', file, '--config', configFile, '--no-disk'],
  };
  return {
    person: async (plate, language, signal, erase) => {
      const more = erase === undefined ? [] : ['--erase', '--yes', '--by', erase.by, `--reason=${erase.why}`];
      return linesOf(await chore(['person', plate, '--store', stateFolder, ...more], language, {}, signal));
    },
    verify: (language) => async (job) =>
      verified(() => chore(['verify', '--frames', '--store', stateFolder], language, {}, job.signal)),
    make: async (kind, language, options) => {
      const { passphrase, signal } = options;
      if (isMaking) throw new Problem('busy');
      isMaking = true;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const place = await mkdtemp(join(folder, PREFIX));
        const path = join(place, `${kind}.zip`);
        const discard = () => rmSync(place, { recursive: true, force: true });
        const environment: Record<string, string> =
          passphrase === undefined ? {} : { LANEWARDEN_PASSPHRASE: passphrase };
        try {
          await chore(argsOf[kind](path, options), language, environment, signal);
          return { path, bytes: statSync(path).size, discard };
        } catch (error) {
          discard();
          throw error;
        }
      } finally {
        isMaking = false;
      }
    },
    restore: (path, language, passphrase, by) => async (job) => {
      const environment: Record<string, string> = passphrase === undefined ? {} : { LANEWARDEN_PASSPHRASE: passphrase };
      const command = ['restore', path, '--config', configFile, '--store', stateFolder, '--yes'];
      try {
        job.progress(hostText.restoring, 0.1);
        // Not abortable from here on: half a restore is worse than either.
        await host.replace(
          by,
          async () => void (await chore(command, language, environment, new AbortController().signal)),
        );
        return {};
      } catch (error) {
        throw refusal(error);
      } finally {
        await rm(path, { force: true });
      }
    },
  };
}

/** Of the file or its passphrase: whoever gave them can give others. */
const REFUSED: readonly (string | undefined)[] = ['notBackup', 'newerBackup', 'passphrase'] satisfies BackupCode[];

function refusal(error: unknown): unknown {
  if (!(error instanceof ChoreError) || !REFUSED.includes(error.errorCode)) return error;
  return new Problem('invalid', { detail: error.errorCode === 'passphrase' ? hostText.wrongPassphrase : error.text });
}

const linesOf = (output: string): readonly string[] => output.split('\n').filter((line) => line !== '');

/** A chain that does not fit is a result and no failure: the command says what does not fit and exits with 1. */
async function verified(work: () => Promise<string>): Promise<VerifyResult> {
  try {
    return { fits: true, lines: linesOf(await work()) };
  } catch (error) {
    if (error instanceof ChoreError && error.found.length > 0) return { fits: false, lines: linesOf(error.message) };
    throw error;
  }
}

/** Of a program that ended halfway. */
function removeLeftOvers(folder: string): void {
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // Nothing has ever been made.
  }
  for (const name of names)
    if (name.startsWith(PREFIX) || name.startsWith('in-')) rmSync(join(folder, name), { recursive: true, force: true });
}
