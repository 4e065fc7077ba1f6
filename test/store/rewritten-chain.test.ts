/** Whoever is root rewrites a whole day, chain included: it fits by itself, and only a head that has left the box gives it away. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { ChainHead } from '../../src/store/chain/chain.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { dist, open, record, temporaryFolder } from './open.ts';
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
  const verify = (file = kept) => {
    const words = ['verify', '--store', path, '--heads', file, '--lang', 'en'];
    return spawnSync(process.execPath, [join(dist, 'src/main.js'), ...words], { encoding: 'utf8' });
  };
  // As the page shows them for copying, with a note, in a mail that wrapped the line, and in capitals.
  const copied = join(path, 'heads.txt');
  const texts = (heads as ChainHead[]).map(({ chain, last, head }) => `${chain} ${last} ${head}`);
  writeFileSync(copied, `11-27：${texts[0]}\n${texts[1]?.replaceAll(' ', '\n')}\n${texts[2]?.toUpperCase()}\n`);
  const newest = (heads as ChainHead[])[2]?.last;
  for (const [file, count, last] of [
    [kept, 4, (heads as ChainHead[])[3]?.last] as const,
    [copied, 3, newest] as const,
  ]) {
    const { status, stdout } = verify(file);
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
  for (const file of [kept, copied]) {
    const { status, stdout } = verify(file);
    expect(status).toBe(1);
    expect(stdout).toContain(
      `row ${second?.last} is not this box’s: rows between ${first?.last} and ${second?.last} were rewritten`,
    );
  }
});
