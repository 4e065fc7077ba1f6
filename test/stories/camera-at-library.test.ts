/**
 * Two devices of GA/T 1400 behind one address, through the whole program: they register with their login, the plate and the picture of the
 * one at the lane go into the record, and the other's do not.
 */
import { expect, it } from 'vitest';
import { freePort } from '../../src/sim/management-system.ts';
import { jpeg } from '../drivers/cameras/shapes.ts';
import { createViidDevice } from '../sim/viid-device.ts';
import { carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually } from './processes.ts';

const SECRET = 'camera-at-library-secret';
const [GATE, YARD] = ['33000000001320000001', '33000000001320000002'];

it('a device that registers gives the record its plate, and one of another number does not', async () => {
  const lane = await laneOnPty(SECRET);
  const { wired, platform, config } = lane;
  const port = await freePort();
  change(
    config,
    {
      'kind: camera-http, preset: custom': `kind: gat1400, preset: custom, deviceId: "${GATE}", register: { user: gate, password: { secret: viid.gate } }`,
    },
    `intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\npage: { enabled: false }\n`,
  );
  writeSecrets(lane, { 'cloud.appSecret': SECRET, 'intake.pms': '0123456789abcdef', 'viid.gate': 'of the library' });
  const running = run(config);
  await polled(wired.board, running);
  const device = (deviceId: string, password: string) =>
    createViidDevice(`http://127.0.0.1:${port}`, { deviceId, user: 'gate', password });
  const see = (text: string) => ({
    plate: { text, confidence: 0.97, color: 'blue' as const },
    wallMs: Date.now(),
    picture: jpeg(1, 40_000),
  });

  Object.assign(wired.levels, { approach: true });
  await polled(wired.board, running, 8);
  expect(await device(GATE, 'guessed').register()).toBe(401);
  expect(await device(GATE, 'guessed').push(see('京A00009'))).toBe(401);
  expect(await device(YARD, 'of the library').push(see('京A00008'))).toBe(400);
  const gate = device(GATE, 'of the library');
  expect(await gate.push(see('粤BZ0001')), 'it registers when it is told to').toBe(200);
  await running.says('plate read');
  await carLetOutByButton(wired, running);
  await eventually('the record is at the platform', () => platform.records().length > 0, running.output);
  expect(platform.records()).toHaveLength(1);
  expect(platform.records()[0]).toMatchObject({ fields: { plate: '粤BZ0001', release_method_desc: '按钮开闸' } });
  expect((await running.end()).code, running.output()).toBe(0);
  expect(running.output().match(/plate read/g)).toHaveLength(1);
  expect(running.output()).not.toContain('of the library');
});
