/** `lanewarden evidence RELEASE…`: the evidence of a release as a zip file. The box may be running; the newest rows get a signed head first. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../clock.ts';
import { type BoxKey, openBoxKey } from '../../evidence/box-key.ts';
import { makeBundle } from '../../evidence/bundle.ts';
import { bundleRows } from '../../evidence/bundle-rows.ts';
import { bundleText } from '../../evidence/evidence-text.ts';
import { signHead } from '../../evidence/signed-heads.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { writeForOwner } from '../../store/thread/owner.ts';
import { backupText } from '../../text/commands/backup.ts';
import { auditText } from '../../text/page/server.ts';
import { noteAtShell } from '../access/shell-audit.ts';
import { type Command, type CommandContext, EXIT, ExitError, misuse, STORE_OPTIONS } from '../command.ts';
import { namedStore, withStore } from '../named-store.ts';
import { print, remark } from '../output.ts';
import { RANGE_OPTIONS, type TimeRange, timeRange } from '../time-range.ts';
import { programVersion } from '../version.ts';

/** Files of one call. */
const RECORDS_MAX = 200;

export const evidenceCommand: Command = {
  name: 'evidence',
  summary: bundleText.summary,
  positionals: '[RELEASE…]',
  options: {
    ...STORE_OPTIONS,
    ...RANGE_OPTIONS,
    folder: { type: 'string', value: 'FOLDER', help: bundleText.folder },
    file: { type: 'string', value: 'FILE', help: bundleText.file },
    force: { type: 'boolean', short: 'f', help: backupText.force },
  },
  async run(values, wanted, context) {
    const clock = systemClock();
    const range = timeRange(values, clock.wallMs());
    requireOneWay(wanted, range, values.file);
    const { path } = await namedStore(values, context);
    const key = await openBoxKey(join(path, 'page'));
    const found = await signedRecords(path, clock, key, range);
    if (found.length > RECORDS_MAX) throw misuse(bundleText.tooMany(RECORDS_MAX));
    if (range !== undefined && found.length === 0) throw new ExitError(EXIT.noInput, bundleText.noneThen);
    const made: Making = { path, key, clock, values: values as Making['values'] };
    // Of a stretch of time all that can be proven; a record that was named is wanted.
    const all = range === undefined ? wanted : found.map(({ id }) => String(id)).toReversed();
    const { taken, code } = writeBundles(all, made, range === undefined, context);
    if (taken.length > 0) await noteAtShell(path, auditText.evidenceTaken(taken), context);
    return code;
  },
};

function requireOneWay(wanted: readonly string[], range: TimeRange | undefined, file: unknown): void {
  if (range === undefined && wanted.length === 0) throw misuse(bundleText.none);
  if (range !== undefined && wanted.length > 0) throw misuse(bundleText.eitherOr);
  if (file !== undefined && (wanted.length > 1 || range !== undefined)) throw misuse(bundleText.oneFile);
}

/** The records of a stretch of time, none without one; all of the chain has a signed head then, unless they are too many. */
const signedRecords = (
  path: string,
  clock: Clock,
  key: BoxKey,
  range: TimeRange | undefined,
): Promise<readonly OutboxRecord[]> =>
  withStore(path, async (store) => {
    const found = range === undefined ? [] : await store.review.list({ ...range, limit: RECORDS_MAX + 1 });
    if (found.length <= RECORDS_MAX) await signHead({ store, clock, folder: join(path, 'page') }, key);
    return found;
  });

interface Making {
  readonly path: string;
  readonly key: BoxKey;
  readonly clock: Clock;
  readonly values: { readonly file?: string; readonly folder?: string; readonly force?: boolean };
}

/** `stops`: at the first that has none. The code is that of the last that failed. */
function writeBundles(all: readonly string[], made: Making, stops: boolean, context: CommandContext) {
  let code: number = EXIT.ok;
  const taken: number[] = [];
  for (const one of all) {
    try {
      taken.push(writeBundle(one, made, context));
    } catch (error) {
      if (!(error instanceof ExitError)) throw error;
      remark(context, `lanewarden evidence: ${error.text[context.language]}`);
      code = error.exitCode;
      if (stops) break;
    }
  }
  return { taken, code };
}

/** The record it is of. Throws ExitError. */
function writeBundle(one: string, { path, key, clock, values }: Making, context: CommandContext): number {
  const rows = bundleRows(path, one, key.publicKey);
  if (typeof rows === 'string')
    throw new ExitError(rows === 'unknown' ? EXIT.noInput : EXIT.failure, bundleText[rows](one));
  const file = values.file ?? join(values.folder ?? '.', `evidence-${rows.record.id}.zip`);
  // It may be the one that somebody has signed for.
  if (existsSync(file) && values.force !== true) throw new ExitError(EXIT.cannotCreate, backupText.exists(file));
  writeForOwner(file, makeBundle(rows, key, programVersion(), Math.round(clock.wallMs())));
  print(context, bundleText.written(file));
  return rows.record.id;
}
