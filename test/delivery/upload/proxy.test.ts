/** Records through a proxy: which one, with which login; and what keeps it from passing a record on is said of the proxy, with nothing sent. */
import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { DeliveryReceipt } from '../../../src/delivery/request/delivery-receipt.ts';
import { receiptText } from '../../../src/delivery/request/receipt-text.ts';
import { createUploader } from '../../../src/delivery/upload/uploader.ts';
import { proxyOf } from '../../../src/outward/proxy.ts';
import { open, record, temporaryFolder } from '../../store/open.ts';
import type { CloudSettings } from '../flat-client.ts';
import { certificate, certificateFor, testPlatform } from './platform.ts';
import { client, outboxRecord } from './records.ts';
import { asking, nobody, refusing, silent, testProxy } from './test-proxy.ts';

/** Node warns once in a process, so also for what came before. */
const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));

describe('which one', () => {
  const host = 'https://api.example.com';
  const through = (noProxy: string, url = host) =>
    proxyOf({ url }, { httpsProxy: 'http://p:1', httpProxy: 'http://p:2', noProxy })?.url?.host ?? 'direct';

  it.each([
    ['', 'p:1'],
    ['other.example.com', 'p:1'],
    ['api.example.com', 'direct'],
    ['API.Example.com', 'direct'],
    ['example.com', 'direct'],
    ['.example.com', 'direct'],
    ['*.example.com', 'direct'],
    ['ample.com', 'p:1'],
    ['localhost,127.0.0.1, example.com', 'direct'],
    ['localhost example.com', 'direct'],
    ['api.example.com:443', 'direct'],
    ['api.example.com:8443', 'p:1'],
    ['*', 'direct'],
    [',', 'p:1'],
  ])('NO_PROXY="%s": %s', (noProxy, expected) => {
    expect(through(noProxy)).toBe(expected);
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:8080', 'direct'],
    ['127.0.0.1:80', 'http://127.0.0.1:8080', 'p:2'],
    ['', 'https://api.example.com.', 'p:1'],
    ['::1', 'https://[::1]:8443', 'direct'],
    ['[::1]:8443', 'https://[::1]:8443', 'direct'],
    ['[::1]:443', 'https://[::1]:8443', 'p:1'],
  ])('NO_PROXY="%s" for %s: %s', (noProxy, url, expected) => {
    expect(through(noProxy, url)).toBe(expected);
  });

  it('that of the configuration counts whatever the environment says', () => {
    const environment = { httpsProxy: 'http://p:1', noProxy: '*' };
    expect(proxyOf({ url: host, proxy: 'http://own:3' }, environment)?.url?.host).toBe('own:3');
  });

  it('through a proxy, and past it where the environment says so', async () => {
    const platform = await testPlatform();
    const { asked, address } = await testProxy();
    const through = client(platform.url, { proxy: address });
    expect(await through.send(outboxRecord(), undefined)).toMatchObject({ kind: 'accepted' });
    expect(asked).toEqual([new URL(platform.url).host]);
    const environment = { httpsProxy: address, httpProxy: address, noProxy: '127.0.0.1' };
    expect(await client(platform.url, {}, { environment }).send(outboxRecord(), undefined)).toMatchObject({
      kind: 'accepted',
    });
    expect(asked).toHaveLength(1);
    await through.close();
  });

  it('through a proxy whose address has no scheme', async () => {
    const platform = await testPlatform();
    const { asked, address } = await testProxy();
    const environment = { httpsProxy: address.replace('http://', '') };
    const sender = client(platform.url, {}, { environment });
    expect(await sender.send(outboxRecord(), undefined)).toMatchObject({ kind: 'accepted' });
    expect(asked).toHaveLength(1);
  });

  it.each(['not a url', 'socks5://127.0.0.1:1', 'http://', '127.0.0.1:99999', 'http://u:%zz@127.0.0.1:1'])(
    'a proxy address of no use ends nothing and is said: %s',
    async (httpsProxy) => {
      const sender = client('https://localhost:9', {}, { environment: { httpsProxy } });
      const receipt = await sender.send(outboxRecord(), undefined);
      expect(receipt).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^badProxy: /), unsent: true });
      expect(JSON.stringify(receipt)).not.toContain('zz');
    },
  );

  it.each([204, 299])('a tunnel opened with %i is one', async (status) => {
    const platform = await testPlatform();
    const { address } = await testProxy((_socket, open) => open(status));
    const sender = client(platform.url, { proxy: address });
    expect(await sender.send(outboxRecord(), undefined)).toMatchObject({ kind: 'accepted' });
  });
});

describe('a login', () => {
  const login = async (written: string, wanted: string): Promise<DeliveryReceipt> => {
    const platform = await testPlatform();
    const { address } = await testProxy(asking(wanted));
    const environment = { httpProxy: address.replace('http://', `http://${written}`) };
    return client(platform.url, {}, { environment }).send(outboxRecord(), undefined);
  };

  it.each([
    ['box:pass%20word%40@', 'box:pass word@'],
    ['box:p@', 'box:p'],
    ['box@', 'box:'],
    [':p@', ':p'],
  ])('of the address is given: %s', async (written, wanted) => {
    expect(await login(written, wanted)).toMatchObject({ kind: 'accepted' });
  });

  it.each(['', 'box:guess-7f3@'])('that is not there, or wrong, is asked for: "%s"', async (written) => {
    const receipt = await login(written, 'box:right');
    expect(receipt).toEqual({ kind: 'retry', why: 'proxyLogin: HTTP 407', unsent: true });
    expect(receiptText(receipt).en).toMatch(/the proxy requires a user and a password, or refuses those given/);
    expect(receiptText(receipt).zh).toContain('代理服务器要求用户名和密码');
    expect(JSON.stringify([receipt, receiptText(receipt)])).not.toContain('guess');
  });
});

describe('what keeps it from passing a record on', () => {
  const tried = async (more: Partial<CloudSettings>) => {
    const receipt = await client('https://localhost:9', more).send(outboxRecord(), undefined);
    // Whatever is the matter, it is the proxy that a person is sent to.
    expect(receiptText(receipt).en).toContain('the proxy');
    expect(receiptText(receipt).zh).toContain('代理服务器');
    return receipt;
  };

  it.each([403, 502, 300, 500])('it refuses with %i', async (status) => {
    const { asked, address } = await testProxy(refusing(status));
    expect(await tried({ proxy: address })).toEqual({ kind: 'retry', why: `proxy: HTTP ${status}`, unsent: true });
    expect(asked).toHaveLength(1);
  });

  it('nobody is there, or no such name', async () => {
    const refused = await tried({ proxy: `http://${await nobody()}` });
    expect(refused).toEqual({ kind: 'retry', why: 'proxyDown: ECONNREFUSED', unsent: true });
    const unnamed = await tried({ proxy: 'http://proxy.invalid:8080' });
    expect(unnamed).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^proxy(Down|Timeout)/), unsent: true });
  });

  it('it does not answer when it is called', async () => {
    const proxy = `https://${await silent()}`;
    const late = await tried({ proxy, timeoutMs: 300 });
    expect(late).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^proxyTimeout/), unsent: true });
    // Much to send is no reason to wait longer for a connection.
    const slow = await tried({ proxy, timeoutMs: 300, slowestBytesPerSecond: 1 });
    expect(slow).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^proxyTimeout/), unsent: true });
    expect(receiptText(slow).en).toContain('the proxy cannot be reached');
  });

  it.each<[string, (socket: net.Socket) => unknown]>([
    ['resets', (socket) => socket.resetAndDestroy()],
    ['closes', (socket) => socket.end()],
    ['half answers', (socket) => socket.end('HTTP/1.1 20')],
  ])('it %s when it is asked, which it is once a try', async (_, behave) => {
    const { asked, address } = await testProxy(behave);
    const sender = client('https://localhost:9', { proxy: address });
    for (const tries of [1, 2]) {
      const receipt = await sender.send(outboxRecord(), undefined);
      expect(receipt).toMatchObject({ kind: 'retry', why: expect.stringMatching(/^proxy: /), unsent: true });
      expect(asked).toHaveLength(tries);
    }
  });

  it('it stalls; and what was given up does not leave when it wakes', async () => {
    const made = certificate('-days', '2');
    const platform = await testPlatform(made);
    const waiting: (() => void)[] = [];
    let isAwake = false;
    const { asked, address } = await testProxy((_socket, open) => {
      if (isAwake) open();
      else waiting.push(open);
    });
    const sender = client(platform.url, { proxy: address, ca: made.cert, timeoutMs: 400 });
    const late = await sender.send(outboxRecord({ serial: 'late' }), undefined);
    expect(late).toEqual({ kind: 'retry', why: 'proxyTimeout', unsent: true });
    expect(receiptText(late).en).toContain('does not put through');
    isAwake = true;
    for (const open of waiting) open();
    await expect.poll(() => sender.send(outboxRecord(), undefined)).toMatchObject({ kind: 'accepted' });
    expect(platform.got.map(({ fields }) => fields.parking_serial)).toEqual([outboxRecord().serial]);
    expect(asked.length).toBeLessThan(4);
  });

  it('it stalls, and we stop', async () => {
    const stop = new AbortController();
    const { address } = await testProxy(() => stop.abort());
    const sender = client('https://localhost:9', { proxy: address, timeoutMs: 60_000 });
    const receipt = await sender.send(outboxRecord(), undefined, stop.signal);
    expect(receipt).toEqual({ kind: 'retry', why: 'stopped', unsent: true });
  });

  it('beyond it the platform is silent after the record: that is the platform, and the record may be there', async () => {
    const platform = await testPlatform();
    platform.behave = () => 'handled';
    const { address } = await testProxy();
    const sender = client(platform.url, { proxy: address, timeoutMs: 300 });
    expect(await sender.send(outboxRecord(), undefined)).toEqual({ kind: 'retry', why: 'timeout' });
  });

  it('a record that it refused counts as not sent: it can still be withdrawn', async () => {
    const { address } = await testProxy(refusing(407));
    const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
    const { id } = await store.outbox.put(record('1'));
    const uploader = createUploader({
      outbox: store.outbox,
      client: client('https://localhost:9', { proxy: address }),
      clock: systemClock(),
      settings: { backOffMs: 60_000, random: () => 1 },
    });
    const stopping = new AbortController();
    const running = uploader.run(stopping.signal);
    await expect
      .poll(async () => (await store.review.get(id))?.record)
      .toMatchObject({ state: 'waiting', attempts: 1, sent: false });
    stopping.abort();
    await running;
  });
});

describe('over TLS', () => {
  it('its certificate is believed by the same CA as the platform’s, and asked for by name', async () => {
    const [made, company] = [certificate('-days', '2'), certificate('-days', '2')];
    const platform = await testPlatform(made);
    const { asked, address } = await testProxy(asking('box:pw'), company);
    const ca = `${made.cert}${company.cert}`;
    const written = address.replace('https://', 'https://box:pw@');
    const believing = client(platform.url, { ca }, { environment: { httpsProxy: written } });
    expect(await believing.send(outboxRecord(), undefined)).toMatchObject({ kind: 'accepted' });
    expect(asked).toEqual([new URL(platform.url).host]);
  });

  it('a certificate that nobody vouches for, or for another name, is said of the proxy, which hears no login', async () => {
    const company = certificate('-days', '2');
    const { logins, address } = await testProxy(undefined, company);
    const written = address.replace('https://', 'https://box:pw@');
    const tried = (httpsProxy: string, ca?: string) =>
      client('https://localhost:9', ca === undefined ? {} : { ca }, { environment: { httpsProxy } }).send(
        outboxRecord(),
        undefined,
      );
    const unknown = await tried(written);
    expect(unknown).toEqual({ kind: 'retry', why: 'proxyTls: DEPTH_ZERO_SELF_SIGNED_CERT', unsent: true });
    expect(receiptText(unknown).en).toContain('the certificate of the proxy');
    const misnamed = await tried(written.replace('localhost', '127.0.0.1'), company.cert);
    expect(misnamed).toEqual({ kind: 'retry', why: 'proxyTls: ERR_TLS_CERT_ALTNAME_INVALID', unsent: true });
    expect(logins).toEqual([]);
  });

  it('by its address alone, without a warning of Node’s', async () => {
    const company = certificateFor('IP:127.0.0.1', '-days', '2');
    const platform = await testPlatform();
    const { address } = await testProxy(undefined, company);
    const sender = client(platform.url, { ca: company.cert, proxy: address.replace('localhost', '127.0.0.1') });
    expect(await sender.send(outboxRecord(), undefined)).toMatchObject({ kind: 'accepted' });
    expect(warnings).toEqual([]);
  });

  it('an expired certificate is a fault of the clock while nobody vouches for the clock', async () => {
    const expired = certificate('-not_before', '20200101000000Z', '-not_after', '20200201000000Z');
    const { address } = await testProxy(undefined, expired);
    const sender = client('https://localhost:9', { ca: expired.cert, proxy: address }, { clockKnown: () => false });
    expect(await sender.send(outboxRecord(), undefined)).toMatchObject({ why: 'clock: CERT_HAS_EXPIRED' });
  });
});
