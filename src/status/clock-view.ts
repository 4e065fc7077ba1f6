/** The box's time and how far it can be trusted, for the page. */
import type { ClockLive } from '../page/api/api.ts';
import type { TimeKeeping } from '../store/types.ts';

export const clockLive = (
  { quality, errorMs }: Pick<TimeKeeping, 'quality' | 'errorMs'>,
  wallMs: number,
): ClockLive => ({
  ...{ quality, wallMs },
  ...(errorMs !== undefined && { errorMs: Math.ceil(errorMs) }),
});
