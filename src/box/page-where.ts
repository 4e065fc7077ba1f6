/** Where the page is, as far as a text of a configuration can be read: people look for it there, also while that text has faults. */
import { peekValue } from '../config/edit.ts';
import type { ListenConfig } from '../config/types.ts';

/** Without a configuration. */
const USUAL = { listen: { host: '0.0.0.0', port: 8080 }, secure: true };

export function pageWhere(text: string): { readonly listen: ListenConfig; readonly secure: boolean } {
  const written = peekValue(text, ['page', 'listen']);
  const [, host = '', port = ''] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(typeof written === 'string' ? written : '') ?? [];
  const secure = peekValue(text, ['page', 'https']) !== false;
  return { listen: host === '' ? USUAL.listen : { host, port: Number(port) }, secure };
}
