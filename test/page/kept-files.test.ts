/** What decides as much as the configuration and stands in files of its own is kept, too: profiles, certificates, the operator's key; and of any size. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { addProfiles } from '../../src/provision/site-profiles.ts';
import { authority } from '../management/certificates.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

const boxes: PageBox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.close();
});

const SHIPPED = new URL('../../drivers/modbus/profiles/waveshare-modbus-rtu-io-8ch.yaml', import.meta.url);
/** With a profile and an authority of its own. */
function prepare(file: string): void {
  const own = join(dirname(file), 'profiles', 'own.yaml');
  if (existsSync(own)) return;
  mkdirSync(dirname(own), { recursive: true });
  cpSync(SHIPPED, own);
  writeFileSync(join(dirname(file), 'ca.pem'), authority(dirname(file), 'first').pem);
  const yaml = readFileSync(file, 'utf8')
    .replace('profile: waveshare-modbus-rtu-io-8ch', 'profile: own')
    .replace('cloud:\n', 'cloud:\n  ca: ca.pem\n');
  writeFileSync(file, yaml);
}
const seen = async (box: PageBox) => {
  const found = (await box.box.host.app?.store.looks.observations(100).catch(() => [])) ?? [];
  return found.map(({ seen }) => seen).flatMap((each) => ('detail' in each ? [each] : []));
};
const outside = async (box: PageBox) =>
  (await seen(box)).flatMap(({ why, detail }) => {
    const { changes: [change] = [] } = detail as { readonly changes?: readonly { readonly path: string }[] };
    return detail?.done === 'outside' ? [change?.path ?? why] : [];
  });
const rows = async (box: PageBox) => (await box.box.host.app?.store.parkFacts.rows('file').catch(() => [])) ?? [];
const again = async (between?: () => void): Promise<PageBox> => {
  const [box] = boxes.splice(0) as [PageBox];
  const next = await box.restart(between);
  boxes.push(next);
  return next;
};
/** It writes users.json, and looks at all of them then. */
const login = async (box: PageBox) => {
  const body = { user: 'installer', password: PASSWORD };
  expect((await box.ask('POST', '/api/v1/login', { body })).status).toBe(200);
};

it('two inputs swapped in a profile, another operator, another authority are told at the next start, once', async () => {
  let box = await pageBox({ prepare });
  boxes.push(box);
  await box.as('installer');
  await expect.poll(() => rows(box)).toHaveLength(9);
  const { folder } = box;
  box = await again(() => {
    const own = join(folder, 'profiles', 'own.yaml');
    const text = readFileSync(own, 'utf8');
    const edited = text.replace('di6: 5', 'di6: 7').replace('di8: 7', 'di8: 5');
    expect(edited).not.toBe(text);
    writeFileSync(own, edited);
    mkdirSync(join(folder, 'state', 'provision'), { recursive: true });
    writeFileSync(join(folder, 'state', 'provision', 'operator.pub'), 'planted');
    writeFileSync(join(folder, 'ca.pem'), authority(folder, 'second').pem);
  });
  const told = ['ca', 'operator', 'profiles'];
  await expect.poll(async () => (await outside(box)).toSorted()).toEqual(told);
  // And what came into force by it.
  const inForce = async () => (await seen(box)).flatMap(({ detail }) => (detail?.done === undefined ? [detail] : []));
  const digest = expect.stringMatching(/^[0-9a-f]{12}$/);
  await expect
    .poll(inForce)
    .toContainEqual({ how: 'file', changes: [{ path: 'cloud.ca', before: digest, after: digest }] });
  box = await again();
  // The program's own: a provisioning file that brings a profile.
  const before = (await rows(box)).find(({ key }) => key === 'profiles')?.body;
  await addProfiles(box.configFile, { other: readFileSync(SHIPPED, 'utf8') }, '');
  await expect.poll(async () => (await rows(box)).find(({ key }) => key === 'profiles')?.body).not.toBe(before);
  expect((await outside(box)).toSorted()).toEqual(told);
  // Somebody else's, while it runs.
  writeFileSync(join(folder, 'profiles', 'more.yaml'), readFileSync(SHIPPED));
  await login(box);
  await expect.poll(async () => (await outside(box)).toSorted()).toEqual([...told, 'profiles']);
});

it('a file of more than the program writes is compared by what is in it', async () => {
  const box = await pageBox();
  boxes.push(box);
  await box.as('installer');
  await expect.poll(() => rows(box)).toHaveLength(8);
  const pins = join(box.folder, 'state', 'page', 'pins.json');
  const padded = (hash: string) => `{"version":1,"pins":{"张三":"${hash}"}}`.padEnd(8_100_000);
  mkdirSync(dirname(pins), { recursive: true });
  for (const [at, hash] of ['scrypt$aaaa', 'scrypt$bbbb'].entries()) {
    writeFileSync(pins, padded(hash));
    await login(box);
    await expect.poll(() => outside(box)).toHaveLength(at + 1);
  }
  await login(box);
  expect(await outside(box)).toEqual(['pin', 'pin']);
});
