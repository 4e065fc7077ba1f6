// A box as the reader has it: a Debian under its own service manager, the package, a running service; a simulated cabinet and platform around it, at
// the addresses that the documents name. In a network of this program's own (blocks.mjs).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startMachine, until } from '../box/machine.mjs';
import { pageOf } from '../box/page.mjs';
import { CURLRC } from './script.mjs';

const HOME = '/home/person';
const PARK = '/srv/park';
const UNIT = 'lanewarden.service';
export const SERIAL_PORT = '/dev/serial/by-id/usb-simulated-if00';
export const TOKEN = 'token-of-the-management-system';
export const CAMERA_PASSWORD = 'simulated-camera-password';
export const BROKER_PASSWORD = 'password-at-the-broker';
/** Those of the documents: of the box, its broker, a serial server, a camera. */
export const SECRETS = {
  'cloud.appSecret': 'simulated-secret-of-the-platform',
  'intake.pms': TOKEN,
  'intake.broker': BROKER_PASSWORD,
  'cameras.password': CAMERA_PASSWORD,
  'other.key': 'secret-of-the-other-park',
};
export const ADDRESSES = ['192.0.2.30', '192.0.2.7', '192.0.2.10', '192.0.2.64'];

/** The root with the package unpacked, as an upper layer over which machines lay theirs. @returns the layers for startMachine, and their end */
export function installed(root, deb) {
  const work = mkdtempSync(join(tmpdir(), 'lanewarden-docs-'));
  for (const name of ['upper', 'work', 'root']) mkdirSync(join(work, name), { mode: 0o755 });
  const layers = `lowerdir=${root},upperdir=${work}/upper,workdir=${work}/work`;
  const script = `mount -t overlay -o ${layers} box ${work}/root && mount -t proc proc ${work}/root/proc
exec chroot ${work}/root sh -euc "$1"`;
  const inside = (...words) =>
    execFileSync('unshare', ['--mount', 'sh', '-euc', script, 'sh', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  inside(`useradd --create-home --shell /bin/bash --groups sudo person
echo 'person ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/person
install -d -o person -g person /media/usb`);
  const bare = join(work, 'bare');
  execFileSync('cp', ['-a', join(work, 'upper'), bare]);
  execFileSync('cp', [deb, join(work, 'upper/package.deb')]);
  inside('dpkg --install /package.deb; rm /package.deb');
  return {
    box: `${work}/upper:${root}`,
    bare: `${bare}:${root}`,
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}

/** `base`: layers. Resolves to a machine in which a person runs commands. */
export async function startPlace(base, name) {
  const machine = await startMachine(base, name);
  machine.write('/etc/hosts', `127.0.0.1 localhost ${name}\n`);
  const write = (path, text, mode) => {
    machine.write(path, text, mode);
    if (path.startsWith(HOME)) machine.must('chown', '-R', 'person:', HOME);
  };
  write(`${HOME}/.curlrc`, CURLRC);
  // Three periods prove an update.
  write(`/etc/systemd/system/${UNIT}.d/short.conf`, '[Service]\nWatchdogSec=4s\n');
  const as = ['runuser', '-u', 'person', '--', 'env', `HOME=${HOME}`, `CURL_HOME=${HOME}`];
  const ending = [];
  return {
    ...machine,
    folder: HOME,
    write,
    /** Called when it ends. */
    ending,
    end: async () => {
      for (const end of ending) end();
      await machine.end();
    },
    put: (file, path) => {
      execFileSync('cp', [file, machine.inside(path ?? `${HOME}/${basename(file)}`)]);
      machine.must('chown', '-R', 'person:', HOME);
    },
    /** Runs beside this program, as a person at the shell; one who answers every question with `answers`, when there is any. */
    shell: (script, env = {}, answers) => {
      const file = `${HOME}/.block-${Math.random()}`;
      write(file, script);
      const words = Object.entries({ ...env, LC_ALL: '', LC_MESSAGES: 'en_US.UTF-8', LANG: 'C.UTF-8' });
      const run = [...as, ...words.map(([key, value]) => `${key}=${value}`), 'bash', file];
      const command = `cd ${HOME} && ${answers === undefined ? 'exec "$@"' : `while sleep 0.3; do echo ${answers}; done | script -qefc "$*" /dev/null`}`;
      return machine.start('sh', '-c', command, 'sh', ...run);
    },
  };
}

/** What the cabinet has: two lanes that the box watches; boards at a serial port and at a serial server that it does not; cameras; a platform. */
export async function startPark(place) {
  const words = '/srv/words';
  place.write(words, '');
  const lanes = ['--lanes', '4', '--wires', 'modbus-tcp,pty,tcp,modbus-tcp', '--rate', '0', '--lang', 'en'];
  const ports = ['--dir', PARK, '--platform-port', '9001', '--arm-port', '8090'];
  const command = `tail -n +1 -f ${words} | lanewarden simulate ${[...lanes, ...ports].join(' ')}`;
  const { output } = place.start('sh', '-c', command);
  await until('the park is there', () => output().includes('type help'), output);
  place.must('mkdir', '-p', '/dev/serial/by-id');
  place.must('ln', '-s', place.must('readlink', '-f', `${PARK}/tty-line-2`).trim(), SERIAL_PORT);
  return {
    ...parse(place.read(`${PARK}/lanewarden.yaml`)),
    output,
    /** Types a line. */
    say: (line) => writeFileSync(place.inside(words), `${line}\n`, { flag: 'a' }),
  };
}

/** A configured service in this park, with `more` in its configuration. Resolves when its page answers. */
export async function configure(place, park, more = {}) {
  const [first, , , last] = park.lanes;
  const tokens = [{ name: 'pms', secret: 'intake.pms' }];
  const config = {
    ...{ version: 1, park: park.park, cloud: park.cloud },
    lines: park.lines.filter(({ id }) => ['line-1', 'line-4'].includes(id)),
    cameras: park.cameras.filter(({ id }) => ['cam1', 'cam4'].includes(id)),
    lanes: [first, { ...last, id: '1002', name: '通道B' }],
    store: { path: '/var/lib/lanewarden' },
    page: { listen: '127.0.0.1:8080', https: false },
    ...more,
    intake: {
      http: { enabled: true, listen: '0.0.0.0:8081', tokens },
      https: { enabled: true, listen: '0.0.0.0:8443' },
      ...more.intake,
    },
  };
  place.write('/etc/lanewarden/lanewarden.yaml', stringify(config), 0o600);
  place.write('/etc/lanewarden/secrets.yaml', stringify(SECRETS), 0o600);
  place.must('chown', '-R', 'lanewarden:', '/etc/lanewarden');
  await restart(place);
}

export async function restart(place) {
  const { code, output } = await place.start('systemctl', 'restart', UNIT).ended;
  if (code !== 0) throw new Error(`the service does not start\n${output}${place.journal(UNIT)}`);
  const page = pageOf(8080);
  await until(
    'its page answers',
    async () => (await page.see('session')) !== undefined,
    () => place.journal(UNIT),
  );
}

export function stopService(place) {
  place.must('systemctl', 'stop', UNIT);
}

/** What is reached at `from` is at `to`, both HOST:PORT. */
export function forward(from, to) {
  const [[host, port], [toHost, toPort]] = [from, to].map((each) => each.split(':'));
  const server = createServer((socket) => {
    const other = connect(Number(toPort), toHost);
    for (const [one, two] of [
      [socket, other],
      [other, socket],
    ]) {
      one.on('error', () => two.destroy());
      one.pipe(two);
    }
  });
  server.listen(Number(port), host);
  return server;
}
