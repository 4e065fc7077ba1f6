/**
 * A route: an operation of the table (`operations.ts`) with its words, the schema of its body and its handler. `page-app.ts` enforces role and schema before
 * the handler runs; the description (`openapi.ts`) is made from them. No path exists outside the table.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { fieldErrors } from '../http/check.ts';
import { Problem } from '../http/problem.ts';
import type { TokenScope } from '../http/token-scopes.ts';
import type { KnownToken } from '../http/tokens.ts';
import { routeText } from '../text/page/server.ts';
import type { Language, Text } from '../text/text.ts';
import type { OwnLanes } from './access/own-lanes.ts';
import type { Session } from './access/sessions.ts';
import type { UserRole } from './api/api.ts';
import { factsOf, type Operation, type RouteRole } from './operations.ts';

/** The user of a request. */
export interface Who {
  readonly user: string;
  readonly role: UserRole;
  /** Absent: a token. */
  readonly session?: Session;
  readonly token?: KnownToken;
  readonly own: OwnLanes;
}

export interface PageRequest {
  /** Values of `{name}` in the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly language: Language;
  /** Remote address: for counting only, no proof of identity. */
  readonly address: string;
  readonly incoming: IncomingMessage;
  /** Aborts when the client has left. */
  readonly gone: AbortSignal;
  /** Plates and pictures are not for this user (`page.maskPlates`). */
  readonly masks: boolean;
  /** Present unless the route is for anyone. */
  readonly who?: Who;
}

export interface JsonAnswer {
  readonly json: unknown;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

export type RouteResponse =
  | JsonAnswer
  /** JSON already: made beside the lanes' thread. */
  | { readonly jsonText: string; readonly status?: number; readonly headers?: JsonAnswer['headers'] }
  | { readonly bytes: Uint8Array | string; readonly type: string; readonly headers?: Readonly<Record<string, string>> }
  /** Sent as fast as the client reads. `ended` is called in every case. */
  | {
      readonly stream: Readable;
      readonly type: string;
      readonly headers?: Readonly<Record<string, string | number>>;
      readonly ended?: () => void;
    };

type Handle<B> = (request: PageRequest, body: B) => Promise<RouteResponse> | RouteResponse;

/** How an operation is answered. */
export interface RouteHandler {
  /** Of a JSON body. Without it and without `file` no body is read. */
  readonly body?: z.ZodType;
  readonly bodyBytesMax?: number;
  /** The body is a file: the handler gets its path, and owns it unless it throws. */
  readonly file?: { readonly type: string; readonly bytesMax: number; readonly msMax: number };
  /** Runs before the body of a file is read, and throws a Problem to refuse it. */
  readonly before?: (request: PageRequest) => Promise<void>;
  /** For the description: the query's parameters; of a name alone any text. */
  readonly query?: readonly string[] | z.ZodObject;
  readonly handle: Handle<never>;
}

/** Those of some operations. A function alone takes neither a body nor a query. */
export type RouteHandlers = Readonly<Partial<Record<Operation, RouteHandler | RouteHandler['handle']>>>;
type More = Pick<RouteHandler, 'bodyBytesMax' | 'before' | 'query'>;

export const withBody = <B>(body: z.ZodType<B>, handle: Handle<B>, more: More = {}): RouteHandler => ({
  ...more,
  ...{ body, handle },
});

/** The handler gets the path of the file. */
export const withFile = (
  file: NonNullable<RouteHandler['file']>,
  handle: Handle<string>,
  more: More = {},
): RouteHandler => ({
  ...more,
  ...{ file, handle },
});

/** The handler gets the query as its schema says. */
export const withQuery = <Q>(query: z.ZodObject & z.ZodType<Q>, handle: Handle<Q>): RouteHandler => ({
  query,
  handle: (request) => handle(request, queryOf(query, request)),
});

/** Checks the query by a schema. An empty value counts as missing. Throws Problem `invalid`. */
export function queryOf<T>(schema: z.ZodType<T>, { query }: PageRequest): T {
  const values = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
  const read = schema.safeParse(values, { reportInput: true, jitless: true });
  if (read.success) return read.data;
  throw new Problem('invalid', { errors: fieldErrors(read.error) });
}

export interface Route extends RouteHandler {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/api/v1/releases/{id}` */
  readonly path: string;
  readonly role: RouteRole;
  readonly scope?: TokenScope;
  readonly summary: Text;
  readonly answers: string;
}

/** What the table says of it. */
export function described(operation: Operation): Omit<Route, 'handle'> {
  const [method, path] = operation.split(' ') as [Route['method'], string];
  return { method, path, ...factsOf(operation), summary: routeText[operation] };
}

export const routesOf = (handlers: RouteHandlers): readonly Route[] =>
  (Object.entries(handlers) as [Operation, RouteHandler | RouteHandler['handle']][]).map(([operation, handler]) => ({
    ...described(operation),
    ...(typeof handler === 'function' ? { handle: handler } : handler),
  }));

/** As the audit log and the records name it: no user can have such a name. */
export const tokenUser = (name: string): string => `token:${name}`;

/** Of a route that no token may use. */
export function sessionOf(request: PageRequest): Session {
  const { session } = whoOf(request);
  if (session === undefined) throw new Problem('forbidden');
  return session;
}

/** The user, in a route that is not for anyone. */
export function whoOf(request: PageRequest): Who {
  return request.who as Who;
}
