/**
 * Where things told from outside go: what every way in (HTTP, MQTT) is given, so that a thing told over two of them counts once. It knows no
 * way in.
 */

import type { Clock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import { Memory } from '../intake/deduplication.ts';
import type { IntakeEvent, IntakeOptions } from '../intake/types.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/types.ts';
import type { Bridge } from './bridge.ts';

export interface ToldParts {
  readonly config: Config;
  readonly options: {
    readonly clock: Clock;
    readonly log: Log;
    readonly on: (event: { readonly kind: 'told'; readonly event: IntakeEvent }) => void;
  };
  readonly store: Store;
  readonly bridges: ReadonlyMap<string, Bridge>;
}

export type Told = Omit<IntakeOptions, 'config' | 'cameras'>;

export function toldOf({ config, options, store, bridges }: ToldParts): Told {
  const { clock, log } = options;
  return {
    clock,
    log,
    memory: new Memory(clock),
    lanes: config.lanes,
    parkUuid: config.park.uuid,
    laneTimeMs: (wallMs) => store.boot.laneOffsetMs + clock.nowMs() - (store.time.wallMsAt(clock.nowMs()) - wallMs),
    laneNowMs: () => store.boot.laneOffsetMs + clock.nowMs(),
    accept: async (event) => {
      const outcome = await accepted(event, bridges, store);
      if (outcome === 'accepted') options.on({ kind: 'told', event });
      return outcome;
    },
  };
}

/**
 * An event from outside goes to the lanes it is for; it is accepted when it would survive a power cut. While the disk refuses the lanes know of
 * it all the same, because records leave from memory and none may accuse a car that paid; whoever told it tells it again.
 */
async function accepted(
  event: IntakeEvent,
  bridges: ReadonlyMap<string, Bridge>,
  store: Store,
): Promise<'accepted' | 'full'> {
  for (const [laneId, bridge] of bridges) {
    if (event.laneId !== undefined && event.laneId !== laneId) continue;
    const atMs = bridge.nowMs();
    if (event.kind === 'grant') bridge.feed({ kind: 'grant', grant: event.grant, atMs });
    else if (event.kind === 'plate')
      bridge.feed({ kind: 'plate', plate: event.plate, atMs: Math.min(atMs, event.readAtMs) });
    else {
      const reason = event.reason === undefined ? {} : { reason: event.reason };
      bridge.feed({ kind: 'mode', mode: 'keepOpen', on: event.on, ...reason, atMs });
    }
  }
  if (store.status().stalled !== undefined) return 'full';
  await store.journal.flush();
  return 'accepted';
}
