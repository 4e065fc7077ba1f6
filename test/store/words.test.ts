/** No error is without words: not one that has come out of the store thread, not one of several, not one of a code alone. */
import { connect } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { failure } from '../../src/cli/failure.ts';
import { type StoreCode, StoreError } from '../../src/store/error.ts';
import { thrownText } from '../../src/text/thrown.ts';
import { open, temporaryFolder } from './open.ts';

describe('an error', () => {
  it('that ends the store thread arrives with what SQLite said', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    const database = new Sqlite(join(path, 'lanewarden.db'));
    database.exec('ALTER TABLE journal RENAME TO elsewhere');
    database.close();
    store.journal.append('1001', { kind: 'tick', atMs: 0 });
    await store.journal.flush().catch(() => undefined);
    const error = await store.failed.catch((thrown: unknown) => thrown as StoreError);
    expect(error).toMatchObject({ name: 'StoreError', code: 'died' });
    expect((error as StoreError).message).toContain('no such table: journal');
  });

  it('of a connection to several addresses says each', async () => {
    const error = await new Promise<Error>((resolve) => {
      const lookup = (_: string, __: unknown, done: (error: null, found: object[]) => void) =>
        done(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '::1', family: 6 },
        ]);
      connect({ host: 'two.example', port: 9, lookup: lookup as never, autoSelectFamily: true }).once('error', resolve);
    });
    expect(error.message).toBe('');
    expect(thrownText(error)).toMatch(/ECONNREFUSED 127\.0\.0\.1:9/);
  });

  it.each([
    [new Error(''), 'Error'],
    [Object.assign(new Error(' '), { code: 'EIO' }), 'EIO'],
    [{ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' }, 'SQLITE_CONSTRAINT_PRIMARYKEY'],
    ['what was said', 'what was said'],
    [undefined, 'an error without words ([object Undefined])'],
    [{}, 'an error without words ([object Object])'],
  ])('%o has the words %s', (thrown, words) => expect(thrownText(thrown)).toBe(words));

  const codes: Record<StoreCode, true> = {
    unavailable: true,
    newer: true,
    damaged: true,
    inUse: true,
    full: true,
    unknown: true,
    stuck: true,
    died: true,
    closed: true,
  };
  it.each(Object.keys(codes) as StoreCode[])('of the store with code %s is worded also without a message', (code) => {
    for (const [language, few] of [
      ['zh', 8],
      ['en', 20],
    ] as const) {
      const { text } = failure(new StoreError(code, ''), language);
      expect(text).not.toMatch(/［］|\[\]|undefined|本机存储出错/);
      expect(text.length).toBeGreaterThan(few);
    }
  });
});
