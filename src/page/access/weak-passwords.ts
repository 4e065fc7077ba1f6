/** Long passwords that are guessed first: one word among digits and signs, repetitions, words of the trade and keyboard runs. See decision 15. */

/** Parts of such passwords, as letters after the usual replacements (`p@ssw0rd`). The user's name joins them. */
const GUESSED =
  /lanewarden|闸口卫士|parking|tingche|daozha|pyun|camera|admin|root|user|operator|installer|viewer|system|test|default|pass|word|mima|login|welcome|qwerty|uiop|asdf|ghjkl|zxcv|bnm|qaz|wsx|edc|rfv|zaq|xsw|cde|abcdef|ghijkl|abc/g;
const LETTER: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '@': 'a', $: 's' };
/** Different letters that must remain beside the guessed parts. */
const OTHERS_MIN = 4;

export function isGuessedFirst(password: string, user: string): boolean {
  const written = password.toLowerCase();
  const plain = written.replaceAll(/[01345@$]/g, (each) => LETTER[each] ?? each);
  const others = (text: string) =>
    new Set(text.replaceAll(user.toLowerCase(), '').replaceAll(GUESSED, '').replaceAll(/\P{L}/gu, '')).size;
  const isOneWord = /^[^\p{L}]*[a-z]{0,12}[^\p{L}]*$/u.test(written);
  const isRepeated = /^(.+?)\1+$/u.test(written);
  return isOneWord || isRepeated || others(written) < OTHERS_MIN || others(plain) < OTHERS_MIN;
}
