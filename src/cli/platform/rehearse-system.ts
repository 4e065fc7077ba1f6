/** Reads the newest row of a management system and shows what would come of it. Nothing is counted, and nothing is kept. */
import { mappedRow } from '../../app/pull/pulled-systems.ts';
import { ReadFault, readerOf } from '../../app/pull/readers.ts';
import { ReadingThread } from '../../app/pull/reading-thread.ts';
import { systemClock } from '../../clock.ts';
import type { Config } from '../../config/types.ts';
import { systemText } from '../../text/management.ts';
import { type CommandContext, EXIT } from '../command.ts';

export async function rehearseSystem(config: Config, name: string, context: CommandContext): Promise<number> {
  const { stdout, stderr, language } = context;
  const pulled = (config.intake.systems ?? []).filter(({ profile }) => profile.push === undefined);
  const system = pulled.find((each) => each.name === name);
  const clock = systemClock();
  const thread = new ReadingThread(clock);
  const reader = system && readerOf(system, { clock, thread, wallMs: () => clock.wallMs() });
  if (system === undefined || reader === undefined) {
    const names = pulled.map((each) => each.name);
    stderr.write(`${systemText.noneToRehearse(name, names)[language]}\n`);
    return EXIT.noInput;
  }
  try {
    const row = await reader.newest();
    if (row === undefined) {
      stdout.write(`${systemText.noRow(name)[language]}\n`);
      return EXIT.ok;
    }
    const payment = mappedRow(system, row);
    const shown =
      'left' in payment ? systemText.left[payment.left][language] : JSON.stringify(payment.grant, undefined, 2);
    stdout.write(`${JSON.stringify(row, undefined, 2)}\n=> ${shown}\n${systemText.rehearsed[language]}\n`);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof ReadFault)) throw error;
    stderr.write(`${systemText.unread(name, error.text)[language]}\n`);
    return EXIT.unavailable;
  } finally {
    await reader.close();
    await thread.close();
  }
}
