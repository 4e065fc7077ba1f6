/** A store that has lived: each table has rows, and retention, an erasure, corrections of the clock, a restart and an update have gone over it. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../../src/clock.ts';
import { headText } from '../../src/store/chain/chain.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { queueOf } from '../delivery/mqtt/queue.ts';
import { dropByTwo, frame, keepHouse, open, record, release } from '../store/open.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const plateOf = (text: string) => ({ plate: { text, confidence: 0.9 } });

/** The same draws each time, so that a failure can be repeated. */
export function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export async function lived(path: string): Promise<void> {
  const options = { path, version: '0.1.0', wallTrusted: true, bootId: 'one boot' };
  // A month ago: lane time goes no faster than time.
  const clock = { ...systemClock(), wallMs: () => systemClock().wallMs() - 30 * DAY };
  const store = await open({ ...options, clock });
  store.journal.epoch('1001', { settle: 1 });
  const queue = queueOf(store);
  await queue.next();
  for (let at = 0; at < 300; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  for (let at = 0; at < 8; at += 1) {
    const put = await store.outbox.put(record(`r${at}`, { release: release(`r${at}`, plateOf(`粤B1000${at}`)) }));
    await store.outbox.attach(put.id, frame(1_000, at));
    await store.outbox.beside(put.id, 'before', frame(500, at));
    await store.outbox.retry(put.id, 0, 'server', { answer: { status: 500 } });
  }
  store.journal.snapshot('1001', { seen: 1 });
  for (const id of [1, 2, 3]) await store.outbox.delivered(id, { seqno: `${id}` });
  await store.outbox.hold(4, 'hint');
  await store.review.correct(4, { plate: { text: '粤B99999' } }, '李四', '看图更正');
  await dropByTwo(store.review, 5, '王五', '试车');
  await store.review.mark([1, 6], { kind: 'owed', who: 'auditor', from: '', amount: 500 });
  await store.looks.observe('1001', { why: 'camera', name: 'c1', fromMs: 1, toMs: 2, roles: [] } as never);
  for (const plate of ['粤B10001', '粤B10006'])
    for (const kind of ['car', 'left', 'entry', 'grant'] as const)
      await store.parkFacts.keep(undefined, [{ kind, key: plate, atMs: 1, body: JSON.stringify({ plate, kind }) }]);
  for (const day of ['2026-11-24', '2026-11-25'])
    for (const lane of ['1001', '1002']) await store.accounts.keep(lane, day, '{"income":100}', '{"sum":100}');
  await store.accounts.close('2026-11-25');
  await store.addAlarm({ lane: '1001' });
  const [message] = await queue.next();
  if (message !== undefined) await queue.arrived([message]);
  const head = await store.chain.seal();
  if (head !== undefined) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('hex');
    const signature = sign(null, Buffer.from(headText(head, 1)), privateKey).toString('hex');
    await store.chain.signed({ ...head, wallMs: 1, key, signature, ways: [] });
    await store.chain.left(head.last, 'mqtt');
  }
  store.time.synced(clock.nowMs(), clock.wallMs() + 5_000, 10, 'chrony');
  await store.review.erase('粤B10001', 'installer', 'asked');
  await store.close();
  // What is older than its time goes; what was said of what stays is said again.
  keepHouse(path, { keepRecordsMs: 2 * DAY, keepFramesMs: DAY, keepJournalMs: 3 * DAY }, 30 * DAY);
  await (await open({ ...options, bootId: 'another boot', version: '0.2.0' })).close();
}

export type Trick = 'changed' | 'missing' | 'added';
type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

/** Beside the chain itself: what keeps no fact, and is counted anew. */
export const tablesIn = (path: string): readonly string[] => {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const names = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
    .pluck()
    .all() as string[];
  database.close();
  return names;
};

/** One row of the table is edited, goes or comes, chosen by `pick`, a number up to the one given. Returns false where the table allows none. */
export function tamper(path: string, table: string, trick: Trick, pick: (below: number) => number): string | undefined {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  // As somebody with the card does it: whatever the file allows.
  database.pragma('foreign_keys = OFF');
  try {
    const columns = database.prepare('SELECT name, type, pk FROM pragma_table_info(?)').all(table) as {
      readonly name: string;
      readonly type: string;
      readonly pk: number;
    }[];
    // A count of none says nothing.
    const which = table === 'tally' ? 'WHERE records <> 0' : '';
    const rows = database.prepare(`SELECT * FROM "${table}" ${which}`).all() as Row[];
    const row = rows[pick(rows.length)];
    if (row === undefined) return undefined;
    const where = columns.map(({ name }) => `"${name}" IS @${name}`).join(' AND ');
    if (trick === 'missing') {
      database.prepare(`DELETE FROM "${table}" WHERE ${where}`).run(row);
      return JSON.stringify(row);
    }
    const isKey = ({ pk }: (typeof columns)[number]) => pk > 0;
    const others = columns.filter((column) => !isKey(column));
    const column =
      trick === 'added' ? columns.find(isKey) : others.length > 0 ? others[pick(others.length)] : columns[0];
    if (column === undefined) return undefined;
    const other = otherThan(row[column.name] ?? null, column.type);
    if (trick === 'changed') {
      database.prepare(`UPDATE "${table}" SET "${column.name}" = @other WHERE ${where}`).run({ ...row, other });
      return `${column.name}: ${String(other)}`;
    }
    const unlike = { release: { release_id: 'forged' }, observation: { from_ms: 77 } } as Readonly<
      Record<string, object>
    >;
    const copy = { ...row, [column.name]: other, ...unlike[table] };
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    database
      .prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(({ name }) => `@${name}`).join(', ')})`)
      .run(copy);
    return JSON.stringify(copy);
  } finally {
    database.close();
  }
}

function otherThan(value: Value, type: string): Value | Uint8Array {
  if (type === 'BLOB') return Buffer.from('00'.repeat(24), 'hex');
  if (type === 'INTEGER') return Number(value ?? 0) + 1_000_003;
  return `${value ?? ''} `;
}

/** Whether a walk names the table; of the chain itself a row or block. */
export async function names(
  path: string,
  table: string,
): Promise<{ readonly isNamed: boolean; readonly faults: unknown }> {
  const { faults } = await checkChain(path);
  const ofChain = ['journal', 'chain', 'chain_block', 'row_fact'].includes(table);
  const isNamed = faults.some((fault) => (fault.kind === 'row' && fault.table === table) || ofChain);
  return { isNamed, faults: faults.slice(0, 3) };
}
