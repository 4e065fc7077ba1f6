/** The decoder of raw pages against SQLite itself: whatever SQLite writes, in the file or the WAL, is read the same. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RawPages, type RawRow } from '../../src/store/repair/raw-pages.ts';
import { temporaryFolder } from './open.ts';

const value = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -(2 ** 47), max: 2 ** 47 }),
  fc.constantFrom(0, 1, 127, 128, -128, 32_768, 8_388_608, 2 ** 31, 2 ** 40, 2 ** 50),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.nat({ max: 20_000 }).map((length) => 'x'.repeat(length)),
  fc.uint8Array({ maxLength: 6_000 }).map((bytes) => Buffer.from(bytes)),
);

function allRows(file: string): Map<number, RawRow['values']> {
  const pages = new RawPages(file);
  const found = new Map<number, RawRow['values']>();
  for (const page of pages.from(1, Number.MAX_SAFE_INTEGER))
    for (const row of pages.rows(page))
      if (row.values.length === 4 && row.number !== undefined) found.set(row.number, row.values);
  pages.close();
  return found;
}

describe('raw pages', () => {
  it('give back every row, from the file and from the WAL', () => {
    const folder = temporaryFolder();
    let run = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (rows, inWal) => {
          run += 1;
          const file = join(folder, `${run}.db`);
          const database = new Sqlite(file);
          database.pragma('page_size = 2048');
          database.pragma('journal_mode = WAL');
          database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)');
          const insert = database.prepare('INSERT INTO t (a, b, c) VALUES (?, ?, ?)');
          for (const row of rows) insert.run(...row);
          database.prepare('UPDATE t SET a = 7 WHERE id = 1').run();
          if (!inWal) database.pragma('wal_checkpoint(TRUNCATE)');
          const copy = `${file}.copy`;
          copyFileSync(file, copy);
          if (inWal) copyFileSync(`${file}-wal`, `${copy}-wal`);
          const found = allRows(copy);
          const expected = database.prepare('SELECT * FROM t').raw().all() as unknown[][];
          database.close();
          expect(found.size).toBe(expected.length);
          for (const [id, ...values] of expected) expect(found.get(Number(id))?.slice(1)).toEqual(values);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are those there are, however large a number a garbled WAL gives', () => {
    const file = join(temporaryFolder(), 'garbled.db');
    const database = new Sqlite(file);
    database.pragma('page_size = 2048');
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)');
    const insert = database.prepare('INSERT INTO t (a, b, c) VALUES (?, ?, ?)');
    for (let id = 1; id <= 300; id += 1) insert.run('x'.repeat(100), id, null);
    const copy = `${file}.copy`;
    copyFileSync(file, copy);
    const wal = readFileSync(`${file}-wal`);
    database.close();
    // Of the oldest version of some page; what is left of it are the newer ones.
    wal.writeUInt32BE(0xffff_fffe, 32 + 5 * (24 + 2_048));
    writeFileSync(`${copy}-wal`, wal);
    const pages = new RawPages(copy);
    const numbers = pages.from(1, Number.MAX_SAFE_INTEGER);
    expect(numbers.length).toBeLessThan(100);
    expect(numbers.at(-1)).toBe(0xffff_fffe);
    for (const [index, number] of numbers.entries())
      expect(pages.from(number, 2)).toEqual(numbers.slice(index, index + 2));
    expect(pages.from(0xffff_ffff, 2)).toEqual([]);
    pages.close();
    expect(allRows(copy).size).toBe(300);
  });

  it('give back every row of a table without row numbers, also those of its inner pages', () => {
    const folder = temporaryFolder();
    let run = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 80 }), (rows) => {
        run += 1;
        const file = join(folder, `without${run}.db`);
        const database = new Sqlite(file);
        database.pragma('page_size = 2048');
        database.exec('CREATE TABLE t (id INTEGER, number INTEGER, a, b, PRIMARY KEY (id, number)) WITHOUT ROWID');
        const insert = database.prepare('INSERT INTO t VALUES (?, ?, ?, ?)');
        for (const [index, row] of rows.entries()) insert.run(index % 7, index, ...row);
        const expected = database.prepare('SELECT * FROM t').raw().all() as unknown[][];
        database.close();
        const pages = new RawPages(file);
        const found = pages.from(1, Number.MAX_SAFE_INTEGER).flatMap((page) => pages.rows(page));
        pages.close();
        const own = found.filter(({ number, values }) => number === undefined && values.length === 4);
        const byNumber = new Map(own.map(({ values }) => [Number(values[1]), values]));
        expect(byNumber.size).toBe(expected.length);
        for (const row of expected) expect(byNumber.get(Number(row[1]))).toEqual(row);
      }),
      { numRuns: 25 },
    );
  });

  it('never throw, whatever the bytes', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'noise.db');
    const database = new Sqlite(file);
    database.pragma('page_size = 2048');
    database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)');
    for (let id = 0; id < 50; id += 1)
      database.prepare('INSERT INTO t (a, b) VALUES (?, ?)').run('x'.repeat(id * 100), id);
    const whole = database.serialize();
    database.close();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 200 }),
        (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, byte] of changes) bytes[at] = byte;
          const copy = join(folder, 'damaged.db');
          writeFileSync(copy, bytes);
          expect(allRows(copy).size).toBeLessThanOrEqual(400);
        },
      ),
      { numRuns: 100 },
    );
  });
});
