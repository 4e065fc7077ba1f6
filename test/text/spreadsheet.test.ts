/** What others wrote (plates, names, reasons) reaches Excel, WPS and LibreOffice as text, whatever it begins with; numbers of the program stay numbers. */
import { expect, it } from 'vitest';
import { csvLines } from '../../src/text/spreadsheet.ts';

const SIGNS = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−'];
/** A spreadsheet, or who trims the file before it, drops these in front of a formula. */
const DROPPED = [
  '',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\u00a0',
  '\u3000',
  '\0',
  '\u200b',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u3164',
  '\u202e',
];

const cell = (text: string): string => csvLines([[text]]).slice(0, -2);
const content = (text: string): string =>
  cell(text)
    .replace(/^"([\s\S]*)"$/, '$1')
    .replaceAll('""', '"');

it.each(SIGNS.flatMap((sign) => DROPPED.map((before) => `${before}${sign}HYPERLINK("http://x","y")`)))(
  'a cell that begins with %j is no formula',
  (text) => {
    expect(content(text)).toMatch(/^'/);
    expect(content(text)).toMatch(/HYPERLINK\("http:\/\/x","y"\)$/);
  },
);

it('what is not seen, or turns a text round, is left out; line breaks and what is written by itself stay', () => {
  expect(cell('粤\u202eB\u200b1\u00002\u2066345\u007f\u0085')).toBe('粤B12345');
  expect(cell('a\nb\tc')).toBe('"a\nb\tc"');
  expect(cell('说 "好", 走')).toBe('"说 ""好"", 走"');
});

it.each(['-5.00', '-3', '0', '12.50', '2026-05-01 08:00:00', '粤B12345', '—', 'a=b', ''])('%j stays as it is', (text) =>
  expect(cell(text)).toBe(text),
);

it.each(['-5.00+1', '-', '--1', '-1E5', '+86 755', "-1|'x'!A"])('%j is no number', (text) =>
  expect(cell(text)).toBe(`'${text}`),
);
