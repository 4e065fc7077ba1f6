/** How far the platform is reached: each step that may fail, by the word of the system; and nothing is asked over a certificate nobody believes. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { diagnoseText } from '../../../src/commission/diagnose-text.ts';
import { reach } from '../../../src/delivery/http/reachability.ts';
import { proxyOf } from '../../../src/outward/proxy.ts';
import { certificate, testPlatform } from './platform.ts';
import { asking, nobody, refusing, testProxy } from './test-proxy.ts';

const clock = systemClock();
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
  expect(diagnoseText.failed('proxyTls', 'ERR_TLS_CERT_ALTNAME_INVALID').todo.en).toContain('the proxy’s host name');
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

/** As the diagnosis asks, with what the environment says. */
function through(url: string, httpsProxy: string, ca?: string) {
  const proxy = proxyOf({ url }, { httpsProxy });
  return reach({ url, ...(proxy && { proxy }), ...(ca !== undefined && { ca }) }, clock);
}

it('goes through a proxy, with the login of its address, and names the proxy as what it looked up', async () => {
  const platform = await testPlatform();
  const { address, asked } = await testProxy(asking('box:pass word'));
  const bare = address.replace('http://', '');
  const found = await through(platform.url, `box:pass%20word@${bare}`);
  expect(found).toMatchObject({ host: '127.0.0.1', answer: { status: 200 } });
  expect(asked).toEqual([new URL(platform.url).host]);
  const away = await through('http://platform.invalid', `http://box:wrong-7f3@${bare}`);
  expect(away).toMatchObject({ host: '127.0.0.1', failed: { step: 'proxyLogin', code: 'HTTP 407' } });
  expect(JSON.stringify(away)).not.toContain('wrong-7f3');
});

it('says what the proxy does, as of the proxy', async () => {
  const platform = await testPlatform();
  const failed = async (proxy: string) => (await through(platform.url, proxy)).failed;
  const opened = await testProxy((_socket, open) => open(204));
  expect((await through(platform.url, opened.address)).answer?.status).toBe(200);
  expect(await failed('not a url')).toEqual({ step: 'badProxy', code: 'ERR_INVALID_URL' });
  expect(await failed((await testProxy(refusing(403))).address)).toEqual({ step: 'proxy', code: 'HTTP 403' });
  const hangsUp = await testProxy((socket) => socket.end());
  expect(await failed(hangsUp.address)).toEqual({ step: 'proxy', code: 'closed' });
  const other = await testProxy((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
  expect(await failed(other.address)).toEqual({ step: 'proxy', code: 'not HTTP' });
  expect(await failed(await nobody())).toEqual({ step: 'proxyDown', code: 'ECONNREFUSED' });
  expect((await failed('http://proxy.invalid'))?.step).toBe('proxyDown');
  for (const step of ['badProxy', 'proxyDown', 'proxyTls', 'proxyLogin', 'proxy'] as const)
    expect(diagnoseText.failed(step, 'x').found).toMatchObject({
      zh: expect.stringContaining('代理'),
      en: expect.stringContaining('proxy'),
    });
});

it('over TLS believes the proxy’s certificate by the same CA, tells it no login before, and leaves no connection', async () => {
  const [made, company] = [certificate('-days', '2'), certificate('-days', '2')];
  const platform = await testPlatform(made);
  const proxy = await testProxy(asking('box:pw'), company);
  const address = proxy.address.replace('https://', 'https://box:pw@');
  const believed = await through(platform.url, address, `${made.cert}${company.cert}`);
  expect(believed).toMatchObject({ answer: { status: 200 }, certificate: { subject: 'localhost' } });
  await expect.poll(proxy.connections).toBe(0);
  const before = proxy.logins.length;
  const unknown = await through(platform.url, address, made.cert);
  expect(unknown.failed).toEqual({ step: 'proxyTls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(unknown.certificate).toBeUndefined();
  expect(proxy.logins).toHaveLength(before);
  await expect.poll(proxy.connections).toBe(0);
});
