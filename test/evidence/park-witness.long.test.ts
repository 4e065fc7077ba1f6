/** Boxes of one park remember each other's heads: real programs in networks of their own, without a broker and without a setting. */
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { confirmConfigured } from '../confirmed-peers.ts';
import { temporaryFolder } from '../store/open.ts';
import { rewrite } from '../store/rewrite.ts';
import { eventually } from '../stories/processes.ts';
import { Park, type ParkBox, putBack } from './park-boxes.ts';

/** After the start of the box. */
const REPORTED_WITHIN_MS = 60_000;

let park: Park | undefined;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  await park?.end();
  for (const end of endings.splice(0)) await end();
});

/** Starts the box and waits for its report. */
async function reports(box: ParkBox): Promise<Readonly<Record<string, unknown>>> {
  await box.start();
  await eventually('it is reported', () => box.outside().length > 0, box.output, REPORTED_WITHIN_MS);
  return box.outside()[0] as Readonly<Record<string, unknown>>;
}

it('an older image of a box tells itself within a minute, at its destinations too, and once', async () => {
  park = new Park();
  const got: string[] = [];
  const server = createServer(async (request, response) => {
    for await (const part of request) got.push(String(part));
    response.end('{}');
  });
  const path = join(temporaryFolder(), 'office');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  endings.push(() => server.close());
  const url = await park.forward(path);
  const hook = `{ name: office, kind: webhook, url: "${url}", secret: { secret: hook.key }, takes: { facts: [report] } }`;
  const box = park.box('1001', { more: `destinations: [${hook}]\n` });
  const other = park.box('1002');
  await confirmConfigured(box.config);
  await other.start();
  await box.start();
  await box.witnessed();
  await box.stop();
  const image = temporaryFolder();
  cpSync(box.state, image, { recursive: true });
  await box.start();
  await box.witnessed();
  const left = box.head();
  await box.stop();
  // What is remembered is on the disk of the other one.
  await other.stop();
  await other.start();
  putBack(image, box.state);
  const found = await reports(box);
  expect(found).toMatchObject({ way: 'lan', chain: left.chain, key: left.key });
  expect(['behind', 'rewritten']).toContain(found.found);
  await eventually(
    'the office has it',
    () => got.join('').includes('"kind":"outside"'),
    () => got.join('\n'),
  );
  await box.stop();
  await box.start();
  await box.witnessed();
  expect(box.outside()).toHaveLength(1);
  expect(other.outside()).toEqual([]);
});

it('a chain rebuilt with the key, and another card, tell themselves within a minute', async () => {
  park = new Park();
  const [box, other] = [park.box('1001'), park.box('1002')];
  await other.start();
  await box.start();
  await box.witnessed();
  const left = box.head();
  await box.stop();
  rewrite(box.state, left.last);
  const database = new Sqlite(join(box.state, 'lanewarden.db'));
  database.exec('DELETE FROM chain_head');
  database.close();
  expect(await reports(box)).toMatchObject({ way: 'lan', found: 'rewritten', last: left.last, key: left.key });
  await box.stop();
  rmSync(box.state, { recursive: true });
  mkdirSync(box.state);
  expect(await reports(box)).toMatchObject({ way: 'lan', found: 'otherChain', key: left.key });
  expect(other.outside()).toEqual([]);
});

it('a flood, forged heads and what was overheard report nothing, and what is remembered stays bounded', async () => {
  park = new Park();
  const [box, other] = [park.box('1001'), park.box('1002')];
  const heard = await park.overheard();
  await other.start();
  await box.start();
  await Promise.all([box.witnessed(), other.witnessed()]);
  const said = await heard(3);
  const forged = said.map((each) => Buffer.from(String(each).replace(/"last":\d+/g, '"last":9999999')));
  const noise = Array.from({ length: 50 }, (_, at) => Buffer.alloc(1_400, `lanewarden park 1\n${at}`));
  const shown = [...said, ...forged, ...noise];
  await park.strangerSends(shown, 400);
  await box.stop();
  await box.start();
  await Promise.all([box.witnessed(), other.witnessed()]);
  expect([...box.outside(), ...other.outside()]).toEqual([]);
  for (const each of [box, other]) {
    await each.stop();
    const kept = JSON.parse(readFileSync(join(each.state, 'park-heads.json'), 'utf8')) as readonly object[];
    expect(kept).toHaveLength(1);
    // Of the program: whatever came, it says no line about it.
    expect(each.output().split('\n').length).toBeLessThan(100);
  }
});

it('three boxes that start again and again report nothing; a box of another park is not heard', async () => {
  park = new Park();
  const boxes = ['1001', '1002', '1003'].map((lane) => (park as Park).box(lane));
  const stranger = park.box('1001', { park: '00000000-0000-4000-8000-000000000001' });
  const sameName = park.box('1002', { secret: 'of-another-park' });
  for (const each of [...boxes, stranger, sameName]) await each.start();
  for (let times = 0; times < 3; times += 1) {
    for (const each of boxes) {
      await each.witnessed();
      await each.stop();
      await each.start();
    }
    await Promise.all(boxes.map((each) => each.witnessed()));
  }
  expect([...boxes, stranger, sameName].flatMap((each) => each.outside())).toEqual([]);
  expect([stranger, sameName].map((each) => each.head().ways)).toEqual(['', '']);
});
