/** Pairs as the platform signs them (cloud-release-api.md, "Signature"). Pure; the secret is in none. */

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
