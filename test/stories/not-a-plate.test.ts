/** The whole program is told a formula for a plate: the record says that there was none, and the text stands in the journal beside it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually } from './processes.ts';

const SECRET = 'not-a-plate-secret';
const TOKEN = 'a-token-of-the-management-system';

it('a text that is no plate is not evidence, and is kept aside', async () => {
  const lane = await laneOnPty(SECRET);
  const { folder, wired, platform, config } = lane;
  change(
    config,
    {},
    'intake: { http: { enabled: true, listen: "127.0.0.1:0", tokens: [{ name: pms, secret: intake.pms }] } }\npage: { enabled: false }\n',
  );
  writeSecrets(lane, { 'cloud.appSecret': SECRET, 'intake.pms': TOKEN });
  const running = run(config);
  await running.says('intake for paid exits at');
  await polled(wired.board, running);
  const [, url] = /intake for paid exits at (http:\S+?),/.exec(running.output()) ?? [];

  Object.assign(wired.levels, { approach: true });
  await polled(wired.board, running, 8);
  const read = (plate: string) =>
    fetch(`${url}/api/v1/plates`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ lane: '1001', plate, confidence: 0.99 }),
    });
  expect((await read('=cmd|1+1')).status).toBe(202);
  await running.says('pms: =cmd|1+1');
  await carLetOutByButton(wired, running);
  await running.says('unpaid release');
  await eventually('the record is at the platform', () => platform.records().length > 0, running.output);
  expect(platform.records()[0]).toMatchObject({ fields: { plate: '无牌车' } });
  expect((await running.end()).code, running.output()).toBe(0);

  const journal = readFileSync(join(folder, 'state', 'lanewarden.db'), 'latin1');
  expect(journal).toContain('"aside":{"text":"=cmd|1+1","source":"pms"}');
});
