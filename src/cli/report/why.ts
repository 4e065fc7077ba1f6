/** `lanewarden why RELEASE`: the verdict on one record and every fact behind it, in words. It reads the store only. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../clock.ts';
import type { Kinds } from '../../config/devices.ts';
import { loadConfig } from '../../config/file.ts';
import type { Release } from '../../lane/types.ts';
import { beijingTime } from '../../log.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { openStore } from '../../store/store.ts';
import { dayReportText, whyReleaseText } from '../../text/commands/report.ts';
import { descText, timedFactText } from '../../text/lanes/lane.ts';
import { STATE_TEXT } from '../../text/store.ts';
import type { Language, Text } from '../../text/text.ts';
import { type Command, EXIT } from '../command.ts';
import { writeAll } from '../write-all.ts';

export function whyCommand(kinds: Kinds): Command {
  return {
    name: 'why',
    summary: whyReleaseText.summary,
    positionals: 'RELEASE',
    options: {
      json: { type: 'boolean', help: dayReportText.json },
      config: { type: 'string', short: 'c', value: 'FILE', help: dayReportText.config },
      store: { type: 'string', value: 'FOLDER', help: dayReportText.store },
    },
    async run(values, [word, extra], { language, stdout, stderr, environment }) {
      const stop = (words: Text, code: number): number => {
        stderr.write(`lanewarden why: ${words[language]}\n`);
        return code;
      };
      const id = Number(word);
      if (word === undefined || !Number.isSafeInteger(id) || id < 1) return stop(whyReleaseText.needsId, EXIT.usage);
      if (extra !== undefined) return stop(dayReportText.extra(extra), EXIT.usage);
      const path =
        (values.store as string | undefined) ??
        loadConfig(values.config as string | undefined, kinds, environment).store.path;
      if (!existsSync(join(path, 'lanewarden.db'))) return stop(dayReportText.noStore(path), EXIT.noInput);
      const store = await openStore({
        ...{ path, clock: systemClock(), tool: true },
        framesMaxBytes: Number.MAX_SAFE_INTEGER,
      });
      try {
        const found = await store.review.get(id);
        if (found === undefined) return stop(whyReleaseText.unknown(id), EXIT.noInput);
        const { record } = found;
        if (record.damaged === true) return stop(whyReleaseText.damaged(id), EXIT.io);
        if (values.json === true) await writeAll(stdout, `${JSON.stringify({ id, release: record.release })}\n`);
        else await writeAll(stdout, `${whyLines(record, language).join('\n')}\n`);
        return EXIT.ok;
      } finally {
        await store.close();
      }
    },
  };
}

function whyLines(record: OutboxRecord, language: Language): readonly string[] {
  const { id, release, releaseWallMs, gateName, state, lastWhy } = record;
  const plate = release.plate?.text ?? whyReleaseText.noPlate[language];
  const head = [String(id), beijingTime(releaseWallMs).slice(0, 19), gateName, plate, descText(release.desc)[language]];
  const sure = whyReleaseText.sure(release.confidence, release.score)[language];
  return [
    head.join('  '),
    `${STATE_TEXT[state][language]}${lastWhy === undefined || state === 'delivered' ? '' : `  ${lastWhy}`}  ·  ${sure}`,
    whyReleaseText.facts[language],
    ...inOrder(release).map((fact) => {
      const time = (atMs: number): string => beijingTime(releaseWallMs + atMs - release.releaseAtMs).slice(11, 23);
      return `  · ${timedFactText(fact, time, release.direction)[language]}`;
    }),
  ];
}

/** As it happened; what has no moment comes last. */
const inOrder = ({ facts }: Release): Release['facts'] =>
  [...facts].sort((a, b) => (a.atMs ?? Number.POSITIVE_INFINITY) - (b.atMs ?? Number.POSITIVE_INFINITY));
