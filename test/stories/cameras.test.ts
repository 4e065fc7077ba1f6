/** A camera that pushes its reads and whose frames are kept: from the request on a socket to the plate and the picture at the platform. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startCamera } from '../../src/sim/camera.ts';
import { freePort } from '../../src/sim/management-system.ts';
import { endSenders, pushBytes, requestOf } from '../drivers/cameras/processes.ts';
import { jpeg } from '../drivers/cameras/shapes.ts';
import { boardOnPty, polled } from './board.ts';
import { eventually, laneConfig, platformProcess, program, ptyPair, temporaryFolder } from './processes.ts';

const SECRET = 'camera-story-secret';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  endSenders();
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
  const scene = () => ({ wallMs: clock.wallMs(), laneId: '1001', armPosition: 1, vehicles: [] });
  const camera = await startCamera({ clock, scene });
  endings.push(() => camera.close());
  const port = await freePort();
  const config = laneConfig(folder, {
    port: pty.near,
    platformUrl: platform.url,
    cameraUrl: camera.snapshotUrl,
    secret: SECRET,
    settings: 'settle: 300ms',
  });
  const kind = `kind: json-push, ring: { framesPerSecond: 5, seconds: 4 }, fields: { plate: car.no, id: id, picture: car.image }`;
  const intake = `intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\n`;
  writeFileSync(config, readFileSync(config, 'utf8').replace('kind: camera-http, preset: custom', kind) + intake);
  writeFileSync(
    config.replace(/lanewarden\.yaml$/, 'secrets.yaml'),
    `cloud.appSecret: "${SECRET}"\nintake.pms: "0123456789abcdef"\n`,
    { mode: 0o600 },
  );
  return { wired, platform, camera, config, url: `http://127.0.0.1:${port}` };
}

describe('a camera that pushes, with a ring', () => {
  it('gives the record its plate and the picture of its moment, and is left alone when nobody is there', async () => {
    const { wired, platform, camera, config, url } = await setUp();
    const running = program(['run', '--config', config, '--lang', 'en']);
    endings.push(() => running.process.kill('SIGKILL'));
    await polled(wired.board, running, 20);
    expect(camera.asked).toBe(0);
    const change = async (inputs: Partial<typeof wired.levels>, said?: string): Promise<void> => {
      Object.assign(wired.levels, inputs);
      await (said === undefined ? polled(wired.board, running, 8) : running.says(said));
    };
    await change({ approach: true });
    await eventually('frames are taken', () => camera.asked > 2, running.output);
    const car = { no: '粤B·Z0001', image: jpeg(1, 40_000).toString('base64') };
    const push = { path: '/event', contentType: 'application/json', body: Buffer.from(JSON.stringify({ id: 1, car })) };
    const answers = [1, 2].map(() => pushBytes(url, requestOf('/api/v1/cameras/cam1', push), 2_000));
    for (const answer of answers) expect(await answer).toMatchObject({ status: 200, body: '{}' });
    await running.says('plate read');
    await change({ button: true }, 'button is pressed');
    await change({ down: false }, 'the arm leaves down');
    await change({ button: false });
    await change({ up: true, barrier: true }, 'the arm is up');
    await change({ approach: false });
    await change({ barrier: false });
    await change({ up: false, down: true }, 'the arm is down');
    await eventually('the platform has a record', () => platform.records().length > 0, running.output);
    expect(platform.records()).toHaveLength(1);
    expect(platform.records()[0]).toMatchObject({ fields: { release_method_desc: '按钮开闸', plate: '粤BZ0001' } });
    expect(platform.records()[0]?.pictureBytes).toBeGreaterThan(1_000);
    const asked = camera.asked;
    await polled(wired.board, running, 60);
    // One may have been under way.
    expect(camera.asked).toBeLessThanOrEqual(asked + 1);
    expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
    expect(running.output().match(/plate read/g), 'the same push twice is one read').toHaveLength(1);
  });
});
