/** A disk that turns read-only under the running program: the next release is at the platform all the same, and the box says how. */
import https from 'node:https';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { freePort } from '../../src/sim/management-system.ts';
import { disk, failDisk, whyNoDisk } from '../store/disks.ts';
import { carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually, program } from './processes.ts';

const SECRET = 'dead-disk-story-secret';
const TOKEN = '0123456789abcdef';

/** Status and JSON, whoever signed the box's own certificate. */
function ask(url: string): Promise<{ readonly status: number | undefined; readonly json: unknown }> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { rejectUnauthorized: false, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, json: JSON.parse(text) }));
    });
    request.on('error', reject);
  });
}

it.skipIf(whyNoDisk() !== undefined)(
  'a release on a read-only disk is delivered and counted, and not sent again after a kill',
  async () => {
    const lane = await laneOnPty(SECRET);
    const { wired, platform, config, folder } = lane;
    const made = disk(64);
    const page = await freePort();
    const state = `${made.folder}/state`;
    const port = await freePort();
    const intake = `intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\n`;
    change(config, { [`${folder}/state`]: state }, `page: { listen: "127.0.0.1:${page}" }\n${intake}`);
    writeSecrets(lane, { 'cloud.appSecret': SECRET, 'intake.pms': TOKEN });
    const post = async (path: string, body: object): Promise<number> => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
      const url = `http://127.0.0.1:${port}/api/v1/${path}`;
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    const running = run(config);
    await polled(wired.board, running, 20);
    failDisk(made.folder);
    await running.says(/read-only/);
    await carLetOutByButton(wired, running);
    await eventually('the platform has the record', () => platform.records().length === 1, running.output);
    expect(await ask(`https://127.0.0.1:${page}/readyz`)).toEqual({
      status: 503,
      json: { status: 'unready', unkept: 1 },
    });
    // A payment is told again until the disk has it, and counts meanwhile: the next record is of the car after this one.
    await polled(wired.board, running, 20);
    const issuedAt = new Date(systemClock().wallMs()).toISOString();
    expect(await post('grants', { id: 'P1', lane: '1001', issuedAt })).toBe(503);
    await carLetOutByButton(wired, running);
    await polled(wired.board, running, 40);
    expect(platform.records()).toHaveLength(1);
    const serialsThere = () =>
      platform.records().map(({ fields }) => (fields as Record<string, string>).parking_serial as string);
    const [serial] = serialsThere();
    // What was never durable is gone; nothing of it is sent again.
    await running.end('SIGKILL');
    made.unmount();
    made.mount();
    const again = run(config);
    await polled(wired.board, again, 20);
    await carLetOutByButton(wired, again);
    await eventually('the platform has the next', () => platform.records().length >= 2, again.output);
    expect((await again.end('SIGTERM')).code, again.output()).toBe(0);
    const serials = serialsThere();
    expect(serials.filter((each) => each === serial)).toHaveLength(1);
    expect(new Set(serials).size).toBe(2);
    const queue = program(['queue', 'ls', '--store', state, '--state', 'delivered', '--lang', 'en']);
    expect(await queue.ended, queue.output()).toBe(0);
    expect(queue.output()).toMatch(/^ +1 +delivered/);
  },
);
