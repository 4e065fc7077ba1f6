/** From a message or a row to a payment in the form of `POST /api/v1/grants`, by the field map of a profile. Pure. */

import { hash } from 'node:crypto';
import type { TimeFormat } from '../delivery/request/profile-form.ts';
import { NO_TIME } from '../written-time.ts';
import { type MessageContent, textAt } from './message.ts';
import { type IntakeProfile, PAYMENT_FIELDS, type PaymentField, type PaymentOrigin } from './profile-form.ts';

export interface PaymentRules {
  /** Of the system: its ids are its own. */
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  /** Our lane by their name of it; a lane that is missing in it belongs to another box. Empty: their names are ours. */
  readonly lanes: Readonly<Record<string, string>>;
}

/** `notPaid`: it is no payment by `only`. */
export type MappedPayment =
  | {
      readonly grant: Readonly<Record<string, unknown>>;
      /** Where each field came from, in the sender's words. */
      readonly places: Readonly<Record<string, string>>;
    }
  | { readonly left: 'notPaid' }
  | { readonly left: 'otherLane'; readonly lane: string; readonly grant: Readonly<Record<string, unknown>> };

/** Of an id, and of `carDesc` and `operator`, which are cut. */
const ID_MOST = 80;
const WORDS_MOST = 40;

/** `item`: the payment itself, of a message with several. */
export function paymentOf(
  { payment, only }: Pick<IntakeProfile, 'payment' | 'only'>,
  item: unknown,
  head: Pick<MessageContent, 'query' | 'headers'>,
  rules: PaymentRules,
): MappedPayment {
  const isPaid = Object.entries(only).every(([place, texts]) => texts.includes(textAt(item, place) ?? ''));
  if (!isPaid) return { left: 'notPaid' };
  const grant: Record<string, unknown> = {};
  const places: Record<string, string> = {};
  for (const [name, written] of Object.entries(payment)) {
    const field = name as PaymentField;
    for (const origin of written === undefined ? [] : [written].flat()) {
      places[field] = origin.field ?? origin.query ?? origin.header ?? field;
      const text = originText(origin, item, head, rules.values);
      const value = text === undefined || text === '' ? undefined : readValue(field, text, origin);
      if (value === undefined) continue;
      grant[field] = value;
      break;
    }
  }
  if (typeof grant.id === 'string') grant.id = ownId(rules.name, grant.id);
  if (typeof grant.lane === 'string' && Object.keys(rules.lanes).length > 0) {
    if (!Object.hasOwn(rules.lanes, grant.lane)) return { left: 'otherLane', lane: grant.lane, grant };
    grant.lane = rules.lanes[grant.lane];
  }
  return { grant, places };
}

/** Two systems may both count from 1. */
function ownId(name: string, id: string): string {
  const whole = `${name}:${id}`;
  return whole.length <= ID_MOST ? whole : `${name}:${hash('sha256', id).slice(0, 32)}`;
}

function originText(
  { field, query, header, value, constant, values, prefix = '' }: PaymentOrigin,
  item: unknown,
  head: Pick<MessageContent, 'query' | 'headers'>,
  given: Readonly<Record<string, string>>,
): string | undefined {
  const text =
    (field && textAt(item, field)) ??
    (query && head.query[query]) ??
    (header && head.headers[header.toLowerCase()]) ??
    (value && given[value]) ??
    constant;
  if (text === undefined || text === '') return undefined;
  const ours = values === undefined ? text : Object.hasOwn(values, text) ? values[text] : values['*'];
  return ours === undefined || ours === '' ? undefined : prefix + ours;
}

/** What cannot be read stays as it is: the check of the grant names it. */
function readValue(field: PaymentField, text: string, { time, unit }: PaymentOrigin): unknown {
  const type = PAYMENT_FIELDS[field];
  if (time !== undefined) return NO_TIME.test(text) ? undefined : (isoTime(text, time) ?? text);
  if (unit !== undefined) return fenOf(text, unit) ?? text;
  if (type === 'number' || field === 'carType') return /^\d{1,9}(\.0+)?$/.test(text) ? Number(text) : text;
  return field === 'carDesc' || field === 'operator' ? [...text].slice(0, WORDS_MOST).join('') : text;
}

function fenOf(text: string, unit: 'fen' | 'yuan'): number | undefined {
  const [, yuan, part = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (yuan === undefined) return undefined;
  return unit === 'fen' ? Number(yuan) : Math.round(Number(`${yuan}.${part || '0'}`) * 100);
}

/** Where the form itself says which zone; elsewhere the text does. */
const OFFSETS: Readonly<Partial<Record<TimeFormat, string>>> = {
  utc: 'Z',
  'utc-ms': 'Z',
  local: '+08:00',
  'local-compact': '+08:00',
};

/** A time in one of the forms of profiles as ISO 8601 with its offset; undefined: it is none. */
export function isoTime(text: string, format: TimeFormat): string | undefined {
  if (format === 'unix-seconds' || format === 'unix-ms') {
    const ms = /^\d{9,16}(\.\d+)?$/.test(text) ? Number(text) * (format === 'unix-ms' ? 1 : 1000) : Number.NaN;
    return Math.abs(ms) <= 8.64e15 ? new Date(Math.round(ms)).toISOString() : undefined;
  }
  const compact = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.?(\d{1,3}))?$/;
  const spaced =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/;
  const [, year, month, day, hour, minute, second = '00', part = '', written] =
    (format === 'local-compact' ? compact : spaced).exec(text) ?? [];
  if (year === undefined) return undefined;
  const offset = OFFSETS[format] ?? written?.replace(/^(...)(\d\d)$/, '$1:$2');
  if (offset === undefined) return undefined;
  const two = (number = '') => number.padStart(2, '0');
  const wall = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${second}.${part.slice(0, 3).padEnd(3, '0')}`;
  // Date.parse accepts the 31st of April; its own rendering does not.
  const asUtc = Date.parse(`${wall}Z`);
  return Number.isNaN(asUtc) || new Date(asUtc).toISOString() !== `${wall}Z` ? undefined : wall + offset;
}
