/** Where a user has logged in: bounded, kept over a restart, and gone with the user. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KnownPlaces, PLACES_PER_USER } from '../../src/page/access/known-places.ts';
import { handClock } from '../sim/hand-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FAR = '198.51.100.1';

it('a browser and an address are known again after a restart, for that user only', async () => {
  const before = await KnownPlaces.open(folder, handClock());
  const token = await before.keep('anna', undefined, '192.0.2.7');
  const places = await KnownPlaces.open(folder, handClock());
  expect(places.nameOf('anna', token, FAR)).toMatch(/^device [0-9a-f]{64}$/);
  expect(places.nameOf('anna', undefined, '192.0.2.7')).toBe('192.0.2.7 as anna');
  expect(places.nameOf('anna', 'another', FAR)).toBeUndefined();
  expect(places.nameOf('eve', token, '192.0.2.7')).toBeUndefined();
  // Two users of one browser keep one token; one that was planted is not taken.
  expect(await places.keep('eve', token, FAR)).toBe(token);
  expect(await places.keep('eve', 'planted', FAR)).not.toBe('planted');
  await places.forget('anna');
  expect(places.nameOf('anna', token, '192.0.2.7')).toBeUndefined();
  expect(places.nameOf('eve', token, FAR)).toBeDefined();
});

it('of a user there are eight, the last ones', async () => {
  const places = await KnownPlaces.open(folder, handClock());
  const tokens: string[] = [];
  for (let n = 0; n <= PLACES_PER_USER; n += 1) tokens.push(await places.keep('anna', undefined, `192.0.2.${n}`));
  expect(tokens.map((token) => places.nameOf('anna', token, FAR) !== undefined)).toEqual([
    false,
    ...Array(PLACES_PER_USER).fill(true),
  ]);
  const file = join(folder, 'known-places.json');
  expect(tokens.some((token) => readFileSync(file, 'utf8').includes(token))).toBe(false);
});

it('a damaged file makes every place unknown, and nothing else', async () => {
  writeFileSync(join(folder, 'known-places.json'), '{"places": [{"user": 1}, null');
  const places = await KnownPlaces.open(folder, handClock());
  expect(places.nameOf('anna', undefined, FAR)).toBeUndefined();
  await places.keep('anna', undefined, FAR);
  expect(places.nameOf('anna', undefined, FAR)).toBeDefined();
});
