/** What a bundle of evidence proves: each row, head, picture and file of it. It knows no store: a bundle stands by itself. */
import {
  type BoxFact,
  type ChainHead,
  type Followed,
  followed,
  headOf,
  headText,
  isSigned,
  type KeptHead,
  rootOf,
  type SignedHead,
  sha256,
} from '../store/chain/chain.ts';
import { type ChainFile, checkOf, hashOf, MANIFEST, type Manifest, SIGNATURE, type WrittenPart } from './bundle.ts';
import { factIn } from './bundle-rows.ts';
import { ZipFault, zipEntries } from './zip-entries.ts';

/** Something in a bundle that does not fit: which file, and in it which row, picture or try. */
export interface BundleFault {
  readonly what:
    | 'zip' // no bundle, cut or damaged
    | 'hidden' // other programs may unpack something else of it
    | 'manifest' // the list of what belongs to it was changed
    | 'row' // a row shown is not the one in the chain
    | 'missing' // a row or file that belongs to it is not there
    | 'added' // one is there that does not
    | 'twice' // a name is there twice: what one program unpacks another does not
    | 'digest' // the digest of a row that is not shown
    | 'block' // the rows of a block do not give its head, or it does not follow
    | 'head' // a signed head
    | 'key' // a head was signed by a key that nobody vouches for
    | 'otherKey' // it was signed by another key than the one that was given
    | 'otherHead' // a head that was kept outside is not the one of this bundle
    | 'follows' // a later chain does not name the end of the one before
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
  readonly madeWallMs?: number;
  readonly rows: number;
  readonly frames: number;
  /** Heads that left the box, before and behind. */
  readonly heads: readonly SignedHead[];
  /** Earlier chains, as of the box that this one replaced. */
  readonly former: readonly FormerChain[];
  /** Given heads that are the ones of this bundle. */
  readonly agreed?: number;
}

/** What somebody knows of the box from elsewhere. */
export interface KnownElsewhere {
  /** Its public key, in hex. */
  readonly key?: string | undefined;
  /** Heads of its chain. */
  readonly heads?: readonly KeptHead[] | undefined;
}

export interface FormerChain {
  readonly chain: string;
  /** Its last row that the next chain took over. */
  readonly last: number;
  /** Behind the rows shown, signed at the time. undefined: they stand as the next chain found them. */
  readonly head?: SignedHead;
}

/** Of lower case and in no other folder, so that it is one file on every disk. */
const NAME = /^(frames\/)?[a-z0-9-]+\.[a-z]+$/;

/** Or the number of a row: what a calendar has, and every language counts alike. */
const isMoment = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value < 8e15;

function manifestIn(text: string): Manifest {
  const manifest = JSON.parse(text) as Manifest;
  const { files, rows, key, serial, madeWallMs } = manifest;
  const isRight =
    [key, serial, ...Object.values(files)].every((one) => typeof one === 'string') &&
    [rows, Object.keys(files)].every((one) => Array.isArray(one) && one.length > 0) &&
    [madeWallMs, ...rows].every(isMoment);
  if (!isRight) throw new ZipFault('zip');
  return manifest;
}

/** undefined: the line is no row. */
function parsedRow(line: string): readonly [number, string] | undefined {
  try {
    const [seq, text, ...more] = JSON.parse(line) as readonly unknown[];
    return typeof seq === 'number' && typeof text === 'string' && more.length === 0 ? [seq, text] : undefined;
  } catch {
    return undefined;
  }
}

export function checkBundle(zip: Uint8Array, known: KnownElsewhere = {}): BundleFindings {
  const nothing = { rows: 0, frames: 0, heads: [], former: [] };
  // Without a prototype: a file may be called `constructor`.
  const files: Record<string, Uint8Array> = Object.create(null);
  const faults: BundleFault[] = [];
  try {
    for (const [name, bytes] of zipEntries(zip)) {
      // Programs that pack it again add entries of folders.
      if (/^[a-z0-9-]+\/$/.test(name) && bytes.length === 0) continue;
      if (name in files) faults.push({ what: 'twice', file: name });
      files[name] = bytes;
    }
  } catch (error) {
    const { what, file } = error instanceof ZipFault ? error : new ZipFault('zip');
    return { ...nothing, faults: [{ what, ...(file !== undefined && { file }) }] };
  }
  try {
    return new Check(files, faults).findings(known);
  } catch {
    return { ...nothing, faults: [...faults, { what: 'zip' }] };
  }
}

class Check {
  readonly #files: Readonly<Record<string, Uint8Array>>;
  readonly #manifest: Manifest;
  readonly #faults: BundleFault[];
  readonly #texts = new Map<number, string>();

  constructor(files: Readonly<Record<string, Uint8Array>>, faults: BundleFault[]) {
    this.#files = files;
    this.#faults = faults;
    const manifest = this.#read(MANIFEST);
    const signature = this.#read(SIGNATURE) ?? '';
    this.#manifest = manifestIn(manifest ?? '');
    if (!isSigned(manifest ?? '', this.#manifest.key, signature)) this.#faults.push({ what: 'manifest' });
  }

  findings(known: KnownElsewhere): BundleFindings {
    const { later = [], ...first } = this.#chain();
    const parts = [first, ...later];
    this.#rows();
    const shown = new Set<number>();
    for (const part of parts) this.#blocks(part, shown);
    for (const seq of this.#texts.keys())
      if (!shown.has(seq)) this.#faults.push({ what: 'row', file: 'rows.jsonl', seq });
    const former = parts.flatMap((part, at) => this.#heads(part, parts[at + 1]) ?? []);
    this.#record();
    const frames = this.#frames();
    this.#otherFiles();
    const { serial, key, madeWallMs } = this.#manifest;
    if (known.key !== undefined && known.key !== key) this.#faults.push({ what: 'otherKey' });
    const agreed = known.heads && this.#agreed(parts, known.heads);
    const heads = parts.flatMap((part) => part.heads);
    const told = { ...(agreed !== undefined && { agreed }) };
    return { faults: this.#faults, serial, key, madeWallMs, rows: this.#texts.size, frames, heads, former, ...told };
  }

  /** How many heads kept outside are of this bundle; those that should be and are not are faults. */
  #agreed(parts: readonly WrittenPart[], kept: readonly KeptHead[]): number {
    const shown = parts.flatMap(({ chain, blocks }) => blocks.map(({ last, head }) => ({ chain, last, head })));
    const isOf = (one: KeptHead, block: ChainHead): boolean =>
      'digits' in one ? block.head.startsWith(one.digits) : one.last === block.last && one.chain === block.chain;
    const met = shown.flatMap((block) => kept.filter((one) => isOf(one, block)).map((one) => ({ one, block })));
    const other = met.filter(({ one, block }) => 'head' in one && one.head !== block.head);
    for (const { block } of other) this.#faults.push({ what: 'otherHead', file: 'chain.json', seq: block.last });
    return met.length - other.length;
  }

  #read(name: string): string | undefined {
    const bytes = this.#files[name];
    // With its byte order mark, which was not signed.
    return bytes === undefined ? undefined : Buffer.from(bytes).toString();
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

  #blocks({ blocks, before }: WrittenPart, shown: Set<number>): void {
    let [previous, expected] = [before, blocks[0]?.first];
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
  }

  /** Those of a part: by the key of the bundle in the last one, in others by keys that the next one names. Returns what is known of such a part. */
  #heads(part: WrittenPart, next: WrittenPart | undefined): FormerChain | undefined {
    const { heads, blocks, before, chain } = part;
    const file = 'chain.json';
    const known = new Map(blocks.map(({ last, head }) => [last, head]));
    const first = blocks[0]?.first;
    const last = blocks.at(-1)?.last;
    if (first !== undefined) known.set(first - 1, before);
    const follows = next && this.#follows(part, next);
    const signed = follows?.signed.filter((head) =>
      isSigned(headText({ ...head, chain }, head.wallMs), head.key, head.signature),
    );
    const keys = next === undefined ? [this.#manifest.key] : (signed ?? []).map(({ key }) => key);
    for (const head of heads) {
      const isRight =
        known.get(head.last) === head.head &&
        head.chain === chain &&
        isMoment(head.wallMs) &&
        Array.isArray(head.ways) &&
        isSigned(headText(head, head.wallMs), head.key, head.signature);
      if (!isRight) this.#faults.push({ what: 'head', file, seq: head.last });
      else if (!keys.includes(head.key)) this.#faults.push({ what: 'key', file, seq: head.last });
    }
    // What the next chain has seen signed is not what is shown.
    for (const { last: seq, head } of signed ?? [])
      if (known.has(seq) && known.get(seq) !== head) this.#faults.push({ what: 'head', file, seq });
    if (next !== undefined) return last === undefined ? undefined : this.#former(part, last);
    // Without one behind the rows nothing binds them.
    if (last === undefined || heads.at(-1)?.last !== last) this.#faults.push({ what: 'head', file });
    return undefined;
  }

  /** What the first row of `next` says of `part`, which must be what is shown of it. */
  #follows({ chain, blocks }: WrittenPart, next: WrittenPart): Followed | undefined {
    const [first, end] = [next.blocks[0]?.first, blocks.at(-1)];
    const fact = this.#factAt(first);
    const follows = followed(fact);
    const isNext = fact?.kind === 'chain' && fact.chain === next.chain && next.before === next.chain;
    const isEnd = follows?.chain === chain && follows.last === end?.last && follows.head === end.head;
    if (isNext && isEnd && end.last < (first ?? 0)) return follows;
    this.#faults.push({ what: 'follows', file: 'chain.json', ...(first !== undefined && { seq: first }) });
    return undefined;
  }

  #factAt(seq: number | undefined): BoxFact | undefined {
    try {
      return factIn(this.#texts.get(seq ?? 0) ?? '');
    } catch {
      return undefined;
    }
  }

  #former({ chain, blocks, heads }: WrittenPart, last: number): FormerChain {
    const shown = [...this.#texts.keys()].filter((seq) => seq >= (blocks[0]?.first ?? 0) && seq <= last);
    const head = heads.find((each) => each.last >= Math.max(...shown));
    return { chain, last, ...(head && { head }) };
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
      if (!NAME.test(name) || (!Object.hasOwn(files, name) && name !== MANIFEST && name !== SIGNATURE))
        this.#faults.push({ what: 'added', file: name });
  }
}
