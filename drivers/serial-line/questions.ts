/**
 * Everything this driver can ever send: questions that read. A profile names one and cannot define its own, so no profile opens a
 * barrier. Source of each: devices.md 5.1.
 */
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

export const QUESTIONS = {
  /** `*STAT#` → `*STATabcdefghi#` */
  'star-hash-stat': text('*STAT#'),
  /** `A6 STAT A9` → `A6 STATabcdefgh A9` */
  'compass-stat': Uint8Array.of(0xa6, ...text('STAT'), 0xa9),
  /** `:INFO;` */
  'enet-info': text(':INFO;'),
} as const satisfies Readonly<Record<string, Uint8Array>>;

export type QuestionName = keyof typeof QUESTIONS;
export const QUESTION_NAMES = Object.keys(QUESTIONS) as [QuestionName, ...QuestionName[]];
