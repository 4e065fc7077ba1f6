// A stand-in for the service manager in a chroot that has none: runs ExecStartPre and ExecStart of the unit as it says, again whenever the program
// ends, listens on the notification socket, and starts the unit that a path unit would start. It reads the unit from the root, so the unit is tested too.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { createSocket } = createRequire(import.meta.url)('unix-dgram');
const UNIT = 'usr/lib/systemd/system/lanewarden.service';
/** Short, so that three periods of it are over soon. */
const WATCHDOG_MS = 1_500;
const RESTART_MS = 200;

/**
 * The command of one of root's units in its sandbox, as far as there is one without a service manager: no network, a view of its own of the mounts, the
 * capabilities it may have, no new ones. Not its filter of system calls.
 */
export function helperOf(root, name) {
  const unit = readFileSync(join(root, `usr/lib/systemd/system/${name}.service`), 'utf8');
  const setting = (key) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
  const capabilities = setting('CapabilityBoundingSet')
    .split(' ')
    .map((capability) => `+${capability.slice(4).toLowerCase()}`);
  const views = [
    'mount --make-rprivate /',
    ...(setting('ReadWritePaths')?.split(' ') ?? []).map((path) => `mount --bind ${path} ${path}`),
    ...(setting('ProtectSystem') === 'strict' ? ['mount -o remount,bind,ro /'] : []),
    'exec "$@"',
  ];
  const privileges = ['setpriv', `--bounding-set=${['-all', ...capabilities].join(',')}`, '--no-new-privs'];
  const sandbox = ['unshare', '--mount', '--net', '--ipc', 'sh', '-c', views.join('; '), 'sh', ...privileges];
  return ['chroot', [root, ...sandbox, ...setting('ExecStart').split(' ')]];
}

export function startManager(root, log) {
  const runtime = join(root, 'run/lanewarden');
  const notify = join(root, 'run/notify');
  const told = [];
  const state = { starts: 0, running: undefined, stopped: false };
  rmSync(notify, { force: true });
  const socket = createSocket('unix_dgram');
  socket.on('message', (bytes) => told.push(...bytes.toString().split('\n')));
  socket.bind(notify);
  chmodSync(notify, 0o777);

  const setting = (name) =>
    readFileSync(join(root, UNIT), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${name}=`))
      .map((line) => line.slice(name.length + 1));
  const inRoot = (words, options) => spawn('chroot', [root, ...words], options);
  const environment = () => ({
    PATH: '/usr/sbin:/usr/bin',
    LANG: 'en_US.UTF-8',
    NOTIFY_SOCKET: '/run/notify',
    WATCHDOG_USEC: String(WATCHDOG_MS * 1000),
    RUNTIME_DIRECTORY: '/run/lanewarden',
    ...Object.fromEntries(setting('Environment').map((pair) => pair.split('='))),
  });

  function runtimeFolder() {
    rmSync(runtime, { recursive: true, force: true });
    mkdirSync(runtime, { recursive: true });
    spawnSync('chroot', [root, 'chown', 'lanewarden:', '/run/lanewarden']);
    // What lanewarden-confirm.path does.
    watch(runtime, (_event, name) => {
      if (name === 'healthy') spawnSync(...helperOf(root, 'lanewarden-confirm'), { stdio: 'inherit' });
    });
  }

  function start() {
    state.starts += 1;
    runtimeFolder();
    for (const line of setting('ExecStartPre')) {
      const { stderr } = spawnSync('chroot', [root, ...line.replace('+', '').split(' ')], { encoding: 'utf8' });
      log(stderr);
    }
    const words = setting('ExecStart')[0].split(' ');
    const child = inRoot(['setpriv', '--reuid', 'lanewarden', '--regid', 'lanewarden', '--init-groups', ...words], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    state.running = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => log(String(bytes)));
    child.on('close', () => {
      state.running = undefined;
      if (!state.stopped) setTimeout(() => state.stopped || start(), RESTART_MS);
    });
  }

  return {
    told,
    state,
    start() {
      state.stopped = false;
      start();
    },
    async stop() {
      state.stopped = true;
      const child = state.running;
      if (child === undefined) return;
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
    },
    async end() {
      await this.stop();
      socket.close();
    },
  };
}
