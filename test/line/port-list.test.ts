/** The lister against copies of /sys and /dev as a Pi with adapters has them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listPorts } from '../../src/line/port-list.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanewarden-ports-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${content}\n`);
}
function link(path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
}
function usb(name: string, at: string, ids: { serial?: string; latency?: string; vendor?: string }): void {
  const device = `sys/devices/usb1/${at}`;
  file(`${device}/idVendor`, ids.vendor ?? '0403');
  file(`${device}/idProduct`, '6001');
  file(`${device}/product`, 'FT232R USB UART');
  if (ids.serial !== undefined) file(`${device}/serial`, ids.serial);
  mkdirSync(join(root, `${device}/${at}:1.0/${name}/tty/${name}`), { recursive: true });
  if (ids.latency !== undefined) file(`${device}/${at}:1.0/${name}/latency_timer`, ids.latency);
  link(`${device}/${at}:1.0/${name}/tty/${name}/device`, '../..');
  link(`sys/class/tty/${name}`, `../../devices/usb1/${at}/${at}:1.0/${name}/tty/${name}`);
}

it('prefers the name that stays, and says which adapters have none', async () => {
  usb('ttyUSB10', '1-1.2', { serial: 'A1', latency: '16' });
  usb('ttyUSB2', '1-1.3', { vendor: '1a86' });
  usb('ttyUSB3', '1-1.4', { vendor: '1a86' });
  link('dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0', '../../ttyUSB10');
  link('dev/serial/by-path/platform-usb-0:1.2:1.0-port0', '../../ttyUSB10');
  link('dev/serial/by-path/platform-usb-0:1.3:1.0-port0', '../../ttyUSB2');
  const ports = await listPorts(root);
  expect(ports).toEqual([
    {
      port: '/dev/serial/by-path/platform-usb-0:1.3:1.0-port0',
      device: '/dev/ttyUSB2',
      stable: true,
      usb: { vendorId: '1a86', productId: '6001', product: 'FT232R USB UART' },
    },
    {
      port: '/dev/ttyUSB3',
      device: '/dev/ttyUSB3',
      stable: false,
      usb: { vendorId: '1a86', productId: '6001', product: 'FT232R USB UART' },
    },
    {
      port: '/dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0',
      device: '/dev/ttyUSB10',
      stable: true,
      usb: { vendorId: '0403', productId: '6001', product: 'FT232R USB UART', serial: 'A1' },
      latencyMs: 16,
    },
  ]);
});

it('leaves out consoles, pseudo terminals and ports without a chip', async () => {
  for (const [name, type] of [
    ['ttyS0', '4'],
    ['ttyS1', '0'],
    ['ttyAMA0', undefined],
    ['tty1', undefined],
    ['ptmx', undefined],
    ['console', undefined],
  ] as const) {
    mkdirSync(join(root, `sys/devices/platform/${name}/tty/${name}`), { recursive: true });
    link(`sys/devices/platform/${name}/tty/${name}/device`, '../..');
    if (type !== undefined) file(`sys/devices/platform/${name}/tty/${name}/type`, type);
    link(`sys/class/tty/${name}`, `../../devices/platform/${name}/tty/${name}`);
  }
  expect(await listPorts(root)).toEqual([
    { port: '/dev/ttyAMA0', device: '/dev/ttyAMA0', stable: true },
    { port: '/dev/ttyS0', device: '/dev/ttyS0', stable: true },
  ]);
});

it('is empty where there is nothing, and works on this machine', async () => {
  expect(await listPorts(root)).toEqual([]);
  for (const { port, device } of await listPorts()) {
    expect(port).toMatch(/^\/dev\//);
    expect(device).toMatch(/^\/dev\/tty/);
  }
});
