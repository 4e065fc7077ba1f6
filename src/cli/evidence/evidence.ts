/** `lanewarden evidence RELEASE…`: the evidence of a release as a zip file. The box may be running; the newest rows get a signed head first. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../clock.ts';
import type { Kinds } from '../../config/devices.ts';
import { openBoxKey } from '../../evidence/box-key.ts';
import { makeBundle } from '../../evidence/bundle.ts';
import { signHead } from '../../evidence/signed-heads.ts';
import { bundleRows } from '../../store/chain/bundle-rows.ts';
import { openStore } from '../../store/store.ts';
import { bundleText } from '../../text/evidence.ts';
import type { Text } from '../../text/text.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';
import { programVersion } from '../version.ts';
import { namedStore, refuse, STORE_OPTIONS } from './named-store.ts';

export function evidenceCommand(kinds: Kinds): Command {
  return {
    name: 'evidence',
    summary: bundleText.summary,
    positionals: bundleText.positionals,
    options: {
      ...STORE_OPTIONS,
      folder: { type: 'string', value: 'FOLDER', help: bundleText.folder },
      file: { type: 'string', value: 'FILE', help: bundleText.file },
    },
    async run(values, wanted, context) {
      if (wanted.length === 0) return fail(context, EXIT.usage, bundleText.none);
      if (values.file !== undefined && wanted.length > 1) return fail(context, EXIT.usage, bundleText.oneFile);
      const path = namedStore('evidence', values, kinds, context);
      if (typeof path === 'number') return path;
      const clock = systemClock();
      const key = await openBoxKey(join(path, 'page'));
      const store = await openStore({ path, clock, tool: true });
      try {
        await signHead({ store, clock, folder: join(path, 'page') }, key);
      } finally {
        await store.close();
      }
      for (const one of wanted) {
        const rows = bundleRows(path, one);
        if (typeof rows === 'string') return fail(context, EXIT.failure, bundleText[rows](one));
        const { file: asked, folder = '.' } = values as { readonly file?: string; readonly folder?: string };
        const file = asked ?? join(folder, `evidence-${rows.record.id}.zip`);
        writeFileSync(file, makeBundle(rows, key, programVersion(), Math.round(clock.wallMs())), { mode: 0o600 });
        context.stdout.write(`${bundleText.written(file)[context.language]}\n`);
      }
      return EXIT.ok;
    },
  };
}

const fail = (context: CommandContext, code: number, text: Text): number => refuse('evidence', context, code, text);
