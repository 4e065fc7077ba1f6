/**
 * The HTTP intake: paid exits and plates, pushed by the management system. It turns requests into events and answers 202 only when
 * the program has kept them. It knows no lane but by id, and it can open no barrier.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { intakeLog } from '../text/intake.ts';
import type { Language } from '../text/text.ts';
import { readJson } from './body.ts';
import { cameraRoutes } from './camera-push.ts';
import type { Checked } from './check.ts';
import { openApi } from './openapi.ts';
import { understandTold } from './platform.ts';
import { PROBLEM_STATUS, Problem, problemBody } from './problem.ts';
import { understandRead } from './reads.ts';
import { itemsOf, receive, sharedOf } from './receive.ts';
import { Refusals } from './refusals.ts';
import { type Holder, Tokens } from './tokens.ts';
import type { Intake, IntakeOptions, Understood } from './types.ts';

type Bindings = { incoming: IncomingMessage; outgoing: ServerResponse };
type Request = Context<{ Bindings: Bindings }>;
type Understand = (value: unknown, source: string, options: IntakeOptions) => Checked<Understood>;

/** More systems than push to any box; further connections wait in the kernel or are closed. */
const CONNECTIONS_MAX = 64;
const CLOSE_MS = 2_000;
/** `requestTimeout` stands behind our own limit for bodies (body.ts), which can say what was wrong. */
const SERVER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
};

export function createIntake(options: IntakeOptions & { readonly version: string }): Intake {
  const { config, log } = options;
  const server = createAdaptorServer({
    fetch: routes(options).fetch,
    // The globals of the program stay its own.
    overrideGlobalObjects: false,
    createServer,
    serverOptions: SERVER_LIMITS,
  }) as Server;
  server.maxConnections = CONNECTIONS_MAX;
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.listen.port, config.listen.host, () => {
          server.off('error', reject);
          server.on('error', (error) => log.error(intakeLog.broken(error.message)));
          const { address, port, family } = server.address() as AddressInfo;
          const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
          log.info(
            intakeLog.listening(
              url,
              config.tokens.map(({ name }) => name),
            ),
          );
          for (const { name } of config.tokens) options.channels?.connected(name, true);
          resolve({ url });
        });
      }),
    close: () => closeServer(server, options),
  };
}

async function closeServer(server: Server, { clock }: IntakeOptions): Promise<void> {
  if (!server.listening) return;
  const closed = new AbortController();
  server.close(() => closed.abort());
  server.closeIdleConnections();
  await clock.sleep(CLOSE_MS, closed.signal);
  server.closeAllConnections();
}

function routes(options: IntakeOptions & { readonly version: string }): Hono<{ Bindings: Bindings }> {
  const { config, clock, log } = options;
  const app = new Hono<{ Bindings: Bindings }>();
  const tokens = new Tokens(config.tokens, clock);
  const shared = sharedOf(options);
  const refusals = new Refusals(clock, log);
  const description = JSON.stringify(openApi(options.version));

  const post = (path: string, understand: Understand) => {
    app.post(path, async (request) => {
      const holder = authorize(request, tokens);
      try {
        const content = await readJson(request.env.incoming, clock);
        const items = itemsOf(content);
        const { waitSeconds } = holder.bucket.take(items.length);
        if (waitSeconds > 0) throw new Problem('tooManyRequests', [], { 'retry-after': String(waitSeconds) });
        const receipts = await receive(items, Array.isArray(content), {
          ...shared,
          refusals,
          understand: (value) => understand(value, holder.name, options),
          language: languageOf(request),
          sender: holder.name,
        });
        return request.json(Array.isArray(content) ? { results: receipts } : receipts[0], 202);
      } catch (error) {
        if (error instanceof Problem) refusals.add(error.code, holder.name);
        throw error;
      }
    });
    app.all(path, () => {
      throw new Problem('methodNotAllowed', [], { allow: 'POST' });
    });
  };

  app.use(async (request, next) => {
    await next();
    request.res.headers.set('x-content-type-options', 'nosniff');
    request.res.headers.set('cache-control', 'no-store');
  });
  post('/api/v1/grants', understandTold);
  post('/api/v1/plates', understandRead);
  app.get('/api/openapi.json', (request) => request.body(description, 200, { 'content-type': 'application/json' }));
  if (options.cameras !== undefined) app.route('/api/v1/cameras', cameraRoutes(options.cameras, options, refusals));
  app.notFound((request) => answer(new Problem('notFound'), request));
  app.onError((error, request) => {
    if (error instanceof Problem) {
      if (error.code === 'unauthorized') refusals.add(error.code, addressOf(request));
      return answer(error, request);
    }
    log.error(intakeLog.broken(error.stack ?? error.message));
    return answer(new Problem('broken'), request);
  });
  return app;
}

function authorize(request: Request, tokens: Tokens): Holder {
  const holder = tokens.holder(request.req.header('authorization'));
  if (holder !== undefined) return holder;
  const { waitSeconds } = tokens.bad(addressOf(request));
  // The body of a stranger is not read.
  const close = { connection: 'close' };
  if (waitSeconds > 0) throw new Problem('tooManyRequests', [], { ...close, 'retry-after': String(waitSeconds) });
  throw new Problem('unauthorized', [], { ...close, 'www-authenticate': 'Bearer' });
}

function answer(problem: Problem, request: Request): Response {
  const headers = { ...problem.headers, 'content-type': 'application/problem+json' };
  return new Response(problemBody(problem, languageOf(request)), { status: PROBLEM_STATUS[problem.code], headers });
}

/** English for who asks for it before Chinese; Chinese for everybody else. */
function languageOf(request: Request): Language {
  const [first = ''] = (request.req.header('accept-language') ?? '').split(',');
  return /^\s*en\b/i.test(first) ? 'en' : 'zh';
}

function addressOf(request: Request): string {
  return request.env.incoming.socket.remoteAddress ?? 'unknown';
}
