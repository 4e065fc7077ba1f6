/** What a QR code or a pasted text says of the park: id, secret, address of the platform, in any of the forms in which people write them. Pure. */

export interface ParkText {
  readonly uuid?: string;
  readonly appSecret?: string;
  readonly url?: string;
}

const NAMES: Readonly<Record<keyof ParkText, RegExp>> = {
  uuid: /^(park_?)?uuid$|^park_?id$|^park$/i,
  appSecret: /^(app_?)?secret$|^key$/i,
  url: /^(cloud_?)?url$|^host$/i,
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function parkFacts(text: string): ParkText {
  const named = Object.fromEntries(
    pairsOf(text.trim()).flatMap(([name, value]) => {
      const known = (Object.keys(NAMES) as (keyof ParkText)[]).find((each) => NAMES[each].test(name));
      return known === undefined || value === '' ? [] : [[known, known === 'uuid' ? parkId(value) : value] as const];
    }),
  ) as ParkText;
  return named.uuid === undefined && named.appSecret === undefined ? byForm(text) : named;
}

/** `{"park_uuid": …}`, `https://…?park_uuid=…&app_secret=…`, `uuid: …` on lines of their own. */
function pairsOf(text: string): readonly (readonly [string, string])[] {
  if (text.startsWith('{'))
    try {
      return Object.entries(JSON.parse(text) as object).map(([name, value]) => [name, String(value).trim()]);
    } catch {
      return [];
    }
  return text
    .replace(/^[^?\s]*\?/, '')
    .split(/[&;\n\r]+/)
    .flatMap((part) => {
      const [, name, value] = /^\s*(\w+)\s*[=:：]\s*(.*?)\s*$/.exec(part) ?? [];
      return name === undefined || value === undefined ? [] : [[name, decoded(value)] as const];
    });
}

/** Without names: what looks like an id is the id, and one word beside it the secret. */
function byForm(text: string): ParkText {
  const words = text.split(/[\s,;|，；]+/).filter(Boolean);
  const ids = words.map(parkId);
  const at = ids.findIndex((each) => UUID.test(each));
  const uuid = ids[at];
  const others = words.filter((_, index) => index !== at);
  const [appSecret] = others;
  return {
    ...(uuid !== undefined && { uuid }),
    ...(appSecret !== undefined && others.length === 1 && { appSecret }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const GROUPS = [8, 4, 4, 4, 12];
const HEX_DIGITS = 32;

/** Of the park, as people paste it: with or without dashes, braces, spaces, a scheme, in capitals. In the form of the configuration as soon as it is whole; until then as typed. */
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
