/** Heads of the chain: those signed by the box, and those that somebody outside has kept, against the blocks. */
import type { Database } from '../thread/database.ts';
import { type HeadRow, headOfRow, headText, isSigned, type KeptHead, type SignedHead } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';

/** Signatures at a time: each takes as long as fifty rows. */
const AT_ONCE = 50;

export interface AgreedHeads {
  readonly count: number;
  readonly last: number;
  readonly wallMs?: number;
}

export interface HeadFindings {
  readonly signed: number;
  /** The last head known to be outside. */
  readonly outside?: SignedHead;
  /** Of the heads that were given: how many agree, and the row of the newest of these with the time it was signed, where that is known. */
  readonly agreed?: AgreedHeads;
  /** The first first. */
  readonly faults: readonly ChainFault[];
}

/** The last row of each chain that another one follows. */
function endsOfChains(database: Database): ReadonlyMap<string, number> {
  const rows = database
    .prepare(
      `SELECT chain.id, max(chain_block.last) FROM chain
        JOIN chain AS next ON next.first = (SELECT min(first) FROM chain AS later WHERE later.first > chain.first)
        JOIN chain_block ON chain_block.last = (SELECT max(last) FROM chain_block WHERE last < next.first)
        GROUP BY chain.id`,
    )
    .raw();
  return new Map(rows.all() as [string, number][]);
}

/** Heads of the box by their first digits; of those that begin none, no row is known. */
function typedHeads(database: Database, given: readonly KeptHead[]) {
  const typed = given.filter((each) => 'digits' in each);
  const blocks = typed.length === 0 ? [] : database.prepare('SELECT last, head FROM chain_block').all();
  const heads = new Map((blocks as { last: number; head: string }[]).map((block) => [digitsOf(block), block]));
  const found = typed.flatMap(({ digits }) => heads.get(digits) ?? []).map((block) => ({ ...block, chain: '' }));
  const unknown = typed
    .filter(({ digits }) => !heads.has(digits))
    .map(({ day, digits }): ChainFault => ({ kind: 'typed', day, digits }));
  return { found, unknown };
}

/** As many as people read and type. */
const digitsOf = ({ head }: { readonly head: string }): string => head.slice(0, 12);

/** Those signed by the box from the row `from` on, and those that somebody kept; in parts. */
export function* checkHeads(
  database: Database,
  given: readonly KeptHead[],
  from: number,
): Generator<undefined, HeadFindings> {
  const ending = database.prepare('SELECT head FROM chain_block WHERE last = ?').pluck();
  const rows = database.prepare(`SELECT * FROM chain_head WHERE last > ? ORDER BY last LIMIT ${AT_ONCE}`);
  const faults: ChainFault[] = [];
  let outside: SignedHead | undefined;
  let signed = 0;
  for (let at = from - 1; ; ) {
    const some = rows.all(at) as HeadRow[];
    for (const head of some.map(headOfRow)) {
      const isHead = ending.get(head.last) === head.head;
      if (!isHead || !isSigned(headText(head, head.wallMs), head.key, head.signature))
        faults.push({ kind: 'signature', last: head.last });
      else if (head.ways.length > 0) outside = head;
    }
    signed += some.length;
    at = some.at(-1)?.last ?? at;
    if (some.length < AT_ONCE) break;
    yield;
  }
  const { count, last, faults: ofKept } = keptHeads(database, given);
  const wallMs = database.prepare('SELECT wall_ms FROM chain_head WHERE last = ?').pluck().get(last);
  const agreed = { count, last, ...(wallMs !== undefined && { wallMs: wallMs as number }) };
  return { signed, ...(outside && { outside }), ...(count > 0 && { agreed }), faults: [...faults, ...ofKept] };
}

/** How many agree, and the row of the newest of these. */
function keptHeads(database: Database, given: readonly KeptHead[]) {
  const ending = database.prepare('SELECT head FROM chain_block WHERE last = ?').pluck();
  const ends = endsOfChains(database);
  const { found, unknown } = typedHeads(database, given);
  const kept = [...given.filter((each) => 'head' in each), ...found];
  const faults = [...unknown];
  let since = 0;
  let count = 0;
  for (const { chain, last, head } of kept.toSorted((a, b) => a.last - b.last)) {
    const end = ends.get(chain) ?? last;
    if (last > end) faults.push({ kind: 'lost', last, end });
    else if (ending.get(last) === head) {
      since = last;
      count += 1;
    } else faults.push({ kind: 'outside', last, since });
  }
  return { count, last: since, faults };
}
