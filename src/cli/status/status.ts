/** `lanewarden status`: whether all is well, at one glance. It asks the running program; without one, the state folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STATUS_SOCKET } from '../../box/box-socket.ts';
import { type BoxStatus, idleStatus } from '../../box/box-status.ts';
import { runningHolder } from '../../box/state-lock.ts';
import { systemClock } from '../../clock.ts';
import type { Kinds } from '../../config/devices.ts';
import { ConfigError } from '../../config/errors.ts';
import { statusText } from '../../text/commands/status.made.ts';
import type { Text } from '../../text/text.ts';
import { type Command, EXIT, JSON_OPTION, refuse, STORE_OPTIONS } from '../command.ts';
import { failure } from '../failure.ts';
import { hasStore, namedFolder, withStore } from '../named-store.ts';
import { writeAll } from '../write-all.ts';
import { askBox } from './ask-box.ts';
import { statusLines } from './status-lines.ts';

/** Of monitoring: 0 well, 1 not well, 2 not known. */
const CANNOT_ASK = 2;

export function statusCommand(kinds: Kinds): Command {
  return {
    name: 'status',
    summary: statusText.summary,
    options: {
      ...STORE_OPTIONS,
      ...JSON_OPTION,
    },
    async run(values, _positionals, { language, stdout, stderr, environment }) {
      try {
        const status = await statusOf((await namedFolder(values, kinds, { environment })).path);
        if (isText(status)) return refuse('status', { stderr, language }, CANNOT_ASK, status);
        const text = values.json === true ? JSON.stringify(status) : statusLines(status, language).join('\n');
        await writeAll(stdout, `${text}\n`);
        return status.well ? EXIT.ok : EXIT.failure;
      } catch (error) {
        // Other commands have a code for each reason; here 1 would say that the box is not well.
        stderr.write(`${failure(error, language).text}\n`);
        const isNew = error instanceof ConfigError && error.code === 'noInput' && values.config === undefined;
        if (isNew) stderr.write(`${statusText.notSetUp[language]}\n`);
        return CANNOT_ASK;
      }
    },
  };
}

const isText = (status: BoxStatus | Text): status is Text => 'zh' in status;

/** The reason in words when it cannot be told. */
async function statusOf(folder: string): Promise<BoxStatus | Text> {
  if (!existsSync(folder)) return statusText.noFolder(folder);
  try {
    return await askBox<BoxStatus>(join(folder, STATUS_SOCKET));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return statusText.denied(folder);
    const holder = runningHolder(folder);
    if (holder !== undefined) return statusText.silent(holder.pid, code ?? message);
    if (code !== 'ENOENT' && code !== 'ECONNREFUSED') return statusText.cannot(code ?? message);
  }
  if (!hasStore(folder)) return statusText.noFolder(folder);
  return withStore(folder, (store) => idleStatus(folder, store, systemClock()));
}
