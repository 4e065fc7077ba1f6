/** The command queue, on a store that a bridge may have open: list, show, retry, drop, and from one box to another in a zip. */
import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { queueCommand } from '../../src/cli/queue/queue.ts';
import { exportQueue, importQueue } from '../../src/store/files/queue-file.ts';
import { lanewarden } from '../cli/in-process.ts';
import { dropByTwo, frame, jpeg, open, record, release, temporaryFolder } from './open.ts';

const NOBODY = 65_534;

async function queue(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const { status, stdout, stderr } = await lanewarden(['queue', ...words], { USER: 'technician' });
  return { code: status, out: stdout, err: stderr };
}

async function filled() {
  const path = temporaryFolder();
  const store = await open({ path, attachWithinMs: 0 });
  const plate = { text: '粤B12345', confidence: 1 };
  for (const id of ['1', '2', '3', '4', '5']) {
    const put = await store.outbox.put(
      record(id, { operator: '张三', release: release(id, { plate, reported: id !== '5' }) }),
    );
    await store.outbox.attach(put.id, id === '4' ? { none: 'timeout' } : frame(3_000, Number(id)));
  }
  await store.outbox.delivered(1, { seqno: 'S' });
  await store.outbox.park(2, 'rejected: 1400 plate', { answer: { status: 400, code: '1400' } });
  return { path, store };
}

describe('queue', () => {
  it('lists and shows, for people and for programs', async () => {
    const { path } = await filled();
    const { out } = await queue('ls', '--store', path);
    expect(out.split('\n')).toHaveLength(6);
    expect(out).toContain('  refused  ');
    const parked = JSON.parse((await queue('ls', '--store', path, '--state', 'parked', '--json')).out) as unknown[];
    expect(parked).toMatchObject([{ id: 2, state: 'parked' }]);
    const shown = await queue('show', '2', '--store', path);
    expect(shown.out).toContain('HTTP 400');
    expect(JSON.parse((await queue('show', '2', '--store', path, '--json')).out)).toMatchObject({
      record: { id: 2 },
      attempts: [{ why: 'rejected: 1400 plate' }],
    });
  });

  it('retries one and all, and says what cannot be', async () => {
    const { path, store } = await filled();
    expect(await queue('retry', '2', '--store', path)).toMatchObject({ code: 0 });
    expect(await store.outbox.counts()).toMatchObject({ parked: 0, waiting: 3 });
    expect(await queue('retry', '1', '--store', path)).toMatchObject({ code: 1, err: expect.stringContaining('1') });
    expect(await queue('retry', 'all', '--store', path)).toMatchObject({
      code: 0,
      // Those that have not been tried wait for their own reasons.
      out: expect.stringMatching(/1 record is/),
    });
    // What is for review is reported one by one.
    expect(await store.outbox.counts()).toMatchObject({ review: 1 });
    expect(await queue('retry', '5', '--store', path)).toMatchObject({ code: 0 });
    expect(await store.outbox.counts()).toMatchObject({ review: 0, waiting: 4 });
  });

  it('drops only with a reason and a yes, and keeps who and why', async () => {
    const { path, store } = await filled();
    expect(await queue('drop', '3', '--store', path)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--reason'),
    });
    expect(await queue('drop', '3', '--store', path, '--reason', 'test')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes'),
    });
    expect(await store.outbox.counts()).toMatchObject({ dropped: 0 });
    const drop = () => queue('drop', '3', '--store', path, '--reason', 'a test car', '--yes');
    expect(await drop()).toMatchObject({ code: 0, out: expect.stringContaining('record 3 goes out') });
    const reason = 'technician要求丢弃：a test car；原记录：按钮开闸后有车通过';
    expect((await store.review.get(3))?.record).toMatchObject({ state: 'waiting', reason });
    expect(await drop(), 'the same person again').toMatchObject({ out: expect.stringContaining('record 3 goes out') });
    expect(await store.review.dismiss(2, '张三', 'nobody asked', 'agrees')).toBeUndefined();
    expect(await store.review.dismiss(3, '李四', 'no', 'asks'), 'who may not agree').toBe('goesOut');
    expect(await store.review.dismiss(3, '张三', 'a test car', 'agrees')).toBe('dropped');
    expect((await store.review.get(3))?.record).toMatchObject({ state: 'dropped', lastWhy: 'dropped: a test car' });
    const { out } = await queue('show', '3', '--store', path);
    expect(out).toContain('dropped by a person (a test car)');
    expect(out).toContain('dropped by technician, 张三');
  });

  it('shows what a person put right, who, why, and what it was', async () => {
    const { path, store } = await filled();
    await store.review.correct(3, { plate: { text: '粤B99999' } }, '张三', '看错了');
    expect((await queue('show', '3', '--store', path)).out).toContain(
      'corrected by 张三: 看错了 (was: 粤B12345 / 按钮开闸后有车通过)',
    );
  });

  it('refuses nonsense with a usage error', async () => {
    const { path } = await filled();
    for (const words of [
      ['dance'],
      ['show'],
      ['show', 'x'],
      ['retry'],
      ['export'],
      ['ls', '--state', 'lost'],
      ['ls', '--limit', '0'],
      ['ls', 'waiting'],
      ['show', '1', '2'],
      ['retry', 'all', '5'],
      ['export', join(path, 'a.zip'), 'b.zip'],
      ['import', 'a.zip', 'b.zip'],
    ])
      expect((await queue(...words, '--store', path)).code, words.join(' ')).toBe(2);
    expect((await queue('show', '99', '--store', path)).code).toBe(66);
    expect((await queue('ls', '--store', temporaryFolder())).code).toBe(66);
  });

  it('says of each record what was done, and does nothing when a number is none', async () => {
    const { path, store } = await filled();
    expect(await queue('retry', '2', 'x', '--store', path)).toMatchObject({ code: 2, out: '' });
    expect(await store.outbox.counts()).toMatchObject({ parked: 1 });
    expect(await queue('retry', '999', '2', '1', '--store', path)).toMatchObject({
      code: 66,
      out: expect.stringMatching(/^1 record is/),
      err: expect.stringMatching(/no record 999[\s\S]*record 1 is delivered/),
    });
    expect(await queue('drop', '1', '2', '999', '3', '--store', path, '--reason', 'test', '--yes')).toMatchObject({
      code: 66,
      out: expect.stringMatching(/^record 2 goes out .*\nrecord 3 goes out .*\nshould one be on its way .*\n$/),
      err: expect.stringMatching(/record 1 is delivered[\s\S]*no record 999/),
    });
  });

  it('says of a record on the wire what may still become of it, and of one that is refused what it is', async () => {
    const { path, store } = await filled();
    await store.outbox.sending(3);
    await store.journal.flush();
    const words = ['--store', path, '--reason', 'test', '--yes'];
    expect(await queue('drop', '3', ...words)).toMatchObject({ code: 0, out: expect.stringMatching(/on its way/) });
    await store.outbox.delivered(3, {});
    await store.journal.flush();
    expect((await store.review.get(3))?.record).toMatchObject({ state: 'delivered' });
    await store.outbox.withdraw('1001', '4', 'paid');
    for (const [id, state] of [
      ['3', 'delivered'],
      ['4', 'withdrawn'],
    ] as const) {
      const refused = expect.stringMatching(`record ${id} is ${state} and cannot`);
      expect(await queue('drop', id, ...words)).toMatchObject({ code: 1, err: refused });
      expect(await queue('retry', id, '--store', path)).toMatchObject({ code: 1, err: refused });
    }
  });

  it('takes everything undelivered from one box to another, pictures and serials, once', async () => {
    const { path, store } = await filled();
    const file = join(temporaryFolder(), 'queue.zip');
    expect(await queue('export', file, '--store', path)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/4 records and 3 pictures/),
    });
    // Any other program can read it.
    const listed = execFileSync(
      'python3',
      ['-c', `import zipfile,sys;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;print(z.namelist())`, file],
      { encoding: 'utf8' },
    );
    expect(listed).toContain('records.json');
    const other = temporaryFolder();
    expect(await queue('import', file, '--store', other)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/4 records and 3 pictures/),
    });
    expect(await queue('import', file, '--store', other)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/4 records were here already/),
    });
    const replaced = await open({ path: other, attachWithinMs: 0 });
    const before = await store.review.list({ states: ['waiting', 'parked', 'review'], limit: 10 });
    const after = await replaced.review.list({ limit: 10 });
    const essence = (records: typeof before) =>
      records
        .map(({ serial, state, release: { id }, releaseWallMs, operator }) => ({
          serial,
          state,
          id,
          releaseWallMs,
          operator,
        }))
        .sort((a, b) => (a.serial < b.serial ? -1 : 1));
    expect(essence(after)).toEqual(essence(before));
    for (const found of after.filter(({ picture }) => picture === 'attached'))
      expect(await replaced.outbox.picture(found.id)).toEqual(jpeg(3_000, Number(found.release.id)));
    expect(await replaced.outbox.due(10)).toHaveLength(2);
  });

  it('takes along what had come of a record, and what a person put right in it', async () => {
    const { store } = await filled();
    await store.review.correct(3, { plate: { text: '粤B99999' } }, '张三', '看错了');
    await store.outbox.retry(3, 0, 'unknownCode: 7', { unknownCode: true });
    const hint = { status: 200, hint: 'plate=?' };
    await store.outbox.hold(3, 'hint: plate', { answer: hint });
    const file = join(temporaryFolder(), 'queue.zip');
    await exportQueue(store, file);
    const other = await open({ path: temporaryFolder() });
    await importQueue(other, file);
    const found = async (in_: typeof store, releaseId: string) => {
      const all = await in_.review.list({ limit: 9 });
      const { record: taken, attempts } =
        (await in_.review.get(all.find(({ release }) => release.id === releaseId)?.id ?? 0)) ?? {};
      const { lastWhy, pictureWhy, unknownAnswers, corrections, attempts: count } = taken ?? {};
      return { lastWhy, pictureWhy, unknownAnswers, corrections, count, attempts };
    };
    for (const id of ['2', '3', '4', '5']) expect(await found(other, id)).toEqual(await found(store, id));
    expect(await found(other, '3')).toMatchObject({
      ...{ lastWhy: 'hint: plate', unknownAnswers: 1, count: 2 },
      corrections: [{ who: '张三', why: '看错了' }],
      attempts: [{ why: 'unknownCode: 7' }, { why: 'hint: plate', answer: hint }],
    });
    expect(await found(other, '4')).toMatchObject({ pictureWhy: 'timeout' });
  });

  it('an entry record’s id that came from another box is taken here too', async () => {
    const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
    await store.outbox.put(record('1', { entrySerial: 'E-77' }));
    const file = join(temporaryFolder(), 'queue.zip');
    await exportQueue(store, file);
    const other = await open({ path: temporaryFolder() });
    expect(await importQueue(other, file)).toMatchObject({ records: 1 });
    expect((await other.outbox.put(record('2', { entrySerial: 'E-77' }))).serial).toMatch(/^E-77-./);
  });

  it('gives a serial that another release has here a suffix, and parks what may have been sent under it', async () => {
    const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
    await store.outbox.put(record('unsent', { entrySerial: 'E-77' }));
    const sent = await store.outbox.put(record('sent', { entrySerial: 'E-78' }));
    await store.outbox.sending(sent.id);
    await store.outbox.retry(sent.id, 0, 'timeout');
    const file = join(temporaryFolder(), 'queue.zip');
    await exportQueue(store, file);
    const other = await open({ path: temporaryFolder(), attachWithinMs: 0 });
    await other.outbox.put(record('unsent', { entrySerial: 'E-78' }));
    await other.outbox.put(record('mine', { entrySerial: 'E-77' }));
    expect(await importQueue(other, file)).toMatchObject({ records: 2, known: 0 });
    expect(await importQueue(other, file)).toMatchObject({ records: 0, known: 2 });
    const taken = (await other.review.list({ limit: 9 })).toReversed().slice(2);
    expect(taken).toMatchObject([
      { release: { id: 'unsent' }, state: 'waiting', serial: expect.stringMatching(/^E-77-./) },
      { release: { id: 'sent' }, state: 'parked', serial: 'E-78', lastWhy: 'serialTaken', attempts: 1 },
    ]);
  });

  it.each([
    ['bytes', { records: 9, pictures: 9, bytes: 7_000 }],
    ['pictures', { records: 9, pictures: 2, bytes: 1e9 }],
  ])('leaves records behind whose pictures are too many %s for one file, and says how many', async (_, limits) => {
    const { store } = await filled();
    const file = join(temporaryFolder(), 'queue.zip');
    // 2, 3 and 5 have a picture, 4 has none.
    expect(await exportQueue(store, file, {}, limits)).toEqual({ records: 3, pictures: 2, left: 1 });
    const other = await open({ path: temporaryFolder() });
    expect(await importQueue(other, file)).toMatchObject({ records: 3, pictures: 2 });
  });

  it('takes no foreign or damaged file, and says so', async () => {
    const { store } = await filled();
    const file = join(temporaryFolder(), 'queue.zip');
    await exportQueue(store, file);
    const whole = readFileSync(file);
    const other = await open({ path: temporaryFolder() });
    for (const bytes of [
      Buffer.from('hello'),
      Buffer.alloc(0),
      whole.subarray(0, 40),
      // Cut in the middle of a picture, and a byte before its end.
      whole.subarray(0, whole.length >> 1),
      whole.subarray(0, -1),
      Buffer.from(whole).fill(7, 20, 200),
    ]) {
      writeFileSync(file, bytes);
      await expect(importQueue(other, file)).rejects.toMatchObject({ name: 'QueueFileError' });
    }
    const manifest = JSON.parse(strFromU8(unzipSync(whole)['records.json'] as Uint8Array));
    const broken = [
      { release: undefined },
      { serial: '' },
      { state: 'delivered' },
      { releaseWallMs: 'soon' },
      { timeQuality: 'good' },
    ];
    for (const change of broken) {
      const records = manifest.records.map((each: object, at: number) => (at === 1 ? { ...each, ...change } : each));
      writeFileSync(file, zipSync({ 'records.json': strToU8(JSON.stringify({ ...manifest, records })) }));
      await expect(importQueue(other, file)).rejects.toThrow('records[1] of records.json is no record');
    }
    expect(await other.review.list({ limit: 5 })).toEqual([]);
  });

  it('what is damaged in one box stays damaged in another', async () => {
    const { path, store } = await filled();
    await store.close();
    const database = new Database(join(path, 'lanewarden.db'));
    database.exec("UPDATE release SET body = 'x' WHERE id = 2");
    database.close();
    const file = join(temporaryFolder(), 'queue.zip');
    await exportQueue(await open({ path }), file);
    const other = await open({ path: temporaryFolder() });
    await importQueue(other, file);
    expect((await other.review.list({ limit: 9 })).filter(({ damaged }) => damaged)).toHaveLength(1);
  });

  it('keeps the order of the records, with pictures and without', async () => {
    const { store } = await filled();
    const file = join(temporaryFolder(), 'queue.zip');
    await exportQueue(store, file);
    const other = await open({ path: temporaryFolder() });
    await importQueue(other, file);
    const ids = (await other.review.list({ limit: 9 })).map(({ release }) => release.id);
    expect(ids.toReversed()).toEqual(['2', '3', '4', '5']);
  });

  it.runIf(process.getuid?.() === 0)(
    'as root: all that comes into being belongs to the owner of the folder',
    async () => {
      const { store } = await filled();
      const file = join(temporaryFolder(), 'queue.zip');
      await exportQueue(store, file);
      const owner = temporaryFolder();
      chownSync(owner, NOBODY, NOBODY);
      // Of a new box: not even the folder is there.
      const path = join(owner, 'of', 'lanewarden');
      expect(await queue('import', file, '--store', path)).toMatchObject({ code: 0 });
      const tool = await open({ path, tool: true });
      await tool.review.requeue(2, '张三');
      const made = readdirSync(owner, { recursive: true }).map(String);
      for (const name of ['lanewarden.db', 'lanewarden.db-wal', 'lanewarden.db-shm', 'frames'])
        expect(made).toContain(join('of', 'lanewarden', name));
      for (const name of made) expect(statSync(join(owner, name)), name).toMatchObject({ uid: NOBODY, gid: NOBODY });
      await tool.close();
      // Another program, as that user.
      const script = `import sqlite3,sys;d=sqlite3.connect(sys.argv[1]);d.execute('UPDATE release SET due_ms=7');d.commit()`;
      const ids = { uid: NOBODY, gid: NOBODY };
      execFileSync('python3', ['-c', script, join(path, 'lanewarden.db')], { ...ids, stdio: 'pipe' });
    },
  );

  it('says which pictures are damaged in the file or find no room, and attaches them from a whole one later', async () => {
    const { store } = await filled();
    const file = join(temporaryFolder(), 'queue.zip');
    await exportQueue(store, file);
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    const at = damaged.indexOf(jpeg(3_000, 3)) + 1_000;
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
    writeFileSync(file, damaged);
    const path = temporaryFolder();
    const other = await open({ path, lowWaterBytes: Number.MAX_SAFE_INTEGER });
    expect(await importQueue(other, file)).toEqual({ records: 4, known: 0, pictures: 0, noRoom: 2, damaged: 1 });
    const essence = async (in_: typeof store) =>
      (await in_.review.list({ limit: 9 })).map(({ picture, pictureWhy }) => [picture, pictureWhy]).toReversed();
    expect(await essence(other)).toEqual([
      ['none', 'diskFull'],
      ['none', 'damaged'],
      ['none', 'timeout'],
      ['none', 'diskFull'],
    ]);
    await other.close();
    expect((await queue('import', file, '--store', path)).out).toMatch(
      /2 pictures.* 4 records were here.*\n1 pictures are/,
    );
    writeFileSync(file, whole);
    const roomy = await open({ path });
    expect(await importQueue(roomy, file)).toMatchObject({ known: 4, pictures: 1, damaged: 0 });
    expect(await essence(roomy)).toEqual([
      ['attached', undefined],
      ['attached', undefined],
      ['none', 'timeout'],
      ['attached', undefined],
    ]);
    expect(await roomy.outbox.picture(2)).toEqual(jpeg(3_000, 3));
  });

  it('adds no picture to a record that is dealt with here', async () => {
    const { store } = await filled();
    const file = join(temporaryFolder(), 'queue.zip');
    await exportQueue(store, file);
    const other = await open({ path: temporaryFolder(), lowWaterBytes: Number.MAX_SAFE_INTEGER });
    await importQueue(other, file);
    await dropByTwo(other.review, 1, '张三', '测试');
    expect(await importQueue(other, file)).toMatchObject({ known: 4, noRoom: 2 });
    expect((await other.review.get(1))?.record).toMatchObject({ state: 'dropped', picture: 'none' });
  });

  it('takes what an older version exported, which knew less of each record', async () => {
    const { laneId, gateId, gateName, release: itself, releaseWallMs, reason, methodDesc } = record('1');
    const old = { laneId, gateId, gateName, release: itself, releaseWallMs, reason, methodDesc };
    const entry = {
      ...old,
      serial: 'S-1',
      timeQuality: 'synced',
      sent: true,
      state: 'parked',
      picture: 'pictures/1.jpg',
    };
    const manifest = { format: 'lanewarden-queue', version: 1, records: [entry] };
    const file = join(temporaryFolder(), 'queue.zip');
    const files = { 'records.json': strToU8(JSON.stringify(manifest)), 'pictures/1.jpg': jpeg(3_000) };
    writeFileSync(file, zipSync(files));
    const store = await open({ path: temporaryFolder() });
    expect(await importQueue(store, file)).toMatchObject({ records: 1, pictures: 1 });
    const { record: taken, attempts } = (await store.review.get(1)) ?? {};
    expect(taken).toMatchObject({ serial: 'S-1', state: 'parked', attempts: 0, unknownAnswers: 0 });
    expect(attempts).toEqual([]);
  });
});

it('has its help', () => {
  for (const { help } of Object.values(queueCommand.options)) expect(help.zh).toMatch(/[一-龥]|JSON/);
});
