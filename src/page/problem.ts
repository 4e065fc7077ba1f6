/** Problem details (RFC 9457) of the page: what was wrong with a request, with a code of a closed set. Knows no route. */
import { pageProblemText } from '../text/page/server.ts';
import type { Language, Text } from '../text/text.ts';
import type { PageProblem, PageProblemCode } from './api.ts';

export const PAGE_PROBLEM_STATUS: Readonly<Record<PageProblemCode, number>> = {
  setup: 403,
  unauthorized: 401,
  wrongPassword: 401,
  wrongCode: 401,
  weakPassword: 422,
  forbidden: 403,
  foreign: 403,
  tooManyRequests: 429,
  notFound: 404,
  methodNotAllowed: 405,
  mediaType: 415,
  tooLarge: 413,
  slow: 408,
  json: 400,
  invalid: 422,
  conflict: 409,
  busy: 409,
  unavailable: 503,
  full: 503,
  broken: 500,
};

/** `field` is a path as one would write it: `minutes`, `units[1]`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: Text;
}

/** Ends the handling of a request with problem details. `detail`: more to the point than the code's own words. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: PageProblemCode;
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;
  readonly detail: Text | undefined;

  constructor(
    code: PageProblemCode,
    more: {
      readonly errors?: readonly FieldProblem[];
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
    return this.detail ?? pageProblemText[this.code].detail;
  }
}

/** The body of the answer, in the language asked for. */
export function problemBody(problem: Problem, language: Language): PageProblem {
  const { code, errors } = problem;
  return {
    type: `urn:lanewarden:problem:${code}`,
    title: pageProblemText[code].title[language],
    status: PAGE_PROBLEM_STATUS[code],
    code,
    detail: problem.text[language],
    ...(errors.length > 0 && {
      errors: errors.map(({ field, message }) => ({ field, message: message[language] })),
    }),
  };
}
