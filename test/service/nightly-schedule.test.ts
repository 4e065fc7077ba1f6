/** When the backup of the night is made, by a running program: at once where there is none, then each night; a stick that is gone is told and tried again. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { NightlyBackups } from '../../src/box/nightly-backups.ts';
import { loadConfig } from '../../src/config/file.ts';
import { overviewWith } from '../../src/page/overview.ts';
import { otherFileSystem } from '../own-folder.ts';
import { handClock } from '../sim/hand-clock.ts';
import { dist, open, temporaryFolder } from '../store/open.ts';

const HOUR = 3_600_000;
const STICK = otherFileSystem() ?? '';
const noStick = STICK === '';
const choreProgram = pathToFileURL(join(dist, 'src/cli/chores.js'));
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

it.skipIf(noStick)('is made, missed, told and made again', async () => {
  const folder = temporaryFolder();
  const [configFile, stateFolder] = [join(folder, 'lanewarden.yaml'), join(folder, 'state')];
  const stick = mkdtempSync(join(STICK, 'lanewarden-stick-'));
  endings.push(() => rmSync(stick, { recursive: true, force: true }));
  await (await open({ path: stateFolder })).close();
  symlinkSync(stick, join(stateFolder, 'backups'));
  writeFileSync(
    configFile,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }
lines: [{ id: a, port: "tcp://127.0.0.1:9", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }] }]
lanes: [{ id: "1001", direction: exit, points: { down: io.di1 } }]
backup: { passphrase: { secret: backup.passphrase } }
store: { path: state }
`,
  );
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "123"\nbackup.passphrase: "open sesame"\n', {
    mode: 0o600,
  });
  const config = loadConfig(configFile, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {});
  const clock = handClock(1_000, Date.now());
  const told: string[] = [];
  const log = { warn: (text: { en: string }) => void told.push(text.en) };
  const backups = new NightlyBackups({ host: { config }, configFile, stateFolder, clock, log, choreProgram });
  const ended = new AbortController();
  const running = backups.run(ended.signal);
  endings.push(async () => {
    ended.abort();
    await running;
  });
  const made = () => readdirSync(stick).filter((name) => name.endsWith('.backup'));
  const complaint = () => {
    const whole = {
      ...overviewWith({ state: 'good', faults: 0 }, undefined, clock.wallMs(), { backup: backups.view() }),
    };
    return [whole.headline, ...whole.complaints].find(({ id }) => id === 'backup');
  };

  expect(backups.view()).toEqual({ kept: 0 });
  expect(backups.metrics()).toEqual([]);
  await clock.advance(600_000);
  await expect.poll(() => backups.view()).toMatchObject({ kept: 1, testedWallMs: expect.any(Number) });
  expect(made()).toHaveLength(1);
  expect(complaint()).toBeUndefined();
  expect(Object.fromEntries(backups.metrics().map(([name, , value]) => [name, value]))).toMatchObject({
    lanewarden_backup_age_seconds: expect.any(Number),
    lanewarden_backup_tested_age_seconds: expect.any(Number),
  });

  // Nobody has told the box that the stick was pulled.
  rmSync(join(stateFolder, 'backups'));
  mkdirSync(join(stateFolder, 'backups'));
  await clock.advance(40 * HOUR);
  await expect.poll(() => told).toEqual([expect.stringContaining('not mounted')]);
  expect(complaint()).toMatchObject({ level: 'warn', details: { en: expect.stringContaining('not mounted') } });
  expect(backups.view()).toMatchObject({ kept: 1, lastWallMs: expect.any(Number) });

  rmSync(join(stateFolder, 'backups'), { recursive: true });
  symlinkSync(stick, join(stateFolder, 'backups'));
  await clock.advance(7 * HOUR);
  await expect.poll(() => backups.view()?.fault).toBeUndefined();
  expect(made()).toHaveLength(1);
});
