/** `lanewarden snapshot` against a real HTTP camera: the picture, every way it fails, and that a wrong password is tried once. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { snapshotCommand } from '../../src/cli/snapshot.ts';
import { systemClock } from '../../src/clock.ts';
import { type SimulatedCamera, startCamera } from '../../src/sim/devices/camera.ts';
import { createLaneWorld } from '../../src/sim/world.ts';
import { programRun } from './program-run.ts';

const clock = systemClock();
const PASSWORD = 'right-one-7';
const command = snapshotCommand({ driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS });
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-snapshot-'));
const file = join(folder, 'lanewarden.yaml');
let camera: SimulatedCamera;

beforeAll(async () => {
  const world = createLaneWorld({ clock, seed: 1, laneId: '1001', onPlate: () => {}, onGrant: () => {} });
  const login = { user: 'viewer', password: PASSWORD };
  camera = await startCamera({ clock, scene: () => world.scene(), login });
  // The first picture takes longest to draw, on a busy machine longer than a camera may take.
  await camera.picture();
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { appSecret: { secret: cloud.appSecret } }
lines: [{ id: bus1, port: /dev/ttyUSB0, devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }]
cameras:
  - { id: cam1, kind: hikvision, url: "${camera.url}", user: viewer, password: { secret: cameras.cam1 } }
  - { id: cam2, kind: camera-http, preset: custom, url: "${camera.snapshotUrl}" }
lanes: [{ id: "1001", name: A, direction: exit, camera: cam1, points: { down: io1.di1 } }]
`,
  );
});
afterAll(async () => {
  await camera.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(words: readonly string[], environment: Record<string, string> = {}, password = PASSWORD) {
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "x"\ncameras.cam1: "${password}"\n`, { mode: 0o600 });
  const ran = await programRun([command], ['snapshot', ...words], { LANG: 'en', ...environment });
  expect(ran.out + ran.err).not.toContain(PASSWORD);
  return ran;
}

const HERE = () => ['--kind', 'hikvision', '--host', camera.url, '--user', 'viewer'];

describe('lanewarden snapshot', () => {
  it('takes one of a camera of the configuration, and keeps it where it is told', async () => {
    const out = join(folder, 'one.jpg');
    const ended = await run(['cam1', '--config', file, '--out', out]);
    expect(ended).toMatchObject({ code: 0, err: '' });
    const bytes = readFileSync(out);
    expect(camera.sceneOf(bytes)).toBeDefined();
    expect(ended.out).toMatch(
      new RegExp(`^cam1: \\d+×\\d+ pixels, ${bytes.length} bytes, in \\d+ ms\\nwritten to ${out}\\n$`),
    );
  });

  it('takes one of a camera that no configuration has, with the password from the environment', async () => {
    const { code, out } = await run([...HERE(), '--json'], { LANEWARDEN_CAMERA_PASSWORD: PASSWORD });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ camera: camera.url, bytes: expect.any(Number), width: expect.any(Number) });
  });

  it('says that the password is wrong, and has tried it once', async () => {
    const asked = camera.asked;
    const ended = await run(['cam1', '--config', file], {}, 'wrong-one');
    expect(ended).toMatchObject({ code: 77, out: '' });
    expect(ended.err).toContain('cam1 refuses the login: check user and password');
    expect(ended.err).toContain('waits before the next try');
    // Once for the challenge, once with the password.
    expect(camera.asked).toBe(asked + 2);
    const zh = await run([...HERE(), '--lang', 'zh'], { LANEWARDEN_CAMERA_PASSWORD: 'wrong-two' });
    expect(zh).toMatchObject({ code: 77, err: expect.stringContaining('核对用户名和密码') });
    expect(camera.asked).toBe(asked + 4);
  });

  it('says that a password is asked for where none is configured', async () => {
    const { code, err } = await run(['cam2', '--config', file]);
    expect(code).toBe(77);
    expect(err).toContain('asks for user and password, and none is given');
  });

  it.each([
    ['dead', 'no answer in time'],
    ['gone', 'disconnected'],
    ['busy', '503'],
    ['broken', 'cut short'],
    ['notAPicture', 'JPEG'],
    ['redirect', 'redirects (302)'],
  ] as const)('of a camera that is %s says so', async (kind, message) => {
    camera.behave({ kind });
    const { code, out, err } = await run(['cam1', '--config', file]);
    camera.behave({ kind: 'good' });
    expect({ code, out }).toEqual({ code: 69, out: '' });
    expect(err).toContain(message);
  });

  it.each([
    [['--config', file], 2, 'name one of the cameras: cam1, cam2'],
    [['cam9', '--config', file], 2, 'no camera cam9'],
    [['cam1', '--kind', 'hikvision'], 2, 'not both'],
    [['--host', '192.0.2.64'], 2, 'belong together'],
    [['--kind', 'toaster', '--host', '192.0.2.64'], 2, 'there is no kind toaster'],
    [['--kind', 'axis', '--host', '192.0.2.64', '--user', 'x'], 2, 'LANEWARDEN_CAMERA_PASSWORD'],
    [['--kind', 'axis', '--host', '8.8.8.8'], 2, 'not in the local network'],
    [['--kind', 'custom', '--host', 'http://192.0.2.64/gate/open'], 69, 'unknown picture address; nothing was sent'],
    [['cam1', '--config', file, '--out', file], 2, '.jpg'],
    [['cam1', '--config', '/nowhere.yaml'], 66, 'give --kind and --host'],
  ])('%j exits %d', async (words, code, message) => {
    const ended = await run(words as string[]);
    expect(ended).toMatchObject({ code, out: '', err: expect.stringContaining(message as string) });
  });
});
