/** How the box is connected, read from the tables of the operating system, and what the diagnosis says of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { networkCheck } from '../../src/commission/diagnose.ts';
import { boxNetwork } from '../../src/system/box-network.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A root with these files. */
function root(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-network-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** As Linux prints it: least significant byte first. */
const ROUTES = [
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
  'eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
  'eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0',
  'wwan0\t00000000\t00000000\t0001\t0\t0\t700\t00000000\t0\t0\t0',
  '',
].join('\n');

const at = (address: string, cidr: string, more: object = {}): NetworkInterfaceInfo =>
  ({
    address,
    cidr,
    family: address.includes(':') ? 'IPv6' : 'IPv4',
    internal: false,
    ...more,
  }) as NetworkInterfaceInfo;
const INTERFACES = {
  lo: [at('127.0.0.1', '127.0.0.1/8', { internal: true })],
  usb0: [at('169.254.7.1', '169.254.7.1/16')],
  eth0: [at('fe80::1', 'fe80::1/64'), at('2001:db8::5', '2001:db8::5/64'), at('192.168.1.20', '192.168.1.20/24')],
};

test('addresses, the gateway and the name servers are those of the machine', async () => {
  const folder = root({
    'proc/net/route': ROUTES,
    'etc/resolv.conf': '# by hand\nnameserver 192.168.1.1\nsearch lan\n',
  });
  expect(await boxNetwork(folder, INTERFACES)).toEqual({
    // What the cable gave itself comes after what the network gave it.
    addresses: [
      { on: 'eth0', address: '192.168.1.20', cidr: '192.168.1.20/24' },
      { on: 'eth0', address: '2001:db8::5', cidr: '2001:db8::5/64' },
      { on: 'usb0', address: '169.254.7.1', cidr: '169.254.7.1/16' },
    ],
    gateways: [{ on: 'eth0', address: '192.168.1.1' }],
    nameServers: ['192.168.1.1'],
  });
});

test('behind the stub of systemd stand the servers it forwards to', async () => {
  const stub = { 'etc/resolv.conf': 'nameserver 127.0.0.53\noptions edns0\n' };
  const behind = { 'run/systemd/resolve/resolv.conf': 'nameserver 223.5.5.5\nnameserver 2400:3200::1\n' };
  expect((await boxNetwork(root({ ...stub, ...behind }), {})).nameServers).toEqual(['223.5.5.5', '2400:3200::1']);
  expect((await boxNetwork(root(stub), {})).nameServers).toEqual(['127.0.0.53']);
});

test('the diagnosis names what is lacking, the first cause first, and no password of a proxy', async () => {
  const whole = await boxNetwork(
    root({ 'proc/net/route': ROUTES, 'etc/resolv.conf': 'nameserver 223.5.5.5' }),
    INTERFACES,
  );
  const check = networkCheck(whole, 'http://user:hidden@192.168.1.9:3128');
  expect(check.level).toBe('ok');
  expect(check.todo).toBeUndefined();
  expect(check.found.zh).toContain('网关 192.168.1.1 (eth0)；DNS 223.5.5.5；代理 http://***@192.168.1.9:3128');
  expect(JSON.stringify(check)).not.toContain('hidden');
  const nothing = networkCheck(await boxNetwork(root({}), {}), undefined);
  expect(nothing).toMatchObject({ level: 'error', found: { en: 'address none; gateway none; DNS none; proxy none' } });
  expect(nothing.todo?.en).toContain('no address');
  expect(networkCheck({ ...whole, gateways: [] }, undefined).todo?.en).toContain('no gateway');
  expect(networkCheck({ ...whole, nameServers: [] }, undefined)).toMatchObject({ level: 'warn' });
});
