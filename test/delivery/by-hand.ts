/**
 * The platform's request, signature and answers written by hand (cloud-release-api.md), apart from its profile: what the program makes of the profile
 * must be the same, byte for byte.
 */
import { hash } from 'node:crypto';
import { BACK_OFF_MAX_MS } from '../../src/delivery/back-off.ts';
import type { DeliveryReceipt } from '../../src/delivery/request/delivery-receipt.ts';
import type { RawAnswer } from '../../src/delivery/request/platform-answer.ts';
import { canonicalText, type Fields, MASK } from '../../src/delivery/request/sign.ts';
import type { PlateColor } from '../../src/lane/types.ts';
import type { OutboxRecord, PlatformAnswer } from '../../src/store/record-types.ts';
import { reasonWithDoubt } from '../../src/text/cloud.ts';

/** Upper-case hex MD5 over the UTF-8 bytes of the canonical text with the secret at its end. */
export function sign(fields: Fields, secret: string): string {
  return hash('md5', withSecret(canonicalText(fields), secret)).toUpperCase();
}

/** The signed text, fit to be shown: `…&app_secret=***`. */
export function maskedText(fields: Fields): string {
  return withSecret(canonicalText(fields), MASK);
}

function withSecret(text: string, secret: string): string {
  return text === '' ? `app_secret=${secret}` : `${text}&app_secret=${secret}`;
}

export interface FieldSettings {
  readonly parkUuid: string;
  /** Sent only when configured. */
  readonly appId?: string;
  readonly picture: 'field' | 'file-and-hash' | 'url' | 'none';
  /** With `picture: url`: where the platform can fetch it; `{serial}` stands for the serial, `{file}` for its name among the frames. */
  readonly pictureUrl?: string;
  /** Sent in place of a plate that was not read. */
  readonly noPlate: string;
}

const RELEASE_TYPE = { entry: '1', exit: '2' } as const;
const PLATE_COLOR: Readonly<Record<PlateColor, string>> = {
  blue: '1',
  yellow: '2',
  white: '3',
  black: '4',
  green: '5',
};

/** Of a plate that was read without its colour. */
const NO_COLOR = '-1';

/** Never an empty value. `picture`: the attached bytes, which are signed only by their hash, if at all. */
export function fieldsOf(record: OutboxRecord, settings: FieldSettings, picture: Uint8Array | undefined): Fields {
  const { release } = record;
  const plate = release.plate;
  const told = record.known?.car;
  const car = told !== undefined && told.plate === plate?.text ? told : undefined;
  const color = plate?.color ?? car?.plateColor;
  const values: Record<string, string | undefined> = {
    app_id: settings.appId,
    park_uuid: settings.parkUuid,
    parking_serial: record.serial,
    release_type: RELEASE_TYPE[release.direction],
    release_time: utcSeconds(record.releaseWallMs),
    release_method: String(release.method),
    release_method_desc: record.methodDesc,
    plate: plate?.text || settings.noPlate,
    plate_color: plate?.text ? (color === undefined ? NO_COLOR : PLATE_COLOR[color]) : undefined,
    car_type: car?.carType,
    car_desc: car?.carDesc,
    gate_id: record.gateId,
    gate_name: record.gateName,
    reason: record.timeQuality === 'unknown' ? reasonWithDoubt(record.reason) : record.reason,
    operator: record.operator,
    capture_image:
      settings.picture === 'url' && record.picture === 'attached' ? pictureUrl(record, settings) : undefined,
    capture_image_hash:
      settings.picture === 'file-and-hash' && picture !== undefined ? hash('md5', picture).toUpperCase() : undefined,
  };
  const fields: Record<string, string> = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value !== undefined && value !== '') fields[name] = value;
  }
  return fields;
}

/** `2022-09-01T00:00:00Z`: whole seconds, the platform's format. */
function utcSeconds(wallMs: number): string {
  return `${new Date(Math.floor(wallMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

function pictureUrl({ serial, pictureFile = '' }: OutboxRecord, settings: FieldSettings): string | undefined {
  return settings.pictureUrl
    ?.replaceAll('{serial}', encodeURIComponent(serial))
    .replaceAll('{file}', encodeURIComponent(pictureFile));
}

export type CloudMode = 'integration' | 'production';

const ACCEPTED: readonly string[] = ['1001', '1000', '200'];
const REJECTED: readonly string[] = ['400', '1400'];
const SIGNATURE: readonly string[] = ['401', '1401'];
const BLOCKED: readonly string[] = ['403', '1403'];
const FOR_NOW: readonly string[] = ['500', '503', '1500', '1503', '408', '429'];

/** Values without content, in addition to an empty text. */
const EMPTY: readonly string[] = ['null', 'false', '[]', '{}'];

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
function answeredAt({ date }: RawAnswer): { readonly dateMs?: number } {
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
  const answer: Record<string, string | undefined> = {};
  for (const name of ['code', 'message', 'hint', 'seqno']) answer[name] = memberText(members[name], mask);
  const present = Object.entries(answer).filter(([, value]) => value !== undefined);
  return { status: raw.status, ...Object.fromEntries(present) };
}

/** undefined: absent or without content. */
function memberText(value: unknown, mask: (text: string) => string): string | undefined {
  // An object, a list or `true` counts too: as a hint it means a refusal.
  const content = typeof value === 'string' ? value.trim() : (JSON.stringify(value) ?? '');
  return content === '' || (typeof value !== 'string' && EMPTY.includes(content)) ? undefined : mask(content);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), up to our own longest back-off; undefined when absent or invalid. */
function retryAfterMs({ retryAfter, date }: RawAnswer): number | undefined {
  if (retryAfter === undefined) return undefined;
  const untilMs = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.parse(date ?? '');
  return untilMs >= 0 ? Math.min(untilMs, BACK_OFF_MAX_MS) : undefined;
}
