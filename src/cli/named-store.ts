/** The store that a command is about: how its folder is named, what is said where there is none, and its opening beside a running box. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import type { Kinds } from '../config/devices.ts';
import type { Config } from '../config/types.ts';
import type { StoreOptions } from '../store/store.ts';
import type { Store } from '../store/types.ts';
import { cliText } from '../text/commands/cli.ts';
import { type CommandContext, EXIT, ExitError } from './command.ts';

type Named = Readonly<Record<string, unknown>>;
type KindsOf = Kinds | (() => Promise<Kinds>);

export const hasStore = (folder: string): boolean => existsSync(join(folder, 'lanewarden.db'));

/**
 * For a folder that is named no configuration is needed. What reads one is loaded only then: it takes as long as a walk over 200,000 rows.
 * Throws ConfigError.
 */
export async function namedFolder(
  { config, store }: Named,
  kinds: KindsOf,
  { environment }: Pick<CommandContext, 'environment'>,
): Promise<{ readonly path: string; readonly config?: Config }> {
  if (typeof store === 'string' && config === undefined) return { path: store };
  const { loadConfig } = await import('../config/file.ts');
  const all = typeof kinds === 'function' ? await kinds() : kinds;
  const loaded = loadConfig(config as string | undefined, all, environment);
  return { config: loaded, path: typeof store === 'string' ? store : loaded.store.path };
}

/** Throws ExitError where there is no store in the folder. */
export async function namedStore(named: Named, kinds: KindsOf, context: CommandContext) {
  const found = await namedFolder(named, kinds, context);
  if (!hasStore(found.path)) throw new ExitError(EXIT.noInput, cliText.noStore(found.path));
  return found;
}

/** Beside a running box, or without one. Without limits nothing is evicted. */
export async function withStore<Result>(
  path: string,
  work: (store: Store) => Promise<Result>,
  limits: Partial<StoreOptions> = { framesMaxBytes: Number.MAX_SAFE_INTEGER },
): Promise<Result> {
  const { openStore } = await import('../store/store.ts');
  const store = await openStore({ ...limits, path, clock: systemClock(), tool: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
