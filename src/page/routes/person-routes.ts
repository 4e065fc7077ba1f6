/** Routes of one person's data: found, given out and deleted by plate. The audit log says who did it, and names no plate. */
import { z } from 'zod';
import { auditText } from '../../text/page/server.ts';
import type { Text } from '../../text/text.ts';
import type { PageServer } from '../page.ts';
import { type PageRequest, type RouteHandlers, whoOf, withBody } from '../routes.ts';
import { asUnavailable, filesOf, madeFile } from './file-routes.ts';

const plate = z.string().trim().min(5).max(20);

export function personRoutes(page: PageServer) {
  const lines = async (
    request: PageRequest,
    named: string,
    what: Text,
    erase?: { readonly by: string; readonly why: string },
  ) => {
    const { language, gone } = request;
    const found = await filesOf(page).person(named, language, gone, erase).catch(asUnavailable);
    await page.note(whoOf(request).user, what);
    return { json: { lines: found } };
  };
  return {
    'POST /api/v1/person/find': withBody(z.strictObject({ plate }), (request, body) =>
      lines(request, body.plate, auditText.personFound),
    ),
    'POST /api/v1/person/export': withBody(z.strictObject({ plate }), (request, body) =>
      madeFile(page, request, 'person', auditText.personGiven, { plate: body.plate }),
    ),
    'POST /api/v1/person/erase': withBody(
      z.strictObject({ plate, why: z.string().trim().min(1).max(200) }),
      (request, body) =>
        lines(request, body.plate, auditText.personErased(body.why), { by: whoOf(request).user, why: body.why }),
    ),
  } satisfies RouteHandlers;
}
