/** Every field of a record: from what the management system told, over a kill -9, to a signed request that the platform checks. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { freePort } from '../../src/sim/management-system.ts';
import { carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually } from './processes.ts';

const SECRET = 'whole-record-secret';
const TOKEN = '0123456789abcdef';
const FIELDS = [
  ...[
    'app_id',
    'capture_image',
    'car_desc',
    'car_type',
    'gate_id',
    'gate_name',
    'operator',
    'park_uuid',
    'parking_serial',
  ],
  ...[
    'plate',
    'plate_color',
    'reason',
    'release_method',
    'release_method_desc',
    'release_time',
    'release_type',
    'sign',
  ],
];

describe('what the management system told', () => {
  it('is in the record after a power cut: all seventeen fields, and the reason begins with what matters', async () => {
    const lane = await laneOnPty(SECRET);
    const { wired, platform, config, camera } = lane;
    const port = await freePort();
    const intake = `intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\n`;
    const ring = { 'preset: custom,': 'preset: custom, ring: { framesPerSecond: 2, seconds: 5 },' };
    change(config, { 'clockHold: 0': 'clockHold: 0, serial: entry-record, appId: op1', ...ring }, intake);
    writeSecrets(lane, { 'cloud.appSecret': SECRET, 'intake.pms': TOKEN });
    const post = async (path: string, body: object): Promise<number> => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
      const url = `http://127.0.0.1:${port}/api/v1/${path}`;
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    const ago = (minutes: number) => new Date(systemClock().wallMs() - minutes * 60_000).toISOString();
    const first = run(config);
    await polled(wired.board, first, 20);
    const stay = { id: 'E-77', plate: '粤B12345', lane: '2001', at: ago(192.5), carType: 1, carDesc: '临停' };
    const ended = new Date(systemClock().wallMs() - 60_000 - ((systemClock().wallMs() + 8 * 3_600_000) % 60_000));
    const pass = { plate: '粤B22222', description: '月卡A', to: ended.toISOString(), plateColor: 'yellow' };
    expect(await post('entries', stay)).toBe(202);
    expect(await post('vehicles', pass)).toBe(202);
    expect(await post('shifts', { id: 's1', operator: '张三', at: ago(60) })).toBe(202);
    first.process.kill('SIGKILL');
    await first.ended;

    const running = run(config);
    for (const [index, plate] of ['粤B12345', '粤B22222'].entries()) {
      await polled(wired.board, running, 20);
      Object.assign(wired.levels, { approach: true });
      const { asked } = camera;
      await eventually('frames are taken', () => camera.asked > asked + 2, running.output);
      expect(await post('plates', { lane: '1001', plate, confidence: 0.98 })).toBe(202);
      await carLetOutByButton(wired, running);
      await eventually('the platform has it', () => platform.records().length === index + 1, running.output);
    }
    const [one, two] = platform
      .records()
      .map(({ fields, pictureBytes }) => ({ ...(fields as Record<string, string>), pictureBytes }));
    const given = Object.keys(one ?? {}).filter((name) => name !== 'pictureBytes');
    expect([...given, 'capture_image'].sort()).toEqual(FIELDS);
    expect(one?.pictureBytes).toBeGreaterThan(1_000);
    expect(one).toMatchObject({
      ...{ parking_serial: 'E-77', car_type: '1', car_desc: '临停', operator: '张三', plate_color: '-1' },
      reason: expect.stringMatching(/^入场 3 小时 1[23] 分，未缴费；/),
    });
    const hour = new Date(ended.getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
    expect(two).toMatchObject({ car_type: '2', car_desc: '月卡A', plate_color: '2', operator: '张三' });
    if (hour !== '00:00') expect(two).toMatchObject({ reason: expect.stringContaining(`月卡A 已于 ${hour} 到期`) });
    expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
  });
});
