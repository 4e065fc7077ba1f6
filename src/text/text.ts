/** The shape of everything a person reads: both languages or it does not compile. Chinese is written first. */
export type Language = 'zh' | 'en';
export interface Text {
  readonly zh: string;
  readonly en: string;
}
