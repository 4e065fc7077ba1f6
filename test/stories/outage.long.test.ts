/** An outage during which a payment is told: nothing of the record has left, so it is withdrawn, and never sent. Through the whole program. */
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { freePort } from '../../src/sim/management-system.ts';
import { certificate } from '../delivery/upload/platform.ts';
import { nobody } from '../delivery/upload/test-proxy.ts';
import { endings } from '../endings.ts';
import { carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually, platformProcess, program } from './processes.ts';

const SECRET = 'outage-story-secret';
const TOKEN = '0123456789abcdef';

/** A server whose certificate nobody vouches for. */
async function stranger(): Promise<string> {
  const server = https.createServer(certificate());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

it.each<[string, () => Promise<string>, RegExp]>([
  ['a refused connection', async () => `http://${await nobody()}`, /refuses the connection/],
  ['a name that does not resolve', async () => 'https://platform.invalid', /cannot be resolved/],
  ['a TLS handshake that fails', stranger, /is not trusted/],
])('%s: what was paid for meanwhile is never sent', async (_, platformUrl, said) => {
  const lane = await laneOnPty(SECRET);
  const { wired, config, folder } = lane;
  const port = await freePort();
  const url = await platformUrl();
  const intake = `intake: { http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] } }\n`;
  change(config, { [lane.platform.url]: url }, intake);
  writeSecrets(lane, { 'cloud.appSecret': SECRET, 'intake.pms': TOKEN });
  const post = async (path: string, body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const address = `http://127.0.0.1:${port}/api/v1/${path}`;
    return (await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  const letOut = async (plate: string) => {
    await polled(wired.board, running, 8);
    Object.assign(wired.levels, { approach: true });
    await polled(wired.board, running, 8);
    expect(await post('plates', { lane: '1001', plate, confidence: 0.98 })).toBe(202);
    await carLetOutByButton(wired, running);
  };
  const running = run(config);
  await polled(wired.board, running, 20);
  await letOut('粤B12345');
  await running.says(said);
  const issuedAt = new Date(systemClock().wallMs()).toISOString();
  expect(await post('grants', { id: 'P1', plate: '粤B12345', issuedAt })).toBe(202);
  await running.says(/withdrawn/);
  const queue = program(['queue', 'show', '1', '--store', `${folder}/state`, '--lang', 'en']);
  expect(await queue.ended, queue.output()).toBe(0);
  expect(queue.output()).toContain('withdrawn');
  if (!url.startsWith('http:')) return;

  // The outage is over: the platform gets the next one, and not this.
  const platform = await platformProcess(SECRET, new URL(url).port);
  endings.push(() => platform.running.end());
  await letOut('粤B99999');
  await eventually('the platform has a record', () => platform.records().length > 0, running.output);
  expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
  expect(platform.records().map(({ fields }) => (fields as Record<string, string>).plate)).toEqual(['粤B99999']);
});
