/** The destinations of the running box as rows of the page: the platform, the broker, and those of the configuration. */
import type { App } from '../../app/app.ts';
import type { DeliveryReceipt } from '../../delivery/request/delivery-receipt.ts';
import type { DestinationRow, QueueBrief } from '../../page/api/api.ts';
import { destinationFault } from '../../text/destinations/destination.ts';

/** Answers of the platform since the start. */
export class PlatformCounts {
  arrived = 0;
  failed = 0;

  add({ kind }: Pick<DeliveryReceipt, 'kind'>): void {
    if (kind === 'accepted') this.arrived += 1;
    else this.failed += 1;
  }
}

const PLATFORM_STATES = {
  working: 'working',
  idle: 'idle',
  offline: 'failing',
  refused: 'failing',
  paused: 'paused',
} as const;

export async function destinationRows(
  { destinations, published }: App,
  queue: QueueBrief,
  { arrived, failed }: PlatformCounts,
): Promise<readonly DestinationRow[]> {
  const { waiting, oldestForMs, uploader, why } = queue;
  const first: DestinationRow = {
    ...{ name: '4pyun', kind: '4pyun', state: PLATFORM_STATES[uploader], waiting, arrived, failed },
    ...(oldestForMs !== undefined && { oldestForMs }),
    ...(why !== undefined && { lastError: why }),
  };
  const others = [...(published === undefined ? [] : [await published.view()]), ...(await destinations.views())];
  return [
    first,
    ...others.map(({ lastError, ...row }) => ({
      ...row,
      ...(lastError !== undefined && { lastError: destinationFault(lastError) }),
    })),
  ];
}

/** Of the platform when none is named. false: there is none of this name that can be paused. */
export function pauseDestination({ uploads, destinations }: App, who: string, name = '4pyun'): boolean {
  if (name !== '4pyun') return destinations.pause(name, who);
  uploads.pause(who);
  return true;
}

export function resumeDestination({ uploads, destinations }: App, name = '4pyun'): boolean {
  if (name !== '4pyun') return destinations.resume(name);
  uploads.resume();
  return true;
}
