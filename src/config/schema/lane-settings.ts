/** The schema of lane settings, by their names in the configuration: of a lane, of a scenario and of a file for `replay`. */
import { z } from 'zod';
import { SETTINGS, type SettingName } from '../../lane/settings.ts';
import { writeDuration } from '../units.ts';
import { durationSchema } from './values.ts';

function choiceOf(found: Exclude<(typeof SETTINGS)[SettingName], { type: 'duration' }>) {
  if (found.type === 'boolean') return z.boolean();
  return found.type === 'switch' ? z.literal(found.values) : z.enum(found.values);
}

function setting(name: SettingName) {
  const found = SETTINGS[name];
  if (found.type === 'duration') {
    return durationSchema(found.least, found.most)
      .optional()
      .meta({ usual: writeDuration(found.default) });
  }
  return choiceOf(found).optional().meta({ usual: found.default });
}

/** A subset of the settings by name; absent ones stay unchanged. Durations become milliseconds. */
export const settingsSchema = z.strictObject(
  Object.fromEntries((Object.keys(SETTINGS) as SettingName[]).map((name) => [name, setting(name)])),
);
