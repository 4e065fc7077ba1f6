/**
 * What the chain says that a rule has removed, against that rule: whoever has the card can say so in the program's own words, but that makes no record
 * older than it is. Asked from where the chain says how long rows stay.
 */
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import type { BoxFact, Retention } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import { hasRowFacts, TABLES_SAID } from './row-tables.ts';
import type { ChainSaid } from './said.ts';

type Keep = readonly [since: number, keep: Retention];

export interface LivedRecord {
  /** Where it was given, and where it ended. */
  readonly seq: number;
  endSeq?: number;
}

/** A row that was told late has an earlier time than those before it. */
const LATE_MS = 86_400_000;
/** What a full disk kept back is said once there is room. */
const OWED_MS = 3_600_000;

/** What the chain has said is taken up to its end. */
export function goneEarly(
  database: Database,
  said: ChainSaid,
  given: ReadonlyMap<number, LivedRecord>,
): readonly ChainFault[] {
  const keeps = keepsOf(database, said);
  const at = database.prepare('SELECT at_ms FROM journal WHERE seq = ?').pluck();
  // A row that a rule has taken since it was walked says nothing.
  const between = (first: number | undefined, last: number): number =>
    ((at.get(last) as number | undefined) ?? Infinity) - ((at.get(first ?? 0) as number | undefined) ?? -Infinity);
  const newest = (database.prepare('SELECT max(first) FROM chain').pluck().get() as number | null) ?? 0;
  const inOrder = [...given].toSorted(([a], [b]) => a - b);
  const oldest = oldestSettled(database, inOrder);
  const faults: ChainFault[] = [];
  let erased = 0;
  for (const [seq, by, id, before] of goneRecords(said, inOrder)) {
    const keep = keeps.findLast(([since]) => since < seq)?.[1];
    const lived = given.get(id);
    if (by === 'erase') erased += 1;
    const isRight =
      keep === undefined ||
      // Of this chain one that has not ended is missed anyhow. A record is no older than one with a lower number.
      (by === 'retention' &&
        (lived !== undefined && lived.endSeq === undefined
          ? lived.seq >= newest
          : between(lived?.endSeq ?? before, seq) >= keep.recordsMs)) ||
      // It takes the oldest first.
      (by === 'diskFull' && !(oldest !== undefined && oldest[0] < id && between(oldest[1], seq) > OWED_MS)) ||
      (by === 'erase' && erased <= allErased(said, seq));
    if (!isRight) faults.push({ kind: 'row', table: 'release', at: `${id}`, what: 'missing', seq });
  }
  return [...faults, ...earlyHoles(database, said, keeps)];
}

/** In the order of the chain. `before`: where the youngest record was given that has this number or a lower one. */
function* goneRecords(said: ChainSaid, inOrder: readonly (readonly [number, LivedRecord])[]) {
  const gone = said.facts.flatMap(([seq, fact]) =>
    fact.kind === 'rows' ? (fact.gone ?? []).map(([, id]) => [seq, fact.by, Number(id)] as const) : [],
  );
  const youngest = new Map<number, number | undefined>();
  let [at, last] = [0, 0];
  for (const [, , id] of gone.toSorted(([, , a], [, , b]) => a - b)) {
    for (let next = inOrder[at]; next !== undefined && next[0] <= id; next = inOrder[at]) {
      last = Math.max(last, next[1].seq);
      at += 1;
    }
    youngest.set(id, last === 0 ? undefined : last);
  }
  for (const [seq, by, id] of gone) yield [seq, by, id, youngest.get(id)] as const;
}

/** Of the settled records that are still there, and that a full disk may take, the first; and where it ended. */
function oldestSettled(
  database: Database,
  inOrder: readonly (readonly [number, LivedRecord])[],
): readonly [id: number, endSeq: number] | undefined {
  const settled = database.prepare(`SELECT 1 FROM release WHERE id = ? AND state IN ('delivered', 'withdrawn')`);
  const found = inOrder.find(([id, { endSeq }]) => endSeq !== undefined && settled.get(id) !== undefined);
  return found && [found[0], found[1].endSeq as number];
}

const allErased = (said: ChainSaid, before: number): number =>
  said.facts.reduce((all, [seq, fact]) => all + (fact.kind === 'erased' && seq < before ? fact.records : 0), 0);

/** How long rows stay, from which row of the chain on. Of a part of it what was said last is looked up. */
function keepsOf(database: Database, said: ChainSaid): readonly Keep[] {
  if (!hasRowFacts(database)) return [];
  const newest = database
    .prepare('SELECT seq, event FROM journal WHERE seq = (SELECT seq FROM row_fact WHERE name = ?)')
    .raw();
  const [seq, event] = (newest.get(TABLES_SAID) as [number, string] | undefined) ?? [];
  const facts = said.facts.filter(([, fact]) => fact.kind === 'tables');
  const last = seq === undefined ? undefined : parsed<BoxFact>(event ?? '');
  const all = seq !== undefined && last !== undefined && facts.length === 0 ? [[seq, last] as const] : facts;
  return all.flatMap(([since, fact]) =>
    fact.kind === 'tables' && fact.keep !== undefined ? [[since, fact.keep]] : [],
  );
}

/** Rows of the journal: none was taken that is younger than its time, unless the chain says why. */
function earlyHoles(database: Database, said: ChainSaid, keeps: readonly Keep[]): readonly ChainFault[] {
  // Rows of the box itself are written in the order of their times.
  const before = (seq: number): number => {
    const last = `SELECT at_ms FROM journal WHERE seq < ? AND lane_id = '' ORDER BY seq DESC LIMIT 1`;
    return (database.prepare(last).pluck().get(seq) as number | undefined) ?? -Infinity;
  };
  const newest = before(Number.MAX_SAFE_INTEGER);
  const isSaid = (seq: number, rule: string): boolean =>
    said.facts.some(([at, fact]) =>
      rule === 'erased' ? fact.kind === 'erased' && at > seq : fact.kind === 'trimmed' && fact.through >= seq,
    );
  return Object.entries(said.holes).flatMap(([rule, seq]): ChainFault[] => {
    if (seq < (keeps[0]?.[0] ?? Infinity)) return [];
    // The shortest since: it may have gone under any of them.
    const inForce = keeps.filter((_, at) => (keeps[at + 1]?.[0] ?? Infinity) > seq);
    const stayed = Math.min(...inForce.flatMap(([, { recordsMs, journalMs }]) => [recordsMs, journalMs])) - LATE_MS;
    const isOld = rule === 'expired' && newest - before(seq) >= stayed;
    return isOld || isSaid(seq, rule) ? [] : [{ kind: 'missing', first: seq, last: seq }];
  });
}
