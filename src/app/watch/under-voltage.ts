/**
 * The supply of a Raspberry Pi too low, by the alarm of its kernel driver (`rpi_volt`): what a box notices that has no UPS when somebody plays with
 * its power. Other boards have no such file, and nothing is watched there.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Observations } from '../../store/observation.ts';

const LOOK_EVERY_MS = 5_000;
const SENSORS = '/sys/class/hwmon';

export interface VoltageParts {
  readonly looks: Pick<Observations, 'report'>;
  readonly clock: Clock;
  /** Of the kernel's sensors. */
  readonly sensors?: string;
}

/** Ends when `signal` aborts, or at once where there is no such sensor. */
export async function watchVoltage(
  { looks, clock, sensors = SENSORS }: VoltageParts,
  signal: AbortSignal,
): Promise<void> {
  const file = await alarmFile(sensors);
  let sinceMs: number | undefined;
  while (file !== undefined && !signal.aborted) {
    const isLow = (await textOf(file)) === '1';
    const nowMs = clock.nowMs();
    // A store that refuses has reported that itself.
    const report = (how: { readonly lasts: true } | { readonly forMs: number }): void =>
      void looks.report({ why: 'underVoltage', ...how }).catch(() => undefined);
    if (isLow && sinceMs === undefined) report({ lasts: true });
    if (!isLow && sinceMs !== undefined) report({ forMs: Math.round(nowMs - sinceMs) });
    sinceMs = isLow ? (sinceMs ?? nowMs) : undefined;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

async function alarmFile(sensors: string): Promise<string | undefined> {
  for (const name of await readdir(sensors).catch(() => []))
    if ((await textOf(join(sensors, name, 'name'))) === 'rpi_volt') return join(sensors, name, 'in0_lcrit_alarm');
  return undefined;
}

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
