/** Lists that are longer than any page: the CSV is whole, and a count that was not taken to its end says so. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { dutyPageText } from '../../src/text/page/ui-duty.made.ts';
import { reviewText } from '../../src/text/page/ui-review.ts';
import { atLength } from '../at-length.ts';
import { record } from '../store/open.ts';
import { pageBox } from './page-box.ts';

/** More than are counted. */
const RECORDS = atLength(100_050, 12_050);
const DAY_MS = 86_400_000;

it(`a CSV of ${RECORDS} records has every one, and its filters hold`, async () => {
  const first = await pageBox();
  const cookie = await first.as('operator');
  const { outbox } = (first.box.host.app as App).store;
  first.box.host.app?.uploads.pause('a test');
  const { id } = await outbox.put(record('1'));
  await outbox.attach(id, { none: 'denied' });
  const box = await first.restart(() => {
    const database = new Database(join(first.folder, 'state/lanewarden.db'));
    const columns = (database.pragma('table_info(release)') as { name: string }[])
      .map(({ name }) => name)
      .filter((name) => !['id', 'release_id', 'serial', 'state', 'wall_ms'].includes(name))
      .join();
    // The last fifty are of the day before.
    database.exec(`WITH RECURSIVE many(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM many WHERE n < ${RECORDS})
      INSERT INTO release (release_id, serial, state, wall_ms, ${columns})
      SELECT 'many' || n, 'many' || n, 'review', wall_ms - iif(n <= 51, ${DAY_MS}, 0), ${columns} FROM release, many WHERE id = ${id}`);
    database.close();
  });
  const rows = async (query = '') => {
    const { text } = await box.ask('GET', `/api/v1/releases.csv${query}`, { cookie });
    return text.trim().split('\r\n').slice(1);
  };
  const all = await rows();
  expect(all).toHaveLength(RECORDS);
  expect(new Set(all).size).toBe(RECORDS);

  const [row] = (await box.ask('GET', '/api/v1/releases?limit=1', { cookie })).json.items;
  const day = (atMs: number) => new Date(atMs + DAY_MS / 3).toISOString().slice(0, 10);
  const dayBefore = day(row.releaseWallMs - DAY_MS);
  expect(await rows(`?day=${dayBefore}&to=${dayBefore}&marked=open`)).toHaveLength(50);

  const described = (await box.ask('GET', '/api/openapi.json', { cookie })).json;
  const names = described.paths['/api/v1/releases.csv'].get.parameters.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['day', 'to', 'marked', 'lane', 'method', 'state', 'plate']));

  const duty = (await box.ask('GET', '/api/v1/duty', { cookie })).json;
  expect(duty).toMatchObject({ open: 1_000, openMore: true });
  expect(dutyPageText.open(duty.open, duty.openMore).zh).toContain('还有 1000+ 条记录');
  expect(dutyPageText.open(duty.open, duty.openMore).en).toContain('1000+ records stand open');
  const { total, more } = (await box.ask('GET', '/api/v1/releases', { cookie })).json;
  expect([reviewText.total(total, more).zh, reviewText.total(total, more).en]).toEqual([
    '共 10000+ 条',
    '10000+ in all',
  ]);

  // Why there is no picture is said in words.
  const { pictureWhy } = (await box.ask('GET', `/api/v1/releases/${id}`, { cookie })).json;
  expect(pictureWhy).toEqual({ zh: '摄像机拒绝了用户名或密码', en: 'the camera denied the user or the password' });
  await box.close();
});
