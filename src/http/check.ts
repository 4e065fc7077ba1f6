/** Which fields of a message its schema refuses, in words for the sender. Knows no particular message. */
import type { z } from 'zod';
import { httpFieldText } from '../text/http.ts';
import type { Text } from '../text/text.ts';
import type { FieldError } from './problem.ts';

/** Every wrong field. The schema parses with `reportInput`; a refinement brings its own words as `params.text`. */
export function fieldErrors({ issues }: z.ZodError): readonly FieldError[] {
  return issues.flatMap((issue) => {
    const field = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ field, message: messageOf(issue) }];
    return issue.keys.map((key) => ({ field: field === '' ? key : `${field}.${key}`, message: httpFieldText.unknown }));
  });
}

function messageOf(issue: z.core.$ZodIssue): Text {
  if (issue.code !== 'custom' && issue.input === undefined) return httpFieldText.missing;
  switch (issue.code) {
    case 'invalid_type':
      return httpFieldText.type(issue.expected);
    case 'invalid_value':
      return httpFieldText.choice(issue.values.map(String));
    case 'too_small':
      return issue.origin === 'string'
        ? httpFieldText.shortest(Number(issue.minimum))
        : httpFieldText.least(Number(issue.minimum));
    case 'too_big':
      return issue.origin === 'string'
        ? httpFieldText.length(Number(issue.maximum))
        : httpFieldText.most(Number(issue.maximum));
    case 'invalid_format':
      return issue.format === 'datetime' ? httpFieldText.time : httpFieldText.format;
    case 'custom':
      return (issue.params?.text as Text | undefined) ?? httpFieldText.wrong;
    default:
      return httpFieldText.wrong;
  }
}
