/** Text of one line that a person or a system gave, as it may be kept, shown and sent on. Knows no message. */
import { z } from 'zod';
import { httpFieldText } from '../text/http.ts';

/** Control, line and direction characters, and those without width: what is shown with them is not what stands there. */
const NOT_PLAIN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

export const isPlain = (text: string): boolean => !NOT_PLAIN.test(text);

/** What of it may be kept, cut to `most` characters. */
export const plainOf = (text: string, most: number): string => [...text].filter(isPlain).join('').slice(0, most);

export function plainText(most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .refine(isPlain, { params: { text: httpFieldText.control } });
}
