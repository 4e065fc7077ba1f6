/** CSV as Excel and WPS open it: CRLF, quotes, and no text that a spreadsheet would run as a formula. Pure. */

/** Before the first line of a file, so that Excel reads UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

export function csvLines(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

/** No width, no shape, or the direction of the text behind it; tabs and line breaks have one. */
const UNSEEN = /(?![\t\r\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function cellOf(text: string): string {
  const seen = text.replaceAll(UNSEEN, '');
  // Behind blanks, and as wide as in Chinese type, a sign begins a formula too; a negative number of the program is none.
  const first = seen.trimStart().slice(0, 1).normalize('NFKC');
  const isFormula = /[=+\-@\u2212]/.test(first) && !/^-\d+(\.\d+)?$/.test(seen);
  const safe = isFormula || /^[\t\r]/.test(seen) ? `'${seen}` : seen;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
