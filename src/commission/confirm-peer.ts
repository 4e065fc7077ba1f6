/**
 * A person confirms a peer near the box: with the arm clear and every lane in maintenance, because what the box then sends there is seen while nobody
 * stands below an arm.
 */
import type { App } from '../app/app.ts';
import { BY_UPDATE } from '../config/camera-address.ts';
import { outputPeers, type WrittenPeer, writtenPeers } from '../config/written-peers.ts';
import type { Clock } from '../driver.ts';
import { Problem } from '../http/problem.ts';
import { isPublicAddress } from '../outward/network-class.ts';
import { addressesOf } from '../outward/outward.ts';
import type { UserRole } from '../page/api/api.ts';
import type { NearPeer } from '../page/api/api-wizard.ts';
import type { JobMaker } from '../page/jobs.ts';
import { trialText } from '../text/commands/snapshot.ts';
import { peerText } from '../text/destinations/peers.made.ts';

export const confirmJob =
  (running: () => App): JobMaker =>
  (input, who) => {
    const peer = confirmRequest(input, who, running());
    return async () => {
      if (!(await running().peers.confirm(peer, who.user, 'page'))) throw new Problem('unavailable');
      return {};
    };
  };

/** Throws Problem: `forbidden` for all but installers, `invalid` without a peer and the word that the arm is clear, `conflict` while a lane works. */
function confirmRequest(
  input: Readonly<Record<string, unknown>>,
  { role }: { readonly role: UserRole },
  { config, bridges }: Pick<App, 'config' | 'bridges'>,
): WrittenPeer {
  if (role !== 'installer') throw new Problem('forbidden');
  const { armClear, use, name, sha256 } = input;
  const peer = [...writtenPeers(config), ...outputPeers(config)].find(
    (each) => each.use === use && each.name === name && each.sha256 === sha256,
  );
  if (peer === undefined) throw new Problem('invalid', { errors: [{ field: 'sha256', message: peerText.noPeer }] });
  if (armClear !== true) throw new Problem('invalid', { errors: [{ field: 'armClear', message: trialText.armClear }] });
  if (peer.acting !== undefined) throw new Problem('conflict', { detail: peerText.acting(peer.name, peer.acting) });
  if (peer.never !== undefined) throw new Problem('conflict', { detail: peerText.never[peer.never] });
  const atWork = config.lanes.filter(({ id }) => bridges.get(id)?.state.lane.kept.maintenance === null);
  if (atWork.length > 0)
    throw new Problem('conflict', { detail: trialText.notInMaintenance(atWork.map((lane) => lane.name)) });
  return peer;
}

const LOOKUP_MS = 1_000;

/** Those near the box, or nowhere as far as this box knows, that no person has confirmed; and what moved an arm. */
export async function unconfirmedPeers(
  { config, peers }: Pick<App, 'config' | 'peers'>,
  clock: Clock,
): Promise<readonly NearPeer[]> {
  const rows = await Promise.all(
    [...writtenPeers(config), ...outputPeers(config)].map(async (peer): Promise<NearPeer | undefined> => {
      const { use, name, shown, sha256 } = peer;
      if (peers.isStopped(peer)) return { use, name, shown, sha256, why: 'moved' };
      if (use === 'output') return undefined;
      const fact = peers.of(peer);
      if ((fact !== undefined && fact.by !== BY_UPDATE) || (await isFar(new URL(peer.url).hostname, clock)))
        return undefined;
      return { use, name, shown, sha256, why: fact === undefined ? 'unconfirmed' : 'byUpdate' };
    }),
  );
  return rows.flatMap((row) => row ?? []);
}

async function isFar(host: string, clock: Clock): Promise<boolean> {
  if (isPublicAddress(host)) return true;
  const ended = new AbortController();
  const late = clock.sleep(LOOKUP_MS, ended.signal).then((): readonly string[] => []);
  const found = await Promise.race([addressesOf(host.replaceAll(/^\[|\]$/g, '')).catch(() => []), late]);
  ended.abort();
  return found.length > 0 && found.every(isPublicAddress);
}
