/** Routes of commissioning: its choices, and the acceptance sheet of a lane. Its steps are jobs (`job-routes.ts`). */

import { z } from 'zod';
import { given } from '../../text/given.ts';
import { auditText } from '../../text/page/server.ts';
import type { Commissioning } from '../commissioning.ts';
import type { PageServer } from '../page.ts';
import { type RouteHandlers, whoOf, withBody } from '../routes.ts';
import { found } from './watch-routes.ts';

const words = z.string().max(200);
/** More signals than a lane has. */
const TAUGHT_MAX = 16;
const notes = z.strictObject({
  installer: words.optional(),
  site: words.optional(),
  remarks: z.string().max(1_000).optional(),
  forget: words.optional(),
  taught: z
    .array(z.strictObject({ role: words, device: words, point: words, activeLow: z.boolean() }))
    .max(TAUGHT_MAX)
    .optional(),
  confirmed: z.boolean().optional(),
  accepted: z.boolean().optional(),
  told: z
    .strictObject({
      atWallMs: z.number(),
      kind: z.enum(['grant', 'plate']),
      lane: words.optional(),
      plate: words.optional(),
      source: words,
    })
    .optional(),
});

export function wizardRoutes(page: PageServer) {
  const here = (): Commissioning => found(page.parts.commissioning);
  const sheet = async (lane: string) => found(await here().sheet(lane));
  return {
    'GET /api/v1/ports': async () => ({ json: (await here().choices()).ports }),
    'GET /api/v1/commissioning': async () => ({ json: await here().choices() }),
    'GET /api/v1/commissioning/{lane}': async ({ params }) => ({ json: await sheet(params.lane ?? '') }),
    'PUT /api/v1/commissioning/{lane}': withBody(notes, async (request, body) => {
      const { lane } = await sheet(request.params.lane ?? '');
      const { told, ...notes } = body;
      await here().note(lane, given({ ...notes, told: told && given(told) }), whoOf(request).user);
      return { json: await sheet(lane) };
    }),
    'DELETE /api/v1/commissioning/{lane}': async (request) => {
      const { lane } = await sheet(request.params.lane ?? '');
      await here().clear(lane);
      await page.note(whoOf(request).user, auditText.sheetClear(lane));
      return { json: await sheet(lane) };
    },
    'GET /api/v1/commissioning/{lane}/picture': async ({ params }) => ({
      bytes: found(await here().picture(params.lane ?? '')),
      type: 'image/jpeg',
    }),
  } satisfies RouteHandlers;
}
