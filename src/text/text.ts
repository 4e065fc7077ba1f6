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
