/** One row of a management system that is read, from the page: of a draft that is not applied, with what is wrong in plain words; nothing is counted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PageBox, pageBox } from './page-box.ts';

let page: PageBox;
let cookie: string;
beforeAll(async () => {
  page = await pageBox();
  cookie = await page.as('installer');
  const database = new Database(join(page.folder, 'park.db'));
  database.exec(`CREATE TABLE lanewarden_pay (order_no, car_no, lane, money, pay_time, operator);
    INSERT INTO lanewarden_pay VALUES ('P-1', '粤B12345', '1', 5.5, '2026-11-30 11:00:00', '张三')`);
  database.close();
});
afterAll(() => page.close());

const BOOTH = '{ name: booth, profile: fee-record, file: park.db, lanes: { "1": "1001" } }';

const draft = (system: string): string =>
  readFileSync(page.configFile, 'utf8').replace('intake:\n', `intake:\n  systems: [${system}]\n`);

const asked = (yaml: string, system = 'booth', as = cookie) =>
  page.ask('POST', '/api/v1/config/rehearse', { cookie: as, body: { yaml, system, secrets: {} } });

async function read(system: string) {
  const { status, json } = await asked(draft(system));
  expect(status).toBe(202);
  return (await page.ended(json, cookie)).result;
}

it('shows the row and its payment, of a draft, and counts nothing', async () => {
  expect(await read(BOOTH)).toMatchObject({
    system: 'booth',
    row: expect.arrayContaining([{ name: 'order_no', value: 'P-1' }, expect.objectContaining({ name: 'money' })]),
    payment: expect.arrayContaining([
      { name: 'id', value: 'booth:P-1' },
      { name: 'amount', value: 550 },
      { name: 'lane', value: '1001' },
    ]),
    problems: [],
  });
  const { json } = await page.ask('GET', '/api/v1/payments?day=today', { cookie });
  expect(json.lines).toEqual([]);
  expect(readFileSync(page.configFile, 'utf8')).not.toContain('fee-record');
});

it('names the column of what would be refused', async () => {
  const database = new Database(join(page.folder, 'bad.db'));
  database.exec(`CREATE TABLE lanewarden_pay (order_no, car_no, lane, money, pay_time, operator);
    INSERT INTO lanewarden_pay VALUES ('P-1', '粤B12345', '1', 'five', '2026-11-30 11:00:00', '张三')`);
  database.close();
  const { problems } = (await read(BOOTH.replace('park.db', 'bad.db'))) as { readonly problems: readonly object[] };
  expect(problems).toMatchObject([{ field: 'money' }]);
});

it('says in plain words why nothing can be read, and what to do', async () => {
  const other = new Database(join(page.folder, 'other.db'));
  other.exec('CREATE TABLE pay (a)');
  other.close();
  expect(await read(BOOTH.replace('park.db', 'other.db'))).toMatchObject({
    row: [],
    fault: {
      what: { en: expect.stringContaining('table or view') },
      todo: { en: expect.stringContaining('sql.table') },
    },
  });
  expect(await read(BOOTH.replace('park.db', 'gone.db'))).toMatchObject({
    fault: { what: { en: expect.stringContaining('file is not there') } },
  });
  const database =
    'database: { kind: mysql, host: 127.0.0.1, port: 1, name: p, user: u, password: { secret: intake.pms } }';
  expect(await read(BOOTH.replace('file: park.db', database))).toMatchObject({
    fault: {
      what: { zh: expect.stringContaining('没有程序在听') },
      detail: { en: expect.stringContaining('ECONNREFUSED') },
    },
  });
});

it('refuses a draft with faults, a system that is not read, and whoever may not change the configuration', async () => {
  expect(await asked(draft(BOOTH.replace('1001', '1009')))).toMatchObject({ status: 422, json: { code: 'invalid' } });
  expect(await asked(draft(BOOTH), 'boot')).toMatchObject({ status: 422, json: { errors: [{ field: 'system' }] } });
  const pushed = '{ name: booth, profile: bolink-pay-notice, secrets: { ckey: { secret: intake.pms } } }';
  expect(await asked(draft(pushed))).toMatchObject({ status: 422, json: { errors: [{ field: 'system' }] } });
  expect((await asked(draft(BOOTH), 'booth', await page.as('auditor'))).status).toBe(403);
});
