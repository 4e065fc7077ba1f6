/** Checks a message with a schema and names each wrong field. Knows no particular message. */
import { z } from 'zod';
import { fieldErrors } from '../http/check.ts';
import type { FieldError } from '../http/problem.ts';
import { httpFieldText } from '../text/http.ts';
import { fieldText } from '../text/intake.ts';
import type { Elsewhere } from './events.ts';

/** Text of one line, shown as it is written: no control or direction characters. */
export function singleLine(most: number) {
  return lineWithout(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u, most);
}

/** A plate as a sender writes it; what it is says `plate-normalization.ts`. */
export const writtenPlate = lineWithout(/\p{Cc}/u, 40);

function lineWithout(refused: RegExp, most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !refused.test(text), { params: { text: fieldText.control } });
}

const WHOLE_TIME = z.iso.datetime({ offset: true });
/** Java's OffsetDateTime leaves seconds out when they are 0: one payment in sixty. */
const withSeconds = (text: string): string => text.replace(/(T\d\d:\d\d)(?=Z|[+-])/, '$1:00');

/** `2026-05-01T12:00:00+08:00` or `…Z`, as wall milliseconds. */
export const time = z
  .string()
  .refine((text) => WHOLE_TIME.safeParse(withSeconds(text)).success, { params: { text: httpFieldText.time } })
  .transform((text) => Date.parse(text))
  .meta({ format: 'date-time' });

/** `elsewhere`: notified to the lanes although the message is refused. */
export type Checked<T> =
  | { readonly data: T }
  | { readonly errors: readonly FieldError[]; readonly elsewhere?: Elsewhere };

/** Programs write null or an empty text for what they have nothing to say of: an unlicensed car, a till without a cashier. */
const withoutEmpty = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([, said]) => said !== null && said !== ''))
    : value;

/** Every wrong field, in the words of `fieldText`. */
export function check<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const parsed = (content: unknown) => schema.safeParse(content, { reportInput: true, jitless: true });
  const whole = parsed(value);
  const result = whole.success ? whole : parsed(withoutEmpty(value));
  return result.success ? { data: result.data } : { errors: fieldErrors(result.error) };
}
