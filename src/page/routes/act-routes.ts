/** Routes of actions: releases, the queue, maintenance of a lane, and the cars of the demonstration. */

import { z } from 'zod';
import { plainText } from '../../http/plain-text.ts';
import { Problem } from '../../http/problem.ts';
import { textStream } from '../../http/send.ts';
import { given } from '../../text/given.ts';
import { demoFaultText } from '../../text/page/demo.ts';
import { auditText, pageText } from '../../text/page/server.ts';
import { BYTE_ORDER_MARK } from '../../text/spreadsheet.ts';
import { withoutPlates } from '../access/plate-mask.ts';
import type { ReleaseListRow } from '../api/api.ts';
import type { ReleaseAction } from '../box.ts';
import type { PageServer } from '../page.ts';
import { type PageRequest, type RouteHandlers, type RouteResponse, whoOf, withBody } from '../routes.ts';
import { csvOf } from './csv.ts';
import { actingVoiceOf, allFilters, found, idOf, releaseFilter } from './watch-routes.ts';

const why = z.string().trim().pipe(plainText(200));
const nothing = z.strictObject({});
const maintenance = z.union([
  z.strictObject({ minutes: z.number().int().min(1).max(1440), reason: why }),
  z.strictObject({ off: z.literal(true), reason: z.union([z.literal(''), plainText(200)]).optional() }),
]);
/** The platform when left out. */
const ofDestination = z.strictObject({ destination: z.string().max(40).optional() });

export function actRoutes(page: PageServer) {
  return {
    'POST /api/v1/releases/{id}/report': withBody(nothing, (request) => act(page, request, { kind: 'report' })),
    'POST /api/v1/releases/{id}/dismiss': withBody(z.strictObject({ why }), (request, body) =>
      act(page, request, { kind: 'dismiss', why: body.why, voice: actingVoiceOf(page, whoOf(request)) }),
    ),
    'POST /api/v1/releases/{id}/retry': withBody(nothing, (request) => act(page, request, { kind: 'retry' })),
    'POST /api/v1/releases/{id}/correct': withBody(
      z.strictObject({
        plate: z.union([z.literal(''), z.string().trim().pipe(plainText(16))]).optional(),
        method: z.string().max(40).optional(),
        why,
      }),
      (request, body) => act(page, request, { kind: 'correct', ...given(body) }),
    ),
    'GET /api/v1/releases.csv': { query: allFilters, handle: (request) => csvAnswer(page, request) },
    'POST /api/v1/queue/retry': withBody(nothing, async (request) => {
      const count = await page.box().retryAll(whoOf(request).user);
      await page.note(whoOf(request).user, auditText.retriedAll(count));
      return { json: { count } };
    }),
    'POST /api/v1/queue/pause': withBody(ofDestination, async (request, { destination }) => {
      const { user } = whoOf(request);
      if (!page.box().pause(user, destination)) throw new Problem('notFound');
      await page.note(user, auditText.paused(destination));
      return { json: await page.box().queue() };
    }),
    'POST /api/v1/queue/resume': withBody(ofDestination, async (request, { destination }) => {
      if (!page.box().resume(destination)) throw new Problem('notFound');
      await page.note(whoOf(request).user, auditText.resumed(destination));
      return { json: await page.box().queue() };
    }),
    'POST /api/v1/lanes/{id}/maintenance': withBody(maintenance, async (request, body) => {
      const { user } = whoOf(request);
      const { id = '' } = request.params;
      const { reason } = body;
      const mostMinutes = page.box().maintenanceMaxMs / 60_000;
      if ('minutes' in body && body.minutes > mostMinutes)
        throw new Problem('invalid', {
          errors: [{ field: 'minutes', message: pageText.maintenanceTooLong(mostMinutes) }],
        });
      const mode = { ...('minutes' in body && { minutes: body.minutes }), ...given({ reason }) };
      const lane = found(await page.box().maintenance(id, mode, user));
      await page.note(user, auditText.maintenance(lane.name, mode.minutes, reason));
      return { json: lane };
    }),
    'GET /api/v1/demo': () => {
      const { faults, active } = found(found(page.parts.demo).controls);
      return { json: faults.map((name) => ({ name, text: demoFaultText(name), on: active.includes(name) })) };
    },
    'POST /api/v1/demo': withBody(
      z.union([
        z.strictObject({ car: z.enum(['paid', 'manual', 'tailgater', 'trailer']) }),
        z.strictObject({ fault: z.string().max(40), on: z.boolean() }),
      ]),
      (_, body) => {
        const demo = found(page.parts.demo);
        if ('car' in body) demo.car(body.car);
        else if (!found(demo.controls).fault(body.fault, body.on)) throw new Problem('notFound');
        return { json: {} };
      },
    ),
  } satisfies RouteHandlers;
}

async function act(page: PageServer, request: PageRequest, action: ReleaseAction): Promise<RouteResponse> {
  const id = idOf(request);
  const { user } = whoOf(request);
  const wished = action.kind === 'dismiss' ? (await page.box().release(id))?.wishedAway : undefined;
  const outcome = await page.box().act(id, action, user);
  if (outcome === 'invalid')
    throw new Problem('invalid', { errors: [{ field: 'method', message: pageText.noMethod }] });
  // Its state allows the action: the obstacle is temporary.
  if (outcome === 'conflict' && (await page.box().release(id))?.can.includes(action.kind))
    throw new Problem('busy', { detail: action.kind === 'correct' ? pageText.onWireOrSame : pageText.onWire });
  if (outcome !== 'done') throw new Problem(outcome);
  const detail = found(await page.box().release(id));
  const dismissal = detail.wishedAway ? 'askDismiss' : wished ? 'agreeDismiss' : 'dismiss';
  const kind = action.kind === 'dismiss' ? dismissal : action.kind;
  await page.note(user, auditText.acted(kind, [id], 'why' in action ? action.why : undefined));
  return { json: detail };
}

/** Streams all rows, slice by slice, as fast as the browser reads. */
async function csvAnswer(page: PageServer, request: PageRequest): Promise<RouteResponse> {
  const slices = page.box().releaseSlices(releaseFilter(page, request))[Symbol.asyncIterator]();
  // An error of the store surfaces before the answer begins.
  const first = await slices.next();
  return {
    stream: textStream(csvTexts(first, slices, request)),
    type: 'text/csv; charset=utf-8',
    headers: { 'content-disposition': 'attachment; filename="releases.csv"' },
  };
}

async function* csvTexts(
  first: IteratorResult<readonly ReleaseListRow[]>,
  slices: AsyncIterator<readonly ReleaseListRow[]>,
  { language, masks }: Pick<PageRequest, 'language' | 'masks'>,
): AsyncGenerator<string> {
  // Excel recognises UTF-8 by the byte order mark.
  yield BYTE_ORDER_MARK + csvOf([], language, true);
  for (let slice = first; slice.done !== true; slice = await slices.next()) {
    const rows = masks ? (JSON.parse(withoutPlates(JSON.stringify(slice.value))) as typeof slice.value) : slice.value;
    const text = csvOf(rows, language);
    if (text !== '') yield text;
  }
}
