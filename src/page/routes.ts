/**
 * The type of a route: method, path, role and schema of its body. `page-app.ts` enforces them before the handler runs; the description
 * (`openapi.ts`) is made from them. No path exists outside the table (`listener.ts`).
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { Problem } from '../http/problem.ts';
import type { TokenScope } from '../http/token-scopes.ts';
import type { KnownToken } from '../http/tokens.ts';
import type { Language, Text } from '../text/text.ts';
import type { OwnLanes } from './access/own-lanes.ts';
import type { Session } from './access/sessions.ts';
import type { Right, UserRole } from './api/api.ts';

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

export type RouteRole = Right | 'anyone' | 'setup';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/api/v1/releases/{id}` */
  readonly path: string;
  /**
   * `anyone`: without a session, and before there is a user. `setup`: only while there is no user.
   */
  readonly role: RouteRole;
  /** Of tokens that may, too, or that of a route for anyone see more; absent: none. Never of what changes the configuration, a lane or a user, or gives out a secret. */
  readonly scope?: TokenScope;
  readonly summary: Text;
  /** Of a JSON body. Without it and without `file` no body is read. */
  readonly body?: z.ZodType;
  readonly bodyBytesMax?: number;
  /** The body is a file: the handler gets its path, and owns it unless it throws. */
  readonly file?: { readonly type: string; readonly bytesMax: number; readonly msMax: number };
  /** Runs before the body of a file is read, and throws a Problem to refuse it. */
  readonly before?: (request: PageRequest) => Promise<void>;
  /** For the description: the query's parameters; of a name alone any text. */
  readonly query?: readonly string[] | z.ZodObject;
  /** For the description: the type of `api/` that is answered, `[]` behind it for a list, or a media type. */
  readonly answers: string;
  handle(request: PageRequest, body: never): Promise<RouteResponse> | RouteResponse;
}

/** A route whose handler gets its body as its schema says. */
export function route<B>(
  spec: Omit<Route, 'handle' | 'body'> & {
    readonly body?: z.ZodType<B>;
    handle(request: PageRequest, body: B): Promise<RouteResponse> | RouteResponse;
  },
): Route {
  return spec as Route;
}

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
