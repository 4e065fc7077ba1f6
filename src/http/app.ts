/**
 * The application both servers build on: headers of every answer, allowed methods of a path, problem details for every error. It knows no route
 * and no session. The only room that imports Hono.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import type { ProblemText } from '../text/http.ts';
import { hostName } from './host-name.ts';
import { languageOf } from './language.ts';
import { PROBLEM_STATUS, Problem, type ProblemCode, problemDetails } from './problem.ts';
import { type StreamHead, sendStream } from './send.ts';

interface NodeBindings {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

export type HttpApp = Hono<{ Bindings: NodeBindings }>;
export type HttpContext = Context<{ Bindings: NodeBindings }>;

export interface HttpAppOptions {
  /** Of every answer, beside those against sniffing and caching. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Codes that this server words differently. */
  readonly texts?: Readonly<Partial<Record<ProblemCode, ProblemText>>>;
  /** Runs before every route; throws Problem. */
  readonly before?: (incoming: IncomingMessage) => void;
  /** Called with every problem that is answered. */
  readonly onProblem?: (problem: Problem, incoming: IncomingMessage) => void;
  /** The problem behind an error of another class; undefined: a defect, reported by `broken` and answered with code `broken`. */
  readonly problemOf?: (error: Error) => Problem | undefined;
  readonly broken: (message: string) => void;
}

export function createHttpApp(options: HttpAppOptions): HttpApp {
  const app: HttpApp = new Hono();
  const headers = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', ...options.headers };
  const answer = (problem: Problem, { env }: HttpContext): Response => {
    options.onProblem?.(problem, env.incoming);
    const body = JSON.stringify(problemDetails(problem, languageOf(env.incoming), options.texts));
    return new Response(body, {
      status: PROBLEM_STATUS[problem.code],
      headers: { ...problem.headers, 'content-type': 'application/problem+json' },
    });
  };
  app.use(async ({ env }, next) => {
    if (!env.outgoing.headersSent)
      for (const [name, value] of Object.entries(headers)) env.outgoing.setHeader(name, value);
    options.before?.(env.incoming);
    await next();
  });
  app.notFound((context) => answer(new Problem('notFound'), context));
  app.onError((error, context) => {
    if (error instanceof Problem) return answer(error, context);
    const problem = options.problemOf?.(error);
    if (problem === undefined || problem.code !== 'notFound') options.broken(error.stack ?? error.message);
    return answer(problem ?? new Problem('broken'), context);
  });
  return app;
}

/** Answers other methods of these paths with `methodNotAllowed`. Call after the paths have their routes. */
export function allowOnly(app: HttpApp, methodsByPath: ReadonlyMap<string, readonly string[]>): void {
  for (const [path, methods] of methodsByPath)
    app.all(path, () => {
      throw new Problem('methodNotAllowed', { headers: { allow: methods.join(', ') } });
    });
}

export function requestListener(app: HttpApp): RequestListener {
  // The globals of the program stay its own.
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false, hostname: NO_HOST });
  return (incoming, outgoing) => {
    makeReadable(incoming);
    return listener(incoming, outgoing);
  };
}

/** Of a request without `Host`, as old cameras and PLCs send: routes depend on the path only. */
const NO_HOST = 'localhost';

/** Hono's server refuses, with an empty answer and before any code of ours, what is no URL. Each request gets an answer of ours instead. */
function makeReadable(incoming: IncomingMessage): void {
  const { url = '', headers } = incoming;
  if (headers.host !== undefined && hostName(headers.host) === undefined) delete headers.host;
  const path = url.replaceAll('\\', '%5C');
  incoming.url = path.startsWith('/') || /^https?:/.test(path) ? path : `/${path}`;
  if (!URL.canParse(incoming.url, `http://${NO_HOST}`)) incoming.url = '/';
}

/** Answers with a stream. `ended` gets the error that cut it, unless the client left. */
export function streamAnswer(
  outgoing: ServerResponse,
  head: StreamHead,
  source: Parameters<typeof sendStream>[2],
  ended: (error: Error | undefined) => void,
): Response {
  void sendStream(outgoing, head, source).then(ended);
  return RESPONSE_ALREADY_SENT;
}
