/** What is kept of the last walk over the whole chain, in the file that the status reads. */
import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { idleStatus } from '../../src/box/box-status.ts';
import { lastVerified, noteVerified } from '../../src/box/verified.ts';
import { systemClock } from '../../src/clock.ts';
import { statusText } from '../../src/text/commands/status.made.ts';
import { open, temporaryFolder } from '../store/open.ts';

it('what was found with the pictures stays until a walk with the pictures', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-verified-'));
  const found = { atWallMs: 1, rows: 9, faults: 1, frames: true } as const;
  await noteVerified(folder, found);
  await noteVerified(folder, { atWallMs: 2, rows: 9, faults: 0 });
  expect(await lastVerified(folder)).toEqual(found);
  await noteVerified(folder, { atWallMs: 3, rows: 9, faults: 2 });
  expect(await lastVerified(folder)).toEqual({ atWallMs: 3, rows: 9, faults: 2 });
  await noteVerified(folder, found);
  await noteVerified(folder, { atWallMs: 4, rows: 9, faults: 0, frames: true });
  expect(await lastVerified(folder)).toEqual({ atWallMs: 4, rows: 9, faults: 0, frames: true });
});

it('a note of before, which does not say whether with pictures, is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-verified-'));
  writeFileSync(join(folder, 'verified.json'), '{"atWallMs":1,"rows":9,"faults":1}\n');
  expect(await lastVerified(folder)).toEqual({ atWallMs: 1, rows: 9, faults: 1 });
  await noteVerified(folder, { atWallMs: 2, rows: 9, faults: 0 });
  expect(await lastVerified(folder)).toEqual({ atWallMs: 2, rows: 9, faults: 0 });
});

it('the status sends to the walk that finds it again', () => {
  expect(statusText.chainFaults(1, true, true).en).toBe(
    'The chain of evidence had one fault when last verified: lanewarden verify --frames',
  );
  expect(statusText.chainFaults(2, false, false).en).toMatch(/had 2 faults .* lanewarden verify$/);
});

it('a box that was not verified for three weeks says so, also one that never was', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  const DAY = 86_400_000;
  const complaints = async () =>
    (await idleStatus(path, store, systemClock())).complaints
      .map(({ text }) => text.en)
      .filter((text) => text.includes('verified'));
  expect(await complaints()).toEqual([]);
  const commissioned = join(path, 'commissioned');
  writeFileSync(commissioned, '');
  expect(await complaints()).toEqual([]);
  const longAgo = Date.now() - 22 * DAY - 60_000;
  utimesSync(commissioned, longAgo / 1_000, longAgo / 1_000);
  const said = ['The whole chain of evidence was not verified for 22 days: lanewarden verify'];
  expect(await complaints()).toEqual(said);
  await noteVerified(path, { atWallMs: Date.now() - 20 * DAY, rows: 9, faults: 0 });
  expect(await complaints()).toEqual([]);
  await noteVerified(path, { atWallMs: longAgo, rows: 9, faults: 0 });
  expect(await complaints()).toEqual(said);
  await store.close();
});
