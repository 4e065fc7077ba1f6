/** Confirmed peers for a command beside the program: from the store of a box, which may be running. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import { readBoxKey } from '../evidence/box-key.ts';
import { openStore } from '../store/store.ts';
import { DATABASE_FILE } from '../store/thread/database.ts';
import { ConfirmedPeers } from './confirmed-peers.ts';

/** undefined: no box has run here, so none is confirmed. Rejects with StoreError. */
export async function withPeersOf<Value>(
  { store: { path } }: Pick<Config, 'store'>,
  clock: Clock,
  work: (peers: ConfirmedPeers | undefined) => Promise<Value> | Value,
): Promise<Value> {
  if (!existsSync(join(path, DATABASE_FILE))) return work(undefined);
  const key = await readBoxKey(join(path, 'page'));
  const store = await openStore({ path, clock, tool: true });
  try {
    return await work(await ConfirmedPeers.read({ store, clock, key }));
  } finally {
    await store.close();
  }
}
