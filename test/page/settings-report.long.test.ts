/** A change of the configuration is a watch report, whichever way it came: which keys, before and after, and by whom. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { AuditRow, ConfigView } from '../../src/page/api/api-setup.ts';
import type { BoxReport } from '../../src/store/observation.ts';
import { observationText } from '../../src/store/observation-text.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

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

it('a signature is of whoever saved it, in the report and the audit log, whatever name he typed', async () => {
  const box = await pageBox({
    prepare: (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/by: [^,}]+/, 'by: 旧')),
  });
  boxes.push(box);
  const cookie = await box.as('installer');
  const view = (await box.ask('GET', '/api/v1/config', { cookie })).json as ConfigView;
  const body = { yaml: view.yaml.replace('by: 旧', 'by: 老板'), base: view.base };
  expect(body.yaml).not.toBe(view.yaml);
  await box.ended((await box.ask('PUT', '/api/v1/config', { cookie, body })).json, cookie);
  const signed = async () => {
    const found = (await box.box.host.app?.store.looks.observations(100)) ?? [];
    return found.map(({ seen }) => seen).filter(({ why }) => why === 'reporting');
  };
  const row = (who: string, signedBy: string) => ({ who, detail: { how: 'signed', signedBy } });
  await expect.poll(signed).toMatchObject([row('installer', '老板'), row('(file)', '旧')]);
  const { zh, en } = observationText((await signed())[0] as BoxReport).what;
  expect(zh).toMatch(/^installer 保存：.*老板/);
  expect(en).toMatch(/^installer saved: .*老板/);
  const audit = (await box.ask('GET', '/api/v1/audit', { cookie })).json as AuditRow[];
  expect(audit.find(({ what }) => what.zh.includes('老板'))).toMatchObject({
    user: 'installer',
  });
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

const outside = async (box: PageBox) => {
  const found = (await box.box.host.app?.store.looks.observations(100).catch(() => [])) ?? [];
  return found.map(({ seen }) => seen).filter((seen) => 'detail' in seen && seen.detail?.done === 'outside');
};
const rows = async (box: PageBox) => (await box.box.host.app?.store.parkFacts.rows('file').catch(() => [])) ?? [];

it('what somebody edits beside the program is told at its next start, once; what the program writes is not', async () => {
  let box = await pageBox();
  boxes.push(box);
  const cookie = await box.as('installer');
  await box.as('operator');
  expect((await box.ask('POST', '/api/v1/tokens', { cookie, body: { name: 'p', scopes: ['read'] } })).status).toBe(201);
  await expect.poll(() => rows(box)).toHaveLength(8);
  const { folder, configFile } = box;
  const edit = (file: string, from: string, to: string) => {
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };
  const again = async (between?: () => void) => {
    boxes.splice(0);
    box = await box.restart(between);
    boxes.push(box);
  };
  await again();
  await again(() => {
    edit(`${folder}/state/page/users.json`, '"role": "operator"', '"role": "installer"');
    edit(`${folder}/state/page/tokens.json`, '"read"', '"act"');
    writeFileSync(`${folder}/state/page/pins.json`, '{"version":1,"pins":{}}');
    // So that the change of the file alone tells nothing.
    for (const file of [`${folder}/state/config/good.json`, configFile]) edit(file, '通道A', '新名字');
  });
  const all = ['pin', 'settings', 'token', 'user'];
  await expect.poll(async () => (await outside(box)).map(({ why }) => why).sort()).toEqual(all);
  await again();
  // While it runs, too: also where the program writes the file next, with what it found in it.
  writeFileSync(`${folder}/state/page/pins.json`, '{"version":1,"pins":{"x":"y"}}');
  edit(`${folder}/state/page/users.json`, '"user": "operator"', '"user": "another"');
  const body = { user: 'installer', password: PASSWORD };
  expect((await box.ask('POST', '/api/v1/login', { body })).status).toBe(200);
  const more = ['pin', ...all, 'user'];
  await expect.poll(async () => (await outside(box)).map(({ why }) => why).sort()).toEqual(more);
  expect(await reports(box)).toMatchObject([{ detail: { done: 'outside' } }]);
  // Whatever lies in its place, the lanes start, and it is told like any other change.
  await again(() => {
    rmSync(`${folder}/state/page/pins.json`);
    mkdirSync(`${folder}/state/page/pins.json`);
  });
  await expect.poll(async () => (await outside(box)).map(({ why }) => why).sort()).toEqual(['pin', ...more]);
});

it('the mark of a commissioned box that somebody takes away or puts there is told, since changes wait for a second person by it', async () => {
  let box = await pageBox();
  boxes.push(box);
  await expect.poll(() => rows(box)).toHaveLength(8);
  const mark = `${box.folder}/state/commissioned`;
  const told = async () =>
    (await outside(box)).map(({ why, ...seen }) => [why, 'detail' in seen && seen.detail?.changes]);
  const again = async (between?: () => void) => {
    boxes.splice(0);
    box = await box.restart(between);
    boxes.push(box);
  };
  const change = (before: string, after: string) => ['settings', [{ path: 'commissioned', before, after }]];
  await again(() => writeFileSync(mark, ''));
  await expect.poll(told).toEqual([change('false', 'true')]);
  await again(() => rmSync(mark));
  await expect.poll(told).toEqual([change('true', 'false'), change('false', 'true')]);
});
