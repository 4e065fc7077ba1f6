/**
 * One release as a zip file that stands by itself, and what such a file proves. Format `lanewarden-evidence` 1: docs/en/evidence-format.md. It knows the
 * store by what is read of it, and no HTTP.
 */
import { createHash } from 'node:crypto';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { type BundleRows, factIn, type ShownBlock } from '../store/chain/bundle-rows.ts';
import { type BoxFact, headOf, headText, isSigned, rootOf, type SignedHead, sha256 } from '../store/chain/chain.ts';
import type { BoxKey } from './box-key.ts';
import { sheetOf } from './sheet.ts';
import { waveformOf } from './waveform.ts';

export interface Manifest {
  readonly format: 'lanewarden-evidence';
  readonly version: 1;
  readonly program: string;
  readonly madeWallMs: number;
  readonly serial: string;
  readonly id: number;
  readonly key: string;
  /** SHA-256 of each other file but the signature. */
  readonly files: Readonly<Record<string, string>>;
  /** Numbers of the rows shown. */
  readonly rows: readonly number[];
}

interface ChainFile {
  readonly chain: string;
  readonly before: string;
  readonly blocks: readonly (Omit<ShownBlock, 'digests'> & {
    /** Each with a check of its own over its number, so that a fault is named at its row. */
    readonly digests?: readonly (readonly [digest: string, check: string])[];
  })[];
  readonly heads: readonly SignedHead[];
}

/** Something in a bundle that does not fit: which file, and in it which row, picture or try. */
export interface BundleFault {
  readonly what:
    | 'zip' // no bundle, cut or damaged
    | 'manifest' // the list of what belongs to it was changed
    | 'row' // a row shown is not the one in the chain
    | 'missing' // a row or file that belongs to it is not there
    | 'added' // one is there that does not
    | 'digest' // the digest of a row that is not shown
    | 'block' // the rows of a block do not give its head, or it does not follow
    | 'head' // a signed head
    | 'record' // the record is not the one that was given, nor as a person corrected it
    | 'frame' // a picture is not the one that was taken
    | 'file'; // another file was changed
  readonly file?: string;
  readonly seq?: number;
}

export interface BundleFindings {
  readonly faults: readonly BundleFault[];
  readonly serial?: string;
  readonly key?: string;
  readonly rows: number;
  readonly frames: number;
  /** Heads that left the box, before and behind. */
  readonly heads: readonly SignedHead[];
}

const BYTES_MAX = 200_000_000;
const MANIFEST = 'manifest.json';
const SIGNATURE = 'manifest.sig';
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const checkOf = (seq: number, digest: string): string => sha256(`${seq} ${digest}`).slice(0, 16);

export function makeBundle(rows: BundleRows, key: BoxKey, program: string, wallMs: number): Uint8Array {
  const chain: ChainFile = {
    ...{ chain: rows.chain, before: rows.before, heads: rows.heads },
    blocks: rows.blocks.map(({ digests, ...block }) => ({
      ...block,
      ...(digests && { digests: digests.map((digest, at) => [digest, checkOf(block.first + at, digest)] as const) }),
    })),
  };
  const files: Record<string, Uint8Array> = {
    'record.json': strToU8(rows.body),
    'rows.jsonl': strToU8(rows.rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    'chain.json': strToU8(json(chain)),
    ...(rows.settings !== undefined && { 'settings.json': strToU8(rows.settings) }),
    'waveform.svg': strToU8(waveformOf(rows)),
    'sheet.html': strToU8(sheetOf(rows, key.publicKey)),
  };
  for (const { place, bytes } of rows.frames) files[`frames/${place}.jpg`] = bytes;
  const manifest: Manifest = {
    ...({ format: 'lanewarden-evidence', version: 1, program } as const),
    ...{ madeWallMs: wallMs, serial: rows.record.serial, id: rows.record.id, key: key.publicKey },
    files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, hashOf(bytes)])),
    rows: rows.rows.map(([seq]) => seq),
  };
  const text = json(manifest);
  // Stored, not deflated: pictures do not get smaller, and the rest is small.
  return zipSync({ [MANIFEST]: strToU8(text), [SIGNATURE]: strToU8(key.sign(text)), ...files }, { level: 0 });
}

/** One element a line, so that a person can read it. */
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;

/** undefined: the line is no row. */
function parsedRow(line: string): readonly [number, string] | undefined {
  try {
    const [seq, text] = JSON.parse(line) as readonly [unknown, unknown];
    return typeof seq === 'number' && typeof text === 'string' ? [seq, text] : undefined;
  } catch {
    return undefined;
  }
}

export function checkBundle(zip: Uint8Array): BundleFindings {
  const nothing = { rows: 0, frames: 0, heads: [] };
  let files: Record<string, Uint8Array>;
  try {
    let bytes = 0;
    files = unzipSync(zip, {
      filter: ({ originalSize }) => {
        bytes += originalSize;
        return bytes <= BYTES_MAX;
      },
    });
  } catch {
    return { ...nothing, faults: [{ what: 'zip' }] };
  }
  // Programs that pack it again add entries of folders.
  for (const [name, bytes] of Object.entries(files)) if (name.endsWith('/') && bytes.length === 0) delete files[name];
  try {
    return new Check(files).findings();
  } catch {
    return { ...nothing, faults: [{ what: 'zip' }] };
  }
}

class Check {
  readonly #files: Readonly<Record<string, Uint8Array>>;
  readonly #manifest: Manifest;
  readonly #faults: BundleFault[] = [];
  readonly #texts = new Map<number, string>();

  constructor(files: Readonly<Record<string, Uint8Array>>) {
    this.#files = files;
    const manifest = this.#read(MANIFEST);
    const signature = this.#read(SIGNATURE) ?? '';
    this.#manifest = JSON.parse(manifest ?? '') as Manifest;
    if (!isSigned(manifest ?? '', this.#manifest.key, signature)) this.#faults.push({ what: 'manifest' });
  }

  findings(): BundleFindings {
    const chain = this.#chain();
    this.#rows();
    this.#blocks(chain);
    this.#heads(chain);
    this.#record();
    const frames = this.#frames();
    this.#otherFiles();
    const { serial, key } = this.#manifest;
    return { faults: this.#faults, serial, key, rows: this.#texts.size, frames, heads: chain.heads };
  }

  #read(name: string): string | undefined {
    const bytes = this.#files[name];
    return bytes === undefined ? undefined : strFromU8(bytes);
  }

  #chain(): ChainFile {
    try {
      return JSON.parse(this.#read('chain.json') ?? '') as ChainFile;
    } catch {
      this.#faults.push({ what: 'file', file: 'chain.json' });
      return { chain: '', before: '', blocks: [], heads: [] };
    }
  }

  #rows(): void {
    const lines = (this.#read('rows.jsonl') ?? '').split('\n').filter((line) => line !== '');
    const named = new Set(this.#manifest.rows);
    for (const [at, line] of lines.entries()) {
      const row = parsedRow(line);
      const seq = row?.[0] ?? this.#manifest.rows[at] ?? 0;
      const text = row?.[1] ?? '';
      if (!named.has(seq) || this.#texts.has(seq)) this.#faults.push({ what: 'added', file: 'rows.jsonl', seq });
      else this.#texts.set(seq, text);
    }
    for (const seq of named) if (!this.#texts.has(seq)) this.#faults.push({ what: 'missing', file: 'rows.jsonl', seq });
  }

  #blocks({ blocks, before }: ChainFile): void {
    let [previous, expected] = [before, blocks[0]?.first];
    const shown = new Set<number>();
    for (const { first, last, head, root, digests } of blocks) {
      if (first !== expected) this.#faults.push({ what: 'block', file: 'chain.json', seq: expected ?? 0 });
      const wasFine = this.#faults.length;
      for (const [at, [digest, check]] of (digests ?? []).entries()) {
        const seq = first + at;
        const text = this.#texts.get(seq);
        shown.add(seq);
        if (check !== checkOf(seq, digest)) this.#faults.push({ what: 'digest', file: 'chain.json', seq });
        else if (text !== undefined && sha256(text) !== digest)
          this.#faults.push({ what: 'row', file: 'rows.jsonl', seq });
      }
      const isRight =
        headOf(previous, first, last, digests === undefined ? (root ?? '') : rootOf(digests.map(([one]) => one))) ===
        head;
      if (!isRight && this.#faults.length === wasFine)
        this.#faults.push({ what: 'block', file: 'chain.json', seq: first });
      previous = head;
      expected = last + 1;
    }
    for (const seq of this.#texts.keys())
      if (!shown.has(seq)) this.#faults.push({ what: 'row', file: 'rows.jsonl', seq });
  }

  #heads({ heads, blocks, before, chain }: ChainFile): void {
    const known = new Map(blocks.map(({ last, head }) => [last, head]));
    const first = blocks[0]?.first;
    if (first !== undefined) known.set(first - 1, before);
    for (const head of heads) {
      const isRight =
        known.get(head.last) === head.head &&
        head.chain === chain &&
        head.key === this.#manifest.key &&
        isSigned(headText(head, head.wallMs), head.key, head.signature);
      if (!isRight) this.#faults.push({ what: 'head', file: 'chain.json', seq: head.last });
    }
    // Without one behind the rows nothing binds them.
    const last = blocks.at(-1)?.last;
    if (last === undefined || heads.at(-1)?.last !== last) this.#faults.push({ what: 'head', file: 'chain.json' });
  }

  get #facts(): BoxFact[] {
    return [...this.#texts.values()].flatMap((text) => {
      try {
        return factIn(text) ?? [];
      } catch {
        return [];
      }
    });
  }

  #record(): void {
    const record = sha256(this.#read('record.json') ?? '');
    const settings = this.#read('settings.json');
    let given: string | undefined;
    for (const fact of this.#facts) {
      // A changed row may have lost it; the chain has named the row by then.
      if (fact.kind === 'record') given = sha256(fact.record ?? '');
      if (fact.kind === 'record' && settings !== undefined && fact.settings !== sha256(settings))
        this.#faults.push({ what: 'file', file: 'settings.json' });
      if (fact.kind === 'mark' && fact.record !== undefined) given = fact.record;
    }
    if (given !== record) this.#faults.push({ what: 'record', file: 'record.json' });
  }

  #frames(): number {
    const told = new Map(
      this.#facts.flatMap((fact) => (fact.kind === 'frame' ? [[fact.place, fact.sha256] as const] : [])),
    );
    const names = Object.keys({ ...this.#files, ...this.#manifest.files }).filter((name) => name.startsWith('frames/'));
    for (const name of names) {
      const bytes = this.#files[name];
      const place = name.slice('frames/'.length, -'.jpg'.length);
      if (bytes !== undefined && told.get(place) !== hashOf(bytes)) this.#faults.push({ what: 'frame', file: name });
    }
    return names.length;
  }

  #otherFiles(): void {
    const { files } = this.#manifest;
    for (const name of Object.keys(files)) {
      const bytes = this.#files[name];
      if (bytes === undefined) this.#faults.push({ what: 'missing', file: name });
      else if (hashOf(bytes) !== files[name] && !this.#faults.some(({ file }) => file === name))
        this.#faults.push({ what: 'file', file: name });
    }
    for (const name of Object.keys(this.#files))
      if (files[name] === undefined && name !== MANIFEST && name !== SIGNATURE)
        this.#faults.push({ what: 'added', file: name });
  }
}
