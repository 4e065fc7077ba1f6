// The whole image on firmware of its own, from the flash to the second system and back: first boot, state, a root that is only read, updates that are signed,
// cut and bad. As root, from a bare machine: what deploy/image/build.mjs needs, and qemu-system-x86 with ovmf, or qemu-system-arm with qemu-efi-aarch64.
//
//   node test/vm/image.mjs [--arch arm64] [--cuts 10] [--keep]
//
// Exit: 0 all of it holds · 1 something does not
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { Agent, get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { newestPackage } from '../../deploy/newest-package.mjs';
import { VolatileDisk } from './disk.mjs';
import { accelerator, enterOwnNetwork, Machine } from './machine.mjs';
import { FILES, run } from './root.mjs';

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: 'amd64' },
    cuts: { type: 'string', default: '10' },
    keep: { type: 'boolean', default: false },
  },
});
const { arch } = values;
const FIRMWARE = {
  amd64: ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'],
  arm64: ['/usr/share/AAVMF/AAVMF_CODE.fd', '/usr/share/AAVMF/AAVMF_VARS.fd'],
}[arch];
const PAGE_PORT = 8080;
/** What a card has beside the image. */
const ROOM = 600_000_000;
const work = process.env.LANEWARDEN_IMAGE_WORK ?? mkdtempSync(join(tmpdir(), 'lanewarden-image-'));
// With the network of this machine; everything after it has none.
if (process.env.LANEWARDEN_IMAGE_WORK === undefined) build();
process.env.LANEWARDEN_IMAGE_WORK = work;
enterOwnNetwork();

const began = Date.now();
let lastAt = began;
const say = (what) => {
  const now = Date.now();
  process.stdout.write(`${String(Math.round((now - lastAt) / 1000)).padStart(5)} s  ${what}\n`);
  lastAt = now;
};
const disk = new VolatileDisk(cardOf(join(work, 'system1.img')));
await disk.listen(join(work, 'data'));
const variables = join(work, 'variables');
copyFileSync(FIRMWARE[1], variables);
const accel = await accelerator({ arch, kernel: join(work, 'linux'), initrd: join(work, 'initrd') });
const pagePort = await freePort();
let machine;
const boot = async () => {
  machine = await Machine.boot(work, {
    ...{ arch, accel, data: join(work, 'data'), firmware: { code: FIRMWARE[0], variables } },
    files: Object.fromEntries(
      ['system2', 'system3', 'broken', 'altered', 'foreign'].map((name) => [name, fileOf(name)]),
    ),
    ...{ forward: `hostfwd=tcp:127.0.0.1:${pagePort}-:${PAGE_PORT}`, startsAt: '2026-01-01T00:00:00' },
  });
};
/** What must be the same whatever happens. */
const KEPT =
  'cat /etc/machine-id /var/lib/lanewarden/own-network /var/lib/lanewarden/kept && sha256sum < /var/lib/lanewarden/page/certificate.pem';
const ENTRIES =
  'mount -o ro PARTLABEL=lanewarden-efi /mnt && ls -x -w 200 /mnt/loader/entries | sed "s/  */ /g;s/ $//"; umount /mnt';
/** Not by looking at the partition, which it then could not write. */
const JUDGED =
  '! systemctl -q is-active lanewarden-image-health && journalctl -q -o cat -u lanewarden-image-health | grep -q works || ! test -e /run/lanewarden-image/trial';
const SYSTEM = 'cat /usr/lib/lanewarden-image-version';
let failed = true;
try {
  say(`an image and four updates; the machine runs by ${accel}`);
  await boot();
  await isUp('1');
  await machine.must('echo of the first boot > /var/lib/lanewarden/kept; sync -f /var/lib/lanewarden');
  const kept = await machine.must(KEPT);
  assert.equal(await machine.must('systemctl --failed --no-legend --plain'), '');
  const megabytes = Number(await machine.must('df --output=size --block-size=1M /data | tail -n 1'));
  assert.ok(megabytes > 450, `${megabytes} MB of the card's room`);
  say(`the first boot: page, root read-only, ${megabytes} MB for what is kept, nothing failed`);

  await again();
  await isUp('1', kept);
  say('rebooted: the same box');

  for (const [name, why] of [
    ['foreign', /is not signed with an update key/],
    ['altered', /is damaged/],
  ]) {
    const { status, out } = await machine.run(updateBy(name));
    assert.notEqual(status, 0, name);
    assert.match(out, why);
  }
  assert.equal(await machine.must(ENTRIES), 'a.conf');
  say('an update of another key and one with other bytes are refused');

  const at = Date.now();
  await machine.must(updateBy('system2'));
  const tookMs = Date.now() - at;
  await again();
  await isUp('2', kept);
  await machine.until(JUDGED);
  assert.equal(await machine.must(ENTRIES), 'a.conf b.conf');
  say(`updated in ${Math.round(tookMs / 1000)} s: the second system shows that it works`);

  const cuts = Number(values.cuts);
  let newest = '2';
  for (let cut = 1; cut <= cuts; cut += 1) {
    const system = newest === '2' ? 'system3' : 'system2';
    await machine.must(`systemd-run -q --unit=updating ${updateBy(system)}`);
    // The last one comes when it is over.
    const middle = sleep((tookMs * cut) / cuts);
    await middle;
    if (cut === cuts) await machine.until('! systemctl -q is-active updating');
    disk.cut();
    await machine.cut();
    await boot();
    newest = await machine.must(SYSTEM);
    await isUp(newest, kept);
    assert.ok(newest === '2' || cut >= cuts - 2, `system ${newest} after cut ${cut}`);
    await machine.until(JUDGED);
  }
  assert.equal(newest, '3');
  say(`cut at ${cuts} moments of an update: it comes back each time, the last time with the new system`);

  await machine.must(updateBy('broken'));
  const boots = [];
  // Nobody does anything meanwhile: by itself three times, then the former one.
  await again();
  for (boots.push(await machine.must(SYSTEM)); boots.at(-1) === '4'; boots.push(await machine.must(SYSTEM)))
    await machine.bootedAgain();
  assert.deepEqual(boots, ['4', '4', '4', '3']);
  await isUp('3', kept);
  say('a system whose program does not start: tried three times, and the former one is back');
  failed = false;
  process.stdout.write(`the image does as it should, after ${Math.round((Date.now() - began) / 1000)} s\n`);
} catch (error) {
  process.stdout.write(`${error.stack}\n${machine?.said() ?? ''}\n`);
} finally {
  machine?.end();
  disk.close();
  if (!values.keep) rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/** Runs as it should: what a person sees, and what nobody may change. */
async function isUp(system, kept) {
  assert.equal(await machine.must(SYSTEM), system);
  await machine.until('systemctl -q is-active lanewarden');
  await pageAnswers();
  assert.match(await machine.must('findmnt -no OPTIONS /'), /^ro,/);
  assert.notEqual((await machine.run('touch /usr/written')).status, 0);
  await machine.must('findmnt /data && findmnt /var/lib/lanewarden && findmnt /etc/lanewarden');
  if (kept !== undefined) assert.equal(await machine.must(KEPT), kept);
}

/** The page as a phone asks it, from outside. */
async function pageAnswers() {
  const agent = new Agent({ rejectUnauthorized: false });
  for (;;) {
    const status = await new Promise((resolve) =>
      get({ agent, host: '127.0.0.1', port: pagePort, path: '/' }, (answer) => resolve(answer.resume().statusCode)).on(
        'error',
        () => resolve(0),
      ),
    );
    if (status === 200) return;
    await machine.until('sleep 1; systemctl -q is-active lanewarden');
  }
}

/** Not from the agent itself, which would be gone before it had answered. */
async function again() {
  await machine.must('sync; systemd-run -q --on-active=2 systemctl reboot');
  await machine.bootedAgain();
}

function updateBy(name) {
  return `lanewarden-image update /dev/disk/by-id/virtio-${name}`;
}

function fileOf(name) {
  return join(work, `${name}.update`);
}

/** The card with the image on it, as large as a card is; most of it is a hole. */
function cardOf(image) {
  const { size } = statSync(image);
  const bytes = Buffer.alloc(Math.ceil((size + ROOM) / (1 << 20)) * (1 << 20));
  const file = openSync(image, 'r');
  for (let at = 0; at < size; at += 1 << 26) readSync(file, bytes, at, Math.min(1 << 26, size - at), at);
  closeSync(file);
  return bytes;
}

/** One card and its updates: the next, the one after it, one whose program does not start, one altered on the way, one signed by somebody else. */
function build() {
  const deb = newestPackage(arch);
  assert.ok(deb, `npm run package -- --arch ${arch} first`);
  const [ours, theirs] = ['ours', 'theirs'].map((name) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const file = join(work, `${name}.pem`);
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return { file, publicKey: publicKey.export({ type: 'spki', format: 'pem' }) };
  });
  const agent = 'usr/local/sbin/agent';
  const unit = 'etc/systemd/system/agent.service';
  const added = join(work, 'added');
  put(added, 'etc/lanewarden-update.pub', ours.publicKey);
  for (const [path, text] of Object.entries(FILES))
    if ([agent, unit].includes(path) || path.includes('emulated.conf')) put(added, path, text);
  put(
    added,
    'etc/systemd/system/lanewarden-image-health.service.d/wide.conf',
    '[Service]\nEnvironment=LANEWARDEN_HEALTH_S=3600\n',
  );
  mkdirSync(join(added, 'etc/systemd/system/multi-user.target.wants'), { recursive: true });
  symlinkSync('../agent.service', join(added, 'etc/systemd/system/multi-user.target.wants/agent.service'));
  const bad = join(work, 'bad');
  put(bad, 'etc/systemd/system/lanewarden.service.d/bad.conf', '[Service]\nExecStartPre=/bin/false\n');
  put(
    bad,
    'etc/systemd/system/lanewarden-image-health.service.d/wide.conf',
    '[Service]\nEnvironment=LANEWARDEN_HEALTH_S=20\n',
  );
  const make = (name, version, key, folder, ...more) => {
    const words = [
      '--arch',
      arch,
      '--deb',
      deb,
      '--version',
      version,
      '--sign',
      key.file,
      '--with',
      folder,
      '--to',
      work,
    ];
    run(process.execPath, 'deploy/image/build.mjs', ...words, ...more);
    for (const end of ['img', 'update'])
      for (const file of globSync(join(work, `*-${version}_${arch}.${end}`)))
        renameSync(file, join(work, `${name}.${end}`));
  };
  make('system1', '1', ours, added);
  for (const version of ['2', '3']) make(`system${version}`, version, ours, added, '--again', '--update-only');
  make('foreign', '2', theirs, added, '--again', '--update-only');
  make('broken', '4', ours, bad, '--again', '--update-only');
  const altered = readFileSync(fileOf('system2'));
  altered[altered.length >> 1] ^= 1;
  writeFileSync(fileOf('altered'), altered);
  for (const part of ['linux', 'initrd']) copyFileSync(`dist-deb/build/image_${arch}/${part}`, join(work, part));
}

function put(folder, path, text) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function freePort() {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    }),
  );
}
