/** A text for people: both languages or it does not compile. Chinese is written first. Contract of the room: README.md. */
export type Language = 'zh' | 'en';
export interface Text {
  readonly zh: string;
  readonly en: string;
}
