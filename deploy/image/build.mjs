// npm run package -- --arch ARCH, then as root: node deploy/image/build.mjs [--arch amd64|arm64] [--deb FILE.deb] [--with FOLDER] [--version N]
//   [--sign KEY.pem] [--to FOLDER] [--update-only] [--again] [--cache FOLDER]
// Makes dist-deb/lanewarden_VERSION_ARCH.img, a whole card for a box with UEFI: two roots of Debian, one of them empty, and the room that is left for what
// is kept. With a key also .update, which `lanewarden-image update` writes into the other root. --with: files laid over the root, as an integrator has them.
// --again: on the root that was made last. --cache: where Debian is kept for the next image.
// Needs mmdebstrap, genimage, dosfstools, mtools, zstd; for another architecture qemu-user-static and arch-test.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newestPackage } from '../newest-package.mjs';
import { whileEmulated } from './emulated.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const RELEASE = 'trixie';
const PACKAGES = [
  ...['systemd-sysv', 'udev', 'dbus', 'kmod', 'procps', 'iproute2', 'netbase', 'init-system-helpers'],
  ...['systemd-timesyncd', 'systemd-resolved', 'systemd-repart', 'systemd-boot-efi', 'initramfs-tools', 'zstd'],
  ...['e2fsprogs', 'dosfstools', 'gpiod', 'ca-certificates', 'openssl', 'dnsmasq-base', 'hostapd'],
];
const WITHOUT = ['man', 'doc', 'locale'].flatMap((each) => ['--dpkgopt', `path-exclude=/usr/share/${each}/*`]);
const EFI = { amd64: 'x64', arm64: 'aa64' };
const ROOT_SIZE = '1536M';
/** As repart.d of the box has it, which adds the partition for what is kept. */
const CARD = `image efi.vfat { vfat {} size = 256M }
image card.img {
  hdimage { partition-table-type = gpt align = 1M }
  partition lanewarden-efi { image = efi.vfat partition-type-uuid = U }
  partition root-a { image = root.ext4 }
  partition root-b { size = ${ROOT_SIZE} }
}
`;
/** Nobody is there to read a console or to press a key; the serial ports are lanes' wires. */
const KERNEL_WORDS = 'ro quiet panic=10 systemd.show_status=0 systemd.gpt_auto=0';

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'amd64' },
    deb: { type: 'string' },
    with: { type: 'string', multiple: true, default: [] },
    version: { type: 'string', default: new Date().toISOString().replace(/\D/g, '').slice(0, 14) },
    sign: { type: 'string' },
    to: { type: 'string', default: 'dist-deb' },
    'update-only': { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    cache: { type: 'string' },
  },
});
const { arch, version } = values;
const deb = values.deb ?? newestPackage(arch);
if (deb === undefined) throw new RangeError(`dist-deb/ has no package for ${arch}: npm run package -- --arch ${arch}`);
const work = resolve(values.cache ?? `dist-deb/build/image_${arch}`);
const [base, root, card] = ['base', 'root', 'card'].map((name) => join(work, name));
mkdirSync(work, { recursive: true });

const parts = { root: join(work, 'root.ext4'), linux: join(work, 'linux'), initrd: join(work, 'initrd') };
const make = () => {
  makeBase();
  makeRoot();
};
const isOurs = run('dpkg', '--print-architecture').trim() === arch;
if (!values.again) isOurs ? make() : whileEmulated(make);
for (const folder of ['deploy/image/files', ...values.with])
  run('cp', '-a', '--no-preserve=ownership', `${folder}/.`, root);
writeFileSync(join(root, 'usr/lib/lanewarden-image-version'), `${version}\n`);
rmSync(parts.root, { force: true });
run('truncate', '-s', ROOT_SIZE, parts.root);
run('mkfs.ext4', '-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0', '-d', root, parts.root);
const name = basename(deb, '.deb').replace(/_[^_]*$/, `-${version}_${arch}`);
if (!values['update-only']) makeCard(join(values.to, `${name}.img`));
if (values.sign !== undefined)
  makeUpdate(join(values.to, `${name}.update`), createPrivateKey(readFileSync(values.sign)));

/** Debian; kept, so that another image of the same day takes seconds. */
function makeBase() {
  if (existsSync(base)) return;
  rmSync(`${base}.new`, { recursive: true, force: true });
  const include = [...PACKAGES, `linux-image-${arch}`].join(',');
  const words = ['--variant=minbase', `--architectures=${arch}`, `--include=${include}`, ...WITHOUT];
  run('mmdebstrap', ...words, '--aptopt=Apt::Install-Recommends "false"', RELEASE, `${base}.new`);
  renameSync(`${base}.new`, base);
}

function makeRoot() {
  rmSync(root, { recursive: true, force: true });
  run('cp', '-a', base, root);
  cpSync(deb, join(root, 'lanewarden.deb'));
  const install = 'mount -t proc proc "$0/proc" && exec chroot "$0" dpkg --install /lanewarden.deb';
  run('unshare', '--mount', 'sh', '-c', install, root);
  rmSync(join(root, 'lanewarden.deb'));
  run('chroot', root, 'systemctl', 'enable', 'systemd-networkd.service', 'systemd-resolved.service');
  run('bash', 'deploy/prepare-pi.sh', '--root', root, '--data', 'LABEL=lanewarden-data');
  // At the first boot it is made meanwhile, on a card that may be slow.
  const fstab = join(root, 'etc/fstab');
  writeFileSync(fstab, readFileSync(fstab, 'utf8').replace('device-timeout=90s', 'device-timeout=15min'));
  // What is of one box alone is made at its first start.
  run('sh', '-c', `rm -rf '${root}'/var/lib/lanewarden/* '${root}'/etc/ssh '${root}'/var/lib/dbus/machine-id`);
  for (const [file, text] of Object.entries({ 'machine-id': '', hostname: 'lanewarden\n' }))
    writeFileSync(join(root, 'etc', file), text);
  const boot = join(root, 'boot');
  for (const [part, name] of Object.entries({ linux: 'vmlinuz', initrd: 'initrd.img' }))
    cpSync(
      join(
        boot,
        readdirSync(boot).find((each) => each.startsWith(name)),
      ),
      parts[part],
    );
  rmSync(boot, { recursive: true });
  // Nothing is newer than what is there: no database is made anew at the first boot.
  for (const place of ['etc', 'var']) writeFileSync(join(root, place, '.updated'), '');
}

function makeCard(file) {
  rmSync(card, { recursive: true, force: true });
  for (const folder of ['EFI/BOOT', 'loader/entries', 'a', 'b']) mkdirSync(join(card, folder), { recursive: true });
  const loader = join(root, `usr/lib/systemd/boot/efi/systemd-boot${EFI[arch]}.efi`);
  cpSync(loader, join(card, `EFI/BOOT/BOOT${EFI[arch].toUpperCase()}.EFI`));
  for (const part of ['linux', 'initrd']) cpSync(parts[part], join(card, 'a', part));
  writeFileSync(join(card, 'loader/loader.conf'), 'timeout 0\neditor no\n');
  const entry = { title: 'lanewarden', 'sort-key': 'lanewarden', version, linux: '/a/linux', initrd: '/a/initrd' };
  const lines = Object.entries({ ...entry, options: `root=PARTLABEL=root-a ${KERNEL_WORDS}` });
  writeFileSync(join(card, 'loader/entries/a.conf'), lines.map(([key, value]) => `${key} ${value}\n`).join(''));
  const settings = join(work, 'genimage.cfg');
  writeFileSync(settings, CARD);
  rmSync(join(work, 'tmp'), { recursive: true, force: true });
  const words = [`--config=${settings}`, `--rootpath=${card}`, `--tmppath=${work}/tmp`];
  run('genimage', '--loglevel=1', ...words, `--inputpath=${work}`, `--outputpath=${work}`);
  renameSync(join(work, 'card.img'), file);
  process.stdout.write(`${file}\n`);
}

function makeUpdate(file, key) {
  const folder = join(work, 'update');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const sums = Object.entries(parts).map(([part, path]) => {
    run('zstd', '-q', '-3', '-T0', path, '-o', join(folder, part));
    return `${part}=${run('sha256sum', path).slice(0, 64)}\n`;
  });
  const manifest = Buffer.from(`version=${version}\narch=${arch}\n${sums.join('')}`);
  writeFileSync(join(folder, 'manifest'), manifest);
  writeFileSync(join(folder, 'manifest.sig'), sign(null, manifest, key));
  run('tar', '-cf', file, '-C', folder, 'manifest', 'manifest.sig', ...Object.keys(parts));
  process.stdout.write(`${file}\n`);
}

function run(command, ...words) {
  return execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64e6 });
}
