/** Problem details (RFC 9457): what was wrong with a request, with a code of a closed set and the field named. Knows no route. */
import { problemText } from '../text/intake.ts';
import type { Language, Text } from '../text/text.ts';

export type ProblemCode =
  | 'unauthorized' // no token, or one that is not valid (any more)
  | 'notTheCamera' // a push for a camera, from an address that is not its own
  | 'tooManyRequests' // more than the rate bound allows, or too many bad tokens from this address
  | 'notFound' // no such path
  | 'methodNotAllowed' // the path exists, the method does not
  | 'mediaType' // not application/json, or compressed
  | 'tooLarge' // body or batch larger than the limit
  | 'slow' // the body did not arrive in time
  | 'encoding' // not UTF-8
  | 'json' // not JSON
  | 'invalid' // JSON that is not what it must be; `errors` names the fields
  | 'conflict' // this id was used for something else
  | 'full' // the box cannot keep it now; try again
  | 'broken'; // a mistake of our own

export const PROBLEM_STATUS: Readonly<Record<ProblemCode, number>> = {
  unauthorized: 401,
  notTheCamera: 403,
  tooManyRequests: 429,
  notFound: 404,
  methodNotAllowed: 405,
  mediaType: 415,
  tooLarge: 413,
  slow: 408,
  encoding: 400,
  json: 400,
  invalid: 422,
  conflict: 409,
  full: 503,
  broken: 500,
};

/** `field` is a path as one would write it: `plate`, `[3].lane`. */
export interface FieldError {
  readonly field: string;
  readonly message: Text;
}

/** Ends the handling of a request with problem details. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: ProblemCode, errors: readonly FieldError[] = [], headers: Readonly<Record<string, string>> = {}) {
    super(code);
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The body of the answer. `detail` is in the language asked for; so are the messages. */
export function problemBody(problem: Problem, language: Language): string {
  const { title, detail } = problemText[problem.code];
  return JSON.stringify({
    type: `urn:lanewarden:problem:${problem.code}`,
    title: title[language],
    status: PROBLEM_STATUS[problem.code],
    code: problem.code,
    detail: detail[language],
    ...(problem.errors.length > 0 && {
      errors: problem.errors.map(({ field, message }) => ({ field, message: message[language] })),
    }),
  });
}
