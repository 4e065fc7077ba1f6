/**
 * How much a text from outside may hold. What it takes to parse and check one follows from its values and not from its bytes, and the lanes wait
 * meanwhile: so they are counted first, in one pass. Pure.
 */

/** In JSON: list items, members, lists and objects. Five hundred messages of thirty fields are 16,000; these take some 20 ms here. */
export const VALUES_MAX = 20_000;
/** Lists and objects within one another. No message needs a tenth of it. */
export const DEPTH_MAX = 100;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN, CLOSED] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])];

export function jsonStructure(text: string): { readonly values: number; readonly depth: number } {
  let [values, depth, deepest, isText] = [0, 0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isText && code === BACKSLASH) at += 1;
    else if (code === QUOTE) isText = !isText;
    else if (isText) continue;
    else if (code === COMMA) values += 1;
    else if (CLOSED.has(code)) depth -= 1;
    else if (OPEN.has(code)) {
      values += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
    }
  }
  return { values, depth: deepest };
}

/** An element takes four times as long as a value of JSON, an attribute with its space three times. */
const [ELEMENT, ATTRIBUTE] = [4, 2];
const [LESS, GREATER, SLASH, EQUALS, AND, SPACE] = [0x3c, 0x3e, 0x2f, 0x3d, 0x26, 0x20];

/** Of XML, in values of JSON. */
export function xmlValues(text: string): number {
  let [values, isTag, wasSpace] = [0, false, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isSpace = code <= SPACE;
    if (code === LESS) {
      isTag = true;
      if (text.charCodeAt(at + 1) !== SLASH) values += ELEMENT;
    } else if (code === GREATER) isTag = false;
    else if (code === AND) values += 1;
    else if (isTag && code === EQUALS) values += ATTRIBUTE;
    else if (isTag && isSpace && !wasSpace) values += 1;
    wasSpace = isSpace;
  }
  return values;
}
