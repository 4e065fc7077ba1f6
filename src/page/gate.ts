/**
 * What every request passes before its handler: the name it called the box by, the route, the session and its role, that a change was asked for
 * by a page of the box itself, and the limits of its body. One place, so that no route can forget one of them.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import type { Clock } from '../clock.ts';
import { readJson, readToFile } from '../http/body.ts';
import { trustConnection } from '../http/connections.ts';
import { languageOf } from '../http/language.ts';
import { PROBLEM_STATUS, Problem, problemDetails } from '../http/problem.ts';
import { sendStream } from '../http/send.ts';
import { pageLog, pageText } from '../text/page/server.ts';
import { hostName, isOwnName, isOwnRequest } from './access/hosts.ts';
import type { Session } from './access/sessions.ts';
import type { Asset } from './assets.ts';
import { cookieOf, sessionCookieName } from './cookies.ts';
import type { PageServer } from './page.ts';
import { type PageRequest, RANK, type Route, type RouteResponse, type Who } from './routes.ts';

type Bindings = { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse };
type Request = Context<{ Bindings: Bindings }>;

const JSON_BYTES_MAX = 64_000;
const DISK_REFUSES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);
const CONTENT_POLICY =
  "default-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'self'";

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export function createGate(
  page: PageServer,
  routes: readonly Route[],
  assets: ReadonlyMap<string, Asset>,
): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();
  app.use(async (request, next) => {
    if (!request.env.outgoing.headersSent)
      for (const [name, value] of Object.entries({ ...HEADERS, 'cache-control': 'no-store' }))
        request.env.outgoing.setHeader(name, value);
    const name = hostName(request.req.header('host'));
    if (name === undefined || !isOwnName(name, page.parts.hosts())) throw new Problem('foreign');
    await next();
  });
  for (const [path, asset] of assets) app.on(['GET', 'HEAD'], path, (request) => assetAnswer(request, asset));
  const methodsByPath = new Map<string, string[]>();
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    methodsByPath.set(path, [...(methodsByPath.get(path) ?? []), route.method]);
    app.on(route.method, path, (request) => handle(request, route, page));
  }
  for (const [path, methods] of methodsByPath)
    app.all(path, () => {
      throw new Problem('methodNotAllowed', { headers: { allow: methods.join(', ') } });
    });
  app.notFound((request) => problemAnswer(new Problem('notFound'), request));
  app.onError((error, request) => {
    if (error instanceof Problem) return problemAnswer(error, request);
    if (isNoRecord(error)) return problemAnswer(new Problem('notFound'), request);
    page.log.error(pageLog.broken(error.stack ?? error.message));
    return problemAnswer(diskProblem(error) ?? new Problem('broken'), request);
  });
  return app;
}

async function handle(request: Request, route: Route, page: PageServer): Promise<Response> {
  const { incoming, outgoing } = request.env;
  const who = await whoMay(request, route, page);
  if (route.method !== 'GET' && !isOwnRequest(incoming, page.transport.secure)) throw new Problem('foreign');
  const asked: PageRequest = {
    params: request.req.param(),
    query: request.req.query(),
    language: languageOf(incoming),
    address: incoming.socket.remoteAddress ?? 'unknown',
    incoming,
    gone: goneSignal(outgoing),
    ...(who && { who }),
  };
  if (route.file !== undefined) return answerOf(await handleFile(route, route.file, asked, page), outgoing, page);
  return answerOf(await route.handle(asked, (await bodyOf(incoming, route, page)) as never), outgoing, page);
}

/** Aborts when nobody waits for the answer any more. */
function goneSignal(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (outgoing.destroyed) gone.abort();
  outgoing.once('close', () => gone.abort());
  return gone.signal;
}

/** The file is the handler's when it took it; one that was refused is removed here. */
async function handleFile(
  route: Route,
  limits: NonNullable<Route['file']>,
  asked: PageRequest,
  page: PageServer,
): Promise<RouteResponse> {
  const path = join(page.parts.folder, `in-${randomUUID()}`);
  await readToFile(asked.incoming, page.clock, limits, path);
  try {
    return await route.handle(asked, path as never);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Throws Problem: setup, unauthorized, forbidden, notFound. */
async function whoMay(request: Request, route: Route, page: PageServer): Promise<Who | undefined> {
  const { accounts, parts } = page;
  const who = findWho(page, cookieOf(request.env.incoming.headers.cookie, sessionCookieName(page.transport.secure)));
  if (who !== undefined) trustConnection(request.env.incoming);
  if (route.role === 'anyone') return who;
  const isNew = accounts.isEmpty && parts.demo === undefined;
  if (route.role === 'setup') {
    if (!isNew) throw new Problem('notFound');
    return undefined;
  }
  // The body of a stranger is not read.
  const close = { headers: { connection: 'close' } };
  if (isNew) throw new Problem('setup', close);
  if (route.role === 'metrics') {
    const [, token] = /^Bearer (\S{1,200})$/.exec(request.req.header('authorization') ?? '') ?? [];
    if (who === undefined && (token === undefined || parts.isToken?.(token) !== true))
      throw new Problem('unauthorized', close);
    trustConnection(request.env.incoming);
    return who;
  }
  if (who === undefined) throw new Problem('unauthorized', close);
  if (RANK[who.role] < RANK[route.role]) throw new Problem('forbidden', close);
  return who;
}

/** The role is that of now, whatever it was at the login; who was deleted is nobody. */
export function findWho(page: PageServer, token: string | undefined): Who | undefined {
  const session = page.sessions.find(token);
  return session === undefined ? undefined : whoHas(page, session);
}

export function whoHas(page: PageServer, session: Session): Who | undefined {
  const isDemo = page.parts.demo !== undefined && session.user === pageText.demoUser;
  const role = page.accounts.role(session.user) ?? (isDemo ? 'installer' : undefined);
  return role === undefined ? undefined : { user: session.user, role, session };
}

async function bodyOf(incoming: IncomingMessage, route: Route, page: PageServer): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const { body, bodyBytesMax = JSON_BYTES_MAX } = route;
  const read = body.safeParse(await readObject(incoming, page.clock, bodyBytesMax));
  if (read.success) return read.data;
  throw new Problem('invalid', {
    errors: read.error.issues.slice(0, 20).map(({ path, message, code, ...issue }) => ({
      field: [...path, ...('keys' in issue ? [(issue.keys as string[]).join(', ')] : [])].map(String).join('.'),
      message: pageText.wrongField(code, message),
    })),
  });
}

/** One JSON object. */
async function readObject(incoming: IncomingMessage, clock: Clock, bytesMax: number): Promise<unknown> {
  const value = await readJson(incoming, clock, { bytesMax });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('json');
  return value;
}

function answerOf(answer: RouteResponse, outgoing: ServerResponse, page: PageServer): Response {
  if ('stream' in answer) {
    void sendStream(outgoing, answer, answer.stream).then((error) => {
      if (error !== undefined) page.log.error(pageLog.broken(error.message));
      answer.ended?.();
    });
    return RESPONSE_ALREADY_SENT;
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    for (const each of [value].flat()) headers.append(name, each as string);
  if ('json' in answer) {
    headers.set('content-type', 'application/json');
    return new Response(JSON.stringify(answer.json), { status: answer.status ?? 200, headers });
  }
  headers.set('content-type', answer.type);
  return new Response(answer.bytes as Uint8Array<ArrayBuffer> | string, { status: 200, headers });
}

async function assetAnswer(request: Request, asset: Asset): Promise<Response> {
  const headers = new Headers({
    'content-type': asset.type,
    etag: asset.etag,
    vary: 'accept-encoding',
    'cache-control': asset.lasting ? 'public, max-age=31536000, immutable' : 'no-store',
  });
  if (request.req.header('if-none-match') === asset.etag) return new Response(null, { status: 304, headers });
  const isPacked = /\bgzip\b/.test(request.req.header('accept-encoding') ?? '');
  if (isPacked) headers.set('content-encoding', 'gzip');
  const bytes = isPacked ? await asset.packed() : asset.bytes;
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
}

function problemAnswer(problem: Problem, request: Request): Response {
  const headers = { ...problem.headers, 'content-type': 'application/problem+json' };
  const body = JSON.stringify(problemDetails(problem, languageOf(request.env.incoming)));
  return new Response(body, { status: PROBLEM_STATUS[problem.code], headers });
}

/** Asked for by a number that nothing has. */
const isNoRecord = (error: Error): boolean =>
  error.name === 'StoreError' && (error as NodeJS.ErrnoException).code === 'unknown';

/** The disk, or the store on it, does not take or answer it now: that is no mistake of ours. */
function diskProblem(error: Error): Problem | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  const isRefused = DISK_REFUSES.has(code) || (error.name === 'StoreError' && ['unavailable', 'full'].includes(code));
  if (isRefused) return new Problem('unavailable', { detail: pageText.diskRefuses });
  return error.name === 'StoreError' ? new Problem('unavailable') : undefined;
}
