/**
 * The signature of a request (cloud-release-api.md, "Signature"): canonical text, MD5. Pure; the secret is an input and appears in no
 * output.
 */
import { hash } from 'node:crypto';

/** Fields of the request by name. Values are raw text. */
export type Fields = Readonly<Record<string, string>>;

/** Replaces the secret in any text a person may read. */
export const MASK = '***';

/** `key=value` joined with `&`, sorted by code unit, without empty values, without `sign`, without the secret. */
export function canonicalText(fields: Fields): string {
  // The default order of sort() is by code unit; a locale would put capitals and underscores elsewhere.
  return Object.keys(fields)
    .filter((key) => key !== 'sign' && fields[key] !== undefined && fields[key] !== '')
    .sort()
    .map((key) => `${key}=${fields[key]}`)
    .join('&');
}

/** Upper-case hex MD5 over the UTF-8 bytes of the canonical text with the secret at its end. */
export function sign(fields: Fields, secret: string): string {
  return hash('md5', withSecret(canonicalText(fields), secret)).toUpperCase();
}

/** The signed text, fit to be shown: `…&app_secret=***`. */
export function maskedText(fields: Fields): string {
  return withSecret(canonicalText(fields), MASK);
}

function withSecret(text: string, secret: string): string {
  return text === '' ? `app_secret=${secret}` : `${text}&app_secret=${secret}`;
}
