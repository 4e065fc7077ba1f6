/** `lanewarden status`: whether all is well, at one glance. It asks the running program; without one, the state folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STATUS_SOCKET } from '../../box/box-socket.ts';
import { type BoxStatus, idleStatus } from '../../box/box-status.ts';
import { runningHolder } from '../../box/state-lock.ts';
import { systemClock } from '../../clock.ts';
import { ConfigError } from '../../config/errors.ts';
import { statusText } from '../../text/commands/status.made.ts';
import type { Text } from '../../text/text.ts';
import { type Command, EXIT, ExitError, JSON_OPTION, STORE_OPTIONS } from '../command.ts';
import { failure } from '../failure.ts';
import { hasStore, namedFolder, withStore } from '../named-store.ts';
import { printResult, remark } from '../output.ts';
import { askBox } from './ask-box.ts';
import { statusLines } from './status-lines.ts';

/** Of monitoring: 0 well, 1 not well, 2 not known. */
const CANNOT_ASK = 2;

export const statusCommand: Command = {
  name: 'status',
  summary: statusText.summary,
  options: {
    ...STORE_OPTIONS,
    ...JSON_OPTION,
  },
  async run(values, _positionals, context) {
    try {
      const status = await statusOf((await namedFolder(values, context)).path);
      printResult(context, values.json, status, () => statusLines(status, context.language));
      return status.well ? EXIT.ok : EXIT.failure;
    } catch (error) {
      if (error instanceof ExitError) throw error;
      // Other commands have a code for each reason; here 1 would say that the box is not well.
      remark(context, failure(error, context.language).text);
      const isNew = error instanceof ConfigError && error.code === 'noInput' && values.config === undefined;
      if (isNew) remark(context, statusText.notSetUp);
      return CANNOT_ASK;
    }
  },
};

const cannotAsk = (why: Text): ExitError => new ExitError(CANNOT_ASK, why);

/** Throws ExitError when it cannot be told. */
async function statusOf(folder: string): Promise<BoxStatus> {
  if (!existsSync(folder)) throw cannotAsk(statusText.noFolder(folder));
  try {
    return await askBox<BoxStatus>(join(folder, STATUS_SOCKET));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw cannotAsk(statusText.denied(folder));
    const holder = runningHolder(folder);
    if (holder !== undefined) throw cannotAsk(statusText.silent(holder.pid, code ?? message));
    if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw cannotAsk(statusText.cannot(code ?? message));
  }
  if (!hasStore(folder)) throw cannotAsk(statusText.noFolder(folder));
  return withStore(folder, (store) => idleStatus(folder, store, systemClock()));
}
