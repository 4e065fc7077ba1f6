/**
 * The checks every request passes before its handler: host name, route, session and role, same origin for changes, and limits of the body. They
 * stand in one place, so that no route can forget one.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { allowOnly, createHttpApp, type HttpApp, type HttpContext, streamAnswer } from '../http/app.ts';
import { bearerToken } from '../http/bearer.ts';
import { readJson, readToFile } from '../http/body.ts';
import { fieldErrors } from '../http/check.ts';
import { trustConnection } from '../http/connections.ts';
import { hostName } from '../http/host-name.ts';
import { languageOf } from '../http/language.ts';
import { CLOSE, Problem } from '../http/problem.ts';
import { noHelpText } from '../text/http.ts';
import { pageLog, pageText } from '../text/page/server.ts';
import type { Language } from '../text/text.ts';
import { isOwnName, isOwnRequest } from './access/hosts.ts';
import { withoutPlates } from './access/plate-mask.ts';
import type { Session } from './access/sessions.ts';
import { hasRight } from './api/rights.ts';
import { cookieOf, sessionCookieName } from './cookies.ts';
import type { Asset } from './files/assets.ts';
import type { HelpFile } from './files/help.ts';
import type { PageServer } from './page.ts';
import { type PageRequest, type Route, type RouteResponse, tokenUser, type Who } from './routes.ts';

const JSON_BYTES_MAX = 64_000;
const NO_HOST_LOGGED_EVERY_MS = 60_000;
/** What an open page asks by itself, with nobody at it, does not keep its session alive. */
const AUTOMATIC_HEADER = 'lanewarden-automatic';
/** Wrong fields named in one answer. */
const FIELDS_MAX = 20;
const DISK_REFUSES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);
/** `blob:` is a picture that the page itself was given: the QR code of the platform. */
const CONTENT_POLICY =
  "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'self'";

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export interface PageFiles {
  readonly assets: ReadonlyMap<string, Asset>;
  readonly help: ReadonlyMap<string, HelpFile>;
}

export function createPageApp(page: PageServer, routes: readonly Route[], { assets, help }: PageFiles): HttpApp {
  const app = createHttpApp({
    headers: HEADERS,
    before: requireOwnName(page),
    problemOf: storeProblem,
    broken: (message) => page.log.error(pageLog.broken(message)),
  });
  for (const [path, asset] of assets) app.on(['GET', 'HEAD'], path, (request) => assetAnswer(request, asset));
  for (const [path, file] of help) app.on(['GET', 'HEAD'], path, () => helpAnswer(file));
  if (help.size === 0) app.on('GET', '/help/*', async ({ env }) => noHelp(languageOf(env.incoming)));
  const methodsByPath = new Map<string, string[]>();
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    methodsByPath.set(path, [...(methodsByPath.get(path) ?? []), route.method]);
    app.on(route.method, path, (request) => handle(request, route, page));
  }
  allowOnly(app, methodsByPath);
  return app;
}

/** A browser always names the host; without its name the page could be opened under one that another site has bound to this box. */
function requireOwnName(page: PageServer): (incoming: IncomingMessage) => void {
  let loggedMs = Number.NEGATIVE_INFINITY;
  return ({ headers, socket }) => {
    const name = hostName(headers.host);
    if (name !== undefined && isOwnName(name, page.parts.hosts())) return;
    if (name !== undefined) throw new Problem('foreign');
    const nowMs = page.clock.nowMs();
    if (nowMs - loggedMs >= NO_HOST_LOGGED_EVERY_MS) {
      loggedMs = nowMs;
      page.log.warn(pageLog.noHost(socket.remoteAddress ?? 'unknown'));
    }
    throw new Problem('foreign', { detail: pageText.noHost });
  };
}

async function handle(request: HttpContext, route: Route, page: PageServer): Promise<Response> {
  const { incoming, outgoing } = request.env;
  const who = await whoMay(request, route, page);
  // A browser adds no token by itself, so another site cannot use one.
  if (route.method !== 'GET' && who?.token === undefined && !isOwnRequest(incoming, page.transport.secure))
    throw new Problem('foreign');
  const pageRequest: PageRequest = {
    params: request.req.param(),
    query: request.req.query(),
    language: languageOf(incoming),
    address: incoming.socket.remoteAddress ?? 'unknown',
    incoming,
    gone: goneSignal(outgoing),
    masks: who !== undefined && !hasRight(who.role, 'office') && page.parts.masksPlates?.() === true,
    ...(who && { who }),
  };
  const answer =
    route.file !== undefined
      ? await handleFile(route, route.file, pageRequest, page)
      : await route.handle(pageRequest, (await bodyOf(incoming, route, page)) as never);
  return answerOf(pageRequest.masks ? masked(answer) : answer, outgoing, page);
}

function masked(answer: RouteResponse): RouteResponse {
  if ('jsonText' in answer) return { ...answer, jsonText: withoutPlates(answer.jsonText) };
  if (!('json' in answer)) return answer;
  const { json, ...rest } = answer;
  return { ...rest, jsonText: withoutPlates(JSON.stringify(json)) };
}

/** Aborts when the client has left. */
function goneSignal(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (outgoing.destroyed) gone.abort();
  outgoing.once('close', () => gone.abort());
  return gone.signal;
}

/** A handler that resolves owns the file; after an error it is removed here. */
async function handleFile(
  route: Route,
  limits: NonNullable<Route['file']>,
  pageRequest: PageRequest,
  page: PageServer,
): Promise<RouteResponse> {
  await route.before?.(pageRequest);
  const path = join(page.parts.folder, `in-${randomUUID()}`);
  await readToFile(pageRequest.incoming, page.clock, limits, path);
  try {
    return await route.handle(pageRequest, path as never);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Throws Problem: setup, unauthorized, forbidden, notFound. */
async function whoMay(request: HttpContext, route: Route, page: PageServer): Promise<Who | undefined> {
  const { accounts, parts } = page;
  const { headers } = request.env.incoming;
  const token = cookieOf(headers.cookie, sessionCookieName(page.transport.secure));
  const who = findWho(page, token, headers[AUTOMATIC_HEADER] === undefined);
  if (who !== undefined) trustConnection(request.env.incoming);
  const mayHaveToken = route.role === 'anyone' ? route.scope !== undefined : route.role !== 'setup';
  if (mayHaveToken && bearerToken(headers.authorization) !== undefined) {
    const asked = tokenWho(page, request.env.incoming, route);
    // What is everybody's stays so with a token that admits nobody: a monitor must not take the box for dead.
    return route.role === 'anyone' ? asked.catch(() => who) : asked;
  }
  if (route.role === 'anyone') return who;
  const isNew = accounts.isEmpty && parts.demo === undefined;
  if (route.role === 'setup') {
    if (!isNew) throw new Problem('notFound');
    return undefined;
  }
  // The body of a stranger is not read.
  if (isNew) throw new Problem('setup', CLOSE);
  if (who === undefined) throw new Problem('unauthorized', CLOSE);
  if (!hasRight(who.role, route.role)) throw new Problem('forbidden', CLOSE);
  return who;
}

/** Before there is a user, too. Throws Problem: unauthorized, tooManyRequests, forbidden. */
async function tokenWho(page: PageServer, incoming: IncomingMessage, { scope }: Route): Promise<Who> {
  const address = incoming.socket.remoteAddress;
  const token = await page.tokens.admit(incoming.headers.authorization, address).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'unauthorized') throw error;
    page.tokenRefused(address);
    throw new Problem('unauthorized', { headers: error.headers, detail: pageText.badToken });
  });
  if (scope === undefined || !token.scopes.includes(scope))
    throw new Problem('forbidden', { ...CLOSE, detail: pageText.missingScope(scope) });
  trustConnection(incoming);
  return { user: tokenUser(token.name), role: 'viewer', token, own: undefined };
}

/** With the present role, not that of the login; undefined for a deleted user. */
export function findWho(page: PageServer, token: string | undefined, isUse = true): Who | undefined {
  const session = page.sessions.find(token, isUse);
  return session === undefined ? undefined : whoHas(page, session);
}

export function whoHas(page: PageServer, session: Session): Who | undefined {
  const isDemo = page.parts.demo !== undefined && session.user === pageText.demoUser;
  const role = page.accounts.role(session.user) ?? (isDemo ? 'installer' : undefined);
  return role === undefined ? undefined : { user: session.user, role, session, own: page.accounts.lanes(session.user) };
}

async function bodyOf(incoming: IncomingMessage, route: Route, page: PageServer): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const { body, bodyBytesMax = JSON_BYTES_MAX } = route;
  const read = body.safeParse(await readObject(incoming, page.clock, bodyBytesMax), {
    reportInput: true,
    jitless: true,
  });
  if (read.success) return read.data;
  throw new Problem('invalid', { errors: fieldErrors(read.error).slice(0, FIELDS_MAX) });
}

/** One JSON object. */
async function readObject(incoming: IncomingMessage, clock: Clock, bytesMax: number): Promise<unknown> {
  const value = await readJson(incoming, clock, { bytesMax });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('json');
  return value;
}

function answerOf(answer: RouteResponse, outgoing: ServerResponse, page: PageServer): Response {
  if ('stream' in answer) {
    return streamAnswer(outgoing, answer, answer.stream, (error) => {
      if (error !== undefined) page.log.error(pageLog.broken(error.message));
      answer.ended?.();
    });
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    for (const each of [value].flat()) headers.append(name, each as string);
  if ('json' in answer || 'jsonText' in answer) {
    headers.set('content-type', 'application/json');
    return new Response('json' in answer ? JSON.stringify(answer.json) : answer.jsonText, {
      status: answer.status ?? 200,
      headers,
    });
  }
  headers.set('content-type', answer.type);
  return new Response(answer.bytes as Uint8Array<ArrayBuffer> | string, { status: 200, headers });
}

async function assetAnswer(request: HttpContext, asset: Asset): Promise<Response> {
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

const helpAnswer = async ({ type, read }: HelpFile): Promise<Response> =>
  new Response((await read()) as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': type, 'cache-control': 'no-cache' },
  });

const noHelp = (language: Language): Response =>
  new Response(noHelpText[language], { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });

/** An error of the disk or of the store on it is no defect: the record does not exist, or the disk refuses now. */
function storeProblem(error: Error): Problem | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  const isStore = error.name === 'StoreError';
  if (isStore && code === 'unknown') return new Problem('notFound');
  if (DISK_REFUSES.has(code) || (isStore && (code === 'unavailable' || code === 'full')))
    return new Problem('unavailable', { detail: pageText.diskRefuses });
  return isStore ? new Problem('unavailable') : undefined;
}
