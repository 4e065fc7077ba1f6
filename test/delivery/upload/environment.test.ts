/** NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment, as some instruction on the web has it: certificates of the platform, a proxy and a broker are checked all the same. */
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBox } from '../../intake/mqtt-box.ts';
import { temporaryFolder } from '../../store/open.ts';
import { certificate, testPlatform } from './platform.ts';
import { client, outboxRecord } from './records.ts';
import { testProxy } from './test-proxy.ts';

const NAME = 'NODE_TLS_REJECT_UNAUTHORIZED';
const before = process.env[NAME];
const endings: (() => unknown)[] = [];
beforeAll(() => {
  process.env[NAME] = '0';
});
afterAll(() => {
  if (before === undefined) delete process.env[NAME];
  else process.env[NAME] = before;
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

describe('a certificate that nobody vouches for', () => {
  it('of the platform: no record goes there, and its time is not believed', async () => {
    const platform = await testPlatform(certificate('-days', '2'));
    const dates: number[] = [];
    const sender = client(platform.url, {}, { onDate: (_, wallMs) => dates.push(wallMs), clockKnown: () => false });
    expect(await sender.send(outboxRecord(), undefined)).toMatchObject({
      kind: 'retry',
      why: 'tls: DEPTH_ZERO_SELF_SIGNED_CERT',
      unsent: true,
    });
    await sender.requestTime(new AbortController().signal);
    expect(platform.got).toEqual([]);
    expect(dates).toEqual([]);
  });

  it('of a platform behind a proxy: no record goes through the tunnel', async () => {
    const platform = await testPlatform(certificate('-days', '2'));
    const { address } = await testProxy();
    const receipt = await client(platform.url, { proxy: address }).send(outboxRecord(), undefined);
    expect(receipt).toMatchObject({ kind: 'retry', unsent: true });
    expect(platform.got).toEqual([]);
  });

  it('of a proxy: it hears no login', async () => {
    const platform = await testPlatform();
    const proxy = await testProxy(undefined, certificate('-days', '2'));
    const address = proxy.address.replace('https://', 'https://box:pa55word@');
    expect(await client(platform.url, { proxy: address }).send(outboxRecord(), undefined)).toMatchObject({
      kind: 'retry',
      unsent: true,
    });
    expect(proxy.logins).toEqual([]);
    expect(platform.got).toEqual([]);
  });

  it('of a broker: it hears no password', async () => {
    const heard: Buffer[] = [];
    const broker = createTlsServer(certificate('-days', '2'), (socket) => {
      socket.on('data', (bytes) => heard.push(bytes)).on('error', () => {});
    });
    await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
    endings.push(() => broker.close());
    const box = startBox((broker.address() as AddressInfo).port, { secure: true, host: 'localhost' });
    endings.push(() => box.stop());
    await box.says('certificate is not trusted');
    expect(heard).toEqual([]);
  });

  it('of a broker, with a CA of another: the same', async () => {
    const other = certificate('-days', '2');
    const ca = join(temporaryFolder(), 'ca.pem');
    writeFileSync(ca, other.cert);
    const heard: Buffer[] = [];
    const broker = createTlsServer(certificate('-days', '2'), (socket) => {
      socket.on('data', (bytes) => heard.push(bytes)).on('error', () => {});
    });
    await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
    endings.push(() => broker.close());
    const box = startBox((broker.address() as AddressInfo).port, { secure: true, host: 'localhost', ca });
    endings.push(() => box.stop());
    await box.says('certificate is not trusted');
    expect(heard).toEqual([]);
  });
});
