/**
 * The description of the page's interface (OpenAPI 3.1): paths from the table of routes, so that it matches what is served, answers from the
 * types that the page is compiled against, and examples that ask this box.
 */
import type { z } from 'zod';
import { contractWebhooks } from '../delivery/contract.ts';
import { bodySchema, defaultProblem, openApiDocument } from '../http/openapi.ts';
import { curlOf, type OwnAddress } from '../http/own-address.ts';
import { pageText, routeRole, routeText } from '../text/page/server.ts';
import type { Language } from '../text/text.ts';
import { EXAMPLE_BODY, type ExampleIds, examplePath } from './api/examples.ts';
import type { Route } from './routes.ts';

type Described = Omit<Route, 'handle'>;

export interface PageOpenApiParts {
  readonly routes: readonly Described[];
  readonly version: string;
  readonly language: Language;
  /** By the name of the type. */
  readonly schemas: Readonly<Record<string, object>>;
  readonly address: OwnAddress;
  readonly ids: ExampleIds;
}

export function pageOpenApi(parts: PageOpenApiParts): unknown {
  const { routes, version, language, schemas, address } = parts;
  const paths: Record<string, Record<string, unknown>> = {};
  for (const each of routes) {
    const path = paths[each.path] ?? {};
    paths[each.path] = path;
    path[each.method.toLowerCase()] = operation(each, parts);
  }
  const document = openApiDocument({
    version,
    description: routeText['GET /api/openapi.json'][language],
    servers: [{ url: address.origin }],
    paths,
    securitySchemes: {
      session: { type: 'apiKey', in: 'cookie', name: '__Host-lanewarden' },
      token: { type: 'http', scheme: 'bearer', description: pageText.tokenScopes[language] },
    },
    schemas,
  });
  return { ...document, webhooks: contractWebhooks(language) };
}

function operation(route: Described, parts: PageOpenApiParts): unknown {
  const { role, scope, body, file, query = [] } = route;
  const { language } = parts;
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const isOpen = role === 'anyone' || role === 'setup';
  const example = EXAMPLE_BODY[`${route.method} ${route.path}`];
  const content =
    body !== undefined
      ? { 'application/json': { schema: bodySchema(body), example } }
      : file && { [file.type]: { schema: { type: 'string', format: 'binary' } } };
  return {
    operationId: operationId(route),
    summary: route.summary[language],
    description: routeRole[role][language],
    security: isOpen ? [] : [{ session: [] }, ...(scope === undefined ? [] : [{ token: [scope] }])],
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...queryParameters(query),
    ],
    ...(content && { requestBody: { required: true, content } }),
    responses: { '2XX': answer(route, parts), default: defaultProblem },
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: commandOf(route, parts) }],
  };
}

function queryParameters(query: NonNullable<Route['query']>): readonly object[] {
  const schemas = Array.isArray(query)
    ? query.map((name: string) => [name, { type: 'string' }] as const)
    : Object.entries(
        (bodySchema(query as z.ZodObject) as { readonly properties: Readonly<Record<string, object>> }).properties,
      );
  return schemas.map(([name, schema]) => ({ name, in: 'query', schema }));
}

/** `getReleasesByIdTimeline`: unique, since the path is. */
function operationId({ method, path }: Described): string {
  const words = path.replace(/^\/api(\/v1)?/, '').replaceAll(/\{(\w+)\}/g, 'by-$1');
  return method.toLowerCase() + words.replaceAll(/[/.-](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function answer({ answers }: Described, { schemas }: PageOpenApiParts): unknown {
  const ref = (name: string) => (name in schemas ? { $ref: `#/components/schemas/${name}` } : {});
  const json = (schema: object) => ({ description: answers, content: { 'application/json': { schema } } });
  if (answers === 'text/event-stream')
    return { description: 'LiveEvent', content: { [answers]: { schema: ref('LiveEvent') } } };
  if (/json$/.test(answers)) return { description: answers, content: { [answers]: { schema: { type: 'object' } } } };
  if (answers.includes('/')) return { description: answers, content: { [answers]: { schema: { type: 'string' } } } };
  const [, item] = /^(\w+)\[\]$/.exec(answers) ?? [];
  return item === undefined ? json(ref(answers)) : json({ type: 'array', items: ref(item) });
}

const INTO: Readonly<Record<string, string>> = { 'application/zip': 'lanewarden.zip', 'image/jpeg': 'picture.jpg' };

/** With a token where one may; else with the session that the example of the login keeps. */
function commandOf(route: Described, { address, ids }: PageOpenApiParts): string {
  const { method, path, role, scope, file, answers } = route;
  const isLogin = path === '/api/v1/login' || role === 'setup';
  const body = EXAMPLE_BODY[`${method} ${path}`];
  const into = INTO[answers];
  return curlOf(address, {
    method,
    path: examplePath(path, ids),
    as: isLogin ? 'login' : role === 'anyone' ? 'nobody' : scope === undefined ? 'session' : 'token',
    ...(route.body !== undefined && { body: body }),
    ...(file && { file: { name: 'FILE', type: file.type } }),
    ...(into !== undefined && { into }),
  });
}
