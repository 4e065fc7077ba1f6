/** How far the platform is reached: each step that may fail, by the word of the system; and nothing is asked over a certificate nobody believes. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { reach } from '../../src/cloud/reach.ts';
import { diagnoseText } from '../../src/text/diagnose.ts';
import { certificate, testPlatform } from './platform.ts';

const clock = systemClock();
const proxies: Server[] = [];
afterEach(() => {
  for (const proxy of proxies.splice(0)) {
    proxy.closeAllConnections();
    proxy.close();
  }
});

async function proxyAnswering(status: number): Promise<string> {
  const proxy = createServer();
  proxy.on('connect', (request, socket, head) => {
    socket.on('error', () => undefined);
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const { hostname, port } = new URL(`http://${request.url}`);
    const far = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
    return undefined;
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  proxies.push(proxy);
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

it('shows a certificate nobody vouches for, asks nothing over it, and asks when its CA is there', async () => {
  const made = certificate('-days', '2');
  const platform = await testPlatform(made);
  const url = platform.url.replace('127.0.0.1', 'localhost');
  const refused = await reach({ url }, clock);
  expect(refused.failed).toEqual({ step: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(refused.certificate).toMatchObject({ subject: 'localhost', chain: 1 });
  expect(refused.answer).toBeUndefined();
  expect(platform.got).toHaveLength(0);
  const believed = await reach({ url, ca: made.cert }, clock);
  expect(believed.failed).toBeUndefined();
  const misnamed = await reach({ url: url.replace('localhost', '127.0.0.1'), ca: made.cert }, clock);
  expect(misnamed.failed).toEqual({ step: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  expect(diagnoseText.failed('tls', 'ERR_TLS_CERT_ALTNAME_INVALID').todo.en).toContain('a CA does not help');
  expect(believed.answer?.status).toBe(200);
  expect(Math.abs((believed.answer?.dateWallMs ?? 0) - Date.now())).toBeLessThan(5_000);
  expect((believed.certificate?.untilWallMs ?? 0) - Date.now()).toBeGreaterThan(86_400_000);
});

it('names the step that failed', async () => {
  const nowhere = await reach({ url: 'https://platform.invalid' }, clock);
  expect(nowhere.failed?.step).toBe('dns');
  expect(await reach({ url: 'http://127.0.0.1:1' }, clock)).toMatchObject({
    addresses: ['127.0.0.1'],
    failed: { step: 'connect', code: 'ECONNREFUSED' },
  });
});

it('goes through a proxy, and says when the proxy refuses', async () => {
  const platform = await testPlatform();
  expect((await reach({ url: platform.url, proxy: await proxyAnswering(200) }, clock)).answer?.status).toBe(200);
  const bare = (await proxyAnswering(200)).replace('http://', '');
  expect((await reach({ url: platform.url, proxy: bare }, clock)).answer?.status).toBe(200);
  const useless = await reach({ url: platform.url, proxy: 'not a url' }, clock);
  expect(useless.failed).toEqual({ step: 'proxy', code: 'ERR_INVALID_URL' });
  const refused = await reach({ url: platform.url, proxy: await proxyAnswering(403) }, clock);
  expect(refused.failed).toEqual({ step: 'proxy', code: 'HTTP 403' });
});
