/**
 * A box that nobody gives an address, and a person with a computer and a cable: real network namespaces, Debian's own DHCP clients, the package's own
 * script, the real program. Needs root, as the unit has.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boxName } from '../../src/page/access/box-name.ts';
import { eventually } from '../stories/processes.ts';

const SCRIPT = fileURLToPath(new URL('../../deploy/box/own-network', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const AVAHI_SERVICE = fileURLToPath(new URL('../../deploy/avahi/lanewarden.service', import.meta.url));
const UNIT = fileURLToPath(new URL('../../deploy/systemd/lanewarden-network.service', import.meta.url));
const RIGHTS = `-all,${(/^CapabilityBoundingSet=(.*)$/m.exec(readFileSync(UNIT, 'utf8'))?.[1] ?? '')
  .split(' ')
  .map((each) => each.toLowerCase().replace('cap_', '+'))
  .join(',')}`;
const ADDRESS = '169.254.77.1';

let folder: string;
let number = process.pid;
let names: { readonly box: string; readonly laptop: string };
const running: ChildProcess[] = [];

const run = (...words: readonly string[]): string =>
  execFileSync(words[0] as string, words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const within = (space: string, ...words: readonly string[]): string => run('ip', 'netns', 'exec', space, ...words);
const tried = (work: () => string): string => {
  try {
    return work();
  } catch {
    return '';
  }
};

/** Begins a program in a namespace; what it says is gathered. */
function begin(space: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn('ip', ['netns', 'exec', space, ...words], { env: { ...process.env, ...env } });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, said: () => said, ended };
}

/** With the rights that the unit leaves it. */
const ownNetwork = () =>
  begin(names.box, ['setpriv', '--no-new-privs', '--bounding-set', RIGHTS, SCRIPT, 'run'], {
    LANEWARDEN_ROOT: folder,
    LANEWARDEN_INTERFACES: 'cable',
    LANEWARDEN_NETWORK_WAIT: '2',
    LANEWARDEN_NETWORK_LOOK: '1',
  });
const boxAddresses = (): string => within(names.box, 'ip', '-4', '-o', 'address', 'show', 'dev', 'cable');
const isOffered = (): boolean => boxAddresses().includes(ADDRESS);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-network-'));
  for (const each of ['etc', 'run', 'var/lib/lanewarden']) mkdirSync(join(folder, each), { recursive: true });
  writeFileSync(join(folder, 'etc/machine-id'), '0123456789abcdef0123456789abcdef\n');
  number += 1;
  names = { box: `lwbox${number}`, laptop: `lwlap${number}` };
  for (const space of Object.values(names)) run('ip', 'netns', 'add', space);
  run('ip', 'link', 'add', 'cable', 'netns', names.box, 'type', 'veth', 'peer', 'name', 'wire', 'netns', names.laptop);
  for (const [space, link] of [
    [names.box, 'cable'],
    [names.laptop, 'wire'],
  ] as const) {
    within(space, 'ip', 'link', 'set', 'lo', 'up');
    within(space, 'ip', 'link', 'set', link, 'up');
  }
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  for (const space of Object.values(names)) tried(() => run('ip', 'netns', 'delete', space));
  rmSync(folder, { recursive: true, force: true });
});

describe('the name of a box', () => {
  it('is the same for the script and for the program, and tells nothing of the machine', () => {
    const said = execFileSync(SCRIPT, ['name'], { env: { ...process.env, LANEWARDEN_ROOT: folder }, encoding: 'utf8' });
    expect(said).toMatch(/^lanewarden-[0-9a-f]{4}\n$/);
    expect(said.trim()).toBe(boxName(`${folder}/`));
    mkdirSync(join(folder, 'proc/device-tree'), { recursive: true });
    writeFileSync(join(folder, 'proc/device-tree/serial-number'), '10000000abcdef01\0');
    const onBoard = execFileSync(SCRIPT, ['name'], {
      env: { ...process.env, LANEWARDEN_ROOT: folder },
      encoding: 'utf8',
    });
    expect(onBoard).not.toBe(said);
    expect(onBoard.trim()).toBe(boxName(`${folder}/`));
  });

  it('is announced by avahi, with the page, whatever the machine is called', async () => {
    // A bus, an avahi and a services folder of their own.
    const script = `
      mount -t tmpfs tmpfs /run && mkdir -p /run/dbus /run/avahi-daemon ${folder}/services
      cp ${AVAHI_SERVICE} ${folder}/services && mount --bind ${folder}/services /etc/avahi/services
      dbus-daemon --system --nofork --nopidfile & bus=$!
      until [ -S /run/dbus/system_bus_socket ]; do sleep 0.1; done
      avahi-daemon --no-rlimits --no-drop-root >/dev/null 2>&1 & avahi=$!
      until busctl call org.freedesktop.Avahi / org.freedesktop.Avahi.Server GetHostName; do sleep 0.2; done
      LANEWARDEN_ROOT=${folder} ${SCRIPT} announce
      until avahi-resolve -4 -n ${boxName(`${folder}/`)}.local | grep 192.0.2.7; do sleep 0.2; done
      until avahi-browse -rpt _https._tcp | grep '^=.*192.0.2.7;8080'; do sleep 0.2; done
      kill $avahi $bus`;
    within(names.box, 'ip', 'address', 'add', '192.0.2.7/24', 'dev', 'cable');
    // Else it would answer with 127.0.0.1 to those who ask on the machine itself.
    within(names.box, 'ip', 'link', 'set', 'lo', 'down');
    const said = begin(names.box, ['timeout', '60', 'unshare', '-m', 'bash', '-c', script]);
    await said.ended;
    expect(said.said()).toContain(`${boxName(`${folder}/`)}.local\t192.0.2.7`);
    expect(said.said()).toContain(
      `;${boxName(`${folder}/`)};Secure Web Site;local;${boxName(`${folder}/`)}.local;192.0.2.7;8080;`,
    );
  });

  it('has a key made once', () => {
    const key = (): string => {
      execFileSync(SCRIPT, ['key'], { env: { ...process.env, LANEWARDEN_ROOT: folder } });
      return readFileSync(join(folder, 'var/lib/lanewarden/own-network'), 'utf8');
    };
    const made = key();
    expect(made).toMatch(/^[a-hjkmnp-z2-9]{4}-[a-hjkmnp-z2-9]{4}\n$/);
    expect(key()).toBe(made);
    expect(statSync(join(folder, 'var/lib/lanewarden/own-network')).mode & 0o007).toBe(0);
  });

  it('begins none at a box that was at work before it could', () => {
    const installed = (former: string, isConfigured: boolean): boolean => {
      const root = mkdtempSync(join(tmpdir(), 'lanewarden-former-'));
      for (const path of ['var/lib/lanewarden', 'etc/lanewarden', 'proc'])
        mkdirSync(join(root, path), { recursive: true });
      if (isConfigured) writeFileSync(join(root, 'etc/lanewarden/lanewarden.yaml'), 'lanes: []\n');
      execFileSync(SCRIPT, ['key', former], { env: { ...process.env, LANEWARDEN_ROOT: root } });
      const counts = existsSync(join(root, 'var/lib/lanewarden/commissioned'));
      rmSync(root, { recursive: true });
      return counts;
    };
    expect(installed('0.1.0', true)).toBe(true);
    // A new box, also one whose file was put there before the package; and one that has been unpacked only.
    expect(installed('', true)).toBe(false);
    expect(installed('0.1.0', false)).toBe(false);
  });
});

describe('a box without an address', () => {
  it.each([
    ['udhcpc', ['udhcpc', '-i', 'wire', '-n', '-q', '-t', '10', '-s', '/usr/bin/true']],
    [
      'dhclient',
      ['dhclient', '-4', '-1', '-d', '-sf', '/usr/bin/true', '-lf', '/dev/null', '-pf', '/dev/null', 'wire'],
    ],
  ])('answers %s at the cable, and a laptop that has no DHCP as well reaches its page', async (_, client) => {
    const config = join(folder, 'lanewarden.yaml');
    writeFileSync(config, `page: { listen: "0.0.0.0:8080" }\nstore: { path: "${join(folder, 'state')}" }\n`);
    const program = begin(names.box, [process.execPath, MAIN, 'run', '--config', config, '--lang', 'en']);
    await eventually('the page listens', () => program.said().includes('local page: https'), program.said);
    const network = ownNetwork();
    await eventually('the network is offered', isOffered, network.said);
    const words = `no address on cable: it has ${ADDRESS} and answers DHCP`;
    await eventually('it says so', () => network.said().includes(words), network.said);
    // What the client is given.
    const asked = begin(names.laptop, client);
    await eventually('the client has an address', () => /169\.254\.77\.\d+/.test(asked.said()), asked.said);
    const [given = ''] = /169\.254\.77\.(?!1\b)\d+/.exec(asked.said()) ?? [];
    within(names.laptop, 'ip', 'address', 'add', `${given}/16`, 'dev', 'wire');
    const page = (): string =>
      tried(() => within(names.laptop, 'curl', '-sk', '--max-time', '3', `https://${ADDRESS}:8080/`));
    await eventually('the page comes over the cable', () => page().includes('<!doctype html>'), program.said);
    // It is named among the addresses, and the box takes it for its own.
    const setup = within(names.laptop, 'curl', '-sk', `https://${ADDRESS}:8080/api/v1/session`);
    expect(JSON.parse(setup)).toMatchObject({ state: 'setup' });
    // Commissioned: it ends, with nothing left behind.
    writeFileSync(join(folder, 'var/lib/lanewarden/commissioned'), '');
    expect(await network.ended).toBe(0);
    expect(isOffered()).toBe(false);
    const left = run('ip', 'netns', 'pids', names.box).trim().split('\n');
    expect(left).toEqual([String(program.child.pid)]);
    expect(page()).toBe('');
  });

  it('offers nothing where somebody gives it an address, and gives way when somebody does', async () => {
    const network = ownNetwork();
    await eventually('the network is offered', isOffered, network.said);
    within(names.box, 'ip', 'address', 'add', '192.0.2.7/24', 'dev', 'cable');
    await eventually('it gives way', () => !isOffered(), network.said);
    expect(existsSync(join(folder, 'run/lanewarden-network/cable.dnsmasq'))).toBe(false);
    within(names.box, 'ip', 'address', 'del', '192.0.2.7/24', 'dev', 'cable');
    await eventually('it is offered again', isOffered, network.said);
    // Another cable is another network.
    within(names.laptop, 'ip', 'link', 'set', 'wire', 'down');
    await eventually('it is withdrawn with the cable', () => !isOffered(), network.said);
  });

  it('hands out neither a router nor a name server', async () => {
    const network = ownNetwork();
    await eventually('the network is offered', isOffered, network.said);
    const said = join(folder, 'options');
    writeFileSync(join(folder, 'say'), `#!/bin/sh\nenv >>${said}\n`, { mode: 0o755 });
    within(names.laptop, 'udhcpc', '-i', 'wire', '-n', '-q', '-t', '10', '-s', join(folder, 'say'));
    const given = readFileSync(said, 'utf8');
    expect(given).toMatch(/^ip=169\.254\.77\./m);
    expect(given).not.toMatch(/^(router|dns)=/m);
  });
});
