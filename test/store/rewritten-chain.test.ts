/** Whoever is root rewrites a whole day, chain included: it fits by itself, and only a head that has left the box gives it away. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { ChainHead } from '../../src/store/chain/chain.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { lanewarden } from '../cli/in-process.ts';
import { open, record, temporaryFolder } from './open.ts';
import { rewrite } from './rewrite.ts';

it('a day rewritten with its chain is named against a head outside, and from which one on', async () => {
  const path = temporaryFolder();
  const store = await open({ path, version: '0.1.0', wallTrusted: true });
  const heads: unknown[] = [];
  for (let hour = 0; hour < 4; hour += 1) {
    for (let at = 0; at < 300; at += 1) store.journal.append('1001', { kind: 'tick', atMs: hour * 1_000 + at });
    await store.outbox.put(record(`${hour}`));
    heads.push(await store.chain.seal());
  }
  await store.close();
  const [first, second] = heads as { readonly last: number }[];
  const kept = join(path, 'heads.jsonl');
  // As a broker has them: the status messages of the box.
  writeFileSync(kept, heads.map((evidence) => `lanewarden/box/status ${JSON.stringify({ evidence })}\n`).join(''));
  const verify = (file = kept) => lanewarden(['verify', '--store', path, '--heads', file]);
  // As the page shows them for copying, with a note, in a mail that wrapped the line, and in capitals.
  const copied = join(path, 'heads.txt');
  const texts = (heads as ChainHead[]).map(({ chain, last, head }) => `${chain} ${last} ${head}`);
  writeFileSync(copied, `11-27：${texts[0]}\n${texts[1]?.replaceAll(' ', '\n')}\n${texts[2]?.toUpperCase()}\n`);
  const newest = (heads as ChainHead[])[2]?.last;
  // As a webhook receiver keeps them; as a heartbeat that a program has put into lines; as the log of the server that is pinged.
  const beats = (heads as ChainHead[]).map((evidence) => ({ box: 'gate', at: '2026-11-27T02:00:00.000Z', evidence }));
  const posted = join(path, 'posted.jsonl');
  const events = beats.map((data) => ({ specversion: '1.0', type: 'lanewarden.heartbeat', data }));
  writeFileSync(posted, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const pretty = join(path, 'pretty.json');
  writeFileSync(pretty, JSON.stringify(beats, undefined, 2));
  const pinged = join(path, 'access.log');
  const pings = texts.map(
    (text) => `192.0.2.1 - - [27/Nov/2026:02:00:00 +0000] "GET /ping/1" 200 2 "-" "lanewarden ${text}"`,
  );
  writeFileSync(pinged, pings.join('\n'));
  // As people write them down from the day's message and the printed sheet.
  const typed = join(path, 'typed.txt');
  const digits = (heads as ChainHead[]).map(({ head }) => head.slice(0, 12));
  writeFileSync(typed, `2026-11-26 ${digits[0]}\n日报 2026-11-27\n2026-11-28 08:00 链头 300：${digits[1]}。\n`);
  const files = [
    [kept, 4, (heads as ChainHead[])[3]?.last],
    [copied, 3, newest],
    [posted, 4, (heads as ChainHead[])[3]?.last],
    [pretty, 4, (heads as ChainHead[])[3]?.last],
    [pinged, 4, (heads as ChainHead[])[3]?.last],
    [typed, 2, second?.last],
  ] as const;
  for (const [file, count, last] of files) {
    const { status, stdout } = await verify(file);
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`${count} heads kept outside agree, the newest of row ${last}`),
    });
    expect(stdout).not.toContain('no head has left the box');
  }
  rewrite(path, (first?.last ?? 0) + 50);
  // With the key of the box he could sign others.
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec('DELETE FROM chain_head');
  database.close();
  // The box alone has nothing against it.
  expect((await checkChain(path)).faults).toEqual([]);
  for (const file of [kept, copied, posted, pretty, pinged]) {
    const { status, stdout } = await verify(file);
    expect(status).toBe(1);
    expect(stdout).toContain(
      `row ${second?.last} is not this box’s: rows between ${first?.last} and ${second?.last} were rewritten`,
    );
  }
  const { status, stdout } = await verify(typed);
  expect(status).toBe(1);
  expect(stdout).toContain(`the head ${digits[1]} kept on 2026-11-28 is not this box’s`);
  expect(stdout).toContain(`1 head kept outside agrees, of row ${first?.last}`);
});
