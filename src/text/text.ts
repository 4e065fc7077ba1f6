/** A text for people: both languages or it does not compile. Chinese is written first. Contract of the room: README.md. */
import { BEIJING_OFFSET_MS } from '../written-time.ts';
export type Language = 'zh' | 'en';
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** One after the other, with what stands between them in each language. */
export const joined = (texts: readonly Text[], zh = '；', en = '; '): Text => ({
  zh: texts.map((text) => text.zh).join(zh),
  en: texts.map((text) => text.en).join(en),
});

/** Of a list in a text of a table. */
export type Listed = readonly (string | number | Text)[];
const listed = (list: Listed, language: Language, comma: string): string =>
  list.map((each) => (typeof each === 'object' ? each[language] : each)).join(comma);
export const listZh = (list: Listed): string => listed(list, 'zh', '、');
export const listEn = (list: Listed): string => listed(list, 'en', ', ');

/** What is written alike in both languages: a name, the words of another program. */
export const plain = (text: string): Text => ({ zh: text, en: text });

/** A text with a detail behind it, where there is one. */
export const detailed = (text: Text, detail = ''): Text =>
  detail === '' ? text : { zh: `${text.zh}（${detail}）`, en: `${text.en} (${detail})` };

/** Fen as yuan, as it is written everywhere: 12.50. */
export const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** A time as the log, the commands and the sheets of evidence write it: `2026-11-24T20:01:02.345+08:00`. */
export function beijingTime(wallMs: number): string {
  return `${new Date(wallMs + BEIJING_OFFSET_MS).toISOString().slice(0, -1)}+08:00`;
}

/** `14 分钟`, `2 小时 5 分钟`, `3 天` */
export function durationText(ms: number): Text {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return { zh: `${seconds} 秒`, en: `${seconds} s` };
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return { zh: `${minutes} 分钟`, en: `${minutes} min` };
  const hours = Math.floor(minutes / 60);
  const [days, rest] = [Math.floor(hours / 24), minutes % 60];
  if (hours >= 48) return { zh: `${days} 天`, en: `${days} days` };
  return rest === 0
    ? { zh: `${hours} 小时`, en: `${hours} h` }
    : { zh: `${hours} 小时 ${rest} 分钟`, en: `${hours} h ${rest} min` };
}

/** A text of a table, with what stands in its places. */
export const filled = <Places>(text: Text | ((places: Places) => Text), places: Places): Text =>
  typeof text === 'function' ? text(places) : text;

/** What all texts of a table together take, for a caller that does not know which one it gets. */
export type PlacesOf<Table> =
  Extract<Table[keyof Table], (places: never) => Text> extends (places: infer All) => Text ? All : never;
/** Names of these places that are no string and no flag. */
export type ToMake<Places> = {
  [Name in keyof Places]-?: string extends Places[Name] ? never : boolean extends Places[Name] ? never : Name;
}[keyof Places];

/** Texts by the kind of what they are about, each made of what that kind has. */
type ByKind<Of extends { readonly kind: string }> = {
  readonly [Kind in Of['kind']]: Text | ((of: Extract<Of, { readonly kind: Kind }>) => Text);
};
export function ofKind<Of extends { readonly kind: string }>(texts: ByKind<Of>, of: Of): Text {
  return filled<never>(texts[of.kind as Of['kind']], of as never);
}
