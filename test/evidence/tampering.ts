/** One thing of a bundle changed, and what both verifiers must name. */
import { randomInt } from 'node:crypto';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

export interface Tampered {
  readonly zip: Uint8Array;
  readonly how: string;
  /** The file, and the row in it, that has to be named. undefined: nothing was changed. */
  readonly named?: { readonly file?: string; readonly seq?: number };
}

type Files = Record<string, Uint8Array>;
type Trick = (files: Files) => Omit<Tampered, 'zip'>;

const linesOf = (files: Files): string[] =>
  strFromU8(files['rows.jsonl'] as Uint8Array)
    .trimEnd()
    .split('\n');
const seqOf = (line: string): number => (JSON.parse(line) as [number])[0];
const write = (files: Files, lines: readonly string[]): void => {
  files['rows.jsonl'] = strToU8(lines.map((line) => `${line}\n`).join(''));
};
const any = (count: number): number => randomInt(count);
const framesOf = (files: Files): string[] => Object.keys(files).filter((name) => name.startsWith('frames/'));

function flipped(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = from + any(to - from);
  copy[at] = (copy[at] ?? 0) ^ (1 << any(8));
  return copy;
}

const isIn = (text: string, seq: number): boolean => {
  const [, , lane, , , , ...event] = (JSON.parse(text) as [number, string])[1].split('\n');
  return lane === '' && (JSON.parse(event.join('\n')) as { kind: string }).kind === 'try' && seq > 0;
};

export const TRICKS: Readonly<Record<string, Trick>> = {
  untouched: () => ({ how: 'untouched' }),
  'a bit of a row': (files) => {
    const lines = linesOf(files);
    const at = any(lines.length);
    const start = strToU8(
      lines
        .slice(0, at)
        .map((line) => `${line}\n`)
        .join(''),
    ).length;
    const seq = seqOf(lines[at] ?? '');
    // Behind its number, up to its closing quote.
    const from = start + `[${seq},"`.length;
    files['rows.jsonl'] = flipped(files['rows.jsonl'] as Uint8Array, from, start + strToU8(lines[at] ?? '').length - 2);
    return { how: `a bit of row ${seq}`, named: { file: 'rows.jsonl', seq } };
  },
  // Still JSON, and no more what a verifier expects there.
  'a name in a fact of the box': (files) => {
    const lines = linesOf(files);
    const facts = [...lines.keys()].filter((at) => /\\n\{\\"kind\\":\\"(record|frame|mark)/.test(lines[at] ?? ''));
    const at = facts[any(facts.length)] ?? 0;
    const names = [...(lines[at] ?? '').matchAll(/(?<=[{,]\\")\w+(?=\\":)/g)].map(({ index }) => index);
    const place = names[any(names.length)] ?? 0;
    lines[at] = `${lines[at]?.slice(0, place)}_${lines[at]?.slice(place + 1)}`;
    write(files, lines);
    return { how: 'name', named: { file: 'rows.jsonl', seq: seqOf(lines[at]) } };
  },
  'a row dropped': (files) => {
    const lines = linesOf(files);
    const [gone = ''] = lines.splice(any(lines.length), 1);
    write(files, lines);
    return { how: 'dropped', named: { file: 'rows.jsonl', seq: seqOf(gone) } };
  },
  'a try dropped': (files) => {
    const lines = linesOf(files);
    const at = lines.findIndex((line) => isIn(line, seqOf(line)));
    const [gone = ''] = lines.splice(at, 1);
    write(files, lines);
    return { how: 'try dropped', named: { file: 'rows.jsonl', seq: seqOf(gone) } };
  },
  'two rows swapped': (files) => {
    const lines = linesOf(files);
    const at = any(lines.length - 1);
    const [one, other] = [lines[at], lines[at + 1]].map((line) => JSON.parse(line ?? '') as [number, string]);
    lines[at] = JSON.stringify([one?.[0], other?.[1]]);
    lines[at + 1] = JSON.stringify([other?.[0], one?.[1]]);
    write(files, lines);
    return { how: 'swapped', named: { file: 'rows.jsonl', seq: one?.[0] ?? 0 } };
  },
  'a row added': (files) => {
    const lines = linesOf(files);
    write(files, [...lines, JSON.stringify([999_999, '999999\n1\n1001\n1\n1\n00\n{"kind":"grant"}'])]);
    return { how: 'added', named: { file: 'rows.jsonl', seq: 999_999 } };
  },
  'a payment forged': (files) => {
    const lines = linesOf(files);
    const at = any(lines.length);
    const [seq, text] = JSON.parse(lines[at] ?? '') as [number, string];
    lines[at] = JSON.stringify([
      seq,
      `${text.split('\n').slice(0, 6).join('\n')}\n{"kind":"grant","plate":"粤B12345"}`,
    ]);
    write(files, lines);
    return { how: 'forged', named: { file: 'rows.jsonl', seq } };
  },
  'a digest of the chain': (files) => {
    const text = strFromU8(files['chain.json'] as Uint8Array);
    const chain = JSON.parse(text) as { blocks: { first: number; digests?: [string, string][] }[] };
    const block = chain.blocks.find(({ digests }) => digests !== undefined);
    const at = any(block?.digests?.length ?? 0);
    const pair = block?.digests?.[at] as [string, string];
    pair[0] = pair[0].replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    files['chain.json'] = strToU8(`${JSON.stringify(chain, undefined, 1)}\n`);
    return { how: 'digest', named: { file: 'chain.json', seq: (block?.first ?? 0) + at } };
  },
  'two heads exchanged': (files) => {
    const chain = JSON.parse(strFromU8(files['chain.json'] as Uint8Array)) as {
      blocks: { first: number; head: string }[];
    };
    const [one, other] = chain.blocks as [{ first: number; head: string }, { head: string }];
    [one.head, other.head] = [other.head, one.head];
    files['chain.json'] = strToU8(`${JSON.stringify(chain, undefined, 1)}\n`);
    return { how: 'heads', named: { file: 'chain.json', seq: one.first } };
  },
  'a bit of a picture': (files) => {
    const [name = ''] = framesOf(files).toSorted(() => any(3) - 1);
    const bytes = files[name] as Uint8Array;
    files[name] = flipped(bytes, 0, bytes.length);
    return { how: 'picture', named: { file: name } };
  },
  'a picture dropped': (files) => {
    const [name = ''] = framesOf(files);
    delete files[name];
    return { how: 'picture dropped', named: { file: name } };
  },
  'two pictures swapped': (files) => {
    const [one = '', other = ''] = framesOf(files);
    [files[one], files[other]] = [files[other] as Uint8Array, files[one] as Uint8Array];
    return { how: 'pictures swapped', named: { file: one } };
  },
  'the record': (files) => {
    const bytes = files['record.json'] as Uint8Array;
    files['record.json'] = flipped(bytes, 0, bytes.length);
    return { how: 'record', named: { file: 'record.json' } };
  },
  'the sheet': (files) => {
    const bytes = files['sheet.html'] as Uint8Array;
    files['sheet.html'] = flipped(bytes, 0, bytes.length);
    return { how: 'sheet', named: { file: 'sheet.html' } };
  },
  'the settings': (files) => {
    const bytes = files['settings.json'] as Uint8Array;
    files['settings.json'] = flipped(bytes, 0, bytes.length);
    return { how: 'settings', named: { file: 'settings.json' } };
  },
  'a file added': (files) => {
    files['frames/after2.jpg'] = strToU8('another');
    return { how: 'file added', named: { file: 'frames/after2.jpg' } };
  },
};

export function tampered(zip: Uint8Array, trick: Trick): Tampered {
  const files = unzipSync(zip);
  const told = trick(files);
  return { ...told, zip: zipSync(files, { level: 0 }) };
}
