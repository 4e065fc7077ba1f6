// The Debian that the machine boots: made once by debootstrap, kept in a folder that may be gone, and from it one image a run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { whileEmulated } from '../../deploy/image/emulated.mjs';

const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'udev', 'dbus', 'kmod', 'procps', 'iproute2', 'systemd-timesyncd', 'e2fsprogs'],
  ...['gpiod', 'ca-certificates', 'openssl'],
];
/** One command at a time through a virtio port, so that the console stays the machine's own. */
const AGENT = `#!/bin/bash
exec 3<>/dev/virtio-ports/agent
echo hello >&3
while IFS= read -r line <&3; do
    said=$(base64 -d <<<"$line" | timeout 1700 bash 2>&1 </dev/fd/0)
    printf '%s %s\\n' "$?" "$(base64 -w0 <<<"$said")" >&3
done
`;
export const FILES = {
  'usr/local/sbin/agent': AGENT,
  'etc/systemd/system/agent.service':
    // A manager that is only emulated answers late.
    '[Unit]\nAfter=basic.target\n[Service]\nEnvironment=SYSTEMD_BUS_TIMEOUT=1200\nExecStart=/bin/bash /usr/local/sbin/agent\nRestart=always\nRestartSec=1\nStandardInput=null\n[Install]\nWantedBy=multi-user.target\n',
  'etc/systemd/network/10.network':
    '[Match]\nName=en*\n[Network]\nAddress=10.0.2.15/24\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n',
  'etc/systemd/timesyncd.conf':
    '[Time]\nNTP=10.0.2.2\nPollIntervalMinSec=16s\nPollIntervalMaxSec=32s\nConnectionRetrySec=5s\n',
  // A processor that is only emulated takes a minute and more for a start of Node, and minutes where its host has other work.
  'etc/systemd/system/lanewarden.service.d/emulated.conf':
    '[Service]\nTimeoutStartSec=1200\nTimeoutStopSec=300\nWatchdogSec=300\n',
  'etc/systemd/system/lanewarden-name.service.d/emulated.conf': '[Service]\nTimeoutStartSec=1200\n',
  'etc/systemd/system.conf.d/emulated.conf': '[Manager]\nDefaultTimeoutStartSec=1200\nDefaultDeviceTimeoutSec=1200\n',
  'etc/fstab': '/dev/vda / ext4 defaults 0 1\n',
  'etc/hostname': 'box\n',
};

export function run(command, ...words) {
  const done = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 64e6 });
  assert.equal(done.status, 0, `${command} ${words.join(' ')}\n${done.stdout}${done.stderr}${done.error ?? ''}`);
  return done.stdout;
}

const versionIn = (base) =>
  existsSync(`${base}/boot`)
    ? readdirSync(`${base}/boot`)
        .find((name) => name.startsWith('vmlinuz-'))
        ?.slice('vmlinuz-'.length)
    : undefined;
const buildFolder = (version) => `/lib/modules/${version}/build`;

/** The root with its kernel, and the headers of just this kernel on the host. Needs the package mirror where either is missing. */
export function prepareBase(base, arch) {
  const isOurs = arch === 'amd64';
  // One whose headers the mirror has no longer is of no use.
  if (isOurs && versionIn(base) !== undefined && !headersOf(versionIn(base)))
    rmSync(base, { recursive: true, force: true });
  if (!existsSync(`${base}/made`)) {
    rmSync(base, { recursive: true, force: true });
    process.stdout.write(`debootstrap ${base}\n`);
    mkdirSync(base, { recursive: true });
    const include = [...PACKAGES, `linux-image-${arch}`].join(',');
    const words = [`--arch=${arch}`, '--variant=minbase', `--include=${include}`, 'trixie', base];
    const make = () => {
      // What it mounts there is gone with it, also when it fails.
      run('unshare', '--mount', 'debootstrap', ...words);
      settle(base);
    };
    if (isOurs) make();
    else whileEmulated(make);
  }
  // One of before has what these were then.
  else addFiles(base);
  const version = versionIn(base);
  if (isOurs) assert.ok(headersOf(version), `no linux-headers-${version} for the kernel of ${base}`);
  return { arch, kernel: `${base}/boot/vmlinuz-${version}`, initrd: `${base}/boot/initrd.img-${version}`, version };
}

function settle(base) {
  const conf = `${base}/etc/initramfs-tools/initramfs.conf`;
  writeFileSync(conf, readFileSync(conf, 'utf8').replace(/^MODULES=.*/m, 'MODULES=list'));
  writeFileSync(`${base}/etc/initramfs-tools/modules`, 'virtio_blk\nvirtio_pci\next4\ncrc32c_generic\n');
  run('chroot', base, 'update-initramfs', '-u');
  addFiles(base);
  for (const unit of ['agent.service', 'systemd-networkd.service']) run('chroot', base, 'systemctl', 'enable', unit);
  // Nobody logs in at a console; the second port is a lane's wire.
  for (const tty of ['ttyS0', 'ttyS1', 'ttyAMA0', 'ttyAMA1'])
    symlinkSync('/dev/null', `${base}/etc/systemd/system/serial-getty@${tty}.service`);
  rmSync(`${base}/var/cache/apt/archives`, { recursive: true, force: true });
  rmSync(`${base}/etc/machine-id`, { force: true });
  writeFileSync(`${base}/etc/machine-id`, '');
  // Nothing is newer than what is there: no database is made anew at the first boot, which takes an emulated processor half a minute.
  for (const place of ['etc', 'var']) writeFileSync(`${base}/${place}/.updated`, '');
  writeFileSync(`${base}/made`, '');
}

function addFiles(base) {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  }
}

function headersOf(version) {
  if (existsSync(buildFolder(version))) return true;
  const words = ['install', '-y', '-qq', '--no-install-recommends', `linux-headers-${version}`];
  return (
    spawnSync('apt-get', words, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0
  );
}

/** Builds gpio-lines.ko for that kernel. */
export function gpioModule(work, version) {
  const folder = join(work, 'module');
  mkdirSync(folder, { recursive: true });
  cpSync(new URL('./gpio-lines.c', import.meta.url), join(folder, 'gpio-lines.c'));
  writeFileSync(join(folder, 'Makefile'), 'obj-m := gpio-lines.o\n');
  run('make', '-s', '-C', buildFolder(version), `M=${folder}`, 'modules');
  return join(folder, 'gpio-lines.ko');
}

/** An image of the root with these files in it as well (host path → path in the root). */
export function imageOf(base, image, files) {
  run('truncate', '-s', '1900M', image);
  run('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', '-d', base, image);
  for (const [from, to] of Object.entries(files)) run('debugfs', '-w', '-R', `write ${from} ${to}`, image);
}
