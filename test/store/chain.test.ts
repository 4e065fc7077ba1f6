/** The chain over everything the box keeps: what goes into it, and that whatever is changed behind its back is named. */
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type BoxFact, ROW_TEXT } from '../../src/store/chain/chain.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import type { Store } from '../../src/store/types.ts';
import { lanewarden } from '../cli/in-process.ts';
import { dropByTwo, frame, keepHouse, open, record, temporaryFolder } from './open.ts';

const ROWS = 300;

/** A day in short: edges, settings, records with pictures, tries and answers, what a person decided. */
async function filled(path: string, more: (store: Store) => Promise<void> = async () => undefined): Promise<void> {
  const store = await open({ path, version: '0.1.0', wallTrusted: true });
  store.journal.epoch('1001', { settle: 1 });
  for (let at = 0; at < ROWS; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  for (const id of ['1', '2', '3']) {
    const put = await store.outbox.put(record(id));
    await store.outbox.attach(put.id, frame(1_000, Number(id)));
  }
  await store.outbox.retry(1, 0, 'server', { answer: { status: 500 } });
  await store.outbox.delivered(1, { seqno: '9' });
  await store.outbox.hold(2, 'hint');
  await store.review.correct(2, { plate: { text: '粤B99999' } }, '李四', '看图更正');
  await dropByTwo(store.review, 3, '王五', '试车');
  await store.looks.observe('1001', { why: 'camera', name: 'c1', fromMs: 1, toMs: 2 } as never);
  await more(store);
  await store.close();
}

function changed(path: string, sql: string, ...values: unknown[]): void {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.prepare(sql).run(...values);
  database.close();
}

/** By name they are in no order within one millisecond. */
function pictureOf(path: string, id: number): string {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const file = database.prepare('SELECT frame_file FROM release WHERE id = ?').pluck().get(id) as string;
  database.close();
  return join(path, 'frames', file);
}

function facts(path: string): BoxFact[] {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const rows = database.prepare(`SELECT event FROM journal WHERE lane_id = '' ORDER BY seq`).pluck().all() as string[];
  database.close();
  // What they say of other tables: test/evidence/tables.test.ts.
  return rows.map((row) => JSON.parse(row) as BoxFact).filter(({ kind }) => kind !== 'rows' && kind !== 'tables');
}

describe('the chain', () => {
  it('keeps what the clock of the platform said, once an hour or when it differs', async () => {
    const path = temporaryFolder();
    const store = await open({ path, version: '0.1.0', wallTrusted: true });
    const clock = systemClock();
    const tell = (byMs: number) => store.time.synced(clock.nowMs(), clock.wallMs() - byMs, 1_000, 'https');
    for (const byMs of [300, 700, 3_600_000, 3_600_300]) tell(byMs);
    await store.close();
    const told = facts(path).filter((fact) => fact.kind === 'witness');
    // The clock of the box stays as the system's time service has it.
    expect(told.map(({ source, byMs }) => [source, Math.round(byMs / 1_000)])).toEqual([
      ['https', 0],
      ['https', 3_600],
    ]);
  });

  it('takes up everything, in the order of what happened', async () => {
    const path = temporaryFolder();
    await filled(path);
    expect(facts(path).map((fact) => ('what' in fact ? `${fact.kind} ${fact.what}` : fact.kind))).toEqual([
      ...['chain', 'start', 'epoch', 'record', 'frame', 'record', 'frame', 'record', 'frame', 'try', 'delivered'],
      ...['try', 'mark corrected', 'mark dismissed', 'mark dropped', 'blind'],
    ]);
    const report = await checkChain(path, { frames: true });
    expect(report).toMatchObject({ faults: [], records: 3, frames: 3, before: 0, signed: 0 });
    expect(report.rows).toBeGreaterThan(ROWS + 16);
    // Whole blocks have a head, the rest is open.
    expect(report.open).toBe(report.rows % 128);
  });

  it.each([
    [
      'a payment forged into a row',
      (p: string) => changed(p, `UPDATE journal SET event = '{"kind":"grant"}' WHERE seq = 50`),
      { kind: 'changed', seq: 50 },
    ],
    [
      'a row moved in time',
      (p: string) => changed(p, 'UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 51'),
      { kind: 'changed', seq: 51 },
    ],
    [
      'a row deleted',
      (p: string) => changed(p, 'DELETE FROM journal WHERE seq = 60'),
      { kind: 'missing', first: 60, last: 60 },
    ],
    [
      'the newest rows but one deleted',
      (p: string) => changed(p, 'DELETE FROM journal WHERE seq = (SELECT max(seq) - 1 FROM journal)'),
      { kind: 'missing' },
    ],
    ['two rows swapped', (p: string) => swap(p, 40, 41), { kind: 'changed', seq: 40 }],
    [
      'a row with another’s check',
      (p: string) => changed(p, 'UPDATE journal SET link = (SELECT link FROM journal WHERE seq = 8) WHERE seq = 9'),
      { kind: 'changed', seq: 9 },
    ],
    [
      'a row put in',
      (p: string) => changed(p, `INSERT INTO journal SELECT max(seq) + 1, 1, '1001', 1, 1, '{}', NULL FROM journal`),
      { kind: 'added' },
    ],
    [
      'a row that hides another: its event goes on with that one, whose place is empty',
      (p: string) => {
        const hidden = `(SELECT lower(hex(substr(link, 17))) || char(10) || ${ROW_TEXT} FROM journal WHERE seq = 54)`;
        changed(p, `UPDATE journal SET event = event || char(30) || ${hidden} WHERE seq = 53`);
        changed(p, `UPDATE journal SET event = '{"kind":"grant"}', link = NULL WHERE seq = 54`);
      },
      { kind: 'changed', seq: 53 },
    ],
    [
      'a row without the beginning of its digest',
      (p: string) => changed(p, 'UPDATE journal SET link = substr(link, 1, 16) WHERE seq = 55'),
      { kind: 'changed', seq: 55 },
    ],
    [
      'a payment after the end of a text',
      (p: string) => changed(p, `UPDATE journal SET event = event || char(0) || 'x' WHERE seq = 56`),
      { kind: 'changed', seq: 56 },
    ],
    [
      'a head',
      (p: string) =>
        changed(
          p,
          `UPDATE chain_block SET head = lower(hex(zeroblob(32))) WHERE first = (SELECT min(first) FROM chain_block)`,
        ),
      { kind: 'head', first: 1, last: 128 },
    ],
    [
      'a record’s plate',
      (p: string) => changed(p, `UPDATE release SET body = replace(body, '通道A', '通道B') WHERE id = 1`),
      { kind: 'row', table: 'release', at: '1', what: 'changed' },
    ],
    [
      'a waiting record made delivered',
      (p: string) => changed(p, `UPDATE release SET state = 'delivered' WHERE id = 2`),
      { kind: 'row', table: 'release', at: '2', what: 'changed' },
    ],
    [
      'a record put in',
      (p: string) =>
        changed(
          p,
          `INSERT INTO release SELECT 77, lane_id, 'x', 'x', serial_kind, 'review', boot_seq, at_ms, put_ms, due_ms, wall_ms, time_quality, 0, 0, NULL, NULL, 'none', NULL, NULL, NULL, NULL, NULL, NULL, NULL, body FROM release WHERE id = 1`,
        ),
      { kind: 'row', table: 'release', at: '77', what: 'added' },
    ],
    [
      'settings',
      (p: string) => changed(p, `UPDATE epoch SET settings = '{"settle":99}'`),
      { kind: 'row', table: 'epoch', what: 'changed' },
    ],
    ['a picture', (p: string) => writeFileSync(pictureOf(p, 2), 'other'), { kind: 'frame', id: 2 }],
  ])('names %s', async (_, change, fault) => {
    const path = temporaryFolder();
    await filled(path);
    change(path);
    expect((await checkChain(path, { frames: true })).faults).toContainEqual(expect.objectContaining(fault));
  });

  it('goes on over a restart, and keeps one over what is left when rows go by rule', async () => {
    const path = temporaryFolder();
    await filled(path);
    // Older than what is kept, and none of it rests under a record.
    const store = await open({ path, bootId: 'one boot' });
    for (let at = 0; at < 7_000; at += 1) store.journal.append('1002', { kind: 'tick', atMs: 1_000_000 + at });
    store.journal.snapshot('1002', {});
    await store.journal.flush();
    await store.close();
    keepHouse(path, { journalMaxBytes: 250_000 }, 1e9);
    const report = await checkChain(path, { frames: true });
    expect(report.faults).toEqual([]);
    expect(report.chains).toHaveLength(1);
    expect(report.deleted).toBeGreaterThan(4_000);
    // The lane of the records keeps what they rest on.
    expect(report.rows).toBeGreaterThan(ROWS + 2_000);
    changed(path, 'DELETE FROM journal WHERE seq = 100');
    expect((await checkChain(path)).faults).toContainEqual({ kind: 'missing', first: 100, last: 100 });
  });

  it('begins anew where the database is another one, and names the last head known', async () => {
    const path = temporaryFolder();
    await filled(path);
    const early = join(temporaryFolder(), 'early.db');
    cpSync(join(path, 'lanewarden.db'), early);
    await (await open({ path })).close();
    await filled(path, async (store) => void (await store.chain.seal()));
    const beats = await open({ path });
    await beats.close();

    // Put back as it was before.
    cpSync(early, join(path, 'lanewarden.db'));
    await (await open({ path })).close();
    const [, second] = facts(path).filter((fact) => fact.kind === 'chain');
    expect(second).toMatchObject({ why: 'rolledBack', former: { last: expect.any(Number) } });

    // Into an empty folder: nothing beside it says what it held.
    const elsewhere = temporaryFolder();
    cpSync(early, join(elsewhere, 'lanewarden.db'));
    await (await open({ path: elsewhere })).close();
    expect(
      facts(elsewhere)
        .filter((fact) => fact.kind === 'chain')
        .map((fact) => fact.why),
    ).toEqual(['new', 'restored']);
    expect((await checkChain(elsewhere)).faults).toEqual([]);

    // Gone altogether.
    for (const name of readdirSync(path)) if (name.startsWith('lanewarden.db')) rmSync(join(path, name));
    await (await open({ path })).close();
    expect(facts(path)[0]).toMatchObject({ kind: 'chain', why: 'lost', former: { head: expect.any(String) } });
  });

  it('a command beside the program adds its rows to the same chain', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    await store.outbox.put(record('1'));
    const tool = await open({ path, tool: true });
    expect(await dropByTwo(tool.review, 1, '王五', '试车')).toBe(true);
    store.journal.append('1001', { kind: 'tick', atMs: 1 });
    await store.journal.flush();
    await tool.close();
    await store.outbox.put(record('2'));
    await store.close();
    expect((await checkChain(path)).faults).toEqual([]);
    expect(facts(path).filter(({ kind }) => kind === 'mark')).toHaveLength(2);
  });

  it('the command says in words what does not fit', async () => {
    const path = temporaryFolder();
    await filled(path);
    const verify = (...words: string[]) => lanewarden(['verify', '--store', path, ...words]);
    expect(await verify('--lang', 'en')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('the chain fits'),
    });
    expect((await verify('--lang', 'en')).stdout).not.toContain('only rows from');
    // A stretch is named, and so is one of which nothing is there.
    const ever = ['--from', '2000-01-01', '--until', '2199-01-02T08:00', '--lang', 'en'];
    expect((await verify(...ever)).stdout).toMatch(
      /^only rows from 2000-01-01T00:00:00.000\+08:00 until 2199-01-02T08:00:00.000\+08:00/,
    );
    expect((await verify(...ever)).stdout).toContain('the chain fits');
    for (const never of [
      ['--from', '2000-01-01', '--until', '2000-01-02'],
      ['--from', '2199-01-01'],
      ['--until', '2000-01-02'],
    ]) {
      const { status, stdout } = await verify(...never, '--lang', 'en');
      expect(stdout).toMatch(/no row is of this time/);
      expect(stdout).not.toMatch(/fits?\b/);
      expect(status).toBe(0);
      expect(JSON.parse((await verify(...never, '--json')).stdout)).toMatchObject({ rows: 0, records: 0, faults: [] });
    }
    changed(path, `UPDATE journal SET event = '{"kind":"grant"}' WHERE seq = 50`);
    expect(await verify('--lang', 'en')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('row 50 was changed'),
    });
    expect((await verify('--lang', 'zh')).stdout).toContain('第 50 行被改过');
    expect(JSON.parse((await verify('--json')).stdout).faults[0]).toEqual({ kind: 'changed', seq: 50 });
  });
});

function swap(path: string, one: number, other: number): void {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const event = database.prepare('SELECT event, link FROM journal WHERE seq = ?');
  const [a, b] = [event.get(one), event.get(other)] as { event: string; link: Buffer }[];
  const write = database.prepare('UPDATE journal SET event = ?, link = ? WHERE seq = ?');
  write.run(b?.event, b?.link, one);
  write.run(a?.event, a?.link, other);
  database.close();
}
