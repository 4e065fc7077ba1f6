/** A JSON object whose member `value` is JSON already. It knows no configuration. */

export function jsonWith(members: object, value: string | undefined): string {
  const json = JSON.stringify(members);
  return value === undefined ? json : `${json.slice(0, -1)}${json === '{}' ? '' : ','}"value":${value}}`;
}
