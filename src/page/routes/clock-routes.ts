/** Routes of the clock: what it is worth, and taking it from the phone of the installer who asks. */
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { clockText } from '../../text/clock.ts';
import type { ClockView } from '../api/api-clock.ts';
import type { PageServer } from '../page.ts';
import { type RouteHandlers, sessionOf, withBody } from '../routes.ts';

/** Before this no box existed; after it none is left. */
const FIRST_WALL_MS = Date.UTC(2026, 0, 1);
const LAST_WALL_MS = Date.UTC(2100, 0, 1);

export function clockRoutes(page: PageServer) {
  const { machineClock } = page.parts;
  const view = async (): Promise<ClockView> => {
    if (machineClock !== undefined) return machineClock.view();
    const { clock } = (await page.parts.box()?.overview()) ?? {};
    const { clock: machine } = page;
    const unknown = { quality: 'unknown', wallMs: Math.round(machine.wallMs()) } as const;
    return { ...(clock ?? unknown), nowMs: machine.nowMs(), cannot: clockText.needsPackage };
  };
  return {
    'GET /api/v1/clock': async () => ({ json: await view() }),
    'POST /api/v1/clock': withBody(
      z.strictObject({
        nowMs: z.number().positive(),
        wallMs: z.number().min(FIRST_WALL_MS).max(LAST_WALL_MS),
        roundTripMs: z.number().min(0),
      }),
      async (request, time) => {
        const { user } = sessionOf(request);
        if (machineClock === undefined) throw new Problem('unavailable', { detail: clockText.needsPackage });
        const { byMs, errorMs } = await machineClock.take(time, user);
        await page.note(user, clockText.taken(byMs, errorMs));
        return { json: await view() };
      },
    ),
  } satisfies RouteHandlers;
}
