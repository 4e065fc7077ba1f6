/** Settings `serial: entry-record` and `picture: url`: from a payment on the intake's socket to the serial and the address at the platform. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startCamera } from '../../src/sim/camera.ts';
import { freePort } from '../../src/sim/management-system.ts';
import { boardOnPty, carLetOutByButton, polled } from './board.ts';
import { eventually, laneConfig, platformProcess, program, ptyPair, temporaryFolder } from './processes.ts';

const SECRET = 'entry-story-secret';
const TOKEN = '0123456789abcdef';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function setUp() {
  const folder = temporaryFolder();
  const clock = systemClock();
  const pty = await ptyPair(folder);
  endings.push(() => pty.socat.end('SIGKILL'));
  const wired = await boardOnPty(pty.far);
  endings.push(() => wired.close());
  const platform = await platformProcess(SECRET);
  endings.push(() => platform.running.end());
  const camera = await startCamera({
    clock,
    scene: () => ({ wallMs: clock.wallMs(), laneId: '1001', armPosition: 1, vehicles: [] }),
  });
  endings.push(() => camera.close());
  const config = laneConfig(folder, {
    port: pty.near,
    platformUrl: platform.url,
    cameraUrl: camera.snapshotUrl,
    secret: SECRET,
    settings: 'settle: 300ms',
  });
  const port = await freePort();
  const cloud =
    'clockHold: 0, serial: entry-record, picture: url, pictureUrl: "https://pictures.example/{serial}/{file}"';
  const intake = `intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\n`;
  writeFileSync(config, readFileSync(config, 'utf8').replace('clockHold: 0', cloud) + intake);
  const secrets = `cloud.appSecret: "${SECRET}"\nintake.pms: "${TOKEN}"\n`;
  writeFileSync(config.replace(/lanewarden\.yaml$/, 'secrets.yaml'), secrets, { mode: 0o600 });
  const post = async (path: string, body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${port}/api/v1/${path}`;
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  return { folder, wired, platform, config, post };
}

describe('a car that paid ahead, stayed too long and was let out by button', () => {
  it('is reported under its entry record, and a second time under one with a suffix', async () => {
    const { wired, platform, config, post } = await setUp();
    const running = program(['run', '--config', config, '--lang', 'en']);
    endings.push(() => running.process.kill('SIGKILL'));
    await polled(wired.board, running, 20);
    const minutesAgo = (minutes: number) => new Date(systemClock().wallMs() - minutes * 60_000).toISOString();
    const paid = { id: 'P1', plate: '粤B12345', parkingSerial: 'E-77' };
    expect(await post('grants', { ...paid, issuedAt: minutesAgo(20), expiresAt: minutesAgo(5) })).toBe(202);
    for (const count of [1, 2]) {
      await polled(wired.board, running, 8);
      Object.assign(wired.levels, { approach: true });
      await polled(wired.board, running, 8);
      expect(await post('plates', { lane: '1001', plate: '粤B12345', confidence: 0.98 })).toBe(202);
      await carLetOutByButton(wired, running);
      await eventually('the platform has a record', () => platform.records().length === count, running.output);
    }
    const sent = platform.records().map(({ fields }) => fields as Record<string, string>);
    expect(sent[0]).toMatchObject({ parking_serial: 'E-77', plate: '粤B12345', release_method_desc: '按钮开闸' });
    expect(sent[1]?.parking_serial).toMatch(/^E-77-[0-9A-Z]{26}$/);
    // The address is signed: the platform would have refused it otherwise.
    expect(sent[0]?.capture_image).toMatch(/^https:\/\/pictures\.example\/E-77\/[0-9A-Z]{26}\.jpg$/);
    expect(platform.records()[0]).toMatchObject({ pictureBytes: 0 });
    expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
  });
});
