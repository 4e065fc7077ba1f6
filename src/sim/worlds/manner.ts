/** What is usual in a world: who comes, how they drive, how rough its field and its messages are. Numbers only; `worlds.ts` has them by name. */
import type { FeedManner } from './feed.ts';
import type { Manners, Mix } from './people.ts';
import type { SightManner } from './sight.ts';
import type { Roughness } from './site.ts';
import type { Outage } from './truth.ts';

export interface WorldManner {
  readonly mix: Mix;
  readonly manners: Manners;
  readonly rough: Roughness;
  readonly sight: SightManner;
  readonly feed: FeedManner;
  /** The installer has said outright that the relay is no payment; left out: the box finds out by what is told. */
  readonly relayIsNoGrant?: true;
  /** The clock of the management system is off by up to so much. */
  readonly senderOffsetMs: number;
  readonly lanes: 1 | 2;
  readonly direction: 'exit' | 'entry' | 'both';
  /** A camera reads the vehicle of the lane beside. */
  readonly neighbourReads: number;
  /** At the end of each such time the messages are lost: `told`, the box knows it; `half` of them, and nobody knows. */
  readonly feedLoss?: { readonly everyMs: number; readonly forMs: number; readonly how: 'told' | 'silent' | 'half' };
  /** How many an hour. */
  readonly outages: Readonly<Partial<Record<Outage['kind'], number>>>;
}
