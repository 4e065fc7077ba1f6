// The whole image on firmware of its own, from the flash to the second system and back: first boot, state, a root that is only read, updates that are signed,
// cut and bad. As root, from a bare machine: what deploy/image/build.mjs needs, and qemu-system-x86 with ovmf, or qemu-system-arm with qemu-efi-aarch64.
//
//   node test/vm/image.mjs [--arch arm64] [--cuts 10] [--boots 3] [--minutes 30] [--cache FOLDER] [--keep] [--in FOLDER] [PART…]
//
// --minutes: limit of a step. --cache: where Debian is kept between two runs, dist-deb/build/image_ARCH else. --in: a folder that --keep has left; nothing is
// built. Parts: native (image-native.mjs, minutes), updates, cuts (--boots of them by firmware, all in namespaces), bad; all of them that this
// machine can, if none is named.
//
// Exit: 0 all of it holds · 1 something does not
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
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
import { lookIntoCard } from './image-look.mjs';
import { native, startOnce } from './image-native.mjs';
import { accelerator, enterOwnNetwork, Machine, within } from './machine.mjs';
import { FILES, run } from './root.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    arch: { type: 'string', default: 'amd64' },
    cuts: { type: 'string', default: '10' },
    boots: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '30' },
    cache: { type: 'string' },
    in: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const { arch } = values;
const cuts = Number(values.cuts);
const boots = Number(values.boots);
const stepMs = Number(values.minutes) * 60_000;
const cache = values.cache ?? `dist-deb/build/image_${arch}`;
const FIRMWARE = {
  amd64: ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'],
  arm64: ['/usr/share/AAVMF/AAVMF_CODE.fd', '/usr/share/AAVMF/AAVMF_VARS.fd'],
}[arch];
const PAGE_PORT = 8080;
/** What a card has beside the image. */
const ROOM = 600_000_000;
// A system in namespaces runs on the processor of this machine.
const IN_NAMESPACES = ['native', 'cuts'];
const isOwnArch = { x64: 'amd64', arm64: 'arm64' }[process.arch] === arch;
const possible = ['native', 'updates', 'cuts', 'bad'].filter((part) => isOwnArch || !IN_NAMESPACES.includes(part));
const parts = positionals.length > 0 ? positionals : possible;
const impossible = parts.filter((part) => !possible.includes(part));
if (impossible.length > 0) {
  process.stderr.write(`${impossible.join(', ')}: not of ${arch} on this machine; there are ${possible.join(', ')}\n`);
  process.exit(2);
}
const work = values.in ?? process.env.LANEWARDEN_IMAGE_WORK ?? mkdtempSync(join(tmpdir(), 'lanewarden-image-'));
const rows = [];
// With the network of this machine; everything after it has none.
if (values.in === undefined && process.env.LANEWARDEN_IMAGE_WORK === undefined) {
  const beganMs = Date.now();
  build();
  process.env.LANEWARDEN_IMAGE_WORK = work;
  process.env.LANEWARDEN_IMAGE_BUILD_MS = String(Date.now() - beganMs);
}
enterOwnNetwork();
if (values.in === undefined) {
  const tookMs = Number(process.env.LANEWARDEN_IMAGE_BUILD_MS);
  rows.push({ what: 'a card and four updates built', tookMs, result: 'ok' });
}

const variables = join(work, 'variables');
copyFileSync(FIRMWARE[1], variables);
const accel = await accelerator({ arch, kernel: join(work, 'linux'), initrd: join(work, 'initrd') });
const pagePort = await freePort();
let disk;
let machine;
const boot = async (words) => {
  machine = await Machine.boot(work, {
    ...{ arch, accel, data: join(work, 'data'), firmware: { code: FIRMWARE[0], variables } },
    files: Object.fromEntries(
      ['system2', 'system3', 'broken', 'altered', 'foreign'].map((name) => [name, fileOf(name)]),
    ),
    ...{ forward: `hostfwd=tcp:127.0.0.1:${pagePort}-:${PAGE_PORT}`, startsAt: '2026-01-01T00:00:00', words },
  });
};
/** What must be the same whatever happens. */
const KEPT =
  'cat /etc/machine-id /var/lib/lanewarden/own-network /var/lib/lanewarden/kept && sha256sum < /var/lib/lanewarden/page/certificate.pem';
const ENTRIES = 'mount -o ro PARTLABEL=lanewarden-efi /mnt && echo $(ls /mnt/loader/entries); umount /mnt';
/** Not by looking at the partition, which it then could not write. */
const JUDGED = '! test -e /run/lanewarden-image/trial';
/** Everything that a box mounts is there then. */
const AGENT_ONLY = 'systemd.unit=agent.service';
const keptFile = join(work, 'kept');
const SYSTEM = 'cat /usr/lib/lanewarden-image-version';
/** The system that runs. */
let current;
let failed = true;
process.stdout.write(`the machine runs by ${accel}; at most ${values.minutes} min a step; ${work}\n`);
try {
  if (parts.includes('native'))
    await native({ work, esp: join(work, 'esp'), cuts, step, pageAnswers: () => pageAnswers(PAGE_PORT) });
  if (parts.includes('updates')) await updates();
  if (parts.includes('cuts')) await cutsOfUpdate();
  if (parts.includes('bad')) await bad();
  failed = false;
} catch (error) {
  process.stdout.write(`${error.stack}\n${machine?.said() ?? ''}\n`);
} finally {
  machine?.end();
  disk?.close();
  if (!values.keep && values.in === undefined) rmSync(work, { recursive: true, force: true });
}
process.stdout.write('\n    took  result                step\n');
for (const { what, tookMs, result } of rows)
  process.stdout.write(`${seconds(tookMs)}   ${result.padEnd(20)}  ${what}\n`);
process.stdout.write(
  failed ? 'the image does not do as it should; what would follow was not tried\n' : 'the image does as it should\n',
);
process.exit(failed ? 1 : 0);

function seconds(ms) {
  return `${String(Math.round(ms / 1000)).padStart(5)} s`;
}

/** One line of the table at the end. */
async function step(what, work) {
  const row = { what, result: 'FAILED' };
  rows.push(row);
  const beganMs = Date.now();
  process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${what} …\n`);
  try {
    const said = await within(
      stepMs,
      work(),
      () => `${what}\n${machine?.said() ?? ''}`,
      () => machine?.waitedMs() ?? 0,
    );
    row.result = said?.startsWith?.('ok') ? said : 'ok';
  } finally {
    row.tookMs = Date.now() - beganMs;
    process.stdout.write(`${seconds(row.tookMs)}  ${row.result}\n`);
  }
}

/** A card that was never in a box. */
function firstStart() {
  return step('first start: page, read-only root, room for data, nothing failed', async () => {
    rmSync(keptFile, { force: true });
    await insert(join(work, 'system1.img'), ROOM);
    await boot();
    current = '1';
    await isUp();
    await machine.must('echo of the first boot > /var/lib/lanewarden/kept; sync -f /var/lib/lanewarden');
    writeFileSync(keptFile, await machine.must(KEPT));
    assert.equal(await machine.must('systemctl --failed --no-legend --plain'), '');
    const megabytes = Number(await machine.must('df --output=size --block-size=1M /data | tail -n 1'));
    assert.ok(megabytes > 450, `${megabytes} MB of the card's room`);
  });
}

/** From the first root to the second, and to the first again. */
async function updates() {
  await firstStart();
  await step('an update of another key and an altered one: refused', async () => {
    for (const [name, why] of [
      ['foreign', /is not signed with an update key/],
      ['altered', /is damaged/],
    ]) {
      const { status, out } = await machine.run(updateBy(name));
      assert.notEqual(status, 0, name);
      assert.match(out, why);
    }
    assert.equal(await machine.must(ENTRIES), 'a.conf');
  });
  await step('update to 2, into the second root', () => machine.must(updateBy('system2')));
  await step('2 starts on trial, with all that was kept', async () => {
    await again();
    current = '2';
    await isUp();
  });
  await step('2 shows that it works; an update that is no newer is refused', async () => {
    await machine.until(JUDGED);
    assert.equal(await machine.must(ENTRIES), 'a.conf b.conf');
    assert.match((await machine.run(updateBy('system2'))).out, /is not newer/);
  });
  await step('update to 3, into the first root', () => machine.must(updateBy('system3')));
  await step('3 starts, and shows that it works', async () => {
    await again();
    current = '3';
    await isUp();
    await machine.until(JUDGED);
    assert.equal(await machine.must(ENTRIES), 'a.conf b.conf');
  });
}

async function bad() {
  if (current === undefined) await firstStart();
  await step('update to 4, whose program does not start', () => machine.must(updateBy('broken')));
  await step(`4 is tried three times; ${current} is back, with all that was kept`, async () => {
    const systems = [];
    // Nobody does anything meanwhile.
    await again();
    for (systems.push(await machine.must(SYSTEM)); systems.at(-1) === '4'; systems.push(await machine.must(SYSTEM)))
      await machine.bootedAgain();
    assert.deepEqual(systems, ['4', '4', '4', current]);
    await isUp();
  });
}

/**
 * An update over one that was never started, by the kernel of the image on a disk with a cache; its program does not run meanwhile. What a cut would have left
 * at those moments, of what was not flushed a random part, is looked at from outside, and started in namespaces. Firmware starts the last of them.
 */
async function cutsOfUpdate() {
  let kept;
  let writes;
  await step('cuts: a card that was never in a box starts, without the program', async () => {
    await machine?.cut();
    current = undefined;
    await insert(join(work, 'system1.img'), ROOM);
    await boot(AGENT_ONLY);
    await machine.must('systemctl start lanewarden-image.service');
    await machine.must('echo of the first boot > /var/lib/lanewarden/kept; sync -f /var/lib/lanewarden');
    kept = await machine.must('cat /etc/machine-id /var/lib/lanewarden/own-network /var/lib/lanewarden/kept');
  });
  await step('cuts: update to 2, which is not started', async () => {
    const before = disk.counts.writes;
    await machine.must(updateBy('system2'));
    writes = disk.counts.writes - before;
    assert.equal(await machine.must(ENTRIES), 'a.conf b+3.conf');
  });
  await step(`cuts: update to 3 over it; the card put aside at ${cuts} moments`, async () => {
    // Each leaves the same share of the writes to come: the last ones decide. And one when it is over.
    const start = disk.counts.writes;
    const middles = Array.from(
      { length: cuts - 1 },
      (_, cut) => start + writes - writes ** (1 - (cut + 0.5) / (cuts - 1)),
    );
    const moments = [...middles, Number.POSITIVE_INFINITY].entries();
    let next = moments.next();
    const takeUntil = (now) => {
      for (; !next.done && next.value[1] <= now; next = moments.next()) disk.putAside(cutImage(next.value[0] + 1));
    };
    disk.onWrite = () => takeUntil(disk.counts.writes);
    await machine.must(updateBy('system3'));
    disk.onWrite = () => {};
    takeUntil(Number.POSITIVE_INFINITY);
    await machine.cut();
  });
  const found = [];
  for (let cut = 1; cut <= cuts; cut += 1)
    await step(`power cut ${cut} of ${cuts}: a whole system, all that was kept, its page`, async () => {
      const card = join(work, 'card');
      found[cut] = lookIntoCard(cutImage(cut), card, fileOf, kept);
      // When it is over the new one starts; before that whichever is whole.
      if (cut === cuts) assert.equal(found[cut], '3');
      assert.equal(await startOnce(card, () => pageAnswers(PAGE_PORT)), found[cut]);
      return `ok, system ${found[cut]}`;
    });
  for (let cut = cuts; cut > Math.max(0, cuts - boots); cut -= 1)
    await step(`power cut ${cut} of ${cuts}: firmware starts the same system`, async () => {
      await insert(cutImage(cut));
      await boot(AGENT_ONLY);
      assert.equal(await machine.must(SYSTEM), found[cut]);
      await machine.cut();
      return `ok, system ${found[cut]}`;
    });
}

/** Runs as it should: what a person sees, and what nobody may change. */
async function isUp() {
  assert.equal(await machine.must(SYSTEM), current);
  await machine.until('systemctl -q is-active lanewarden');
  await pageAnswers(pagePort);
  assert.match(await machine.must('findmnt -no OPTIONS /'), /^ro,/);
  assert.notEqual((await machine.run('touch /usr/written')).status, 0);
  await machine.must('findmnt /data && findmnt /var/lib/lanewarden && findmnt /etc/lanewarden');
  if (existsSync(keptFile)) assert.equal(await machine.must(KEPT), readFileSync(keptFile, 'utf8'));
}

/** The page as a phone asks it, from outside. */
async function pageAnswers(port) {
  const agent = new Agent({ rejectUnauthorized: false });
  for (;;) {
    const status = await new Promise((resolve) =>
      get({ agent, host: '127.0.0.1', port, path: '/' }, (answer) => resolve(answer.resume().statusCode)).on(
        'error',
        () => resolve(0),
      ),
    );
    if (status === 200) return;
    await sleep(1_000);
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

function cutImage(number) {
  return join(work, `cut${number}.img`);
}

/** A card with the image on it, `room` larger, takes the place of the one before; most of it is a hole. */
async function insert(image, room = 0) {
  disk?.close();
  disk = undefined;
  const { size } = statSync(image);
  const bytes = Buffer.alloc(Math.ceil((size + room) / (1 << 20)) * (1 << 20));
  const file = openSync(image, 'r');
  for (let at = 0; at < size; at += 1 << 26) readSync(file, bytes, at, Math.min(1 << 26, size - at), at);
  closeSync(file);
  disk = new VolatileDisk(bytes);
  rmSync(join(work, 'data'), { force: true });
  await disk.listen(join(work, 'data'));
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
  // As often as on a box: with the wide limit of the manager (emulated.conf) it would show after a quarter of an hour that it works.
  put(added, 'etc/systemd/system/lanewarden.service.d/feeds.conf', '[Service]\nEnvironment=WATCHDOG_USEC=45000000\n');
  // No console of its own, and no volumes of LVM: what they take is the emulated processor's.
  for (const none of ['serial-getty@.service', 'e2scrub_reap.service'])
    symlinkSync('/dev/null', join(added, 'etc/systemd/system', none));
  mkdirSync(join(added, 'etc/systemd/system/multi-user.target.wants'), { recursive: true });
  symlinkSync('../agent.service', join(added, 'etc/systemd/system/multi-user.target.wants/agent.service'));
  const bad = join(work, 'bad');
  put(bad, 'etc/systemd/system/lanewarden.service.d/bad.conf', '[Service]\nExecStartPre=/bin/false\n');
  put(
    bad,
    'etc/systemd/system/lanewarden-image-health.service.d/wide.conf',
    '[Service]\nEnvironment=LANEWARDEN_HEALTH_S=45\n',
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
      '--cache',
      cache,
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
  cpSync(join(cache, 'card'), join(work, 'esp'), { recursive: true });
  for (const part of ['linux', 'initrd']) copyFileSync(join(cache, part), join(work, part));
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
