/** A received event as a line of the commissioning page. */

import type { IntakeEvent } from '../intake/events.ts';
import type { ReceivedRow } from '../page/api/api-setup.ts';
import { given } from '../text/given.ts';

export function receivedRow(event: IntakeEvent, atWallMs: number, expired: boolean): ReceivedRow | undefined {
  const lane = event.laneId === undefined ? {} : { lane: event.laneId };
  if (event.kind === 'grant') {
    const { plate, source } = event.grant;
    return {
      atWallMs,
      kind: 'grant',
      ...lane,
      ...given({ plate }),
      source,
      ...(expired && { expired: true as const }),
    };
  }
  if (event.kind === 'plate') return { atWallMs, kind: 'plate', ...lane, plate: event.plate.text, source: 'intake' };
  return undefined;
}
