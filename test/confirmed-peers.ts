/** Peers of a test on loopback, confirmed as the page does it: signed by the key of the box, and kept in its store. */
import { join } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../drivers/index.ts';
import { ConfirmedPeers } from '../src/app/confirmed-peers.ts';
import { systemClock } from '../src/clock.ts';
import { loadConfig } from '../src/config/file.ts';
import { type WrittenPeer, writtenPeers } from '../src/config/written-peers.ts';
import { openBoxKey } from '../src/evidence/box-key.ts';
import type { Store } from '../src/store/types.ts';
import { open, temporaryFolder } from './store/open.ts';

export async function confirmedPeers(
  store: Store,
  peers: readonly (WrittenPeer | undefined)[],
  keyFolder = temporaryFolder(),
): Promise<ConfirmedPeers> {
  const confirmed = await ConfirmedPeers.read({ store, clock: systemClock(), key: await openBoxKey(keyFolder) });
  for (const peer of peers) if (peer !== undefined) await confirmed.confirm(peer, 'li', 'page');
  return confirmed;
}

/** All that a configuration names, before its box starts. */
export async function confirmConfigured(file: string): Promise<void> {
  const config = loadConfig(file, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {});
  const { path } = config.store;
  const store = await open({ path, wallTrusted: true });
  await confirmedPeers(store, writtenPeers(config), join(path, 'page'));
  await store.close();
}
