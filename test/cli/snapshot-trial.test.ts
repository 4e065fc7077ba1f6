/** `lanewarden snapshot` of an address of no known form: what a person is asked, what is sent, and what then stands in the configuration. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../drivers/camera-http/address-forms.ts';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { summary } from '../../src/cli/check.ts';
import { tryOnce } from '../../src/cli/snapshot-trial.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/file.ts';
import { openStore } from '../../src/store/store.ts';
import { storeThread } from '../store/open.ts';

const clock = systemClock();
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2_000, 7), Buffer.from([0xff, 0xd9])]);
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-trial-'));
const file = join(folder, 'lanewarden.yaml');
const out = join(folder, 'out.jpg');
const PATH = '/hidden/pic?of=lane';
const address = { sent: PATH, sha256: digestOf(PATH) };
let server: Server;
let url = '';
let heard: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end(JPEG);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  heard = [];
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "x"\n', { mode: 0o600 });
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { appSecret: { secret: cloud.appSecret } }
lines: [{ id: bus1, port: /dev/ttyUSB0, devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }]
cameras:
  - { id: cam0, kind: camera-http, preset: axis, url: "${url}" }
  # the old one
  - { id: cam1, kind: camera-http, preset: custom, url: "${url}${PATH}" }
lanes: [{ id: "1001", name: A, direction: exit, camera: cam1, points: { down: io1.di1 } }]
store: { path: state }
`,
    { mode: 0o640 },
  );
});

const load = () => loadConfig(file, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {});

async function attempt(answers: readonly boolean[], withConfig = true) {
  const config = load();
  const camera = config.cameras.find(({ id }) => id === 'cam1');
  if (camera === undefined) throw new Error('no camera');
  const said: string[] = [];
  const left = [...answers];
  const taken = await tryOnce({
    ...{ camera, address, clock, by: 'li', file: out },
    config: withConfig ? config : undefined,
    ask: async (question) => {
      said.push(question.en);
      return left.shift() ?? false;
    },
    print: (line) => void said.push(line.en),
    signal: new AbortController().signal,
  });
  return { taken, said: said.join('\n') };
}

describe('an address of no known form', () => {
  it('is named by check, with what to do, and is no fault', () => {
    const said = summary(load(), 'en');
    expect(said).toContain(`the picture address /hidden/pic?of=… of camera cam1 is none of those known`);
    expect(said).toContain('lanewarden snapshot cam1');
    expect(said).toContain('the picture address of its camera is not confirmed: none is taken');
    expect(said).not.toMatch(/can: .*take pictures/);
  });

  it('is not asked for by who says no', async () => {
    const { taken, said } = await attempt([false]);
    expect(taken).toBe(false);
    expect(said).toContain('This request may move something');
    expect(said).toContain(PATH);
    expect(heard).toEqual([]);
  });

  it('is asked for once, and stands in the configuration when the picture is the lane’s', async () => {
    expect(await attempt([true, true])).toMatchObject({
      taken: true,
      said: expect.stringContaining('systemctl restart'),
    });
    expect(heard).toEqual([`GET ${PATH}`]);
    expect(readFileSync(out).equals(JPEG)).toBe(true);
    const yaml = readFileSync(file, 'utf8');
    expect(yaml).toContain('# the old one');
    const camera = load().cameras.find(({ id }) => id === 'cam1');
    expect(camera?.config).toMatchObject({ confirmed: { sha256: address.sha256, by: 'li' } });
    expect(summary(load(), 'en')).not.toContain('none of those known');
    const frame = await camera?.kind.create(camera.config, { clock }).snapshot(new AbortController().signal);
    expect(frame?.bytes.length).toBe(JPEG.length);
    // Another address is not meant by it.
    writeFileSync(file, yaml.replace('of=lane', 'of=gate'));
    const moved = load().cameras.find(({ id }) => id === 'cam1');
    expect(summary(load(), 'en')).toContain('/hidden/pic?of=… of camera cam1 is none of those known');
    await expect(
      moved?.kind.create(moved.config, { clock }).snapshot(new AbortController().signal),
    ).rejects.toMatchObject({ code: 'unconfirmed' });
    expect(heard).toHaveLength(2);
  });

  it('whose picture is another’s is not confirmed', async () => {
    const before = readFileSync(file, 'utf8');
    expect((await attempt([true, false])).said).toContain('not confirmed');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('of a camera that no configuration has is printed to be written there', async () => {
    const { said } = await attempt([true], false);
    expect(said).toContain(`confirmed: { sha256: "${address.sha256}", by: "li"`);
  });

  it('is not asked for while a box works the lane, and is while it is in maintenance', async () => {
    const store = await openStore({
      path: join(folder, 'state'),
      clock,
      framesMaxBytes: 1e9,
      keepFramesMs: 1e9,
      keepRecordsMs: 1e9,
      clockHoldMs: 0,
      wallTrusted: true,
      thread: storeThread(),
    });
    const laneMs = () => Math.round(clock.nowMs() + store.boot.laneOffsetMs);
    const mode = (on: boolean, forMs = 600_000) => {
      const atMs = laneMs();
      store.journal.append('1001', {
        kind: 'mode',
        mode: 'maintenance',
        on,
        ...(on && { untilMs: atMs + forMs }),
        atMs,
      });
      return store.journal.flush();
    };
    try {
      const refused = await attempt([true, true]);
      expect(refused).toMatchObject({ taken: false, said: expect.stringContaining('lane A is not in maintenance') });
      await mode(true);
      expect((await attempt([true, false])).taken).toBe(true);
      await mode(false);
      expect((await attempt([true])).taken).toBe(false);
      await mode(true, 1);
      await clock.sleep(50);
      expect((await attempt([true])).taken).toBe(false);
      expect(heard).toHaveLength(1);
    } finally {
      await store.close();
    }
  });
});
