/** A database that was put aside: the overview says so, and what was saved. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { record } from '../store/open.ts';
import { pageBox } from './page-box.ts';

it('is told on the overview and in the metrics', async () => {
  const first = await pageBox();
  const cookie = await first.as('installer');
  const before = (await first.ask('GET', '/api/v1/overview', { cookie })).json;
  expect(before.disk).not.toHaveProperty('damage');

  const box = await first.restart(() => {
    const handle = openSync(join(first.folder, 'state/lanewarden.db'), 'r+');
    writeSync(handle, Buffer.alloc(4_096, 0x5a), 0, 4_096, 0);
    closeSync(handle);
  });
  const overview = async () => (await box.ask('GET', '/api/v1/overview', { cookie })).json;
  await expect
    .poll(async () => (await overview()).disk.damage)
    .toMatchObject({
      saved: { records: expect.any(Number), unreadable: 0 },
    });
  const { headline, complaints } = await overview();
  const told = [headline, ...complaints].find(({ text }) => text.en.startsWith('The database was damaged'));
  expect(told).toMatchObject({ level: 'warn', page: 'diagnostics' });
  expect(told.text).toMatchObject({ en: expect.stringContaining('ago and a new one was started') });
  expect(told.todo.en).toMatch(/^\d+ records? recovered, no loss found\. The card/);
  expect(told.todo.zh).toMatch(/^找回 \d+ 条记录/);
  expect((await box.ask('GET', '/metrics', { cookie })).text).toMatch(/lanewarden_database_damaged 1/);
  await box.close();
});

it('a record of which nothing is left is listed and can be dismissed, and nothing else', async () => {
  const first = await pageBox();
  const cookie = await first.as('installer');
  const { outbox } = (first.box.host.app as App).store;
  first.box.host.app?.uploads.pause('a test');
  const { id } = await outbox.put(record('1'));
  await outbox.attach(id, { none: 'noCamera' });
  const box = await first.restart(() => {
    const database = new Database(join(first.folder, 'state/lanewarden.db'));
    database.prepare("UPDATE release SET body = '#' WHERE id = ?").run(id);
    database.close();
  });
  const one = async () => (await box.ask('GET', `/api/v1/releases/${id}`, { cookie })).json;
  await expect.poll(async () => (await one()).row.state).toBe('parked');
  expect(await one()).toMatchObject({
    row: { lastWhy: { zh: expect.stringContaining('已损坏') } },
    can: ['dismiss'],
    request: [],
  });
  const { items } = (await box.ask('GET', '/api/v1/releases', { cookie })).json;
  expect(items).toMatchObject([{ id, state: 'parked' }]);
  expect((await box.ask('GET', '/api/v1/releases.csv', { cookie })).status).toBe(200);
  expect((await box.ask('GET', '/api/v1/queue', { cookie })).status).toBe(200);
  const dismissed = await box.ask('POST', `/api/v1/releases/${id}/dismiss`, { cookie, body: { why: 'damaged' } });
  expect(dismissed.status, dismissed.text).toBe(200);
  await box.close();
});
