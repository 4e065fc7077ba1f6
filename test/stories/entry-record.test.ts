/** Settings `serial: entry-record` and `picture: url`: from a payment on the intake's socket to the serial and the address at the platform. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { freePort } from '../../src/sim/management-system.ts';
import { carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually } from './processes.ts';

const SECRET = 'entry-story-secret';
const TOKEN = '0123456789abcdef';

async function setUp() {
  const lane = await laneOnPty(SECRET);
  const port = await freePort();
  const cloud =
    'clockHold: 0, serial: entry-record, picture: url, pictureUrl: "https://pictures.example/{serial}/{file}"';
  const intake = `intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\n`;
  change(lane.config, { 'clockHold: 0': cloud }, intake);
  writeSecrets(lane, { 'cloud.appSecret': SECRET, 'intake.pms': TOKEN });
  const post = async (path: string, body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${port}/api/v1/${path}`;
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  return { ...lane, post };
}

describe('a car that paid ahead, stayed too long and was let out by button', () => {
  it('is reported under its entry record, and a second time under one with a suffix', async () => {
    const { wired, platform, config, post } = await setUp();
    const running = run(config);
    await polled(wired.board, running, 20);
    const nowMs = systemClock().wallMs();
    const [issuedAt, expiresAt] = [nowMs, nowMs + 200].map((wallMs) => new Date(wallMs).toISOString());
    const paid = { id: 'P1', plate: '粤B12345', parkingSerial: 'E-77', issuedAt, expiresAt };
    expect(await post('grants', paid)).toBe(202);
    await eventually('it is over', () => systemClock().wallMs() > nowMs + 1_000);
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
    // The address is signed: the platform would have refused it otherwise. On a busy machine a camera may be late for one of the two.
    const address = sent.map(({ capture_image }) => capture_image).find((text) => text !== undefined);
    expect(address ?? running.output()).toMatch(
      /^https:\/\/pictures\.example\/E-77(-[0-9A-Z]{26})?\/[0-9A-Z]{26}\.jpg$/,
    );
    expect(platform.records()[0]).toMatchObject({ pictureBytes: 0 });
    expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
  });
});
