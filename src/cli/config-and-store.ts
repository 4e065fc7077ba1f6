/** The configuration and the state folder of a command that reads both: for a folder that is named no configuration is needed. */
import type { Kinds } from '../config/devices.ts';
import { loadConfig } from '../config/file.ts';
import type { Config } from '../config/types.ts';

export function configAndStore(
  { config, store }: Readonly<Record<string, unknown>>,
  kinds: Kinds,
  environment: NodeJS.ProcessEnv,
): { readonly config?: Config; readonly path: string } {
  if (typeof store === 'string' && config === undefined) return { path: store };
  const loaded = loadConfig(config as string | undefined, kinds, environment);
  return { config: loaded, path: typeof store === 'string' ? store : loaded.store.path };
}
