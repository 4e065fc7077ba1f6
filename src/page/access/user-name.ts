/** How users of the page and tokens of programs may be called. */
import { z } from 'zod';

/** Letters of any script, digits, `.`, `_`, `-`. */
export const userName = z
  .string()
  .max(32)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
  .transform((name) => name.normalize('NFC'));
