/** The rehearsal and the picture, against the simulated platform and camera; and that the real queue does not know of it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ProxyEnvironment } from '../../src/outward/proxy.ts';
import type { DiagnoseResult, RehearsalResult, SnapshotResult } from '../../src/page/api/api-setup.ts';
import { asking, testProxy } from '../delivery/upload/test-proxy.ts';
import { type WizardBox, wizardBox } from './wizard-box.ts';

let box: WizardBox;
afterEach(() => box.close());

const rehearsal = async (input: object): Promise<RehearsalResult> => {
  const job = await box.until(box.start('rehearse', { lane: '1001', ...input }).id);
  expect(job.error).toBeUndefined();
  return job.result as RehearsalResult;
};

describe('rehearse', () => {
  it('sends one marked record with a picture, past the queue, and says what to do next', async () => {
    box = await wizardBox();
    const result = await rehearsal({ confirmed: true });
    expect(result).toMatchObject({ ok: true, answer: { status: 200, code: '1001' } });
    expect(result.next.en).toContain('production');
    const [record] = box.platform.records;
    expect(record?.fields).toMatchObject({
      gate_id: '1001',
      reason: '联调测试记录，请忽略',
      parking_serial: result.serial,
    });
    expect(record?.fields.parking_serial).toMatch(/^TEST-1001-/);
    expect(record?.picture?.length).toBeGreaterThan(1_000);
    const counts = await box.app.store.outbox.counts();
    expect(Object.values(counts).reduce((sum, each) => sum + each, 0)).toBe(0);
    expect((await box.commissioning.sheet('1001'))?.rehearsal).toMatchObject({ ok: true, serial: result.serial });
  });

  it('says of a wrong secret that the texts agree, and never shows a secret', async () => {
    box = await wizardBox({ secret: 'not-the-secret-of-it' });
    const result = await rehearsal({ confirmed: true });
    expect(result.ok).toBe(false);
    expect(result.comparison?.zh).toContain('密钥');
    expect(result.next.en).toContain('the secret is wrong');
    expect(JSON.stringify(result)).not.toContain('not-the-secret-of-it');
    expect(box.platform.requests).toHaveLength(1);
  });

  it('asks for a confirmation, and for a second one in production', async () => {
    box = await wizardBox({ cloud: 'mode: production' });
    expect(() => box.start('rehearse', { lane: '1001' })).toThrow('invalid');
    expect(() => box.start('rehearse', { lane: '1001', confirmed: true })).toThrow('invalid');
    const result = await rehearsal({ confirmed: true, production: true });
    expect(result.next.en).toContain('ignored or deleted');
    expect(box.platform.requests).toHaveLength(1);
  });

  it('says what to put right when nobody answers', async () => {
    box = await wizardBox();
    await box.platform.close();
    const result = await rehearsal({ confirmed: true });
    expect(result.ok).toBe(false);
    expect(result.next.en).toContain('did not arrive');
  });
});

describe('rehearse to a destination', () => {
  const more = (secret: string) => `destinations:
  - { kind: platform, name: other, profile: 4pyun, url: "URL", values: { parkUuid: 49f0cc52-e8c7-41e3-b54d-af666b8cc11a }, secrets: { appSecret: { secret: ${secret} } } }`;

  it('sends the marked record to it, and leaves the acceptance sheet as it is', async () => {
    box = await wizardBox({ more: more('cloud.appSecret') });
    const result = await rehearsal({ confirmed: true, to: 'other' });
    expect(result).toMatchObject({ ok: true, answer: { status: 200, code: '1001' } });
    expect(box.platform.records[0]?.fields.parking_serial).toBe(result.serial);
    expect(box.platform.records[0]?.picture?.length).toBeGreaterThan(1_000);
    expect((await box.commissioning.sheet('1001'))?.rehearsal).toBeUndefined();
    expect(() => box.start('rehearse', { lane: '1001', confirmed: true, to: 'othr' })).toThrow('invalid');
  });

  it('compares what it signed with what that platform did', async () => {
    box = await wizardBox({ secret: 'not-the-secret-of-it', more: more('cloud.appSecret') });
    const result = await rehearsal({ confirmed: true, to: 'other' });
    expect(result.ok).toBe(false);
    expect(result.next.en).toContain('the secret is wrong');
    expect(JSON.stringify(result)).not.toContain('not-the-secret-of-it');
  });
});

describe('snapshot', () => {
  it('shows the picture with its size, and keeps it for the sheet', async () => {
    box = await wizardBox();
    const job = await box.until(box.start('snapshot', { camera: 'cam1', lane: '1001' }).id);
    const result = job.result as SnapshotResult;
    expect(result.width).toBeGreaterThan(100);
    expect(box.jobs.picture(job.id)?.length).toBe(result.bytes);
    expect((await box.commissioning.picture('1001'))?.length).toBe(result.bytes);
    expect(() => box.start('snapshot', { camera: 'cam9' })).toThrow('invalid');
  });
});

describe('diagnose', () => {
  it('checks everything, says what is wrong and what to do', async () => {
    box = await wizardBox();
    await expect.poll(() => box.app.hasRead()).toBe(true);
    const first = await box.until(box.start('diagnose', {}).id);
    const levels = (job: typeof first) =>
      Object.fromEntries((job.result as DiagnoseResult).checks.map(({ name, level }) => [name.en, level]));
    expect(levels(first)).toMatchObject({
      'Line bus1': 'ok',
      'Device io1': 'ok',
      'Camera cam1': 'ok',
      Platform: 'warn',
    });
    box.wire.unplug();
    await box.platform.close();
    await expect.poll(() => box.app.hasRead()).toBe(false);
    const second = await box.until(box.start('diagnose', {}).id);
    expect(levels(second)).toMatchObject({ 'Line bus1': 'error', 'Device io1': 'error', Platform: 'error' });
    for (const { level, todo } of (second.result as DiagnoseResult).checks)
      if (level === 'error') expect(todo).toBeDefined();
  });

  it('goes the way of the records: through the proxy of the environment with its login, and past it where NO_PROXY says so', async () => {
    const { address, logins } = await testProxy(asking('box:pw-5c19'));
    const made: WizardBox[] = [];
    const platform = async (proxies: ProxyEnvironment) => {
      await made.pop()?.close();
      box = await wizardBox({ proxies });
      made.push(box);
      const { result } = await box.until(box.start('diagnose', {}).id);
      expect(JSON.stringify(result)).not.toMatch(/pw-5c19|guess-5c19/);
      return (result as DiagnoseResult).checks.find(({ name }) => name.en === 'Platform');
    };
    const httpProxy = address.replace('http://', 'http://box:pw-5c19@');
    expect((await platform({ httpProxy }))?.found.en).toContain('HTTP 404');
    expect(logins).toEqual(['box:pw-5c19']);
    const wrong = await platform({ httpProxy: httpProxy.replace('pw', 'guess') });
    expect(wrong).toMatchObject({
      level: 'error',
      found: { en: expect.stringContaining('the proxy requires a login') },
    });
    expect((await platform({ httpProxy, noProxy: '127.0.0.1' }))?.found.en).toContain('HTTP 404');
    expect(logins).toHaveLength(2);
  });
});
