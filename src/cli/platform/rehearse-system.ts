/** Reads the newest row of a management system and shows what would come of it. Nothing is counted, and nothing is kept. */
import { withPeersOf } from '../../app/peers-of-store.ts';
import { pulledSystems, rehearseRow } from '../../app/pull/rehearsal.ts';
import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/types.ts';
import type { RowRehearsal } from '../../page/api/api-setup.ts';
import { systemText } from '../../text/management.ts';
import { type CommandContext, EXIT } from '../command.ts';

export async function rehearseSystem(config: Config, name: string, context: CommandContext): Promise<number> {
  const { stdout, stderr, language } = context;
  const clock = systemClock();
  const rehearsal = await withPeersOf(config, clock, (peers) =>
    rehearseRow(config, name, { clock, peers: peers ?? { of: () => undefined } }),
  );
  if (rehearsal === undefined) {
    const names = pulledSystems(config).map((each) => each.name);
    stderr.write(`${systemText.noneToRehearse(name, names)[language]}\n`);
    return EXIT.noInput;
  }
  const { row, payment, left, problems, fault } = rehearsal;
  if (fault !== undefined) {
    stderr.write(
      `${systemText.unread(name, fault.detail)[language]}\n${fault.what[language]}: ${fault.todo[language]}\n`,
    );
    return EXIT.unavailable;
  }
  if (row.length === 0) {
    stdout.write(`${systemText.noRow(name)[language]}\n`);
    return EXIT.ok;
  }
  const shown = left === undefined ? json(payment) : left[language];
  stdout.write(`${json(row)}\n=> ${shown}\n`);
  for (const { field, message } of problems) stdout.write(`! ${field}: ${message[language]}\n`);
  stdout.write(`${systemText.rehearsed[language]}\n`);
  return problems.length > 0 ? EXIT.failure : EXIT.ok;
}

const json = (pairs: RowRehearsal['row']): string =>
  JSON.stringify(Object.fromEntries(pairs.map(({ name, value }) => [name, value])), undefined, 2);
