/** The language of the page: stored on this device, else the browser's, else Chinese. */
import type { Language, Text } from '../text/text.ts';
import { watchers } from './watchers.ts';

const KEPT_AS = 'lanewarden.language';

function kept(): Language | undefined {
  try {
    const value = localStorage.getItem(KEPT_AS);
    return value === 'zh' || value === 'en' ? value : undefined;
  } catch {
    // Without storage the browser's language counts.
    return undefined;
  }
}

let now: Language = kept() ?? (/^en\b/i.test(navigator.language) ? 'en' : 'zh');
const watched = watchers();
/** The page redraws on a switch. */
export const useLanguage = watched.use;

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
  watched.changed();
}

document.documentElement.lang = now === 'zh' ? 'zh-CN' : 'en';
