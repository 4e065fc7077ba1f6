/** Bytes and text in the character sets of the trade. */
import iconv from 'iconv-lite';
import type { Charset } from './profile-form.ts';

export const decoded = (bytes: Uint8Array, charset: Charset): string => iconv.decode(Buffer.from(bytes), charset);
export const encodedAs = (text: string, charset: Charset): Buffer => iconv.encode(text, charset);
