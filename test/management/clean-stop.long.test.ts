/** A clean stop of the built program: what it has told the engine stands in its account and has its fate, before the next start has read the journal. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { temporaryFolder } from '../store/open.ts';
import { PullProgram } from './pull-program.ts';
import { TABLE, VIEW } from './pull-proof.ts';

const ROWS = 300;
let program: PullProgram;
afterEach(() => program.kill());

it('keeps the account of every payment that counted', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'park.db');
  const database = new Database(file);
  database.exec(`${TABLE}; ${VIEW}`);
  const insert = database.prepare("INSERT INTO fee_record VALUES (?, ?, ?, '1', 5.5, ?, '张三', 1)");
  const pay = (id: number): void => {
    const time = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    insert.run(id, `P-${id}`, `粤B${String(id).padStart(5, '0')}`, time);
  };
  program = new PullProgram(
    folder,
    `{ name: booth, profile: fee-record, file: ${file}, lanes: { "1": "1001" }, every: 1s }`,
  );
  pay(0);
  program.start();
  await expect.poll(() => program.known(), { message: program.lines }).toBe(1);
  for (let stop = 1; stop <= 3; stop += 1) {
    database.transaction(() => {
      for (let id = (stop - 1) * ROWS + 1; id <= stop * ROWS; id += 1) pay(id);
    })();
    const all = stop * ROWS + 1;
    await expect.poll(() => program.known(), { message: program.lines }).toBe(all);
    await program.kill('SIGTERM');
    // The last may not have been judged yet: the lane waits for signals of the same moment.
    const { fates, counted } = { fates: program.fates(), counted: program.accounted() };
    expect([counted, fates >= all - 1]).toEqual([fates, true]);
    program.start();
    await expect.poll(() => program.fates(), { message: program.lines }).toBe(all);
    await program.kill('SIGTERM');
    expect({ known: program.known(), counted: program.accounted() }).toEqual({ known: all, counted: all });
    program.start();
  }
});
