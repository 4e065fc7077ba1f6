/** The configuration by page: a broken file, a new one on trial, one that does not come up, one that nobody keeps, and one of before. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ApplyResult, ConfigView } from '../../src/page/api/api-setup.ts';
import { certificate } from '../delivery/upload/platform.ts';
import { type PageBox, pageBox } from './page-box.ts';

const boxes: PageBox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.close();
});
const opened = async (...choices: Parameters<typeof pageBox>): Promise<PageBox> => {
  const box = await pageBox(...choices);
  boxes.push(box);
  return box;
};
const restarted = async (box: PageBox): Promise<PageBox> => {
  boxes.splice(boxes.indexOf(box), 1);
  const again = await box.restart();
  boxes.push(again);
  return again;
};

async function change(
  box: PageBox,
  cookie: string,
  edit: (yaml: string) => string,
  more: object = {},
): Promise<ApplyResult> {
  const view = (await box.ask('GET', '/api/v1/config', { cookie })).json as ConfigView;
  const body = { yaml: edit(view.yaml), base: view.base, ...more };
  const answer = await box.ask('PUT', '/api/v1/config', { cookie, body });
  expect(answer.status, answer.text).toBe(202);
  const job = await box.ended(answer.json, cookie);
  expect(job.state, JSON.stringify(job)).toBe('done');
  return job.result as ApplyResult;
}
const overview = async (box: PageBox, cookie: string) => (await box.ask('GET', '/api/v1/overview', { cookie })).json;
const renamed = (yaml: string): string => yaml.replace('name: 通道A', 'name: 新名字 # why');

describe('a new configuration', () => {
  it('may be some values of the one there is, each at its place, or none of them', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    const before = readFileSync(box.configFile, 'utf8');
    const put = (changes: object[]) => box.ask('PUT', '/api/v1/config', { cookie, body: { changes } });
    const name = { path: ['lanes', 0, 'name'], value: '新名字' };
    const refused = await put([name, { path: ['version', 'of'], value: 1 }]);
    expect(refused.json).toMatchObject({ code: 'invalid', errors: [{ field: 'path' }] });
    expect(readFileSync(box.configFile, 'utf8')).toBe(before);
    const begun = await put([name, { path: ['park', 'name'], value: '一号' }, { path: ['park', 'name'] }]);
    expect((await box.ended(begun.json, cookie)).result).toEqual({ state: 'trial', faults: [] });
    expect(parse(readFileSync(box.configFile, 'utf8'))).toEqual(parse(before.replace('通道A', '新名字')));
  });

  it('is on trial, and stays when somebody keeps it, with its comments', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    expect(await change(box, cookie, renamed)).toEqual({ state: 'trial', faults: [] });
    expect(await overview(box, cookie)).toMatchObject({ lanes: [{ name: '新名字' }], config: { state: 'trial' } });
    const kept = await box.ask('POST', '/api/v1/config/keep', { cookie, body: {} });
    expect(kept.json).toMatchObject({ state: 'good', faults: [] });
    const again = await restarted(box);
    expect((await overview(again, cookie)).lanes[0].name).toBe('新名字');
    expect(readFileSync(again.configFile, 'utf8')).toContain('# why');
    const history = (await again.ask('GET', '/api/v1/config/history', { cookie })).json;
    expect(history).toMatchObject([{ by: 'installer', changedLines: 1 }, { by: '-' }]);
  });

  it('that nobody keeps goes, and the former one runs again', async () => {
    const box = await opened({ trialMs: 400 });
    const cookie = await box.as('installer');
    const before = readFileSync(box.configFile, 'utf8');
    await change(box, cookie, renamed);
    await expect.poll(async () => (await overview(box, cookie)).config.state).toBe('reverted');
    expect((await overview(box, cookie)).lanes[0].name).toBe('通道A');
    expect(readFileSync(box.configFile, 'utf8')).toBe(before);
    expect((await box.ask('POST', '/api/v1/config/keep', { cookie, body: {} })).json.code).toBe('conflict');
  });

  it('on trial when the power fails has not been kept', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    const before = readFileSync(box.configFile, 'utf8');
    await change(box, cookie, renamed);
    const again = await restarted(box);
    expect((await overview(again, cookie)).lanes[0].name).toBe('通道A');
    expect(readFileSync(again.configFile, 'utf8')).toBe(before);
  });

  it('that does not come up brings the former one back, and says why', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    const before = readFileSync(box.configFile, 'utf8');
    // The page's own port: the intake cannot listen there.
    const taken = new URL(box.url).host;
    const result = await change(box, cookie, (yaml) => yaml.replace(/listen: 127\.0\.0\.1:\d+/, `listen: ${taken}`));
    expect(result).toMatchObject({ state: 'reverted', why: { en: expect.stringContaining('EADDRINUSE') } });
    expect(await overview(box, cookie)).toMatchObject({ config: { state: 'reverted' }, lanes: [{ name: '通道A' }] });
    expect(readFileSync(box.configFile, 'utf8')).toBe(before);
  });

  it('with faults is not even written', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    const before = readFileSync(box.configFile, 'utf8');
    const result = await change(box, cookie, (yaml) => yaml.replace('direction: exit', 'direction: sideways'));
    expect(result.state).toBe('reverted');
    expect(result.faults).toMatchObject([{ file: 'config', path: 'lanes[0].direction', code: 'value' }]);
    expect(readFileSync(box.configFile, 'utf8')).toBe(before);
    expect((await overview(box, cookie)).config.state).toBe('good');
  });

  it('made from a text that somebody has changed since is refused', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    const answer = await box.ask('PUT', '/api/v1/config', { cookie, body: { yaml: 'version: 1', base: 'another' } });
    expect(answer.json.code).toBe('conflict');
  });

  it('of before comes back with one click', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    await change(box, cookie, renamed);
    await box.ask('POST', '/api/v1/config/keep', { cookie, body: {} });
    const history = (await box.ask('GET', '/api/v1/config/history', { cookie })).json;
    const first = history.at(-1).id;
    expect((await box.ask('GET', `/api/v1/config/history/${first}`, { cookie })).json.yaml).toContain('通道A');
    const job = await box.ask('POST', `/api/v1/config/history/${first}/rollback`, { cookie, body: {} });
    expect((await box.ended(job.json, cookie)).result).toEqual({ state: 'trial', faults: [] });
    expect((await overview(box, cookie)).lanes[0].name).toBe('通道A');
    const reverted = await box.ask('POST', '/api/v1/config/revert', { cookie, body: {} });
    expect(reverted.json.yaml).toContain('新名字');
    expect((await box.ask('GET', '/api/v1/config/history/../../page/users', { cookie })).status).toBe(404);
  });
});

describe('a file that somebody broke', () => {
  it('leaves the last good configuration in force, and the page shows the line', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    writeFileSync(
      box.configFile,
      readFileSync(box.configFile, 'utf8').replace('direction: exit', 'direction: sideways'),
    );
    const again = await restarted(box);
    expect(await overview(again, cookie)).toMatchObject({
      lanes: [{ name: '通道A' }],
      config: { state: 'broken', faults: 1 },
      headline: { level: 'error', text: { en: expect.stringContaining('1 fault') } },
    });
    const view = (await again.ask('GET', '/api/v1/config', { cookie })).json as ConfigView;
    expect(view).toMatchObject({ state: 'broken', faults: [{ path: 'lanes[0].direction', line: expect.any(Number) }] });
    expect(view.yaml.split('\n')[(view.faults[0]?.line ?? 0) - 1]).toContain('sideways');
    expect(view.inForceYaml).toContain('direction: exit');
    // It is put right by page, without a hand on the box.
    await change(again, cookie, (yaml) => yaml.replace('sideways', 'exit'));
    expect((await overview(again, cookie)).config.state).toBe('trial');
  });

  it('whose certificates are gone leaves the lanes watched, with those it had; what is gone is said', async () => {
    const { cert } = certificate('-days', '2');
    const box = await opened({
      prepare: (file) => {
        writeFileSync(file, readFileSync(file, 'utf8').replace('\ncloud:\n', '\ncloud:\n  ca: ca.pem\n'));
        writeFileSync(join(dirname(file), 'ca.pem'), cert);
      },
    });
    const cookie = await box.as('installer');
    expect((await overview(box, cookie)).config.state).toBe('good');
    rmSync(join(dirname(box.configFile), 'ca.pem'));
    const again = await restarted(box);
    expect(await overview(again, cookie)).toMatchObject({
      lanes: [{ name: '通道A' }],
      config: { state: 'broken', faults: 1 },
    });
    expect(again.box.host.app?.config.cloud.ca).toBe(cert);
    expect(again.lines.join('')).toMatch(/the file of certificates \S+ca\.pem cannot be read \(ENOENT\)/);
  });

  it('that names no lane is a new box: nothing is wrong with it, and the page leads to the wizard', async () => {
    const box = await opened({
      prepare: (file) => writeFileSync(file, `${/^page:.*$/m.exec(readFileSync(file, 'utf8'))?.[0] ?? ''}\n`),
    });
    const cookie = await box.as('installer');
    expect(await overview(box, cookie)).toMatchObject({
      lanes: [],
      config: { state: 'new', faults: 0 },
      headline: { level: 'warn', page: 'wizard' },
    });
  });

  it('with no good one before it leaves the page, which says so', async () => {
    const box = await opened({
      prepare: (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('version: 1', 'version: one')),
    });
    const cookie = await box.as('installer');
    expect(await overview(box, cookie)).toMatchObject({
      lanes: [],
      config: { state: 'broken' },
      headline: { level: 'error', text: { zh: expect.stringContaining('没有可用的配置') } },
    });
    expect((await box.ask('GET', '/readyz')).status).toBe(503);
    expect((await box.ask('GET', '/api/v1/releases', { cookie })).json.code).toBe('unavailable');
    // There is nothing to go back to: it is kept at once.
    await change(box, cookie, (yaml) => yaml.replace('version: one', 'version: 1'));
    expect(await overview(box, cookie)).toMatchObject({ lanes: [{ id: '1001' }], config: { state: 'good' } });
  });
});

describe('secrets', () => {
  it('go in and never come out', async () => {
    const box = await opened();
    const cookie = await box.as('installer');
    const canary = 'canary-of-the-new-token';
    await change(box, cookie, (yaml) => `${yaml}# touched\n`, { secrets: { 'intake.other': canary } });
    const file = join(dirname(box.configFile), 'secrets.yaml');
    expect(readFileSync(file, 'utf8')).toContain(canary);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const view = await box.ask('GET', '/api/v1/config', { cookie });
    expect(view.json.secrets).toContainEqual({ name: 'intake.other', set: true, usedBy: [] });
    expect(view.json.secrets).toContainEqual({ name: 'cloud.appSecret', set: true, usedBy: ['cloud.appSecret'] });
    const texts = [view.text, ...box.lines, (await box.ask('GET', '/api/v1/audit', { cookie })).text];
    expect(texts.join('')).not.toContain(canary);
  });
});

it('one value is edited with the comments kept; a text is checked with its lines', async () => {
  const box = await opened();
  const cookie = await box.as('installer');
  const post = (path: string, body: object) => box.ask('POST', `/api/v1/config/${path}`, { cookie, body });
  const edited = await post('edit', { yaml: 'a: 1 # one\nb: 2\n', path: ['a'], value: 3 });
  expect(edited.json).toEqual({ yaml: 'a: 3 # one\nb: 2\n', value: { a: 3, b: 2 } });
  expect((await post('edit', { yaml: 'a: [', path: ['a'], value: 3 })).json.code).toBe('invalid');
  expect((await post('check', { yaml: 'version: 1\nlanez: []\n' })).json.faults).toContainEqual(
    expect.objectContaining({ code: 'unknownKey', line: 2, file: 'config' }),
  );
  const schema = await box.ask('GET', '/api/v1/config/schema?lang=en', { cookie });
  expect(schema.json.properties.page.description).toContain('page');
});
