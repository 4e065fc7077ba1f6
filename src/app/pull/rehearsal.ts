/**
 * Rehearsal of a management system that is read: its newest row, the payment it would be, and what is wrong with either. Nothing is counted, and
 * nothing is kept. A part of the composition root.
 */
import type { Clock } from '../../clock.ts';
import type { Config, SystemConfig } from '../../config/types.ts';
import { understandPayment } from '../../intake/system-payments.ts';
import { CURSOR_COLUMN, KEY_COLUMN } from '../../management/pull/statements.ts';
import type { RowRehearsal } from '../../page/api/api-setup.ts';
import { readFaultText, systemText } from '../../text/management.ts';
import { grantRules } from '../incoming.ts';
import type { PullParts } from './pulled-systems.ts';
import { mappedRow, ReadFault, readerOf } from './readers.ts';
import { ReadingThread } from './reading-thread.ts';

/** Characters of a value that are shown. */
const SHOWN_MOST = 300;

/** Those that are read, and not pushed. */
export const pulledSystems = ({ intake }: Config): readonly SystemConfig[] =>
  (intake.systems ?? []).filter(({ profile }) => profile.push === undefined);

/** undefined: no system of this name is read. */
export async function rehearseRow(
  config: Config,
  name: string,
  { clock, worker, peers }: Pick<PullParts, 'clock' | 'worker' | 'peers'>,
): Promise<RowRehearsal | undefined> {
  const wallMs = (): number => clock.wallMs();
  const system = pulledSystems(config).find((each) => each.name === name);
  const thread = new ReadingThread(clock, worker);
  const reader = system && readerOf(system, { clock, thread, wallMs, peers });
  if (system === undefined || reader === undefined) return undefined;
  try {
    const row = await reader.newest();
    if (row === undefined) return { system: name, row: [], payment: [], problems: [] };
    return { system: name, row: pairsOf(row), ...paymentIn(system, row, config, clock) };
  } catch (error) {
    if (!(error instanceof ReadFault)) throw error;
    const fault = { ...readFaultText(error.text), detail: error.text };
    return { system: name, row: [], payment: [], problems: [], fault };
  } finally {
    await reader.close();
    await thread.close();
  }
}

function paymentIn(
  system: SystemConfig,
  row: unknown,
  config: Config,
  clock: Clock,
): Pick<RowRehearsal, 'payment' | 'problems' | 'left'> {
  const mapped = mappedRow(system, row);
  if ('left' in mapped) return { payment: [], problems: [], left: systemText.left[mapped.left] };
  const checked = understandPayment(mapped, system.name, {
    ...{ clock, lanes: config.lanes, rules: grantRules(config) },
    ...{ laneTimeMs: (wallMs) => wallMs, laneNowMs: () => clock.wallMs() },
  });
  const { lane } = mapped.grant;
  const isUnknown = typeof lane === 'string' && !config.lanes.some(({ id }) => id === lane);
  const hint = isUnknown ? [{ field: 'lanes', message: systemText.lanesMissing(lane, config.lanes[0]?.id ?? '') }] : [];
  return { payment: pairsOf(mapped.grant), problems: 'errors' in checked ? [...checked.errors, ...hint] : [] };
}

/** By name, as text; what only finds the place of a row is left out. */
const pairsOf = (values: unknown): RowRehearsal['row'] =>
  Object.entries(values as object)
    .filter(([name]) => name !== CURSOR_COLUMN && name !== KEY_COLUMN)
    .map(([name, value]: [string, unknown]) => ({
      name,
      value:
        typeof value === 'number'
          ? value
          : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, SHOWN_MOST),
    }));
