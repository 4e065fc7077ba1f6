/** A file of lane settings by the names of the configuration: `settle: 3s`. Closed; every fault with its line. */
import { ConfigDocument } from '../config/document.ts';
import { ConfigError } from '../config/errors.ts';
import { read } from '../config/issues.ts';
import { laneSettings, SETTINGS, type SettingName } from '../lane/settings.ts';
import type { LaneSettings } from '../lane/types.ts';
import { readInputText, settingsSchema } from '../simulate/scenario/scenario-file.ts';
import { scenarioText } from '../text/commands/scenario.ts';

/** Reads the file and gives what it changes. Throws ConfigError. */
export function readSettings(file: string): (before: LaneSettings) => LaneSettings {
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
