/** A destination as the page, the command `queue` and the metrics show it. */
import type { Clock } from '../../clock.ts';
import type { OutboundCount } from '../../store/outbound.ts';
import type { DestinationConfig } from '../settings.ts';

export interface DestinationView {
  readonly name: string;
  readonly kind: '4pyun' | 'mqtt' | DestinationConfig['kind'];
  /** `stopped`: it wants nothing more, until it is resumed. */
  readonly state: 'idle' | 'working' | 'failing' | 'paused' | 'stopped';
  /** Facts and messages not known to have arrived; the filter of the destination may leave some of them out. */
  readonly waiting: number;
  readonly oldestForMs?: number;
  /** Messages that arrived, and requests that failed, since the start. */
  readonly arrived: number;
  readonly failed: number;
  readonly lastError?: string;
}

interface ViewParts {
  readonly queue: { count(): Promise<OutboundCount> };
  readonly status: Pick<DestinationView, 'state' | 'arrived' | 'failed'> & { readonly lastError?: string | undefined };
  readonly store: { readonly time: { wallMsAt(nowMs: number): number } };
  readonly clock: Clock;
}

export async function destinationView(
  { name, kind }: Pick<DestinationView, 'name' | 'kind'>,
  { queue, status, store, clock }: ViewParts,
): Promise<DestinationView> {
  const { waiting, oldestWallMs } = await queue.count();
  const { state, arrived, failed, lastError } = status;
  const nowWallMs = store.time.wallMsAt(clock.nowMs());
  return {
    ...{ name, kind, state, waiting, arrived, failed },
    ...(oldestWallMs !== undefined && { oldestForMs: Math.max(0, Math.round(nowWallMs - oldestWallMs)) }),
    ...(lastError !== undefined && { lastError }),
  };
}
