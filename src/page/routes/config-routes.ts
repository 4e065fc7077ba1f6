/** Routes of the configuration: read, check, edit a value, save (applies on trial), keep, revert, history. */

import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { auditText, pageText } from '../../text/page/server.ts';
import type { ConfigControl } from '../config-control.ts';
import type { JobRun } from '../jobs.ts';
import type { PageServer } from '../page.ts';
import { type PageRequest, type RouteHandlers, type RouteResponse, whoOf, withBody } from '../routes.ts';
import { beginJob } from './job-routes.ts';
import { found } from './watch-routes.ts';

/** A configuration is at most 1 MB; JSON may escape much of it. */
const BODY_BYTES_MAX = 3_000_000;
const yaml = z.string().max(1_000_000);
/** Changed at once. */
const SECRETS_MAX = 200;
const secrets = z
  .record(z.string().max(60), z.string().max(4_000).nullable())
  .refine((all) => Object.keys(all).length <= SECRETS_MAX)
  .default({});
const CHANGES_MAX = 100;
const change = {
  path: z
    .array(z.union([z.string().max(100), z.number().int().min(0).max(10_000)]))
    .min(1)
    .max(20),
  value: z.unknown().optional(),
};
/** A whole text, or changes of the one there is. */
const saved = z.union([
  z.strictObject({ yaml, base: z.string().max(100), secrets }),
  z.strictObject({ changes: z.array(z.strictObject(change)).max(CHANGES_MAX), secrets }),
]);

const LARGE = { bodyBytesMax: BODY_BYTES_MAX };
const nothing = z.strictObject({});

const control = ({ parts }: PageServer): ConfigControl => found(parts.config);

function editable<T>(edited: T | undefined): T {
  if (edited !== undefined) return edited;
  throw new Problem('invalid', { errors: [{ field: 'path', message: pageText.notEditable }] });
}

const apply = (page: PageServer, request: PageRequest, run: JobRun): Promise<RouteResponse> =>
  beginJob(page, request, 'apply', run, auditText.applied);

export function configRoutes(page: PageServer) {
  return {
    'GET /api/v1/config': async () => ({ jsonText: await control(page).view() }),
    'GET /api/v1/config/schema': {
      query: ['lang'],
      handle: async ({ query, language }) => {
        const wanted = query.lang === 'en' || query.lang === 'zh' ? query.lang : language;
        return { jsonText: await control(page).schema(wanted) };
      },
    },
    'POST /api/v1/config/check': withBody(
      z.strictObject({ yaml, secrets }),
      async (_, body) => ({ jsonText: await control(page).check(body.yaml, body.secrets) }),
      LARGE,
    ),
    'POST /api/v1/config/rehearse': withBody(
      z.strictObject({ yaml, secrets, system: z.string().max(80) }),
      async (request, { system, ...draft }) =>
        beginJob(page, request, 'readRow', await control(page).rehearse(draft, system), auditText.readRow(system)),
      LARGE,
    ),
    'POST /api/v1/config/edit': withBody(
      z.strictObject({ yaml, ...change }),
      async (_, { yaml: text, ...edit }) => ({ jsonText: editable(await control(page).edit(text, edit)) }),
      LARGE,
    ),
    'PUT /api/v1/config': withBody(
      saved,
      async (request, body) => apply(page, request, editable(await control(page).save(body, whoOf(request).user))),
      LARGE,
    ),
    'POST /api/v1/config/keep': withBody(nothing, async (request) => {
      await control(page).keep(whoOf(request).user);
      await page.note(whoOf(request).user, auditText.kept);
      return { jsonText: await control(page).view() };
    }),
    'POST /api/v1/config/revert': withBody(nothing, async (request) => {
      await control(page).revert();
      await page.note(whoOf(request).user, auditText.reverted);
      return { jsonText: await control(page).view() };
    }),
    'GET /api/v1/config/history': async () => ({ json: await control(page).history() }),
    'GET /api/v1/config/history/{id}': async ({ params }) => ({
      json: { yaml: found(await control(page).historyText(params.id ?? '')) },
    }),
    'POST /api/v1/config/history/{id}/rollback': withBody(nothing, async (request) =>
      apply(page, request, await control(page).rollback(request.params.id ?? '', whoOf(request).user)),
    ),
  } satisfies RouteHandlers;
}
