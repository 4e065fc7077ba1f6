/** Checks a message with a schema and names each field that is wrong. Knows no particular message. */
import { z } from 'zod';
import type { FieldError } from '../http/problem.ts';
import { fieldText } from '../text/intake.ts';
import type { Text } from '../text/text.ts';
import type { Elsewhere } from './types.ts';

/** Text of one line. */
export function singleLine(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/\p{Cc}/u.test(text), { params: { text: fieldText.control } });
}

/** `2026-05-01T12:00:00+08:00` or `…Z`, as wall milliseconds. */
export const time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .meta({ format: 'date-time' });

/** `elsewhere`: what the lanes are told of it though it is refused. */
export type Checked<T> =
  | { readonly data: T }
  | { readonly errors: readonly FieldError[]; readonly elsewhere?: Elsewhere };

/** Every field that is wrong, in the words of `fieldText`. */
export function check<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? { data: result.data } : { errors: result.error.issues.flatMap(errorsOf) };
}

function errorsOf(issue: z.core.$ZodIssue): readonly FieldError[] {
  const field = issue.path.join('.');
  const one = (message: Text): readonly FieldError[] => [{ field, message }];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: field === '' ? key : `${field}.${key}`, message: fieldText.unknown }));
  }
  if (issue.code !== 'custom' && issue.input === undefined) return one(fieldText.missing);
  switch (issue.code) {
    case 'invalid_type':
      return one(fieldText.type(issue.expected));
    case 'invalid_value':
      return one(fieldText.choice(issue.values.map(String)));
    case 'too_small':
      return one(issue.origin === 'string' ? fieldText.length(100) : fieldText.least(Number(issue.minimum)));
    case 'too_big':
      return one(
        issue.origin === 'string' ? fieldText.length(Number(issue.maximum)) : fieldText.most(Number(issue.maximum)),
      );
    case 'invalid_format':
      return one(fieldText.time);
    case 'custom':
      return one((issue.params?.text as Text | undefined) ?? fieldText.type('string'));
    default:
      return one({ zh: issue.message, en: issue.message });
  }
}
