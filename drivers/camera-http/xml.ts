/** Single values out of a camera's XML, whatever its prefixes and attributes. Pure; not a document parser. */

/** Text of the first element of this name, entities decoded; undefined when absent or longer than `charactersMax`. */
export function element(xml: string, name: string, charactersMax = 400): string | undefined {
  const [, literal, text] =
    new RegExp(
      `<(?:[\\w.-]{1,20}:)?${name}(?:\\s[^<>]{0,200})?>(?:\\s*<!\\[CDATA\\[([^<]{0,${charactersMax}}?)\\]\\]>\\s*|([^<]{0,${charactersMax}}))<`,
    ).exec(xml) ?? [];
  return literal?.trim() ?? (text === undefined ? undefined : decoded(text));
}

/** From the start of the first element of this name to the end of the text. */
export function fromElement(xml: string, name: string): string | undefined {
  const at = xml.search(new RegExp(`<(?:[\\w.-]{1,20}:)?${name}[\\s>/]`));
  return at === -1 ? undefined : xml.slice(at);
}

/** The first `most` elements of this name: the value of one attribute, and the text up to the next element of that name. */
export function elements(
  xml: string,
  name: string,
  attribute: string,
  most: number,
): readonly { value: string; content: string }[] {
  const form = new RegExp(`<(?:[\\w.-]{1,20}:)?${name}((?:\\s[^<>]{0,400})?)>`, 'g');
  const starts: RegExpExecArray[] = [];
  for (const start of xml.matchAll(form)) if (starts.push(start) === most) break;
  return starts.flatMap((start, index) => {
    const [, quoted, single] =
      new RegExp(`\\s${attribute}\\s*=\\s*(?:"([^"]{0,200})"|'([^']{0,200})')`).exec(start[1] ?? '') ?? [];
    const value = quoted ?? single;
    const content = xml.slice(start.index, starts[index + 1]?.index ?? xml.length);
    return value === undefined ? [] : [{ value: decoded(value), content }];
  });
}

/** Escapes text for an element. */
export function encoded(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,5}));/gi, decodeEntity).trim();
}

function decodeEntity(whole: string, decimal?: string, hex?: string, name?: string): string {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
}
