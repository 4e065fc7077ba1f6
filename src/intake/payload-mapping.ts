/**
 * Payloads in another system's own form, converted by a mapping of the configuration into the form of grants.ts and reads.ts, which check
 * them. Pure; it knows no maker and no topic.
 */
import type { MqttMapping } from '../config/types.ts';
import type { FieldError } from '../http/problem.ts';
import { NO_TIME } from '../written-time.ts';

export type Pointers = Readonly<Record<string, string>>;

/** A number from here on is milliseconds; in seconds it would be the year 5138. */
const MILLISECONDS_FROM = 1e11;
const BEIJING = '+08:00';

type Read = (written: unknown, mapping: MqttMapping) => unknown;
type Tables = 'lanes' | 'kinds' | 'colors';

/** Any other field is text. */
const READ: Readonly<Record<string, Read>> = {
  lane: fromTable('lanes'),
  kind: fromTable('kinds'),
  plateColor: fromTable('colors'),
  color: fromTable('colors'),
  count: figure,
  carType: figure,
  confidence: (written, { confidenceMax }) => {
    const number = figure(written);
    return typeof number === 'number' ? number / confidenceMax : number;
  },
  issuedAt: instant,
  expiresAt: instant,
  at: instant,
};

/** The fields that `pointers` find in `message`. A field that is missing, null or empty is left out. */
export function mapped(message: unknown, pointers: Pointers, mapping: MqttMapping): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(pointers).flatMap(([field, pointer]) => {
      const written = valueAt(message, pointer);
      if (written === undefined || written === null || written === '') return [];
      return [[field, (READ[field] ?? text)(written, mapping)]];
    }),
  );
}

/** Whether a message is about a gate missing in the table of lanes: other boxes share the topic. */
export function isOfAnotherBox(message: unknown, { lane }: Pointers, { lanes }: MqttMapping): boolean {
  if (lane === undefined || Object.keys(lanes).length === 0) return false;
  const written = text(valueAt(message, lane));
  return typeof written === 'string' && written !== '' && !Object.hasOwn(lanes, written);
}

/** The sender knows its own fields, not ours. */
export function inSenderTerms(errors: readonly FieldError[], pointers: Pointers): readonly FieldError[] {
  return errors.map(({ field, message }) => ({ field: pointers[field] ?? field, message }));
}

/** JSON Pointer (RFC 6901): `/car/plate`, `/items/0`; `~1` is a slash and `~0` a tilde in a name. */
export function valueAt(message: unknown, pointer: string): unknown {
  let at = message;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

/** Numbers are valid names and ids; anything else is left to the check. */
function text(written: unknown): unknown {
  if (typeof written === 'number') return String(written);
  return typeof written === 'string' ? written.trim() : written;
}

function fromTable(name: Tables): Read {
  return (written, mapping) => {
    const key = text(written);
    const table = mapping[name];
    return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : key;
  };
}

function figure(written: unknown): unknown {
  return typeof written === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(written) ? Number(written) : written;
}

/**
 * Seconds or milliseconds since 1970, `20260501120000`, `2026-05-01 12:00:00` or a time with its offset, as a time with its offset.
 * Without an offset it is Beijing time.
 */
function instant(written: unknown): unknown {
  if (typeof written !== 'string' && typeof written !== 'number') return written;
  if (NO_TIME.test(String(written))) return undefined;
  const source = typeof written === 'string' ? written.trim() : written;
  const compact = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(String(source));
  if (compact !== null) {
    const [, year, month, day, hour, minute, second] = compact;
    return `${year}-${month}-${day}T${hour}:${minute}:${second}${BEIJING}`;
  }
  const number = figure(source);
  if (typeof number === 'number') {
    const wallMs = number >= MILLISECONDS_FROM ? number : number * 1000;
    return Math.abs(wallMs) <= 8.64e15 ? new Date(wallMs).toISOString() : source;
  }
  const [, date, time, offset = BEIJING] =
    /^(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/.exec(String(source)) ?? [];
  return date === undefined ? source : `${date.replaceAll('/', '-')}T${time}${offset}`;
}
