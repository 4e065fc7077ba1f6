/**
 * Lines of the audit log for what is done by commands: who has a shell is on no list of users, and what he does there would be seen by nobody.
 * They name the user of the system, as far as it is known.
 */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../clock.ts';
import { Audit } from '../../page/access/audit.ts';
import { pageLog } from '../../text/page/server.ts';
import type { Text } from '../../text/text.ts';
import type { CommandContext } from '../command.ts';
import { remark } from '../output.ts';

const NAME_MAX = 32;

/** Of the state of a box; a store alone, as a copy of one, has no audit log. A log that cannot be written is reported, and stops nothing. */
export async function noteAtShell(stateFolder: string, what: Text, context: CommandContext): Promise<void> {
  const folder = join(stateFolder, 'page');
  if (context.ofPage === true || !existsSync(folder)) return;
  const lost = ({ message }: Error) => remark(context, pageLog.auditLost(message));
  await new Audit(folder, systemClock(), lost).add(shellUser(context), what);
}

/** As the audit log and the tokens name it: no user of the page can be called so. */
export function shellUser({ environment: { SUDO_USER = '' } }: Pick<CommandContext, 'environment'>): string {
  const user = systemUser();
  const before = SUDO_USER.replaceAll(/\p{C}/gu, '').slice(0, NAME_MAX);
  return before === '' || before === user ? `(shell ${user})` : `(shell ${user}, sudo ${before})`;
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A number that has no name.
    return `uid ${process.geteuid?.() ?? '?'}`;
  }
}
