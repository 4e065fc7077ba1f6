/** Joins what boxes of one park remember of each other with the store and the network. A part of the composition root; nothing waits for it. */
import { join } from 'node:path';
import type { Config } from '../config/types.ts';
import { ParkWitness } from '../evidence/park-witness.ts';
import { localBroadcast } from '../outward/local-broadcast.ts';
import type { Store } from '../store/types.ts';
import { neighboursUnheard } from '../text/app.made.ts';
import { destinationBox } from './destinations.ts';
import type { AppOptions } from './events.ts';

const FILE = 'park-heads.json';
/** As a flood is named in reports. */
const SENDER = 'UDP 8082';

/** In the networks in which the page is; undefined: in none. */
export function parkWitness(
  config: Config,
  options: Pick<AppOptions, 'clock' | 'on' | 'log' | 'hasNeighbours'> & { readonly store: Store },
): ParkWitness | undefined {
  const { enabled, listen } = config.page;
  const failed = ({ message }: Error): void => options.log.warn(neighboursUnheard(SENDER, message));
  const isMeant = options.hasNeighbours && enabled;
  const network = isMeant ? localBroadcast({ purpose: 'witness' }, listen.host, options.clock, failed) : undefined;
  if (network === undefined) return undefined;
  return new ParkWitness({
    ...{ ...options, box: destinationBox(config), network },
    park: { uuid: config.park.uuid, secret: config.cloud.secrets.appSecret.reveal() },
    file: join(config.store.path, FILE),
    flooded: () => options.on({ kind: 'flooded', from: SENDER }),
  });
}
