/** A lane whose only wiring is a camera: its barrier and its loop are seen through it, up to the record at the platform. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { eventually, platformProcess, program, start, temporaryFolder } from './processes.ts';

const SECRET = 'camera-points-secret';
const CAMERA = fileURLToPath(new URL('../drivers/cameras/wired-camera.mjs', import.meta.url));
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it('an opening that nobody paid for is seen through the camera that is wired to the barrier, and the camera is only asked', async () => {
  const folder = temporaryFolder();
  const platform = await platformProcess(SECRET);
  endings.push(() => platform.running.end());
  const camera = start(process.execPath, [CAMERA]);
  endings.push(() => camera.end('SIGKILL'));
  await eventually('the camera says where it is', () => camera.lines().length > 0);
  const { http } = JSON.parse(camera.lines()[0] ?? '') as { http: number };
  const become = (state: Record<string, unknown>): void => {
    camera.process.stdin?.write(`${JSON.stringify(state)}\n`);
  };
  const config = join(folder, 'lanewarden.yaml');
  writeFileSync(
    config,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "${platform.url}", appSecret: { secret: cloud.appSecret }, picture: none, clockHold: 0s }
cameras:
  - { id: cam1, kind: hikvision, url: "http://127.0.0.1:${http}", user: viewer, password: { secret: cameras.cam1 }, inputsMs: 100 }
lanes:
  - id: "1001"
    name: 出口
    direction: exit
    reporting: { by: tester, reason: nothing tells of payments }
    points: { down: cam1.arm_down, up: cam1.arm_up, barrier: cam1.input1 }
    settings: { settle: 300ms }
store: { path: "${join(folder, 'state')}" }
`,
  );
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "${SECRET}"\ncameras.cam1: "right"\n`, { mode: 0o600 });
  const running = program(['run', '--config', config, '--lang', 'en']);
  endings.push(() => running.process.kill('SIGKILL'));
  const asked = (): string[] =>
    camera.lines().flatMap((line) => (JSON.parse(line) as { request?: string }).request ?? []);
  const looks = async (more: number): Promise<void> => {
    const from = asked().length;
    await eventually('the camera is asked', () => asked().length >= from + more, running.output);
  };
  await looks(12);
  become({ arm: 0 });
  await looks(8);
  become({ arm: 2 });
  await looks(8);
  become({ inputs: [1, 0, 0, 0] });
  await looks(14);
  become({ inputs: [0, 0, 0, 0] });
  await looks(8);
  become({ arm: 0 });
  await looks(8);
  become({ arm: 1 });
  await eventually('the record is at the platform', () => platform.records().length > 0, running.output);
  become({ silent: true });
  await running.says(/no answer in time/i);
  expect((await running.end()).code).toBe(0);
  expect([...new Set(asked())].sort()).toEqual([
    'GET /ISAPI/Parking/channels/1/barrierGate/barrierGateStatus',
    'GET /ISAPI/System/IO/inputs/1/status',
  ]);
  if (process.env.SHOW) process.stdout.write(running.output());
});
