/** The disk for the page: what is free, what pictures take, and what is wrong. */
import type { App } from '../app/app.ts';
import type { Overview } from '../page/api/api.ts';
import type { Room } from '../store/types.ts';

/** Free space below this is the reserve, which pictures may not use. */
const RESERVE_BYTES = 40_000_000;

export function diskLive(
  { config, store }: Pick<App, 'config' | 'store'>,
  { freeBytes, framesBytes, bytesPerDay, damage }: Room,
): Overview['disk'] {
  const { framesMaxBytes } = config.store;
  const { stalled, unkept } = store.status();
  const left = Math.max(0, freeBytes - RESERVE_BYTES);
  // Within the quota old pictures make room for new ones: only the disk itself can become full.
  const isBounded = framesMaxBytes - framesBytes <= left;
  return {
    freeBytes,
    framesBytes,
    framesMaxBytes,
    ...(bytesPerDay !== undefined && bytesPerDay > 0 && !isBounded && { daysLeft: left / bytesPerDay }),
    ...(stalled !== undefined && { stalled }),
    ...(unkept && { unkept }),
    ...(damage && { damage }),
  };
}
