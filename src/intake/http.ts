/**
 * The HTTP intake: paid exits and plates, pushed by the management system. It turns requests into events and answers 202 only when
 * the program has kept them. It knows no lane but by id, and it can open no barrier.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { readJson } from '../http/body.ts';
import { type ConnectionLimits, trustConnection } from '../http/connections.ts';
import { languageOf } from '../http/language.ts';
import { type HttpServer, listenHttp } from '../http/listener.ts';
import { PROBLEM_STATUS, Problem, problemDetails } from '../http/problem.ts';
import { httpLog } from '../text/http.ts';
import { intakeLog, problemText } from '../text/intake.ts';
import { cameraRoutes } from './camera-push.ts';
import type { Checked } from './check.ts';
import { intakeOpenApi } from './openapi.ts';
import { understandTold } from './platform.ts';
import { understandRead } from './reads.ts';
import { BODY_BYTES_MAX, receive, requestItems, sharedOf } from './receive.ts';
import { Refusals } from './refusals.ts';
import { Tokens } from './tokens.ts';
import type { Intake, IntakeOptions, Understood } from './types.ts';

type Bindings = { incoming: IncomingMessage; outgoing: ServerResponse };
type Request = Context<{ Bindings: Bindings }>;
type Understand = (value: unknown, source: string, options: IntakeOptions) => Checked<Understood>;

/** More systems than push to any box, and those that have nothing to say. */
const LIMITS: ConnectionLimits = {
  total: 128,
  trusted: 96,
  strangersPerAddress: 48,
  newPerSecond: 300,
  newAtOnce: 1_000,
  idleMs: 60_000,
};

export function createIntake(options: IntakeOptions & { readonly version: string }): Intake {
  const { config, clock, log } = options;
  // The globals of the program stay its own.
  const answer = getRequestListener(routes(options).fetch, { overrideGlobalObjects: false });
  let server: HttpServer | undefined;
  return {
    listen: async () => {
      server = await listenHttp({
        answer,
        clock,
        ...config.listen,
        limits: LIMITS,
        broken: (error) => log.error(intakeLog.broken(error.message)),
        onShed: (block, count) => log.warn(httpLog.shed('intake', block, count)),
      });
      log.info(
        intakeLog.listening(
          server.url,
          config.tokens.map(({ name }) => name),
        ),
      );
      for (const { name } of config.tokens) options.channels?.connected(name, true);
      return { url: server.url };
    },
    close: async () => server?.close(),
  };
}

function routes(options: IntakeOptions & { readonly version: string }): Hono<{ Bindings: Bindings }> {
  const { config, clock, log } = options;
  const app = new Hono<{ Bindings: Bindings }>();
  const tokens = new Tokens(config.tokens, clock);
  const shared = sharedOf(options);
  const refusals = new Refusals(clock, log);
  const description = JSON.stringify(intakeOpenApi(options.version));

  const post = (path: string, understand: Understand) => {
    app.post(path, async (request) => {
      const { incoming } = request.env;
      const holder = await tokens.admit(incoming.headers.authorization, incoming.socket.remoteAddress);
      trustConnection(incoming);
      try {
        const content = await readJson(incoming, clock, { bytesMax: BODY_BYTES_MAX });
        const items = requestItems(content);
        const { waitSeconds } = holder.bucket.take(items.length);
        if (waitSeconds > 0) throw new Problem('tooManyRequests', { headers: { 'retry-after': String(waitSeconds) } });
        const receipts = await receive(items, Array.isArray(content), {
          ...shared,
          refusals,
          understand: (value) => understand(value, holder.name, options),
          language: languageOf(incoming),
          sender: holder.name,
        });
        return request.json(Array.isArray(content) ? { results: receipts } : receipts[0], 202);
      } catch (error) {
        if (error instanceof Problem) refusals.add(error.code, holder.name);
        throw error;
      }
    });
    app.all(path, () => {
      throw new Problem('methodNotAllowed', { headers: { allow: 'POST' } });
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

function answer(problem: Problem, request: Request): Response {
  const headers = { ...problem.headers, 'content-type': 'application/problem+json' };
  const body = JSON.stringify(problemDetails(problem, languageOf(request.env.incoming), problemText));
  return new Response(body, { status: PROBLEM_STATUS[problem.code], headers });
}

function addressOf(request: Request): string {
  return request.env.incoming.socket.remoteAddress ?? 'unknown';
}
