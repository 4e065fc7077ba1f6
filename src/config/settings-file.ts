/** A file of lane settings, for `replay --settings`: `settle: 3s`. A closed format; every fault with its line. */
import { readFileSync } from 'node:fs';
import { laneSettings, SETTINGS, type SettingName } from '../lane/settings.ts';
import type { LaneSettings } from '../lane/types.ts';
import { cliText } from '../text/commands/cli.ts';
import { scenarioText } from '../text/commands/scenario.ts';
import { ConfigDocument } from './document.ts';
import { ConfigError } from './errors.ts';
import { read } from './issues.ts';
import { settingsSchema } from './schema/lane-settings.ts';

/** Reads a file named on the command line. Throws ConfigError: `noInput` or `unreadable`. */
export function readInputText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new ConfigError(missing ? 'noInput' : 'unreadable', file, cliText.unreadable(file, code ?? ''));
  }
}

/** Reads the file and returns its changes as a function. Throws ConfigError. */
export function readLaneSettings(file: string): (before: LaneSettings) => LaneSettings {
  const document = new ConfigDocument(file, readInputText(file));
  const { data, faults } =
    document.faults.length > 0 ? { faults: document.faults } : read(settingsSchema, document, [], document.value ?? {});
  if (data === undefined) throw new ConfigError('invalid', file, scenarioText.invalidSettings(file), faults);
  const { direction: _, roles: __, ...defaults } = laneSettings({ direction: 'exit', roles: [] }, data);
  const keys = new Set<string>(
    Object.entries(data).flatMap(([name, value]) => (value === undefined ? [] : [SETTINGS[name as SettingName].key])),
  );
  const changed = Object.fromEntries(Object.entries(defaults).filter(([key]) => keys.has(key)));
  return (before) => ({ ...before, ...changed });
}
