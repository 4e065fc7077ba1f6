/** Bytes and text in the character sets of the trade. */
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { Charset } from './profile-form.ts';

export const decoded = (bytes: Uint8Array, charset: Charset): string => iconv.decode(Buffer.from(bytes), charset);
export const encodedAs = (text: string, charset: Charset): Buffer => iconv.encode(text, charset);

/** Whether bytes, percent-encoded ones among them, can only be of another character set: GBK that is UTF-8, or the reverse. */
export function isOtherCharset(bytes: Uint8Array, charset: Charset): boolean {
  const plain = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const isAscii = !/[\x80-\xff]/.test(plain);
  return !isAscii && isUtf8(Buffer.from(plain, 'latin1')) !== (charset === 'utf-8');
}
