/** The text of one value of a request: from a fact, a constant, the clock or a nonce to what is sent. Pure. */
import { hash } from 'node:crypto';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import type { NonceForm, TimeFormat, ValueGroup, ValueSource } from './profile-form.ts';
import type { PlatformFacts } from './record-facts.ts';

export interface ValueInputs {
  readonly facts: PlatformFacts;
  readonly values: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly nowMs: number;
  /** 16 random bytes, new at every attempt. */
  readonly nonce: Uint8Array;
  /** Of the session. */
  readonly token?: string | undefined;
}

/** A value and what it is in JSON. `json`: the text is JSON already. */
export interface WireValue {
  readonly text: string;
  readonly type: 'text' | 'number' | 'json';
}

/** A value that is known only when the others are: the signature, and the group `data`. */
export type LateValue = 'signature' | 'data';

/** In the order of the profile; what is empty is left out. `late`: the values that stand last. */
export function valuesOf(
  group: ValueGroup,
  inputs: ValueInputs,
  late: (kind: LateValue, source: ValueSource) => WireValue | undefined,
): readonly (readonly [name: string, value: WireValue])[] {
  return Object.entries<ValueGroup[string]>(group).flatMap(([name, written]) => {
    for (const source of Array.isArray(written) ? written : [written]) {
      const kind = source.signature === true ? 'signature' : source.data === undefined ? undefined : 'data';
      const value = kind === undefined ? originOf(source, inputs) : late(kind, source);
      const { text, type } = typeof value === 'string' ? { text: value, type: undefined } : (value ?? NONE);
      if (text !== '') return [[name, wireValue(text, type, source)] as const];
    }
    return [];
  });
}

const IS_NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d+)?$/;

const NONE = { text: '', type: undefined } as const;

function wireValue(text: string, type: WireValue['type'] | undefined, source: ValueSource): WireValue {
  const sent = formed(text, source);
  return { text: sent, type: type ?? (source.number && IS_NUMBER.test(sent) ? 'number' : 'text') };
}

function originOf(source: ValueSource, inputs: ValueInputs): string | undefined {
  if (source.fact !== undefined) return factText(inputs.facts[source.fact], source);
  if (source.value !== undefined) return inputs.values[source.value];
  if (source.secret !== undefined) return inputs.secrets[source.secret];
  if (source.now !== undefined) return timeText(inputs.nowMs, source.now);
  if (source.nonce !== undefined) return nonceText(inputs.nonce, source.nonce);
  return source.token === true ? inputs.token : source.constant;
}

function factText(fact: string | number | undefined, { time, unit, values }: ValueSource): string | undefined {
  if (fact === undefined || fact === '') return undefined;
  const text =
    time !== undefined ? timeText(Number(fact), time) : unit !== undefined ? inUnit(Number(fact), unit) : `${fact}`;
  return values === undefined ? text : Object.hasOwn(values, text) ? values[text] : undefined;
}

function formed(text: string, { prefix = '', maxLength, keyLength, case: letters }: ValueSource): string {
  const cased = letters === undefined ? text : letters === 'upper' ? text.toUpperCase() : text.toLowerCase();
  const whole = prefix + cased;
  if (keyLength !== undefined && whole.length > keyLength) return hash('sha256', whole).slice(0, keyLength);
  if (maxLength === undefined) return whole;
  // By characters: half a surrogate pair would be sent as a replacement character.
  const characters = [...whole];
  return characters.length <= maxLength ? whole : characters.slice(0, maxLength).join('');
}

export function timeText(wallMs: number, format: TimeFormat): string {
  const second = Math.floor(wallMs / 1000) * 1000;
  const utc = (ms: number): string => new Date(ms).toISOString();
  const local = utc(second + BEIJING_OFFSET_MS).slice(0, 19);
  const forms: Readonly<Record<TimeFormat, () => string>> = {
    'unix-seconds': () => String(second / 1000),
    'unix-ms': () => String(Math.floor(wallMs)),
    utc: () => `${utc(second).slice(0, 19)}Z`,
    'utc-ms': () => utc(wallMs),
    local: () => local.replace('T', ' '),
    'local-compact': () => local.replaceAll(/[-:T]/g, ''),
    'local-iso': () => `${local}+08:00`,
  };
  return forms[format]();
}

function inUnit(amount: number, unit: NonNullable<ValueSource['unit']>): string {
  if (unit === 'yuan') return (amount / 100).toFixed(2);
  const divisor = { fen: 1, milliseconds: 1, seconds: 1000, minutes: 60_000 }[unit];
  return String(Math.floor(amount / divisor));
}

function nonceText(nonce: Uint8Array, form: NonceForm): string {
  const hex = Buffer.from(nonce).toString('hex');
  if (form === 'hex') return hex;
  if (form === 'digits') return [...nonce].map((byte) => byte % 10).join('');
  const version4 = Buffer.from(nonce);
  version4[6] = ((nonce[6] ?? 0) & 0x0f) | 0x40;
  version4[8] = ((nonce[8] ?? 0) & 0x3f) | 0x80;
  return version4.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
