/** The description of the page's interface (OpenAPI 3.1), made from the table of routes, so that it cannot say anything else than what is there. */
import { z } from 'zod';
import { routeText } from '../text/page/server.ts';
import type { Language } from '../text/text.ts';
import { ROUTE_WHO, type Route } from './routes.ts';

export function pageOpenApi(routes: readonly Route[], version: string, language: Language): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const each of routes) {
    const path = paths[each.path] ?? {};
    paths[each.path] = path;
    path[each.method.toLowerCase()] = operation(each, language);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'lanewarden', version, description: routeText.api[language] },
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-lanewarden' } },
      schemas: {
        Problem: {
          type: 'object',
          properties: {
            code: { type: 'string' },
            title: { type: 'string' },
            detail: { type: 'string' },
            status: { type: 'integer' },
          },
        },
      },
    },
  };
}

function operation(route: Route, language: Language): unknown {
  const { role, body, file, query = [], answers = 'application/json' } = route;
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const isMedia = answers.includes('/');
  const open = role === 'anyone' || role === 'setup';
  const content =
    body !== undefined
      ? { 'application/json': { schema: schemaOf(body) } }
      : file && { [file.type]: { schema: { type: 'string', format: 'binary' } } };
  return {
    summary: route.summary[language],
    description: ROUTE_WHO[role][language],
    ...(open ? { security: [] } : { security: [{ session: [] }] }),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...query.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
    ],
    ...(content && { requestBody: { required: true, content } }),
    responses: {
      '2XX': { description: answers, content: { [isMedia ? answers : 'application/json']: {} } },
      default: {
        description: 'Problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function schemaOf(schema: z.ZodType): unknown {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}
