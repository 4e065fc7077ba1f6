/** `lanewarden evidence RELEASE…`: the evidence of a release as a zip file. The box may be running; the newest rows get a signed head first. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../clock.ts';
import type { Kinds } from '../../config/devices.ts';
import { type BoxKey, openBoxKey } from '../../evidence/box-key.ts';
import { makeBundle } from '../../evidence/bundle.ts';
import { signHead } from '../../evidence/signed-heads.ts';
import { bundleRows } from '../../store/chain/bundle-rows.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { openStore } from '../../store/store.ts';
import { writeForOwner } from '../../store/thread/owner.ts';
import { backupText } from '../../text/commands/backup.ts';
import { bundleText } from '../../text/evidence.ts';
import { auditText } from '../../text/page/server.ts';
import type { Text } from '../../text/text.ts';
import { noteAtShell } from '../access/shell-audit.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';
import { RANGE_OPTIONS, timeRange } from '../time-range.ts';
import { programVersion } from '../version.ts';
import { namedStore, refuse, STORE_OPTIONS } from './named-store.ts';

/** Files of one call. */
const RECORDS_MAX = 200;

export function evidenceCommand(kinds: () => Promise<Kinds>): Command {
  return {
    name: 'evidence',
    summary: bundleText.summary,
    positionals: bundleText.positionals,
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
      if (wanted.length === 0 && range === undefined) return fail(context, EXIT.usage, bundleText.none);
      if (wanted.length > 0 && range !== undefined) return fail(context, EXIT.usage, bundleText.eitherOr);
      if (values.file !== undefined && (wanted.length > 1 || range !== undefined))
        return fail(context, EXIT.usage, bundleText.oneFile);
      const path = await namedStore('evidence', values, kinds, context);
      if (typeof path === 'number') return path;
      const key = await openBoxKey(join(path, 'page'));
      const store = await openStore({ path, clock, tool: true });
      let found: readonly OutboxRecord[] = [];
      try {
        if (range !== undefined) found = await store.review.list({ ...range, limit: RECORDS_MAX + 1 });
        if (found.length > RECORDS_MAX) return fail(context, EXIT.usage, bundleText.tooMany(RECORDS_MAX));
        await signHead({ store, clock, folder: join(path, 'page') }, key);
      } finally {
        await store.close();
      }
      if (range !== undefined && found.length === 0) return fail(context, EXIT.noInput, bundleText.noneThen);
      const made: Making = { path, key, clock, values: values as Making['values'] };
      // Of a stretch of time all that can be proven; a record that was named is wanted.
      const all = range === undefined ? wanted : found.map(({ id }) => String(id)).toReversed();
      let code: number = EXIT.ok;
      const taken: number[] = [];
      for (const one of all) {
        const done = writeBundle(one, made, context);
        if (typeof done === 'number') taken.push(done);
        else code = fail(context, done.code, done.why);
        if (code !== EXIT.ok && range === undefined) break;
      }
      if (taken.length > 0) await noteAtShell(path, auditText.evidenceTaken(...taken), context);
      return code;
    },
  };
}

interface Making {
  readonly path: string;
  readonly key: BoxKey;
  readonly clock: Clock;
  readonly values: { readonly file?: string; readonly folder?: string; readonly force?: boolean };
}

/** The record it is of; else why there is none. */
function writeBundle(
  one: string,
  { path, key, clock, values }: Making,
  context: CommandContext,
): number | { readonly code: number; readonly why: Text } {
  const rows = bundleRows(path, one, key.publicKey);
  if (typeof rows === 'string')
    return { code: rows === 'unknown' ? EXIT.noInput : EXIT.failure, why: bundleText[rows](one) };
  const file = values.file ?? join(values.folder ?? '.', `evidence-${rows.record.id}.zip`);
  // It may be the one that somebody has signed for.
  if (existsSync(file) && values.force !== true) return { code: EXIT.cannotCreate, why: backupText.exists(file) };
  writeForOwner(file, makeBundle(rows, key, programVersion(), Math.round(clock.wallMs())));
  context.stdout.write(`${bundleText.written(file)[context.language]}\n`);
  return rows.record.id;
}

const fail = (context: CommandContext, code: number, text: Text): number => refuse('evidence', context, code, text);
