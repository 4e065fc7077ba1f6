/** The language of an answer. */
import type { IncomingMessage } from 'node:http';
import type { Language } from '../text/text.ts';

/** English if the client prefers it, else Chinese. */
export function languageOf({ headers }: IncomingMessage): Language {
  const [first = ''] = (headers['accept-language'] ?? '').split(',');
  return /^\s*en\b/i.test(first) ? 'en' : 'zh';
}
