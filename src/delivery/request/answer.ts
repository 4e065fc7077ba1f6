/** What an answer means (cloud-release-api.md, "Answers"). Pure: status, headers and text in, a receipt out. */
import type { PlatformAnswer } from '../../store/record-types.ts';
import { BACK_OFF_MAX_MS } from '../back-off.ts';
import type { DeliveryReceipt } from './delivery-receipt.ts';

export type CloudMode = 'integration' | 'production';

const ACCEPTED: readonly string[] = ['1001', '1000', '200'];
const REJECTED: readonly string[] = ['400', '1400'];
const SIGNATURE: readonly string[] = ['401', '1401'];
const BLOCKED: readonly string[] = ['403', '1403'];
const FOR_NOW: readonly string[] = ['500', '503', '1500', '1503', '408', '429'];

/** Values without content, in addition to an empty text. */
const EMPTY: readonly string[] = ['null', 'false', '[]', '{}'];

export interface RawAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  /** The platform's `Date` header: an HTTP date in Retry-After refers to its clock, not ours. */
  readonly date?: string;
  readonly text: string;
  /** Received over TLS from the configured name. */
  readonly verified: boolean;
}

/** `mask`: applied to each text of the answer before it is kept, after JSON escapes are resolved. */
export function receiptOf(raw: RawAnswer, mode: CloudMode, mask: (text: string) => string): DeliveryReceipt {
  const answer = parse(raw, mask);
  // Any host on the way can answer 503 with a long Retry-After; only the platform has a code and its certificate.
  const afterMs = raw.verified && answer?.code !== undefined ? retryAfterMs(raw) : undefined;
  const patience = afterMs === undefined ? {} : { afterMs };
  if (answer === undefined) {
    const why = isForNow(raw.status) ? `status: ${raw.status}` : `${notOurs(raw.status)}: HTTP ${raw.status}`;
    return { kind: 'retry', why, answer: { status: raw.status } };
  }
  const { code, hint } = answer;
  const detail = [code, answer.message, hint].filter((part) => part !== undefined).join(' ');
  if (code !== undefined && ACCEPTED.includes(code)) return accepted(answer, mode, raw);
  if (code !== undefined && REJECTED.includes(code)) return { kind: 'rejected', why: `rejected: ${detail}`, answer };
  if (code !== undefined && SIGNATURE.includes(code))
    return { kind: 'paused', why: `signature: ${detail}`, ...(hint === undefined ? {} : { hint }), answer };
  if (code !== undefined && BLOCKED.includes(code))
    return { kind: 'paused', why: `blocked: ${detail}`, ...(hint === undefined ? {} : { hint }), answer };
  if ((code !== undefined && FOR_NOW.includes(code)) || isForNow(raw.status))
    return { kind: 'retry', why: `busy: ${detail || `HTTP ${raw.status}`}`, ...patience, answer };
  // Every answer of the platform has a code: this one comes from a host in between and means nothing for the record.
  if (code === undefined) {
    const why = `${notOurs(raw.status)}: ${[`HTTP ${raw.status}`, detail].join(' ').trim()}`;
    return { kind: 'retry', why, answer };
  }
  return { kind: 'retry', why: `unknownCode: ${detail}`, unknownCode: true, ...patience, answer };
}

/** When the platform says it answered. */
export function answeredAt({ date }: RawAnswer): { readonly dateMs?: number } {
  const dateMs = Date.parse(date ?? '');
  return Number.isNaN(dateMs) ? {} : { dateMs };
}

function accepted(answer: PlatformAnswer, mode: CloudMode, raw: RawAnswer): DeliveryReceipt {
  const { hint, seqno } = answer;
  if (hint !== undefined && mode === 'integration') return { kind: 'held', why: `hint: ${hint}`, answer };
  return {
    kind: 'accepted',
    ...(seqno === undefined ? {} : { seqno }),
    ...answeredAt(raw),
    ...(hint === undefined ? {} : { warning: `hint: ${hint}` }),
    answer,
  };
}

/** Meaning of an answer that is not the platform's: 413 is a limit on the way, and due to the picture. */
export function notOurs(status: number): 'tooBig' | 'notJson' {
  return status === 413 ? 'tooBig' : 'notJson';
}

export function isForNow(status: number): boolean {
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
  const answer: Record<string, string | undefined> = {};
  for (const name of ['code', 'message', 'hint', 'seqno']) answer[name] = memberText(members[name], mask);
  const present = Object.entries(answer).filter(([, value]) => value !== undefined);
  return { status: raw.status, ...Object.fromEntries(present) };
}

/** undefined: absent or without content. */
export function memberText(value: unknown, mask: (text: string) => string): string | undefined {
  // An object, a list or `true` counts too: as a hint it means a refusal.
  const content = typeof value === 'string' ? value.trim() : (JSON.stringify(value) ?? '');
  return content === '' || (typeof value !== 'string' && EMPTY.includes(content)) ? undefined : mask(content);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), up to our own longest back-off; undefined when absent or invalid. */
export function retryAfterMs({ retryAfter, date }: RawAnswer): number | undefined {
  if (retryAfter === undefined) return undefined;
  const untilMs = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.parse(date ?? '');
  return untilMs >= 0 ? Math.min(untilMs, BACK_OFF_MAX_MS) : undefined;
}
