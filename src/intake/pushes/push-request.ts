/** Rows of the account for requests of cameras: what is kept of a request, and a refusal. Knows no maker. */
import type { HttpContext } from '../../http/app.ts';
import type { Problem, ProblemCode } from '../../http/problem.ts';
import type { Understood } from '../events.ts';
import type { Receipt } from '../receive.ts';
import type { CameraAccount } from './push-account.ts';
import type { PushMessage, PushResult, PushWhy } from './push-row.ts';

/** Never its body or another header. */
export function pushOf(request: HttpContext, from: string, path: string): PushMessage {
  const { headers } = request.env.incoming;
  const length = Number(headers['content-length']);
  return {
    way: 'push',
    from,
    path,
    ...(headers['content-type'] !== undefined && { type: headers['content-type'] }),
    ...(Number.isInteger(length) && { bytes: length }),
  };
}

const WHY: Readonly<Partial<Record<ProblemCode, PushWhy>>> = {
  notTheCamera: 'notTheCamera',
  methodNotAllowed: 'methodNotAllowed',
  tooManyRequests: 'tooManyRequests',
  tooLarge: 'tooLarge',
  slow: 'slow',
  full: 'full',
  broken: 'broken',
  notFound: 'unknownCamera',
  unauthorized: 'unauthorized',
};

/** Of a problem of a request or a message: its reason in the account. */
export const whyOf = (code: ProblemCode): PushWhy => WHY[code] ?? 'invalid';

export function refusedPush(
  account: CameraAccount | undefined,
  message: PushMessage,
  code: ProblemCode,
  detail?: string,
): void {
  const result = { outcome: 'refused', why: whyOf(code), ...(detail !== undefined && { detail }) } as const;
  account?.add(result, message);
}

/** Of a plate that came in the form of this box, or by a mapping. */
export function resultOf({ content, ignored }: Understood, { status }: Receipt): PushResult {
  const { plate = content.text, confidence } = content;
  const told = { ...(plate && { plate }), ...(confidence !== undefined && { confidence: Number(confidence) }) };
  // Only what is asked of a vehicle has an order.
  if (ignored !== undefined && ignored !== 'noOrder') return { outcome: 'none', why: ignored, ...told };
  if (status === 'duplicate') return { outcome: 'repeated', why: 'sameId', ...told };
  return status === 'expired' ? { outcome: 'late', why: 'old', ...told } : { outcome: 'read', ...told };
}

/** The fields at fault, not what they contain. */
export function refusedMessage(account: CameraAccount | undefined, message: PushMessage, problem: Problem): void {
  const fields = problem.errors.map(({ field }) => field).filter((field) => field !== '');
  refusedPush(account, message, problem.code, fields.length === 0 ? undefined : fields.join(', '));
}
