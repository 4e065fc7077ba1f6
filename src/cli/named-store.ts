/** The store that a command is about: how its folder is named, what is said where there is none, and its opening beside a running box. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import type { StoreOptions } from '../store/store.ts';
import type { Store } from '../store/types.ts';
import { cliText } from '../text/commands/cli.ts';
import { type CommandContext, EXIT, ExitError } from './command.ts';

type Named = Readonly<Record<string, unknown>>;

export const hasStore = (folder: string): boolean => existsSync(join(folder, 'lanewarden.db'));

/** What reads a configuration is loaded only where one is read: it takes as long as a walk over 200,000 rows. Throws ConfigError. */
export async function namedConfig({ config }: Named, context: Pick<CommandContext, 'environment' | 'kinds'>) {
  const { loadConfig } = await import('../config/file.ts');
  return loadConfig(config as string | undefined, await context.kinds(), context.environment);
}

/** For a folder that is named no configuration is needed. Throws ConfigError. */
export async function namedFolder(
  named: Named,
  context: Pick<CommandContext, 'environment' | 'kinds'>,
): Promise<{ readonly path: string; readonly config?: Config }> {
  const path = typeof named.store === 'string' ? named.store : undefined;
  if (path !== undefined && named.config === undefined) return { path };
  const config = await namedConfig(named, context);
  return { config, path: path ?? config.store.path };
}

/** Throws ExitError where there is no store in the folder. */
export async function namedStore(named: Named, context: CommandContext) {
  const found = await namedFolder(named, context);
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
