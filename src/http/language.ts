/** In which language a request is answered. */
import type { IncomingMessage } from 'node:http';
import type { Language } from '../text/text.ts';

/** English for a client that asks for it before Chinese; Chinese for everybody else. */
export function languageOf({ headers }: IncomingMessage): Language {
  const [first = ''] = (headers['accept-language'] ?? '').split(',');
  return /^\s*en\b/i.test(first) ? 'en' : 'zh';
}
