/** The park's id as people paste it: with or without dashes, braces, spaces, a scheme, in capitals. */

const GROUPS = [8, 4, 4, 4, 12];
const HEX_DIGITS = 32;

/** In the form of the configuration as soon as it is whole; until then as typed. */
export function parkId(typed: string): string {
  const hex = typed.replace(/^\s*[a-z]+:(?:\/\/|uuid:)?/i, '').replace(/[\s{}"'“”‐‑–—-]/g, '');
  if (hex.length !== HEX_DIGITS || !/^[0-9a-f]+$/i.test(hex)) return typed;
  let at = 0;
  return GROUPS.map((length) => {
    at += length;
    return hex.slice(at - length, at);
  })
    .join('-')
    .toLowerCase();
}
