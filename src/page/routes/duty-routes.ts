/** Routes of duty: who is on duty, signing on by PIN, the PINs themselves, and known vehicles as a CSV. */
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { FREE_ATTEMPTS } from '../../http/login-throttle.ts';
import { plainText } from '../../http/plain-text.ts';
import { Problem } from '../../http/problem.ts';
import { dutyText } from '../../text/duty.ts';
import { auditText, pageText } from '../../text/page/server.ts';
import { ownDuty, requireOwn } from '../access/own-lanes.ts';
import { PIN_FORM } from '../api/forms.ts';
import type { PageServer } from '../page.ts';
import { type PageRequest, type RouteHandlers, type RouteResponse, whoOf, withBody, withFile } from '../routes.ts';

const CSV_FILE = { type: 'text/csv', bytesMax: 20_000_000, msMax: 120_000 };
const operator = z.string().trim().pipe(plainText(40));
const lanes = z.array(z.string().max(40)).min(1).max(50).optional();
const pin = z.string().regex(PIN_FORM);
const named = z.strictObject({ operator, pin, lanes, newPin: pin.optional() });

export function dutyRoutes(page: PageServer) {
  return {
    'GET /api/v1/duty': (request) => viewOf(page, request),
    'POST /api/v1/duty/sign-on': withBody(named, (request, body) => sign(page, request, body, true)),
    'POST /api/v1/duty/sign-off': withBody(named, (request, body) => sign(page, request, body, false)),
    'POST /api/v1/duty/affirm': withBody(z.strictObject({ lanes }), async (request, body) => {
      const { user } = whoOf(request);
      const affirmed = await page.box().affirmDuty(user, ownLanes(request, body.lanes));
      if (affirmed.length > 0)
        await page.note(user, dutyText.affirmed(affirmed.map(({ lane, operator: who }) => `${lane} ${who}`)));
      return viewOf(page, request);
    }),
    'PUT /api/v1/duty/pins': withBody(z.strictObject({ operator, pin: pin.optional() }), async (request, body) => {
      const { user } = whoOf(request);
      const done = body.pin === undefined ? 'removed' : 'set';
      await page.pins.set(body.operator, body.pin, user);
      await page.note(user, dutyText.pin(done, body.operator));
      page.report({ why: 'pin', who: user, detail: { operator: body.operator, done } });
      return viewOf(page, request);
    }),
    'PUT /api/v1/vehicles': withFile(
      CSV_FILE,
      async (request, path) => {
        const bytes = await readFile(path);
        await rm(path, { force: true });
        const { user } = whoOf(request);
        const list = await page.parts.readVehicles(bytes);
        if (list.faults.length > 0) throw new Problem('invalid', { errors: list.faults });
        const replace = request.query.replace === '1';
        if (await page.parts.waiting?.holdsVehicles(bytes, { count: list.count, replace }, user)) {
          await page.note(user, auditText.vehiclesWait(list.count));
          return { json: { taken: 0, removed: 0, waits: true } };
        }
        const result = await page.box().importVehicles(list, replace, user);
        await page.note(user, auditText.vehicles(result.taken, result.removed));
        page.report({ why: 'vehicles', who: user, detail: { taken: result.taken, removed: result.removed } });
        return { json: result };
      },
      { query: ['replace'] },
    ),
  } satisfies RouteHandlers;
}

async function viewOf(page: PageServer, request: PageRequest): Promise<RouteResponse> {
  const { own } = whoOf(request);
  const view = await page.box().duty(own);
  return { json: ownDuty({ ...view, operators: page.pins.names() }, own) };
}

/** Those named, or all that the user sees. Throws Problem `otherLane`. */
function ownLanes(request: PageRequest, wanted: readonly string[] | undefined): readonly string[] | undefined {
  const { own } = whoOf(request);
  if (wanted !== undefined) requireOwn(own, wanted);
  return wanted ?? own;
}

async function sign(
  page: PageServer,
  request: PageRequest,
  body: z.output<typeof named>,
  on: boolean,
): Promise<RouteResponse> {
  const { user } = whoOf(request);
  const wanted = ownLanes(request, body.lanes);
  // By user: another session of his does not begin to count anew.
  const checked = await page.pins.check(body.operator, user, body.pin);
  if (typeof checked === 'number') {
    if (checked === FREE_ATTEMPTS)
      await page.note(user, auditText.wrongPins(body.operator, request.address), 'refusals');
    throw new Problem('wrongPin');
  }
  // Somebody else knows it: from now on only its owner does.
  if (checked.once && body.newPin === undefined) throw new Problem('pinToChange');
  if (body.newPin === body.pin) throw new Problem('weakPin', { detail: pageText.samePin });
  const isOwn = checked.setBy === undefined;
  const session = `${user} (${request.address})`;
  if (!(await page.box().signOn(body.operator, wanted, on, isOwn ? undefined : session)))
    throw new Problem('invalid', { errors: [{ field: 'lanes', message: pageText.noLane }] });
  await page.note(body.operator, on ? auditText.signedOn : auditText.signedOff, 'visits');
  if (!isOwn) {
    await page.note(user, auditText.signedForeign(body.operator, checked.setBy ?? ''));
    page.report({ why: 'signOn', who: session, detail: { operator: body.operator, on, setBy: checked.setBy } });
  }
  if (body.newPin !== undefined) {
    await page.pins.change(body.operator, body.newPin, checked, user);
    await page.note(user, dutyText.pin('changed', body.operator));
    page.report({ why: 'pin', who: session, detail: { operator: body.operator, done: 'changed' } });
  }
  return viewOf(page, request);
}
