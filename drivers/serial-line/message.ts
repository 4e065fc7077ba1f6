/** The meaning of a device's message for its points. Pure; it knows no frame and no wire. */
import { type MessageRule, statusPointsOf } from './profile.ts';

export interface Meaning {
  readonly levels: readonly { readonly point: string; readonly value: boolean }[];
  readonly pulses: readonly string[];
  /** A state report, sent whether or not anything changed. */
  readonly isStatus: boolean;
  readonly powerOn: boolean;
  readonly grant?: { readonly kind: GrantKind; readonly plate?: string; readonly id?: string };
}
type GrantKind = NonNullable<MessageRule['grant']>['kind'];

const ZERO = 0x30;
const ONE = 0x31;
/** Matches any byte in a rule. */
const ANY = -1;

/** The first matching rule gives the meaning; undefined: none matches and the message is ignored. */
export function createMeaning(
  rules: readonly MessageRule[],
  encoding = 'latin1',
): (content: Uint8Array) => Meaning | undefined {
  const decoder = new TextDecoder(encoding);
  const compiled = rules.map((rule) => ({ rule, wanted: wantedBytes(rule) }));
  return (content) => {
    for (const { rule, wanted } of compiled) {
      const meaning = fits(rule, wanted, content)
        ? meaningOf(rule, wanted.length, content, (each) => decoder.decode(each))
        : undefined;
      if (meaning !== undefined) return meaning;
    }
    return undefined;
  };
}

export function messagePoints(rules: readonly MessageRule[]): readonly string[] {
  return [
    ...new Set(
      rules.flatMap(({ levels, digitPoints, bitPoints, pulses }) => [
        ...Object.keys(levels),
        ...Object.keys(digitPoints),
        ...Object.keys(bitPoints),
        ...pulses,
      ]),
    ),
  ];
}

function wantedBytes({ text, hex }: MessageRule): readonly number[] {
  if (hex !== undefined) return hex.split(' ').map((pair) => (pair === '??' ? ANY : Number.parseInt(pair, 16)));
  return [...new TextEncoder().encode(text ?? '')];
}

function fits(rule: MessageRule, wanted: readonly number[], content: Uint8Array): boolean {
  const length = wanted.length + (rule.digits ?? 0);
  if (rule.more ? content.length < length : content.length !== length) return false;
  return wanted.every((byte, index) => byte === ANY || byte === content[index]);
}

function meaningOf(
  rule: MessageRule,
  headLength: number,
  content: Uint8Array,
  decode: (content: Uint8Array) => string,
): Meaning | undefined {
  const digits = [...content.subarray(headLength, headLength + (rule.digits ?? 0))];
  // An invalid digit spoils the whole message: without a checksum none of the others can be trusted.
  if (digits.some((digit) => digit !== ZERO && digit !== ONE)) return undefined;
  const bits = Object.entries(rule.bitPoints);
  if (bits.some(([, { at }]) => at >= content.length)) return undefined;
  return {
    levels: [
      ...Object.entries(rule.levels).map(([point, value]) => ({ point, value })),
      ...Object.entries(rule.digitPoints).map(([point, digit]) => ({ point, value: digits[digit] === ONE })),
      ...bits.map(([point, { at, bit, invert }]) => ({
        point,
        value: ((((content[at] ?? 0) >> bit) & 1) === 1) !== invert,
      })),
    ],
    pulses: rule.pulses,
    isStatus: statusPointsOf(rule).length > 0,
    powerOn: rule.powerOn,
    ...(rule.grant && { grant: grantOf(rule.grant, decode(content)) }),
  };
}

function grantOf(rule: NonNullable<MessageRule['grant']>, text: string): NonNullable<Meaning['grant']> {
  const parts = text.split(rule.separator);
  const part = (index: number | undefined): string => (index === undefined ? '' : (parts[index] ?? '').trim());
  const plate = part(rule.plate);
  const id = part(rule.id);
  return { kind: rule.kind, ...(plate !== '' && { plate }), ...(id !== '' && { id }) };
}
