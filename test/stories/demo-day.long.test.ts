/** The day before the demonstration: its sheet has every kind of column, its list records that people have decided on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { GROUPS, groupOf } from '../../src/account/columns.ts';
import { daysAfter } from '../../src/account/days.ts';
import type { DaySheet, SheetSum } from '../../src/account/sheet.ts';
import type { OutboxRecord } from '../../src/store/record-types.ts';
import { program } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-day-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('fills the sheet of yesterday', async () => {
  const demo = program(['demo', '--keep', folder, '--page', '127.0.0.1:0', '--lang', 'en']);
  await demo.says(/http:\/\/127/);
  await demo.end('SIGINT');
  const said = async (...words: string[]) => {
    const asked = program([...words, '--store', join(folder, 'state'), '--day', 'yesterday', '--json']);
    await asked.ended;
    return JSON.parse(asked.output());
  };
  const sheet = (await said('report')) as DaySheet;
  const groups = ({ columns }: SheetSum) => [...new Set(columns.map(({ column }) => groupOf(column)))].toSorted();
  // Who opens the page for the first time sees a day that closes, and was watched: nothing in it asks for an explanation.
  const unexplained = ['part', 'blind', 'unclear'];
  expect(groups(sheet.passages)).toEqual(GROUPS.passage.filter((group) => !unexplained.includes(group)).toSorted());
  expect(groups(sheet.openings)).toEqual(
    expect.arrayContaining(['automatic', 'continued', 'granted', 'hand', 'nobody', 'systemUnpaid']),
  );
  expect(groups(sheet.payments)).toEqual(expect.arrayContaining(['cameAndWent', 'neverCame', 'used', 'usedLate']));
  expect(sheet.gaps).toEqual([]);
  // Nor was anything unseen between it and the program's start.
  const looked = program(['report', '--store', join(folder, 'state'), '--day', 'today', '--json']);
  await looked.ended;
  expect((JSON.parse(looked.output()) as DaySheet).gaps).toEqual([]);
  expect([sheet.questions, sheet.unseen]).toEqual([[], []]);
  expect(sheet.payments.columns.some(({ amount }) => amount > 0)).toBe(true);
  // The month before it: the sheet of each day closes, and nobody's question stands in it.
  expect(sheet.trend.filter(({ passages }) => passages > 100)).toHaveLength(30);
  const asked = program(['report', '--store', join(folder, 'state'), '--last', '7d', '--json']);
  await asked.ended;
  const week = JSON.parse(asked.output()) as readonly DaySheet[];
  expect(week.flatMap(({ gaps }) => gaps)).toEqual([]);
  expect(sheet.reviewed).toMatchObject({ records: expect.any(Number), closed: 4, inDay: expect.any(Number) });
  expect(groups(sheet.owed)).toEqual(['estimated', 'told', 'without']);
  for (const line of sheet.byOperator) expect(line.owedTold + line.owedEstimated).toBeGreaterThan(0);
  const records = (await said('queue', 'ls')) as readonly OutboxRecord[];
  expect(new Set(records.flatMap(({ mark }) => mark?.kind ?? []))).toEqual(
    new Set(['checked', 'owed', 'recovered', 'wrong']),
  );
  // One by a person; two were paid after they had been sent, as the lane said by itself.
  const corrected = records.flatMap(({ corrections = [] }) => corrections);
  expect(corrected.map(({ who, turnedOut }) => turnedOut ?? who).toSorted()).toEqual([true, true, '王稽核']);
  expect(new Set(records.map(({ operator }) => operator)).size).toBeGreaterThan(1);

  // Records, journal and chain come of the same lane: its verdicts can be had again, asked about and verified.
  const says = async (...words: string[]) => {
    const asked = program([...words, '--lang', 'en']);
    expect(await asked.ended, asked.output()).toBe(0);
    return asked.output();
  };
  const day = ['--from', sheet.day, '--to', daysAfter(sheet.day, 1)];
  const replayed = await says('replay', '--config', join(folder, 'lanewarden.yaml'), ...day);
  expect(replayed).toContain(
    `0 that matter (0 changed, 0 gone, 0 new), 0 where only seconds differ, ${records.length} same`,
  );
  expect(replayed).not.toContain('not as given');
  const { id, release } = records.find(({ release: { plate } }) => plate !== undefined) as OutboxRecord;
  expect(await says('why', String(id), '--store', join(folder, 'state'))).toContain('loop A occupied');
  const plate = release.plate?.text ?? '';
  expect(await says('why', plate, '--store', join(folder, 'state'), ...day)).toMatch(/, reported/);
  expect(await says('verify', '--store', join(folder, 'state'), '--frames')).toMatch(/the chain fits\nPASS/);
});
