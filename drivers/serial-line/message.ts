/** What a message of a device means for its points. Pure; it knows no frame and no wire. */
import { type MessageRule, statusPointsOf } from './profile.ts';

export interface Meaning {
  readonly levels: readonly { readonly point: string; readonly value: boolean }[];
  readonly pulses: readonly string[];
  /** It says how things are, and is said whether they changed or not. */
  readonly isStatus: boolean;
  readonly powerOn: boolean;
  readonly grant?: { readonly kind: GrantKind; readonly plate?: string; readonly id?: string };
}
type GrantKind = NonNullable<MessageRule['grant']>['kind'];

const ZERO = 0x30;
const ONE = 0x31;
/** Stands for any byte in a rule. */
const ANY = -1;

/** The first rule that fits says what the content means; undefined: none does, and nothing is believed. */
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
  // A digit that is none spoils the whole message: there is no checksum to tell which of them are right.
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
