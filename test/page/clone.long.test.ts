/** A board that lacks registers, as people meet it: on its row, in the headline, the metrics, the diagnosis, the search, `check` and the acceptance sheet. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { eventLine } from '../../src/app/event-text.ts';
import { summary } from '../../src/cli/check.ts';
import { loadConfig } from '../../src/config/file.ts';
import type { Unproven } from '../../src/driver.ts';
import type { DeviceLive } from '../../src/page/api/api.ts';
import type { DiagnoseResult, ScanResult } from '../../src/page/api/api-setup.ts';
import { unprovenText } from '../../src/text/fault.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { pageBox } from './page-box.ts';
import { PORT, wizardBox } from './wizard-box.ts';

const after: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of after.splice(0).reverse()) await each();
});

const inConfig = (from: RegExp, to: string) => (file: string) => {
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
};

async function overviewOf(prepare: (file: string) => void) {
  const box = await pageBox({ prepare });
  after.push(() => box.close());
  const cookie = await box.as('viewer');
  const overview = async () => (await box.ask('GET', '/api/v1/overview', { cookie })).json;
  const row = async (): Promise<DeviceLive> =>
    (await overview()).devices.find(({ kind }: DeviceLive) => kind === 'device') as DeviceLive;
  await expect.poll(async () => (await row()).state, { timeout: LONGEST_WAIT_MS }).toBe('ok');
  return { box, overview, row };
}

describe('a board without the register of its model', () => {
  it('is online with a warning, and the box is ready', async () => {
    // The simulated board has its inputs where this model has them, and nothing where that keeps its own address.
    const { box, overview, row } = await overviewOf(inConfig(/waveshare-modbus-rtu-io-8ch/, 'ebyte-me31-axxx8000'));
    const { id, unproven, lastFault } = await row();
    expect({ unproven, lastFault }).toEqual({ unproven: [{ code: 'identity', text: unprovenText.identity }] });
    const { headline, complaints } = await overview();
    const about = [headline, ...complaints].filter((alert) => alert.id.startsWith(id));
    expect(about).toMatchObject([{ level: 'warn', text: { zh: '设备 io1 照常读取，但型号未能确认' } }]);
    expect((await box.ask('GET', '/readyz')).json).toEqual({ status: 'ok' });
    const metrics = (await box.ask('GET', '/metrics', { cookie: await box.as('viewer') })).text;
    expect(metrics).toContain(`lanewarden_device_unproven{device="${id}"} 1`);
  });

  it('that is not to be asked is told on its row, and nobody is warned of his own wish', async () => {
    const { overview, row } = await overviewOf(inConfig(/(profile: waveshare-modbus-rtu-io-8ch)/, '$1, probe: none'));
    const { id, unproven } = await row();
    expect(unproven).toEqual([{ code: 'identityOff', text: unprovenText.identityOff }]);
    const { headline, complaints } = await overview();
    expect([headline, ...complaints].filter((alert) => alert.id.startsWith(id))).toEqual([]);
  });
});

it('is said in the log as a warning, and its end as good news', () => {
  const subject = { lineId: 'bus1', deviceId: 'io1' };
  const told = (what: readonly Unproven[]) =>
    eventLine({ kind: 'notice', subject, notice: { kind: 'unproven', what } });
  expect(told(['identity', 'linkage'])).toMatchObject({
    level: 'warn',
    what: { zh: expect.stringMatching(/io1.*型号未能确认.*请按说明书确认输入不会直接驱动继电器/) },
  });
  expect(told([])).toMatchObject({ level: 'info' });
});

describe.each(['refuses', 'silent'] as const)('a clone whose registers are missing (%s)', (clone) => {
  it('is on the acceptance sheet and in the diagnosis, and found by the search', async () => {
    const box = await wizardBox({ clone });
    after.push(() => box.close());
    const told = [unprovenText.identity, unprovenText.linkage];
    await expect
      .poll(async () => (await box.commissioning.sheet('1001'))?.unproven, { timeout: LONGEST_WAIT_MS })
      .toEqual([{ device: 'io1', what: told }]);
    await expect.poll(() => box.app.watch.now().size, { timeout: LONGEST_WAIT_MS }).toBe(8);
    const diagnosis = (await box.until(box.start('diagnose', {}).id)).result as DiagnoseResult;
    const device = diagnosis.checks.find(({ name }) => name.en.includes('io1'));
    expect(device).toMatchObject({ level: 'warn', todo: { zh: expect.stringContaining('联动模式未能读取') } });
    const order = {
      port: PORT,
      baudRates: [38_400],
      parities: ['none'],
      units: [3, 3],
      confirmedAlone: true,
      release: true,
    };
    const job = await box.until(box.start('scan', order).id);
    const [found] = (job.result as ScanResult).found;
    expect(found?.profiles[0]).toBe('no-name-modbus-rtu-8ch');
    expect(found?.unproven?.['waveshare-modbus-rtu-io-8ch']).toMatchObject(told.map((text) => ({ text })));
    expect(found?.unproven?.['no-name-modbus-rtu-8ch']).toBeUndefined();
  });
});

describe('check', () => {
  function checked(profile: string, more = ''): string {
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-clone-'));
    after.push(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'profiles'));
    writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "0123456789abcdef"\n', { mode: 0o600 });
    const file = join(folder, 'lanewarden.yaml');
    writeFileSync(
      file,
      `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
lines: [{ id: line1, port: /dev/ttyS1, devices: [{ id: io1, kind: modbus, profile: ${profile}, unit: 1${more} }] }]
lanes: [{ id: "1001", name: 通道A, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { barrier: io1.di1, up: io1.di2 } }]
store: { path: ${join(folder, 'state')} }
`,
    );
    return summary(loadConfig(file, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {}), 'zh');
  }

  it('tells of what is not compared, and of a profile that cannot', () => {
    expect(checked('waveshare-modbus-rtu-io-8ch')).not.toContain('型号');
    expect(checked('waveshare-modbus-rtu-io-8ch', ', probe: none')).toContain(unprovenText.identityOff.zh);
    expect(checked('no-name-modbus-rtu-8ch')).toContain(unprovenText.identityNone.zh);
  });
});
