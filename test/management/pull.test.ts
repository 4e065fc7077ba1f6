/** Systems that are read: each row once through kills, rows that are committed late, clocks that jump, files that are replaced, lists by pages. */
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { beginOf, daysAfter } from '../../src/account/days.ts';
import { SEEN_MOST } from '../../src/app/pull/read-place.ts';
import { encodedAs } from '../../src/management/charset.ts';
import { atLength } from '../at-length.ts';
import { temporaryFolder } from '../store/open.ts';
import { openPullBox, type PullBox, pulledSystem } from './pull-box.ts';

const KILLS = atLength(10, 4);
const HEAD = 'maker: M\nmodel: m\nsource: s\n';
const PAYMENT = `payment:
  id: { field: order_no }
  plate: { field: car_no }
  amount: { field: money, unit: yuan }
  issuedAt: { field: pay_time, time: local }
`;
const BY_NUMBER = `${HEAD}${PAYMENT}only: { state: ['1'] }\nsql: { table: fee_record, cursor: { column: id, overlap: 20 } }\n`;
const BY_TIME = `${HEAD}${PAYMENT}sql: { table: fee_record, cursor: { column: pay_time, time: local, overlap: 60 } }\n`;

const boxes: PullBox[] = [];
afterEach(async () => {
  await Promise.all(boxes.splice(0).map((box) => box.kill()));
});

async function opened(...args: Parameters<typeof openPullBox>): Promise<PullBox> {
  const box = await openPullBox(...args);
  boxes.push(box);
  return box;
}

/** Beijing time, so many seconds from now. */
const local = (seconds = 0): string =>
  new Date(Date.now() + 8 * 3_600_000 + seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');

function feeRecords(file: string) {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.exec(
    'CREATE TABLE IF NOT EXISTS fee_record (id INTEGER PRIMARY KEY, order_no TEXT, car_no TEXT, money TEXT, pay_time TEXT, state INTEGER)',
  );
  const insert = database.prepare('INSERT INTO fee_record VALUES (?, ?, ?, ?, ?, ?)');
  return {
    database,
    pay: (id: number, { time = local(), state = 1, plate = '粤B12345' } = {}) =>
      insert.run(id, `A-${id}`, plate, '5.00', time, state),
  };
}

const ids = (box: PullBox): readonly string[] => box.grants.map(({ id }) => id.replace('booth:A-', ''));

describe('a table of SQLite', () => {
  it('gives each payment once, from a little before the newest row on, and never one that is not paid', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { pay, database } = feeRecords(file);
    for (let id = 1; id <= 30; id += 1) pay(id);
    const box = await opened([pulledSystem(BY_NUMBER, { file })], join(folder, 'state'));
    await expect.poll(() => ids(box).length).toBe(21);
    expect(ids(box)[0]).toBe('10');
    pay(31, { state: 0 });
    pay(32);
    await expect.poll(() => ids(box).at(-1)).toBe('32');
    expect(ids(box)).not.toContain('31');
    database.prepare('UPDATE fee_record SET state = 1 WHERE id = 31').run();
    await expect.poll(() => ids(box).at(-1)).toBe('31');
    // As databases have it for a car that leaves free: it was paid as it came.
    pay(33, { time: '0000-00-00 00:00:00' });
    await expect.poll(() => ids(box).at(-1)).toBe('33');
    expect(new Set(ids(box)).size).toBe(ids(box).length);
    const grant = { plate: '粤B12345', amount: 500, source: 'booth', kind: 'paid' };
    expect(box.grants[0]).toMatchObject(grant);
    expect(box.channels.all()).toEqual([expect.objectContaining({ id: 'booth', up: true })]);
  });

  it('finds rows that are committed late, behind newer ones', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { pay } = feeRecords(file);
    pay(100);
    const box = await opened([pulledSystem(BY_NUMBER, { file })], join(folder, 'state'));
    await expect.poll(() => ids(box)).toEqual(['100']);
    pay(110);
    await expect.poll(() => ids(box)).toEqual(['100', '110']);
    pay(105);
    await expect.poll(() => ids(box)).toEqual(['100', '110', '105']);
  });

  it('takes a number that comes again in another row, as numbers that begin anew each day do', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { database } = feeRecords(file);
    const pay = (id: number, order: string, plate: string) =>
      database.prepare('INSERT INTO fee_record VALUES (?, ?, ?, ?, ?, 1)').run(id, order, plate, '5.00', local());
    pay(100, 'A-1', '粤B12345');
    const box = await opened([pulledSystem(BY_NUMBER, { file })], join(folder, 'state'));
    await expect.poll(() => ids(box)).toEqual(['1']);
    pay(101, 'A-1', '粤B54321');
    await expect.poll(() => box.grants.map(({ plate }) => plate)).toContain('粤B54321');
  });

  it('shows whose lane is not in `lanes`, in the words of the table', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { pay } = feeRecords(file);
    pay(1, { plate: '粤B12345' });
    const byPlate = BY_TIME.replace('  plate:', '  lane: { field: car_no }\n  plate:');
    const box = await opened([pulledSystem(byPlate, { file, lanes: { 东门: '1001' } })], join(folder, 'state'));
    await expect.poll(() => box.ignored.rows).toMatchObject([{ status: 'ignored', sender: 'booth', lane: '粤B12345' }]);
    expect(ids(box)).toEqual([]);
  });

  it('is not read by a column of texts that would not sort as the times they mean', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { pay, database } = feeRecords(file);
    // Both are a week old, and greater than any `2026-…` of today.
    pay(1, { time: '2026/3/2 9:05:00' });
    pay(2, { time: '2026/03/02 19:05:00' });
    const box = await opened([pulledSystem(BY_TIME, { file })], join(folder, 'state'));
    await expect.poll(() => box.lines.join()).toContain('does not sort by time: 2026/3/2 9:05:00');
    await expect.poll(() => box.channels.all()).toEqual([expect.objectContaining({ id: 'booth', up: false })]);
    expect(ids(box)).toEqual([]);
    database.exec("UPDATE fee_record SET pay_time = '2026-03-02 09:05'");
    pay(3);
    await expect.poll(() => ids(box)).toEqual(['3']);
  });

  it('is not carried away by a row of a clock that jumped', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { pay } = feeRecords(file);
    pay(1, { time: local(-5) });
    const box = await opened([pulledSystem(BY_TIME, { file })], join(folder, 'state'));
    pay(2, { time: '2036-01-01 00:00:00' });
    await expect.poll(() => ids(box)).toEqual(['1', '2']);
    pay(3);
    await expect.poll(() => ids(box)).toEqual(['1', '2', '3']);
    await box.kill();
    boxes.length = 0;
    const again = await opened([pulledSystem(BY_TIME, { file })], join(folder, 'state'));
    pay(4);
    await expect.poll(() => ids(again)).toEqual(['4']);
  });

  it('counts each once though more than it remembers lie within the overlap, and those after', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { pay, database } = feeRecords(file);
    const rows = SEEN_MOST + 300;
    database.transaction(() => {
      for (let id = 1; id <= rows; id += 1) pay(id);
    })();
    const system = pulledSystem(BY_NUMBER.replace('overlap: 20', 'overlap: 1000000'), { file });
    const box = await opened([system], join(folder, 'state'));
    await expect.poll(() => ids(box).length).toBe(rows);
    pay(rows + 1);
    await expect.poll(() => ids(box).at(-1)).toBe(String(rows + 1));
    await box.kill();
    boxes.length = 0;
    expect(new Set(ids(box)).size).toBe(ids(box).length);
    const again = await opened([system], join(folder, 'state'));
    pay(rows + 2);
    await expect.poll(() => ids(again)).toEqual([String(rows + 2)]);
  });

  it(`counts each of ${100 * KILLS} payments once through ${KILLS} kills, and through a store that refuses`, async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { pay } = feeRecords(file);
    pay(0);
    const times = new Map<string, number>();
    let isFull = false;
    const accept = async (id: string) => {
      if (isFull) return 'full' as const;
      times.set(id, (times.get(id) ?? 0) + 1);
      return 'accepted' as const;
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const box = await openPullBox([pulledSystem(BY_NUMBER, { file, everyMs: 1_000 })], join(folder, 'state'), accept);
      await expect.poll(() => box.channels.all()[0]?.up).toBe(true);
      for (let id = 1; id <= 100; id += 1) pay(kill * 100 + id);
      isFull = kill === 2;
      if (kill % 2 === 0 && !isFull) await expect.poll(() => times.size).toBeGreaterThan(kill * 100 + 1);
      await box.kill();
    }
    isFull = false;
    const box = await opened([pulledSystem(BY_NUMBER, { file })], join(folder, 'state'), accept);
    await expect.poll(() => times.size).toBe(100 * KILLS + 1);
    await expect.poll(() => box.channels.all()[0]?.up).toBe(true);
    expect([...times.values()].filter((count) => count > 1)).toEqual([]);
  });

  it('is never written: the file may be read-only, and its bytes stay', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const { pay, database } = feeRecords(file);
    database.pragma('journal_mode = DELETE');
    pay(1);
    database.close();
    chmodSync(file, 0o444);
    const before = statSync(file).mtimeMs;
    const box = await opened([pulledSystem(BY_NUMBER, { file })], join(folder, 'state'));
    await expect.poll(() => ids(box)).toEqual(['1']);
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it('that is not there is said, and the channel is down until it is', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'park.db');
    const box = await opened([pulledSystem(BY_NUMBER, { file })], join(folder, 'state'));
    await expect.poll(() => box.lines.join()).toContain('cannot read the management system booth');
    expect(box.channels.all()[0]?.up).toBe(false);
    const { pay } = feeRecords(file);
    pay(1);
    await expect.poll(() => ids(box)).toEqual(['1']);
    expect(box.channels.all()[0]?.up).toBe(true);
  });
});

describe('a file that grows', () => {
  const CSV = `${HEAD}${PAYMENT.replace(/order_no|car_no/g, (name) => ({ order_no: '订单号', car_no: '车牌' })[name] ?? '')}file: { lines: csv, charset: gbk }\n`;

  it('gives each line once, in GBK, when it is whole; and again from its beginning when it is another', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'pay.csv');
    const add = (text: string): void => appendFileSync(file, encodedAs(text, 'gbk'));
    add('订单号,车牌,money,pay_time\r\nA-0,粤A00000,1.00,2026-11-27 08:00:00\r\n');
    const box = await opened([pulledSystem(CSV, { file })], join(folder, 'state'));
    await expect.poll(() => box.channels.all()[0]?.up).toBe(true);
    add(`A-1,粤B12345,5.00,${local()}\r\nA-2,"粤B""1,2345",5.00,${local()}\r\nA-3,粤B1`);
    await expect.poll(() => ids(box)).toEqual(['1', '2']);
    const third = local();
    add(`2345,5.00,${third}\r\n`);
    await expect.poll(() => ids(box)).toEqual(['1', '2', '3']);
    await box.kill();
    boxes.length = 0;
    const again = await opened([pulledSystem(CSV, { file })], join(folder, 'state'));
    renameSync(file, `${file}.old`);
    writeFileSync(
      file,
      encodedAs(`订单号,车牌,money,pay_time\nA-3,粤B12345,5.00,${third}\nA-4,粤B12345,5.00,${local()}\n`, 'gbk'),
    );
    await expect.poll(() => ids(again)).toEqual(['4']);
  });

  it('takes a number that comes again with another payment, as numbers that begin anew each day do', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'pay.csv');
    const add = (text: string): void => appendFileSync(file, encodedAs(text, 'gbk'));
    add('订单号,车牌,money,pay_time\n');
    const box = await opened([pulledSystem(CSV, { file })], join(folder, 'state'));
    await expect.poll(() => box.channels.all()[0]?.up).toBe(true);
    add(`A-1,粤B12345,5.00,${local()}\n`);
    await expect.poll(() => ids(box)).toEqual(['1']);
    add(`A-1,粤B54321,5.00,${local()}\n`);
    await expect.poll(() => box.grants.map(({ plate }) => plate)).toContain('粤B54321');
  });

  it('reads logs of pairs and of JSON, and the file of each day', async () => {
    const folder = temporaryFolder();
    const today = local().slice(0, 10).replaceAll('-', '');
    for (const [lines, line] of [
      ['pairs', `12:00 PAY order_no=A-1 car_no=粤B12345 money=5.00 pay_time="${local()}"`],
      ['json', JSON.stringify({ order_no: 'A-1', car_no: '粤B12345', money: 5, pay_time: local() })],
    ] as const) {
      const file = join(folder, `${lines}-${today}.log`);
      writeFileSync(file, '');
      const system = pulledSystem(`${HEAD}${PAYMENT}file: { lines: ${lines} }\n`, {
        file: join(folder, `${lines}-{yyyy}{MM}{dd}.log`),
      });
      const box = await opened([system], join(folder, lines));
      await expect.poll(() => box.channels.all()[0]?.up).toBe(true);
      appendFileSync(file, `${line}\n`);
      await expect.poll(() => ids(box)).toEqual(['1']);
    }
  });

  describe('for each day', () => {
    const line = (id: number): string => `order_no=A-${id} car_no=粤B12345 money=5.00 pay_time="${local()}"\n`;
    function days() {
      const folder = temporaryFolder();
      const name = (ofDay: string): string => join(folder, `pay-${ofDay}.log`);
      const today = local().slice(0, 10);
      const file = (day: number): string => name(daysAfter(today, day));
      const system = pulledSystem(`${HEAD}${PAYMENT}file: { lines: pairs }\n`, { file: name('{yyyy}-{MM}-{dd}') });
      /** At so many hours of that day. */
      const open = (day: number, hours: number) => {
        const aheadMs = beginOf(daysAfter(today, day)) + hours * 3_600_000 - Date.now();
        return opened([system], join(folder, 'state'), undefined, aheadMs);
      };
      const add = (day: number, id: number): void => appendFileSync(file(day), line(id));
      return { file, open, add };
    }

    it('goes on where one was taken away, with those between and with lines that come after midnight', async () => {
      const { file, open, add } = days();
      writeFileSync(file(-2), '');
      const before = await open(-2, 20);
      await expect.poll(() => before.channels.all()[0]?.up).toBe(true);
      add(-2, 1);
      await expect.poll(() => ids(before)).toEqual(['1']);
      await before.kill();
      boxes.length = 0;
      rmSync(file(-2));
      add(-1, 2);
      const box = await open(0, 3);
      await expect.poll(() => ids(box)).toEqual(['2']);
      add(0, 3);
      await expect.poll(() => ids(box)).toEqual(['2', '3']);
      add(-1, 4);
      add(0, 5);
      await expect.poll(() => ids(box)).toEqual(['2', '3', '4', '5']);
      // One that cannot be read holds up no other.
      rmSync(file(-1));
      mkdirSync(file(-1));
      add(0, 6);
      await expect.poll(() => ids(box)).toContain('6');
      expect(box.channels.all()[0]?.up).toBe(true);
    });

    it('has no payment yet in the night before that of today is there; later, or without any, it is down', async () => {
      const { file, open, add } = days();
      add(-1, 1);
      for (const [hours, up] of [
        [3, true],
        [7, false],
      ] as const) {
        const box = await open(0, hours);
        await expect
          .poll(() => box.channels.all()[0]?.up === up && (up || box.lines.join().includes('ENOENT')))
          .toBe(true);
        await box.kill();
        boxes.length = 0;
      }
      const box = await open(0, 3);
      add(0, 2);
      await expect.poll(() => ids(box)).toEqual(['2']);
      for (const day of [-1, 0]) rmSync(file(day));
      await expect.poll(() => box.channels.all()[0]?.up).toBe(false);
    });
  });
});

describe('a list that is polled', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  const REST = `${HEAD}secrets: { key: { text: { zh: 钥, en: key } } }\n${PAYMENT}rest:
  path: /api/payments/list
  query: { since: { since: local }, page: { page: 1 }, size: { constant: '2' }, sign: { signature: true } }
  headers: { x-key: { secret: key } }
  signature: { recipe: sorted-pairs, over: query, tail: '&key=', secret: key, hash: md5 }
  good: { code: ['0'] }
  items: data.rows
  cursor: { field: pay_time, time: local, overlap: 60 }
  pageSize: 2
`;

  it('is asked by GET alone, page by page, and each payment counts once', async () => {
    const asked: IncomingMessage[] = [];
    const rows = Array.from({ length: 5 }, (_, index) => ({
      order_no: `A-${index}`,
      car_no: '粤B12345',
      money: '5.00',
      pay_time: local(),
    }));
    server = createServer((request, response) => {
      asked.push(request);
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'));
      response.end(JSON.stringify({ code: 0, data: { rows: rows.slice((page - 1) * 2, page * 2) } }));
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { password } = await import('./pull-box.ts');
    const box = await opened([pulledSystem(REST, { url, secrets: { key: password('k') } })], temporaryFolder());
    await expect.poll(() => ids(box)).toEqual(['0', '1', '2', '3', '4']);
    rows.push({ order_no: 'A-5', car_no: '粤B12345', money: '5.00', pay_time: local() });
    await expect.poll(() => ids(box)).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(asked[0]?.url).toMatch(/^\/api\/payments\/list\?since=[\d%A-]+&page=1&size=2&sign=[0-9a-f]{32}$/);
    expect(asked[0]?.headers['x-key']).toBe('k');
  });

  it('may have orders that nobody has paid, without a time', async () => {
    const order = (id: number, status: number, pay_time: string) => ({
      ...{ order_no: `A-${id}`, car_no: '粤B12345', money: '5.00' },
      ...{ status, pay_time },
    });
    const rows = [order(1, 0, ''), order(2, 1, local())];
    server = createServer((_, response) => response.end(JSON.stringify({ code: 0, data: { rows } })));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { password } = await import('./pull-box.ts');
    const system = pulledSystem(`${REST.replace('page: { page: 1 }, ', '')}only: { status: ['1'] }\n`, {
      ...{ url, secrets: { key: password('k') } },
    });
    const box = await opened([system], temporaryFolder());
    await expect.poll(() => ids(box)).toEqual(['2']);
    rows[0] = order(1, 1, local());
    await expect.poll(() => ids(box)).toEqual(['2', '1']);
  });

  it.each([
    '/api/gate/open',
    '/barrier/control',
    '/api/openGate',
    '/rpc/Switch.Set',
    '/bha-api/open-door.cgi',
    '/%6fpen',
  ])('may not be %s', (path) => {
    expect(() => pulledSystem(REST.replace('/api/payments/list', path), {})).toThrow(/looks like an action/);
  });
});
