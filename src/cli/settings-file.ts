/** A file of lane settings by the names of the configuration: `settle: 3s`. Closed; every fault with its line. Scenario files use the same schema. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigDocument } from '../config/document.ts';
import { ConfigError } from '../config/errors.ts';
import { read } from '../config/issues.ts';
import { duration } from '../config/values.ts';
import { laneSettings, SETTINGS, type SettingName } from '../lane/settings.ts';
import type { LaneSettings } from '../lane/types.ts';
import { scenarioText } from '../text/scenario.ts';

const setting = (name: SettingName) => {
  const found = SETTINGS[name];
  if (found.type === 'duration') return duration(found.least, found.most).optional();
  return found.type === 'boolean' ? z.boolean().optional() : z.enum(found.values).optional();
};

/** Some settings, by name; those left out are not touched. Durations become milliseconds. */
export const settingsSchema = z.strictObject(
  Object.fromEntries((Object.keys(SETTINGS) as SettingName[]).map((name) => [name, setting(name)])),
);

/** Reads the file and gives what it changes. Throws ConfigError. */
export function readSettings(file: string): (before: LaneSettings) => LaneSettings {
  const document = new ConfigDocument(file, textOf(file));
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

/** The text of a file that a command was given. Throws ConfigError: `noInput` or `unreadable`. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new ConfigError(missing ? 'noInput' : 'unreadable', file, scenarioText.unreadable(file, code ?? ''));
  }
}
