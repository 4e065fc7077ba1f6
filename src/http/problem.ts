/** Problem details (RFC 9457) of both servers, with a closed set of codes. Knows no route. */
import { httpProblemText, type ProblemText } from '../text/http.ts';
import type { Language, Text } from '../text/text.ts';

export type ProblemCode =
  | 'setup' // no password has been set yet: only the set-up page answers
  | 'unauthorized' // no session or token, or one that is not valid (any more)
  | 'wrongPassword' // or no such user: the answer does not say which
  | 'wrongCode' // not the set-up code
  | 'weakPassword' // shorter than 12 characters, or guessed first
  | 'wrongPin' // or nobody of this name has one
  | 'pinToChange' // the PIN was set by somebody else: a new one is wanted with it
  | 'weakPin' // not six digits, or guessed first
  | 'forbidden' // the role is too low, or the token lacks the scope
  | 'otherLane' // the user sees some lanes only, and this is of another one
  | 'foreign' // Host, Origin or Sec-Fetch-Site say that the request comes from another site
  | 'plainHttp' // plain HTTP on a port that speaks TLS only
  | 'notTheCamera' // a push for a camera, from an address that is not its own
  | 'tooManyRequests' // Retry-After says when
  | 'notFound' // no such path or thing
  | 'methodNotAllowed' // the path exists, the method does not
  | 'mediaType' // not the media type of the route, or compressed
  | 'tooLarge' // body or batch larger than the limit
  | 'lengthRequired' // neither Content-Length nor Transfer-Encoding
  | 'malformed' // not HTTP
  | 'slow' // the body did not arrive in time
  | 'encoding' // not UTF-8
  | 'json' // not JSON
  | 'invalid' // `errors` names the fields
  | 'conflict' // changed by another person since, or an id that was used for something else
  | 'busy' // another of this kind is under way
  | 'unavailable' // no configuration is in force, or the store does not answer
  | 'full' // the box cannot keep it now; try again
  | 'broken'; // a defect of this program

export const PROBLEM_STATUS: Readonly<Record<ProblemCode, number>> = {
  setup: 403,
  unauthorized: 401,
  wrongPassword: 401,
  wrongCode: 401,
  weakPassword: 422,
  wrongPin: 401,
  pinToChange: 409,
  weakPin: 422,
  forbidden: 403,
  otherLane: 403,
  foreign: 403,
  plainHttp: 400,
  notTheCamera: 403,
  tooManyRequests: 429,
  notFound: 404,
  methodNotAllowed: 405,
  mediaType: 415,
  tooLarge: 413,
  lengthRequired: 411,
  malformed: 400,
  slow: 408,
  encoding: 400,
  json: 400,
  invalid: 422,
  conflict: 409,
  busy: 409,
  unavailable: 503,
  full: 503,
  broken: 500,
};

/** `field` is a path as one would write it: `plate`, `[3].lane`. */
export interface FieldError {
  readonly field: string;
  readonly message: Text;
}

/** Ends the handling of a request with problem details. `detail` replaces the code's own text. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly detail: Text | undefined;

  constructor(
    code: ProblemCode,
    more: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly detail?: Text;
    } = {},
  ) {
    super(code);
    this.code = code;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
    this.detail = more.detail;
  }

  get text(): Text {
    return this.detail ?? httpProblemText[this.code].detail;
  }
}

/** The rest of the request is not read: the connection ends with the answer. */
export const CLOSE = { headers: { connection: 'close' } } as const;

/** With `Retry-After`; at least a second. */
export function tooManyRequests(seconds: number, headers: Readonly<Record<string, string>> = {}): Problem {
  const retryAfter = String(Math.max(1, Math.ceil(seconds)));
  return new Problem('tooManyRequests', { headers: { ...headers, 'retry-after': retryAfter } });
}

export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** The body of the answer, in the language requested. `texts`: codes that this server words differently. */
export function problemDetails(
  problem: Problem,
  language: Language,
  texts: Readonly<Partial<Record<ProblemCode, ProblemText>>> = {},
): ProblemDetails {
  const { code, errors, detail } = problem;
  const text = texts[code] ?? httpProblemText[code];
  return {
    type: `urn:lanewarden:problem:${code}`,
    title: text.title[language],
    status: PROBLEM_STATUS[code],
    code,
    detail: (detail ?? text.detail)[language],
    ...(errors.length > 0 && {
      errors: errors.map(({ field, message }) => ({ field, message: message[language] })),
    }),
  };
}
