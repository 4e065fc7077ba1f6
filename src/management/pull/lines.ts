/** Lines of a file that grows, as rows. A line counts once it has its end. It runs in the reading thread. */
import { hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { decoded } from '../charset.ts';
import { jsonContent } from '../message.ts';
import type { FileForm } from '../profile-form.ts';
import type { SourceAnswer, SourceRequest, SourceRow } from './source.ts';

const HEAD_MOST = 256;
/** Read at a time; a longer line is passed over. */
const PIECE_BYTES = 256_000;
const NEWLINE = 0x0a;

type LinesRequest = Extract<SourceRequest, { kind: 'file' }>;

export async function readLines({ path, form, place, from, limit }: LinesRequest): Promise<SourceAnswer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const same =
      place !== undefined &&
      place.path === path &&
      place.offset <= size &&
      (await headOf(file, place.headBytes)) === place.head;
    const columns = form.lines === 'csv' ? await columnsOf(file, form) : { names: [], end: 0 };
    const begin = from === 'end' || from === 'newest' ? await lastLine(file, size, from === 'newest') : columns.end;
    const start = same && from === 'start' ? place.offset : Math.max(begin, columns.end);
    const bytes = await piece(file, start, PIECE_BYTES);
    const rows: SourceRow[] = [];
    let at = 0;
    while (rows.length < limit) {
      const end = bytes.indexOf(NEWLINE, at);
      if (end < 0) break;
      const row = rowOf(decoded(bytes.subarray(at, end), form.charset).replace(/\r$/, ''), form, columns.names);
      if (row !== undefined) rows.push(row);
      at = end + 1;
    }
    // A line without an end that fills the whole piece.
    if (at === 0 && bytes.length === PIECE_BYTES) at = bytes.length;
    const offset = start + at;
    const headBytes = Math.min(HEAD_MOST, offset);
    return {
      rows,
      place: { path, offset, head: await headOf(file, headBytes), headBytes },
      more: at > 0 && offset < size,
    };
  } finally {
    await file.close();
  }
}

async function piece(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

const headOf = async (file: FileHandle, bytes: number): Promise<string> => hash('sha256', await piece(file, 0, bytes));

async function columnsOf(file: FileHandle, { columns, charset, separator }: FileForm) {
  if (columns !== undefined) return { names: columns, end: 0 };
  const bytes = await piece(file, 0, PIECE_BYTES);
  const end = bytes.indexOf(NEWLINE);
  const line = decoded(bytes.subarray(0, Math.max(0, end)), charset)
    .replace(/^\uFEFF/, '')
    .replace(/\r$/, '');
  return { names: csvCells(line, separator).map((name) => name.trim()), end: end + 1 };
}

/** The end of the last whole line, or its beginning. */
async function lastLine(file: FileHandle, size: number, isBefore: boolean): Promise<number> {
  const start = Math.max(0, size - PIECE_BYTES);
  const bytes = await piece(file, start, PIECE_BYTES);
  const end = bytes.lastIndexOf(NEWLINE);
  return isBefore ? start + bytes.lastIndexOf(NEWLINE, end - 1) + 1 : start + end + 1;
}

function rowOf(line: string, form: FileForm, columns: readonly string[]): SourceRow | undefined {
  if (line.trim() === '') return undefined;
  if (form.lines === 'json') return (jsonContent(line) ?? {}) as SourceRow;
  if (form.lines === 'csv') {
    const cells = csvCells(line, form.separator);
    return Object.fromEntries(
      columns.flatMap((name, index) => (cells[index] === undefined ? [] : [[name, cells[index]]])),
    );
  }
  // From the beginning of a word: a long one without `=` is else searched from each of its letters.
  const pairs = line.matchAll(/(?<![^\s=,;"])([^\s=,;]+)=(?:"([^"]*)"|([^\s,;]*))/g);
  return Object.fromEntries([...pairs].map(([, name, quoted, plain]) => [name, quoted ?? plain ?? '']));
}

/** A cell in quotes may have separators, and quotes twice. */
export function csvCells(line: string, separator: string): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] as string;
    if (isQuoted && sign === '"' && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"' && (isQuoted || cell.trim() === '')) {
      isQuoted = !isQuoted;
    } else if (sign === separator && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += sign;
  }
  return [...cells, cell];
}
