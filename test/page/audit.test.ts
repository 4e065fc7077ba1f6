/** The audit log: what people did stays, however often somebody is refused. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { AUDIT_ROWS_SHOWN, Audit } from '../../src/page/access/audit.ts';
import { PASSWORD, pageBox } from './page-box.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let wallMs = Date.UTC(2026, 10, 30);
/** Of which no two rows are of the same moment. */
const audit = () =>
  new Audit(folder, { ...systemClock(), wallMs: () => (wallMs += 1) }, (error) => {
    throw error;
  });
const text = (en: string) => ({ zh: en, en });

it('wrong logins push out no act of a person, and are bounded themselves', async () => {
  const log = audit();
  await log.add('li', text('approved the change'));
  const long = 'x'.repeat(900);
  // A megabyte and more: as much as the whole log holds.
  for (let at = 0; at < 700; at += 1) await log.add('guest', text(`login refused ${at} ${long}`), 'refusals');
  const rows = await log.list();
  expect(rows.filter(({ user }) => user === 'li')).toHaveLength(1);
  expect(rows.length).toBeLessThanOrEqual(AUDIT_ROWS_SHOWN);
  expect(rows[0]?.what.en, 'the newest first').toContain('login refused 699');
  const bytes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(300_000);
});

it('logins by script push out no act of a person', async () => {
  const log = audit();
  await log.add('li', text('approved the change'));
  const long = 'x'.repeat(5_000);
  for (let at = 0; at < 260; at += 1) await log.add('wang', text(`logged in ${at} ${long}`), 'visits');
  const rows = await log.list();
  expect(rows.filter(({ user }) => user === 'li')).toHaveLength(1);
  expect(rows.length).toBeLessThanOrEqual(AUDIT_ROWS_SHOWN);
  expect(rows[0]?.what.en).toContain('logged in 259');
  const bytes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(500_000);
});

it('logins, looks and sign-ons stand in a share of their own', async () => {
  const box = await pageBox();
  const cookie = await box.as('installer');
  await box.ask('POST', '/api/v1/login', { body: { user: 'installer', password: PASSWORD } });
  const shown = async () =>
    (await box.ask('GET', '/api/v1/audit', { cookie })).json.map(({ what }: { what: { en: string } }) => what.en);
  await expect.poll(async () => (await shown()).join()).toMatch(/logged in/);
  expect(readFileSync(join(box.folder, 'state/page/visits.jsonl'), 'utf8')).toContain('logged in');
  expect(readFileSync(join(box.folder, 'state/page/audit.jsonl'), 'utf8')).not.toContain('logged in');
  await box.close();
});

it('acts and refusals are shown in the order of their time', async () => {
  const log = audit();
  await log.add('li', text('first'));
  await log.add('guest', text('second'), 'refusals');
  await log.add('li', text('third'));
  expect((await audit().list()).map(({ what }) => what.en)).toEqual(['third', 'second', 'first']);
});

it('a wrong password and a wrong token stand among the refusals', async () => {
  const box = await pageBox();
  const cookie = await box.as('installer');
  await box.ask('POST', '/api/v1/login', { body: { user: 'installer', password: 'not this one at all' } });
  await box.ask('GET', '/api/v1/overview', { headers: { authorization: `Bearer ${'x'.repeat(32)}` } });
  const shown = async () =>
    (await box.ask('GET', '/api/v1/audit', { cookie })).json.map(({ what }: { what: { en: string } }) => what.en);
  await expect.poll(async () => (await shown()).join()).toMatch(/login refused.*|.*token that is not valid/);
  const page = join(box.folder, 'state/page');
  await expect
    .poll(() => readdirSync(page).filter((name) => name.endsWith('.jsonl')))
    .toEqual(['audit.jsonl', 'refusals.jsonl']);
  await box.close();
});
