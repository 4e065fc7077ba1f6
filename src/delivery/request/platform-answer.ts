/** The meaning of an answer by the lists of a profile. Pure: status, headers and text in, a receipt out. */

import type { PlatformAnswer } from '../../store/record-types.ts';
import { BACK_OFF_MAX_MS } from '../back-off.ts';
import type { DeliveryReceipt } from './delivery-receipt.ts';
import type { AnswerCode, AnswerForm, PlatformProfile } from './profile-form.ts';

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

export interface AnswerSettings {
  /** A success with a hint is not delivered: the platform has dropped the record. */
  readonly hintHolds: boolean;
  /** Applied to each text of the answer before it is kept. */
  readonly mask: (text: string) => string;
}

/** `login`: the token has run out; the same record goes again with a new one. */
export type PlatformReceipt = DeliveryReceipt & { readonly login?: true };

/** In this order: what is more certain comes first, as for the platform of `cloud`. */
const MEANINGS = ['arrived', 'duplicate', 'refused', 'badSignature', 'blocked', 'login', 'retry'] as const;
type Meaning = (typeof MEANINGS)[number];
type CodeLists = Pick<AnswerForm, 'arrived'> & Partial<Pick<AnswerForm, Meaning>>;

/** The receipt of an answer of the request that carries a record. */
export function platformReceipt(
  form: AnswerForm,
  raw: RawAnswer,
  { hintHolds, mask }: AnswerSettings,
): PlatformReceipt {
  const body = bodyOf(raw, form.code === undefined);
  if (body === undefined) {
    const why = isForNow(raw.status) ? `status: ${raw.status}` : `${notOurs(raw.status)}: HTTP ${raw.status}`;
    return { kind: 'retry', why, answer: { status: raw.status } };
  }
  const answer = answerOf(form, raw, body, mask);
  const { code, message, hint } = answer;
  const detail = [code, message, hint].filter((part) => part !== undefined).join(' ');
  const meaning = code === undefined ? undefined : meaningOf(form, code, message);
  if (meaning === 'arrived') return arrived(answer, hintHolds, raw);
  if (meaning === 'duplicate') return { kind: 'accepted', ...answeredAt(raw), warning: `duplicate: ${detail}`, answer };
  if (meaning === 'refused') return { kind: 'rejected', why: `rejected: ${detail}`, answer };
  if (meaning === 'badSignature' || meaning === 'blocked') {
    const why = `${meaning === 'blocked' ? 'blocked' : 'signature'}: ${detail}`;
    return { kind: 'paused', why, ...(hint === undefined ? {} : { hint }), answer };
  }
  // Any host on the way can answer 503 with a long Retry-After; only the platform has a code and its certificate.
  const afterMs = raw.verified && code !== undefined ? retryAfterMs(raw) : undefined;
  const patience = afterMs === undefined ? {} : { afterMs };
  if (meaning === 'login') return { kind: 'retry', why: `login: ${detail}`, answer, login: true };
  if (meaning === 'retry' || isForNow(raw.status))
    return { kind: 'retry', why: `busy: ${detail || `HTTP ${raw.status}`}`, ...patience, answer };
  // Every answer of the platform has a code: this one comes from a host in between and means nothing for the record.
  if (code === undefined) {
    const why = `${notOurs(raw.status)}: ${[`HTTP ${raw.status}`, detail].join(' ').trim()}`;
    return { kind: 'retry', why, answer };
  }
  return { kind: 'retry', why: `unknownCode: ${detail}`, unknownCode: true, ...patience, answer };
}

/** The token of a login, or the receipt of its refusal. */
export function tokenOf(
  { answer: form }: NonNullable<PlatformProfile['session']>,
  raw: RawAnswer,
  mask: (text: string) => string,
): { readonly token: string } | PlatformReceipt {
  const receipt = platformReceipt({ ...form, duplicate: [], refused: [], blocked: [], retry: [], login: [] }, raw, {
    hintHolds: false,
    mask,
  });
  if (receipt.kind !== 'accepted') return receipt;
  const token = memberText(memberAt(bodyOf(raw, false), form.token), (text) => text);
  return token === undefined
    ? { kind: 'retry', why: `notJson: HTTP ${raw.status}`, answer: { status: raw.status } }
    : { token };
}

function arrived(answer: PlatformAnswer, hintHolds: boolean, raw: RawAnswer): PlatformReceipt {
  const { hint, seqno } = answer;
  if (hint !== undefined && hintHolds) return { kind: 'held', why: `hint: ${hint}`, answer };
  return {
    kind: 'accepted',
    ...(seqno === undefined ? {} : { seqno }),
    ...answeredAt(raw),
    ...(hint === undefined ? {} : { warning: `hint: ${hint}` }),
    answer,
  };
}

/** An entry that also names a text of the message is more certain than the bare code of another list. */
function meaningOf(lists: CodeLists, code: string, message: string | undefined): Meaning | undefined {
  const fits = (entry: AnswerCode, isExact: boolean): boolean =>
    typeof entry === 'string'
      ? !isExact && entry === code
      : isExact && entry.code === code && message?.includes(entry.says) === true;
  return [true, false]
    .map((isExact) => MEANINGS.find((name) => lists[name]?.some((entry) => fits(entry, isExact))))
    .find((name) => name !== undefined);
}

function answerOf(form: AnswerForm, raw: RawAnswer, body: unknown, mask: (text: string) => string): PlatformAnswer {
  const member = (path: string | undefined) =>
    path === undefined ? undefined : memberText(memberAt(body, path), mask);
  const members = {
    code: form.code === undefined ? String(raw.status) : member(form.code),
    message: member(form.message),
    hint: member(form.hint),
    seqno: member(form.serial),
  };
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return { status: raw.status, ...Object.fromEntries(present) };
}

/** undefined: no JSON object, and one is needed. */
function bodyOf({ text }: RawAnswer, isStatusEnough: boolean): object | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return isStatusEnough ? {} : undefined;
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  return isStatusEnough ? {} : undefined;
}

/** `data.code`: a member of a member. */
function memberAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, step) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, step)
          ? (at as Record<string, unknown>)[step]
          : undefined,
      body,
    );
}

/** When the platform says it answered. */
function answeredAt({ date }: RawAnswer): { readonly dateMs?: number } {
  const dateMs = Date.parse(date ?? '');
  return Number.isNaN(dateMs) ? {} : { dateMs };
}

/** Meaning of an answer that is not the platform's: 413 is a limit on the way, and due to the picture. */
function notOurs(status: number): 'tooBig' | 'notJson' {
  return status === 413 ? 'tooBig' : 'notJson';
}

function isForNow(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** undefined: absent or without content. */
function memberText(value: unknown, mask: (text: string) => string): string | undefined {
  // An object, a list or `true` counts too: as a hint it means a refusal.
  const content = typeof value === 'string' ? value.trim() : (JSON.stringify(value) ?? '');
  return content === '' || (typeof value !== 'string' && EMPTY.includes(content)) ? undefined : mask(content);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), up to our own longest back-off; undefined when absent or invalid. `wallMs`: where the answer has no date. */
export function retryAfterMs(
  { retryAfter, date = '' }: Pick<RawAnswer, 'retryAfter' | 'date'>,
  wallMs = Number.NaN,
): number | undefined {
  if (retryAfter === undefined) return undefined;
  const untilMs = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - (Date.parse(date) || wallMs);
  return untilMs >= 0 ? Math.min(untilMs, BACK_OFF_MAX_MS) : undefined;
}
