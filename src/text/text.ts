/** A text for people: both languages or it does not compile. Chinese is written first. Contract of the room: README.md. */
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
