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

/** The zip in parts; its directory says that its entries begin `further` on. */
function partsOf(zip: Uint8Array, further = 0) {
  const all = Buffer.from(zip);
  const end = all.length - 22;
  const from = all.readUInt32LE(end + 16);
  const named: number[] = [];
  for (let at = from; at < end; at += 46 + all.readUInt16LE(at + 28) + all.readUInt16LE(at + 30)) {
    named.push(at);
    all.writeUInt32LE(all.readUInt32LE(at + 42) + further, at + 42);
  }
  all.writeUInt32LE(from + further, end + 16);
  return { all, entries: all.subarray(0, from), directory: all.subarray(from, end), end: all.subarray(end), named };
}

const forged = (further = 0) => partsOf(zipSync({ 'record.json': strToU8('{"forged":1}') }, { level: 0 }), further);
/** Bytes put in before the directory, which says so, unlike the entry that they follow. */
const inserted = (zip: Uint8Array, bytes: Uint8Array): Buffer => {
  const { entries, directory, end } = partsOf(zip);
  end.writeUInt32LE(entries.length + bytes.length, 16);
  return Buffer.concat([entries, bytes, directory, end]);
};
/** The last entry, both as the directory has it and as it has itself. */
const lastOf = (zip: Uint8Array) => {
  const { all, named } = partsOf(zip);
  const at = named.at(-1) ?? 0;
  return { all, at, local: all.readUInt32LE(at + 42) };
};

/** Zips of which one program unpacks what another does not see; each file that their directory names is as it was. */
export const FORGED_ZIPS: Readonly<Record<string, (zip: Uint8Array) => Uint8Array>> = {
  'another name in an entry than in the directory': (zip) => {
    const { all, local } = lastOf(zip);
    all.write('.', local + 30);
    return all;
  },
  'an entry that claims to be larger than is unpacked': (zip) => {
    const { all, at } = lastOf(zipSync({ ...unzipSync(zip), 'zz.html': strToU8('<h1>forged</h1>') }, { level: 0 }));
    all.writeUInt32LE(400_000_000, at + 24);
    return all;
  },
  'an entry before those of the directory': (zip) => {
    const { entries } = forged();
    return Buffer.concat([entries, partsOf(zip, entries.length).all]);
  },
  'an entry behind those of the directory': (zip) => inserted(zip, forged().entries),
  'a directory before the directory': (zip) => {
    const first = forged();
    const { entries, directory, end } = partsOf(zip, first.entries.length);
    first.end.writeUInt32LE(first.entries.length + entries.length, 16);
    first.end.writeUInt16LE(directory.length + end.length, 20);
    end.writeUInt32LE(first.entries.length + entries.length + first.directory.length + 22, 16);
    return Buffer.concat([first.entries, entries, first.directory, first.end, directory, end]);
  },
  'a zip behind it': (zip) => Buffer.concat([zip, forged(zip.length).all]),
  'a comment': (zip) => {
    const { all, end } = partsOf(zip);
    end.writeUInt16LE(1, 20);
    return Buffer.concat([all, Buffer.from('\n')]);
  },
  'bytes behind it': (zip) => Buffer.concat([zip, Buffer.from('\n')]),
  'bytes between its entries and its directory': (zip) => inserted(zip, Buffer.from('forged')),
  'another size in an entry than in the directory': (zip) => {
    const { all, local } = lastOf(zip);
    all.writeUInt32LE(1, local + 18);
    all.writeUInt32LE(1, local + 22);
    return all;
  },
  'an extra field that gives an entry another name': (zip) => {
    const name = Buffer.from('forged.html');
    const field = Buffer.concat([Buffer.from([0x75, 0x70, name.length + 5, 0, 1, 0, 0, 0, 0]), name]);
    const { entries, directory, end, named } = partsOf(zip);
    directory.writeUInt16LE(field.length, (named.at(-1) ?? 0) - entries.length + 30);
    end.writeUInt32LE(directory.length + field.length, 12);
    return Buffer.concat([entries, directory, field, end]);
  },
  'an entry within what is packed of another': (zip) => {
    const { all, at, local } = lastOf(zipSync(unzipSync(zip), { level: 9 }));
    const { entries } = forged();
    for (const place of [at + 20, local + 18]) all.writeUInt32LE(all.readUInt32LE(place) + entries.length, place);
    return inserted(all, entries);
  },
  'an entry that is locked': (zip) => {
    const { all, at, local } = lastOf(zip);
    for (const place of [at + 8, local + 6]) all.writeUInt16LE(all.readUInt16LE(place) | 1, place);
    return all;
  },
};

/** Manifests of another shape than the box writes, each signed with a key of the forger. */
export const MISSHAPEN: Readonly<Record<string, (manifest: Record<string, unknown>) => unknown>> = {
  'no files': (manifest) => ({ ...manifest, files: null }),
  'a list of files': (manifest) => ({ ...manifest, files: [] }),
  'files without a digest': (manifest) => ({ ...manifest, files: { 'record.json': null } }),
  'files missing': ({ files: _, ...manifest }) => manifest,
  'rows as text': (manifest) => ({ ...manifest, rows: '123' }),
  'rows as an object': (manifest) => ({ ...manifest, rows: { length: 1 } }),
  'rows of text': (manifest) => ({ ...manifest, rows: ['1', {}] }),
  'rows missing': ({ rows: _, ...manifest }) => manifest,
  'a key that is a number': (manifest) => ({ ...manifest, key: 5 }),
  'a time that is text': (manifest) => ({ ...manifest, madeWallMs: 'soon' }),
  'a time beyond all calendars': (manifest) => ({ ...manifest, madeWallMs: 1e300 }),
  'a serial that is an object': (manifest) => ({ ...manifest, serial: {} }),
  nothing: () => null,
  'a number': () => 5,
  'a list': () => [],
};
