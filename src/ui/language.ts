/** Which language the page speaks: kept on this device, else by the browser, Chinese when unsure. */
import type { Language, Text } from '../text/text.ts';

const KEPT_AS = 'lanewarden.language';

function kept(): Language | undefined {
  try {
    const value = localStorage.getItem(KEPT_AS);
    return value === 'zh' || value === 'en' ? value : undefined;
  } catch {
    // A browser that keeps nothing asks for nothing.
    return undefined;
  }
}

let now: Language = kept() ?? (/^en\b/i.test(navigator.language) ? 'en' : 'zh');
const listeners = new Set<() => void>();

export const language = (): Language => now;

/** A text in the language of the page. */
export const say = (text: Text): string => text[now];

export function setLanguage(next: Language): void {
  now = next;
  try {
    localStorage.setItem(KEPT_AS, next);
  } catch {
    // As above.
  }
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
  for (const listener of listeners) listener();
}

/** Hears of a switch; the page draws itself anew. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

document.documentElement.lang = now === 'zh' ? 'zh-CN' : 'en';
