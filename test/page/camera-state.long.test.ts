/** A camera that refuses the login: the status page and the diagnosis say the same of it, also while it pushes pictures of its own. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Check } from '../../src/commission/diagnose.ts';
import type { DeviceLive } from '../../src/page/api/api.ts';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let picture: Uint8Array = Buffer.alloc(0);
beforeAll(async () => {
  box = await pageBox({ speed: 4 });
});
afterAll(async () => {
  await box?.close();
});

async function statusOf(cookie: string): Promise<DeviceLive | undefined> {
  const { json } = await box.ask('GET', '/api/v1/overview', { cookie });
  return (json.devices as DeviceLive[]).find(({ id }) => id === 'camera/cam1');
}

async function diagnosisOf(cookie: string): Promise<Check | undefined> {
  const { json } = await box.ask('POST', '/api/v1/jobs', { cookie, body: { kind: 'diagnose' } });
  const { result } = await box.ended(json, cookie);
  return (result as { checks: Check[] }).checks.find(({ name }) => name.en === 'Camera cam1');
}

it('what the diagnosis finds stands on the status page, in its words', async () => {
  const cookie = await box.as('installer');
  expect((await diagnosisOf(cookie))?.level).toBe('ok');
  expect(await statusOf(cookie)).toMatchObject({ state: 'ok' });
  picture = (await box.park.camera.picture()) ?? picture;
  box.park.camera.behave({ kind: 'refusesLogin' });
  const found = await diagnosisOf(cookie);
  expect(found?.level).toBe('error');
  const status = await statusOf(cookie);
  expect(status).toMatchObject({ state: 'down', lastFault: { en: expect.stringContaining('password') } });
  expect(found?.found.en).toContain(status?.lastFault?.en.replace(/ .*/s, ''));
});

it('a picture that it pushed is no answer to a login, and changes neither', async () => {
  const cookie = await box.as('installer');
  const ring = box.box.host.app?.cameras.get('cam1')?.ring;
  const pushing = setInterval(
    () => ring?.offer({ bytes: picture, mediaType: 'image/jpeg', atMs: box.box.host.app?.clock.nowMs() ?? 0 }),
    20,
  );
  try {
    box.park.controls.send('manual');
    const rows = async () => (await box.ask('GET', '/api/v1/releases', { cookie })).json.items as { picture: string }[];
    await expect.poll(async () => (await rows())[0]?.picture).toBe('attached');
    expect((await diagnosisOf(cookie))?.level).toBe('error');
    expect(await statusOf(cookie)).toMatchObject({ state: 'down' });
  } finally {
    clearInterval(pushing);
  }
});
