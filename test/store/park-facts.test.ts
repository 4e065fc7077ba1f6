/** What the box was told beside the lanes, and what people say of records: kept at once, bounded, in the chain, and nothing of a record changes. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { BoxFact } from '../../src/store/chain/chain.ts';
import type { Store } from '../../src/store/types.ts';
import { dist, open, record, temporaryFolder } from './open.ts';

const facts = (path: string): BoxFact[] => {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const rows = database.prepare("SELECT event FROM journal WHERE lane_id = '' ORDER BY seq").pluck().all() as string[];
  database.close();
  return rows.map((row) => JSON.parse(row) as BoxFact);
};
const shift = (store: Store, key: string, atMs: number) =>
  store.parkFacts.keep(
    { kind: 'shift', key, operator: '张三', lanes: ['1001'], on: true, at: atMs, wall: atMs, by: 'message' },
    [{ kind: 'shift', key, atMs, body: JSON.stringify({ key }) }],
  );

it('keeps what it is told under its key, and says it in the chain', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  await shift(store, 'b', 20);
  await shift(store, 'a', 10);
  await store.parkFacts.keep(undefined, [{ kind: 'car', key: '粤B12345', atMs: 5, body: '{"carType":"2"}' }]);
  await store.close();
  const again = await open({ path });
  expect((await again.parkFacts.rows('shift')).map(({ key }) => key)).toEqual(['a', 'b']);
  expect(await again.parkFacts.rows('car')).toEqual([{ key: '粤B12345', body: '{"carType":"2"}' }]);
  await again.parkFacts.keep(undefined, [{ kind: 'car', key: '粤B12345', atMs: 6 }]);
  expect(await again.parkFacts.rows('car')).toEqual([]);
  const said = facts(path).filter(({ kind }) => kind === 'shift');
  expect(said).toMatchObject([
    { key: 'b', operator: '张三', lanes: ['1001'], by: 'message' },
    { key: 'a', at: 10 },
  ]);
});

it('the oldest go first at the limit', async () => {
  const store = await open({ path: temporaryFolder() });
  const changes = Array.from({ length: 5_400 }, (_, at) => ({
    ...({ kind: 'shift', key: String(at), atMs: at, body: '{}' } as const),
  }));
  await store.parkFacts.keep(undefined, changes);
  const rows = await store.parkFacts.rows('shift');
  expect(rows).toHaveLength(5_000);
  expect(rows[0]?.key).toBe('400');
});

it('a mark is kept with all before it, the last decision counts, and the record stays as it was', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  const { id } = await store.outbox.put(record('r1'));
  const before = (await store.review.get(id))?.record;
  const by = { who: '李四', from: '192.168.1.20' };
  expect(await store.review.mark([id, 999], { kind: 'owed', ...by, plate: '粤B12345', amount: 1500 })).toEqual([id]);
  await store.review.mark([id], { kind: 'checked', ...by, reason: '业主', words: '搬家' });
  await store.review.mark([id], { kind: 'answer', ...by, words: '当时道闸坏了' });
  const { mark, answer, ...after } = (await store.review.get(id))?.record ?? {};
  expect(after).toEqual(before);
  expect(answer).toMatchObject({ words: '当时道闸坏了' });
  expect(mark).toMatchObject({ kind: 'checked', who: '李四', from: '192.168.1.20', reason: '业主' });
  expect((await store.review.list({ limit: 5 }))[0]?.mark).toMatchObject({ kind: 'checked' });
  expect((await store.review.marks(id)).map(({ kind }) => kind)).toEqual(['owed', 'checked', 'answer']);
  expect(facts(path).filter((fact) => fact.kind === 'mark' && fact.what === 'reviewed')).toHaveLength(3);
});

it('a mark that was acknowledged survives kill -9 at once', async () => {
  const path = temporaryFolder();
  const child = spawn(process.execPath, [
    join(import.meta.dirname, 'mark-child.mjs'),
    dist,
    path,
    JSON.stringify(record('r1')),
  ]);
  const id = await new Promise<number>((resolve) => child.stdout.once('data', (line) => resolve(Number(line))));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  const store = await open({ path });
  expect(await store.review.marks(id)).toMatchObject([{ kind: 'owed', who: '李四', amount: 1500 }]);
});
