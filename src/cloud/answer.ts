/** What an answer means (cloud-release-api.md, "Answers"). Pure: status, headers and text in, a receipt out. */
import type { PlatformAnswer } from '../store/record-types.ts';
import { BACK_OFF_MAX_MS } from './send-schedule.ts';
import type { DeliveryReceipt } from './types.ts';

export type CloudMode = 'integration' | 'production';

const ACCEPTED: readonly string[] = ['1001', '1000', '200'];
const REJECTED: readonly string[] = ['400', '1400'];
const SIGNATURE: readonly string[] = ['401', '1401'];
const BLOCKED: readonly string[] = ['403', '1403'];
const FOR_NOW: readonly string[] = ['500', '503', '1500', '1503', '408', '429'];

/** Members that say nothing, besides an empty text. */
const EMPTY: readonly string[] = ['null', 'false', '[]', '{}'];

export interface RawAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  /** The platform's `Date` header: an HTTP date in Retry-After is meant by its clock, not by ours. */
  readonly date?: string;
  readonly text: string;
  /** It came over TLS from the configured name. */
  readonly verified: boolean;
}

/** `mask`: of what the platform said, as it may be kept. It sees each text as it will be read, without the escapes of JSON. */
export function receiptOf(raw: RawAnswer, mode: CloudMode, mask: (text: string) => string): DeliveryReceipt {
  const answer = parse(raw, mask);
  // Anybody on the way can answer 503 with a long Retry-After; only the platform has a code and its certificate.
  const afterMs = raw.verified && answer?.code !== undefined ? retryAfterMs(raw) : undefined;
  const patience = afterMs === undefined ? {} : { afterMs };
  if (answer === undefined) {
    const why = isForNow(raw.status) ? `status: ${raw.status}` : `${notOurs(raw.status)}: HTTP ${raw.status}`;
    return { kind: 'retry', why, answer: { status: raw.status } };
  }
  const { code, hint } = answer;
  const said = [code, answer.message, hint].filter((part) => part !== undefined).join(' ');
  if (code !== undefined && ACCEPTED.includes(code)) return accepted(answer, mode);
  if (code !== undefined && REJECTED.includes(code)) return { kind: 'rejected', why: `rejected: ${said}`, answer };
  if (code !== undefined && SIGNATURE.includes(code))
    return { kind: 'paused', why: `signature: ${said}`, ...(hint === undefined ? {} : { hint }), answer };
  if (code !== undefined && BLOCKED.includes(code))
    return { kind: 'paused', why: `blocked: ${said}`, ...(hint === undefined ? {} : { hint }), answer };
  if ((code !== undefined && FOR_NOW.includes(code)) || isForNow(raw.status))
    return { kind: 'retry', why: `busy: ${said || `HTTP ${raw.status}`}`, ...patience, answer };
  // The platform's answers all have a code: this is of something in between, and says nothing about the record.
  if (code === undefined) {
    const why = `${notOurs(raw.status)}: ${[`HTTP ${raw.status}`, said].join(' ').trim()}`;
    return { kind: 'retry', why, answer };
  }
  return { kind: 'retry', why: `unknownCode: ${said}`, unknownCode: true, ...patience, answer };
}

function accepted(answer: PlatformAnswer, mode: CloudMode): DeliveryReceipt {
  const { hint, seqno } = answer;
  if (hint !== undefined && mode === 'integration') return { kind: 'held', why: `hint: ${hint}`, answer };
  return {
    kind: 'accepted',
    ...(seqno === undefined ? {} : { seqno }),
    ...(hint === undefined ? {} : { warning: `hint: ${hint}` }),
    answer,
  };
}

/** What an answer is that is not the platform's: 413 comes of a limit on the way, and of the picture. */
function notOurs(status: number): 'tooBig' | 'notJson' {
  return status === 413 ? 'tooBig' : 'notJson';
}

function isForNow(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** Members as text, whatever their JSON type; undefined when the body is not a JSON object. */
function parse(raw: RawAnswer, mask: (text: string) => string): PlatformAnswer | undefined {
  let body: unknown;
  try {
    body = JSON.parse(raw.text);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const members = body as Record<string, unknown>;
  const text = (name: string): string | undefined => {
    const value = members[name];
    // An object, a list or `true` says something as well: as a hint it tells that the record was refused.
    const said = typeof value === 'string' ? value.trim() : (JSON.stringify(value) ?? '');
    return said === '' || (typeof value !== 'string' && EMPTY.includes(said)) ? undefined : mask(said);
  };
  const answer: Record<string, string | undefined> = {};
  for (const name of ['code', 'message', 'hint', 'seqno']) answer[name] = text(name);
  const present = Object.entries(answer).filter(([, value]) => value !== undefined);
  return { status: raw.status, ...Object.fromEntries(present) };
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), up to our own longest back-off; undefined when absent or senseless. */
function retryAfterMs({ retryAfter, date }: RawAnswer): number | undefined {
  if (retryAfter === undefined) return undefined;
  const untilMs = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.parse(date ?? '');
  return untilMs >= 0 ? Math.min(untilMs, BACK_OFF_MAX_MS) : undefined;
}
