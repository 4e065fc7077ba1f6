/** What came in from outside as a line of the commissioning page. */
import type { IntakeEvent } from '../intake/types.ts';
import type { ToldRow } from '../page/api/api-setup.ts';

export function toldRow(event: IntakeEvent, atWallMs: number, expired: boolean): ToldRow | undefined {
  const lane = event.laneId === undefined ? {} : { lane: event.laneId };
  if (event.kind === 'grant') {
    const { plate, source } = event.grant;
    return {
      atWallMs,
      kind: 'grant',
      ...lane,
      ...(plate !== undefined && { plate }),
      source,
      ...(expired && { expired: true as const }),
    };
  }
  if (event.kind === 'plate') return { atWallMs, kind: 'plate', ...lane, plate: event.plate.text, source: 'intake' };
  return undefined;
}
