/** The day's sheet at an hour: once a day and destination, over starts too, as data for a webhook and in words for a group. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { dayOf, daysAfter } from '../../../src/account/days.ts';
import { sheetLine } from '../../../src/account/lines.ts';
import { open, record, temporaryFolder } from '../../store/open.ts';
import { boxWith, chat, receiver, webhook } from './receivers.ts';

it('comes once, also when the box starts again, and says what the day came to', async () => {
  const path = temporaryFolder();
  const yesterday = daysAfter(dayOf(Date.now()), -1);
  const rows = { '8\t张三\topening\thand.button': [3, 0], '8\t张三\tpassage\treported.manual': [2, 0] };
  const groupSaid: string[] = [];
  const robot = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    groupSaid.push((JSON.parse(body) as { text: { content: string } }).text.content);
    response.end('{"errcode":0}');
  });
  await new Promise<void>((resolve) => robot.listen(0, '127.0.0.1', resolve));
  const far = await receiver();
  const url = `http://127.0.0.1:${(robot.address() as AddressInfo).port}`;
  const configs = [webhook(far.port, { daySheetAtMinutes: 0 }), chat(url, { daySheetAtMinutes: 0 })];
  const first = await open({ path, wallTrusted: true });
  await first.accounts.keep(
    '1001',
    yesterday,
    JSON.stringify({ rows, questions: [], corrections: [] }),
    JSON.stringify(sheetLine(yesterday, [])),
  );
  const { stop } = await boxWith(configs, { store: first });
  await expect.poll(() => [far.got.length, groupSaid.length]).toEqual([1, 1]);
  expect(far.got[0]?.event).toMatchObject({ type: 'lanewarden.sheet', data: { day: yesterday, number: { n: 1 } } });
  expect(far.got[0]?.event.data).not.toHaveProperty('trend');
  expect(groupSaid[0]).toContain(`日报 ${yesterday}`);
  expect(groupSaid[0]).toContain('通行 2，开闸 3（人工 3）');
  await stop();
  await first.close();
  const second = await open({ path, wallTrusted: true });
  await boxWith(configs, { store: second });
  await second.outbox.put(record('r1'));
  await expect.poll(() => [far.got.length, groupSaid.length]).toEqual([2, 2]);
  expect(far.got[1]?.event.type).toBe('lanewarden.release');
  robot.close();
});

it('comes again after a clock that had shown 2037 was set right', async () => {
  const path = temporaryFolder();
  const far = await receiver();
  const configs = [webhook(far.port, { daySheetAtMinutes: 0 })];
  const first = await open({ path, wallTrusted: true });
  const { stop } = await boxWith(configs, { store: first });
  await expect.poll(() => far.got.length).toBe(1);
  await stop();
  await first.close();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  expect(database.prepare("UPDATE numbering SET day = '2036-12-31'").run().changes).toBe(1);
  database.close();
  await boxWith(configs, { store: await open({ path, wallTrusted: true }) });
  await expect.poll(() => far.got.length).toBe(2);
  const yesterday = daysAfter(dayOf(Date.now()), -1);
  expect(far.got[1]?.event).toMatchObject({ type: 'lanewarden.sheet', data: { day: yesterday } });
});

it('does not come before its hour', async () => {
  const far = await receiver();
  const minutes = ((Date.now() + 8 * 3_600_000) % 86_400_000) / 60_000;
  const { store } = await boxWith([
    webhook(far.port, { daySheetAtMinutes: Math.min(24 * 60, Math.ceil(minutes) + 30) }),
  ]);
  await store.outbox.put(record('r1'));
  await expect.poll(() => far.got.length).toBe(1);
  expect(far.got[0]?.event.type).toBe('lanewarden.release');
});
