/** Reads the newest row of a management system and shows what would come of it. Nothing is counted, and nothing is kept. */
import { withPeersOf } from '../../app/peers-of-store.ts';
import { pulledSystems, rehearseRow } from '../../app/pull/rehearsal.ts';
import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/types.ts';
import type { RowRehearsal } from '../../page/api/api-setup.ts';
import { systemText } from '../../text/management.ts';
import { type CommandContext, EXIT, ExitError } from '../command.ts';
import { print, remark } from '../output.ts';

export async function rehearseSystem(config: Config, name: string, context: CommandContext): Promise<number> {
  const { language } = context;
  const clock = systemClock();
  const rehearsal = await withPeersOf(config, clock, (peers) =>
    rehearseRow(config, name, { clock, peers: peers ?? { of: () => undefined } }),
  );
  if (rehearsal === undefined) {
    const names = pulledSystems(config).map((each) => each.name);
    throw new ExitError(EXIT.noInput, systemText.noneToRehearse(name, names));
  }
  const { row, payment, left, problems, fault } = rehearsal;
  if (fault !== undefined) {
    remark(context, systemText.unread(name, fault.detail), `${fault.what[language]}: ${fault.todo[language]}`);
    return EXIT.unavailable;
  }
  if (row.length === 0) {
    print(context, systemText.noRow(name));
    return EXIT.ok;
  }
  const shown = left === undefined ? json(payment) : left[language];
  print(context, json(row), `=> ${shown}`);
  print(context, ...problems.map(({ field, message }) => `! ${field}: ${message[language]}`), systemText.rehearsed);
  return problems.length > 0 ? EXIT.failure : EXIT.ok;
}

const json = (pairs: RowRehearsal['row']): string =>
  JSON.stringify(Object.fromEntries(pairs.map(({ name, value }) => [name, value])), undefined, 2);
