/** Routes of the configuration: read, check, edit a value, save (applies on trial), keep, revert, history. */
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { auditText, pageText, routeText } from '../../text/page/server.ts';
import type { ConfigControl } from '../config-control.ts';
import type { JobRun } from '../jobs.ts';
import type { PageServer } from '../page.ts';
import { type PageRequest, type Route, type RouteResponse, route, whoOf } from '../routes.ts';
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
const path = z
  .array(z.union([z.string().max(100), z.number().int().min(0).max(10_000)]))
  .min(1)
  .max(20);

const common = { role: 'installer', bodyBytesMax: BODY_BYTES_MAX } as const;

export function configRoutes(page: PageServer): readonly Route[] {
  return [...editRoutes(page), ...trialRoutes(page), ...historyRoutes(page)];
}

function control({ parts: { config } }: PageServer): ConfigControl {
  if (config === undefined) throw new Problem('notFound');
  return config;
}

async function begin(page: PageServer, request: PageRequest, run: JobRun): Promise<RouteResponse> {
  const job = page.jobs.start('apply', run);
  await page.note(whoOf(request).user, auditText.applied);
  return { json: job, status: 202 };
}

function editRoutes(page: PageServer): readonly Route[] {
  return [
    route({
      ...common,
      role: 'auditor',
      method: 'GET',
      path: '/api/v1/config',
      summary: routeText.config,
      answers: 'ConfigView',
      handle: async () => ({ jsonText: await control(page).view() }),
    }),
    route({
      ...common,
      role: 'auditor',
      method: 'GET',
      path: '/api/v1/config/schema',
      summary: routeText.configSchema,
      answers: 'application/schema+json',
      query: ['lang'],
      handle: ({ query, language }) => {
        const wanted = query.lang === 'en' || query.lang === 'zh' ? query.lang : language;
        return { json: control(page).schema(wanted) };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/config/check',
      summary: routeText.configCheck,
      answers: 'ConfigCheck',
      body: z.strictObject({ yaml, secrets }),
      handle: async (_, body) => ({ jsonText: await control(page).check(body.yaml, body.secrets) }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/config/rehearse',
      summary: routeText.configRehearse,
      answers: 'Job',
      body: z.strictObject({ yaml, secrets, system: z.string().max(80) }),
      handle: async (request, { system, ...draft }) => {
        const job = page.jobs.start('readRow', await control(page).rehearse(draft, system));
        await page.note(whoOf(request).user, auditText.readRow(system));
        return { json: job, status: 202 };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/config/edit',
      summary: routeText.configEdit,
      answers: 'EditedYaml',
      body: z.strictObject({ yaml, path, value: z.unknown().optional() }),
      handle: async (_, body) => {
        const edited = await control(page).edit(body.yaml, body.path, body.value);
        if (edited === undefined)
          throw new Problem('invalid', { errors: [{ field: 'path', message: pageText.notEditable }] });
        return { jsonText: edited };
      },
    }),
  ];
}

function trialRoutes(page: PageServer): readonly Route[] {
  return [
    route({
      ...common,
      method: 'PUT',
      path: '/api/v1/config',
      summary: routeText.configSave,
      answers: 'Job',
      body: z.strictObject({ yaml, base: z.string().max(100), secrets }),
      handle: async (request, body) => begin(page, request, await control(page).save(body, whoOf(request).user)),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/config/keep',
      summary: routeText.configKeep,
      answers: 'ConfigView',
      body: z.strictObject({}),
      handle: async (request) => {
        await control(page).keep(whoOf(request).user);
        await page.note(whoOf(request).user, auditText.kept);
        return { jsonText: await control(page).view() };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/config/revert',
      summary: routeText.configRevert,
      answers: 'ConfigView',
      body: z.strictObject({}),
      handle: async (request) => {
        await control(page).revert();
        await page.note(whoOf(request).user, auditText.reverted);
        return { jsonText: await control(page).view() };
      },
    }),
  ];
}

function historyRoutes(page: PageServer): readonly Route[] {
  return [
    route({
      ...common,
      role: 'auditor',
      method: 'GET',
      path: '/api/v1/config/history',
      summary: routeText.configHistory,
      answers: 'HistoryRow[]',
      handle: async () => ({ json: await control(page).history() }),
    }),
    route({
      ...common,
      role: 'auditor',
      method: 'GET',
      path: '/api/v1/config/history/{id}',
      summary: routeText.configHistoryText,
      answers: 'HistoryYaml',
      handle: async ({ params }) => ({ json: { yaml: found(await control(page).historyText(params.id ?? '')) } }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/config/history/{id}/rollback',
      summary: routeText.configRollback,
      answers: 'Job',
      body: z.strictObject({}),
      handle: async (request) =>
        begin(page, request, await control(page).rollback(request.params.id ?? '', whoOf(request).user)),
    }),
  ];
}
