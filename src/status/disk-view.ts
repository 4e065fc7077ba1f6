/** The disk for the page: what is free, what pictures take, and what is wrong. */

import type { App } from '../app/app.ts';
import type { DiskLive } from '../page/api/api.ts';
import { pictureForecast, RESERVE_BYTES } from '../store/files/picture-forecast.ts';
import type { Room } from '../store/types.ts';
import { given } from '../text/given.ts';

export function diskLive({ config, store }: Pick<App, 'config' | 'store'>, room: Room, wallMs: number): DiskLive {
  const { freeBytes, framesBytes, bytesPerDay, damage, wear } = room;
  const { framesMaxBytes, keep, keepFramesMs, keepRecordsMs } = config.store;
  const forecast = pictureForecast(room, config.store, wallMs);
  const { stalled, unkept } = store.status();
  const left = Math.max(0, freeBytes - RESERVE_BYTES);
  // Within the quota old pictures make room for new ones: only the disk itself can become full.
  const isBounded = framesMaxBytes - framesBytes <= left;
  return {
    ...{ freeBytes, framesBytes, framesMaxBytes, ...given({ stalled, unkept, damage, wear }) },
    kept: { profile: keep, framesMs: keepFramesMs, recordsMs: keepRecordsMs, ...given({ forecast }) },
    ...(bytesPerDay !== undefined && bytesPerDay > 0 && !isBounded && { daysLeft: left / bytesPerDay }),
  };
}
