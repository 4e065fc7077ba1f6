/** `profile rehearse` of the built program: the newest row and what would come of it; nothing is counted, kept or written. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { lanewarden } from '../cli/in-process.ts';
import { temporaryFolder } from '../store/open.ts';

it('shows the newest row and its payment, and counts nothing', async () => {
  const folder = temporaryFolder();
  const database = new Database(join(folder, 'park.db'));
  database.exec(`CREATE TABLE lanewarden_pay (order_no, car_no, lane, money, pay_time, operator);
    INSERT INTO lanewarden_pay VALUES ('P-1', '粤B12345', '1', 5.5, '2026-11-30 11:00:00', '张三'), ('P-2', '粤B99999', '1', 7, '2026-11-30 11:05:00', NULL)`);
  database.close();
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "0123456789abcdef"\n', { mode: 0o600 });
  const file = join(folder, 'lanewarden.yaml');
  const configuration = `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
lines:
  - { id: line1, port: /dev/ttyS1, devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }] }
lanes:
  - { id: "1001", name: 通道A, direction: exit, points: { barrier: io1.di1, up: io1.di2 } }
intake: { systems: [{ name: booth, profile: fee-record, file: park.db, lanes: { "1": "1001" } }] }
store: { path: state }
`;
  writeFileSync(file, configuration);
  const run = (...words: string[]) => lanewarden([...words, '-c', file]);
  const { status, stdout } = await run('profile', 'rehearse', 'booth');
  expect(stdout).toContain('"id": "booth:P-2"');
  expect(stdout).toContain('"amount": 700');
  expect(stdout).toContain('one row read, nothing counted');
  expect(status).toBe(0);
  expect(existsSync(join(folder, 'state'))).toBe(false);
  writeFileSync(file, configuration.replace('lanes: { "1": "1001" }', 'lanes: {}'));
  const unknown = await run('profile', 'rehearse', 'booth');
  expect([unknown.status, unknown.stdout]).toEqual([1, expect.stringContaining('lane: there is no such lane')]);
  expect(unknown.stdout).toContain('lanes: { "1": "1001" }');
  writeFileSync(file, configuration);
  const other = await run('profile', 'rehearse', 'boot');
  expect([other.status, other.stderr]).toEqual([66, expect.stringContaining('it reads booth')]);
  const checked = await run('check');
  expect(checked.stdout).not.toContain('no source of payments');
  expect(checked.stdout).toContain(`management system booth: profile fee-record, ${join(folder, 'park.db')}`);
  const again = new Database(join(folder, 'park.db'));
  again.exec("UPDATE lanewarden_pay SET pay_time = '2026/11/30 9:05:00' WHERE order_no = 'P-2'");
  again.close();
  const unsorted = await run('profile', 'rehearse', 'booth');
  expect([unsorted.status, unsorted.stderr]).toEqual([69, expect.stringContaining('SQLite: text such as')]);
});
