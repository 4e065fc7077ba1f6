/** A change of the configuration is a watch report, whichever way it came: which keys, before and after, and by whom. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { ConfigView } from '../../src/page/api/api-setup.ts';
import { type PageBox, pageBox } from './page-box.ts';

const boxes: PageBox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.close();
});

const reports = async (box: PageBox) => {
  const found = (await box.box.host.app?.store.looks.observations(100).catch(() => [])) ?? [];
  return found.map(({ seen }) => seen).filter(({ why }) => why === 'settings');
};
const renamed = (yaml: string): string => yaml.replace('name: 通道A', 'name: 新名字');

it('by the page already when its trial begins, and once', async () => {
  const box = await pageBox();
  boxes.push(box);
  const cookie = await box.as('installer');
  const view = (await box.ask('GET', '/api/v1/config', { cookie })).json as ConfigView;
  const body = { yaml: renamed(view.yaml), base: view.base };
  await box.ended((await box.ask('PUT', '/api/v1/config', { cookie, body })).json, cookie);
  const expected = {
    who: 'installer',
    detail: {
      how: 'page',
      changes: [{ path: expect.stringMatching(/^lanes\[.*\]\.name$/), before: '通道A', after: '新名字' }],
    },
  };
  await expect.poll(() => reports(box)).toMatchObject([expected]);
  await box.ask('POST', '/api/v1/config/keep', { cookie, body: {} });
  expect(await reports(box)).toHaveLength(1);
});

it('in its file at the next start, without a name', async () => {
  const box = await pageBox();
  const changed = renamed(readFileSync(box.configFile, 'utf8'));
  const folder = box.folder;
  await expect.poll(() => readFileSync(`${folder}/state/config/good.json`, 'utf8')).toContain('通道A');
  await box.box.stop();
  await box.park.close();
  const again = await pageBox({ folder, prepare: (file) => writeFileSync(file, renamed(readFileSync(file, 'utf8'))) });
  boxes.push(again);
  expect(changed).toContain('新名字');
  await expect.poll(() => reports(again)).toMatchObject([{ detail: { how: 'file' } }]);
  const [report] = await reports(again);
  expect(report).not.toHaveProperty('who');
});
