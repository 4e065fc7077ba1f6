/** CSV as Excel and WPS open it: CRLF, quotes, and no text that a spreadsheet would run as a formula. Pure. */

/** Before the first line of a file, so that Excel reads UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

export function csvLines(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
