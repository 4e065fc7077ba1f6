// The two roots of the image under their own systemd, on this machine's kernel and at its speed: what an emulated machine takes an hour for takes minutes.
// Not seen here: firmware, loader, kernel and initrd of the image, its partitions, FAT, and what a power cut takes from the memory of a disk. The loader's
// choice and its count are those of its specification, written once more below.
import assert from 'node:assert/strict';
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMachine, until } from '../box/machine.mjs';
import { run } from './root.mjs';

const SCRIPT = fileURLToPath(new URL('image-native.sh', import.meta.url));
const SYSTEM = '/usr/lib/lanewarden-image-version';
/** Of each box its own, whatever happens. */
const KEPT =
  'cat /etc/machine-id /var/lib/lanewarden/own-network && sha256sum < /var/lib/lanewarden/page/certificate.pem';
const WORKS_MS = 15 * 60_000;

/** `work`: a folder with system1.img and the updates; `esp`: what its first partition has; `pageAnswers`: resolves when the page answers. */
export async function native({ work, esp, cuts, step, pageAnswers }) {
  const card = join(work, 'native');
  const entries = join(card, 'efi/loader/entries');
  const names = () => readdirSync(entries).sort().join(' ');
  let box;
  let kept;
  let tookMs;
  const is = (system) => assert.equal(box.read(SYSTEM).trim(), system);
  const update = (name) => box.run('lanewarden-image', 'update', `/card/updates/${name}.update`);
  const updated = (name) => assert.match(update(name).stderr, /starts at the next boot/);
  const boot = async () => {
    box = await startMachine(card, 'lanewarden', choose(entries), join(card, 'box'), SCRIPT);
    await pageAnswers();
    const now = box.must('sh', '-c', KEPT);
    kept ??= now;
    assert.equal(now, kept);
  };
  const again = async () => {
    box.must('sync');
    box.run('systemctl', 'reboot');
    await box.ended;
    await box.end();
  };
  const works = () =>
    until(
      'it shows that it works',
      () => !existsSync(box.inside('/run/lanewarden-image/trial')),
      () => box.journal(),
      WORKS_MS,
    );

  try {
    await step('in namespaces: first start', async () => {
      for (const folder of ['box', 'updates']) mkdirSync(join(card, folder), { recursive: true });
      cpSync(esp, join(card, 'efi'), { recursive: true });
      for (const name of ['system2', 'system3', 'broken', 'altered', 'foreign'])
        linkSync(join(work, `${name}.update`), join(card, `updates/${name}.update`));
      const sectors = /img2 : start= *(\d+)/.exec(run('sfdisk', '--dump', join(work, 'system1.img')))?.[1];
      const from = ['bs=1M', `skip=${Number(sectors) / 2048}`, 'count=1536', 'conv=sparse'];
      run('dd', `if=${join(work, 'system1.img')}`, `of=${join(card, 'root-a.img')}`, ...from);
      run('truncate', '-s', '1536M', join(card, 'root-b.img'));
      run('truncate', '-s', '600M', join(card, 'data.img'));
      run('mkfs.ext4', '-q', join(card, 'data.img'));
      await boot();
      is('1');
    });
    await step('in namespaces: another key, an altered one: refused', async () => {
      assert.match(update('foreign').stderr, /is not signed with an update key/);
      assert.match(update('altered').stderr, /is damaged/);
      assert.equal(names(), 'a.conf');
    });
    await step('in namespaces: 2 in the second root shows that it works; one that is no newer is refused', async () => {
      const beganMs = Date.now();
      updated('system2');
      tookMs = Date.now() - beganMs;
      await again();
      await boot();
      is('2');
      await works();
      assert.equal(names(), 'a.conf b.conf');
      assert.match(update('system2').stderr, /is not newer/);
    });
    await step(`in namespaces: killed at ${cuts} moments of the update to 3`, async () => {
      for (let cut = 1; cut <= cuts; cut += 1) {
        const updating = box.start('lanewarden-image', 'update', '/card/updates/system3.update');
        await Promise.race([updating.ended, new Promise((resolve) => setTimeout(resolve, (tookMs * cut) / cuts))]);
        // The last one when it is over.
        if (cut === cuts) await updating.ended;
        await box.end();
        const isOver = names() === 'a+3.conf b.conf';
        await boot();
        is(isOver ? '3' : '2');
        if (isOver) break;
      }
    });
    await step('in namespaces: 3 in the first root shows that it works', async () => {
      is('3');
      await works();
      assert.equal(names(), 'a.conf b.conf');
    });
    await step('in namespaces: 4, whose program does not start, is tried three times; 3 is back', async () => {
      updated('broken');
      await again();
      for (let tried = 1; tried <= 3; tried += 1) {
        box = await startMachine(card, 'lanewarden', choose(entries), join(card, 'box'), SCRIPT);
        is('4');
        await box.ended;
        await box.end();
      }
      await boot();
      is('3');
      assert.equal(names(), 'a.conf b+0-3.conf');
    });
  } finally {
    await box?.end();
  }
}

/** A card that is taken apart in `card`, started once. Resolves to the system that ran, when its page has answered. */
export async function startOnce(card, pageAnswers) {
  mkdirSync(join(card, 'box'));
  const box = await startMachine(
    card,
    'lanewarden',
    choose(join(card, 'efi/loader/entries')),
    join(card, 'box'),
    SCRIPT,
  );
  try {
    await pageAnswers();
    return box.read(SYSTEM).trim();
  } finally {
    await box.end();
  }
}

/** As systemd-boot: the newest that has tries left, counted before it starts. Returns which root it is. */
function choose(entries) {
  const texts = readdirSync(entries).map((file) => [file, readFileSync(join(entries, file), 'utf8')]);
  const { file, slot, left, done } = chosen(texts);
  if (left !== undefined) renameSync(join(entries, file), join(entries, `${slot}+${left - 1}-${done + 1}.conf`));
  return slot;
}

/** `entries`: of each its name and its text. */
export function chosen(entries) {
  const all = entries
    .filter(([file]) => file.endsWith('.conf'))
    .map(([file, text]) => {
      const [, slot, left, done = '0'] = /^([ab])(?:\+(\d)(?:-(\d))?)?\.conf$/.exec(file);
      const version = Number(/^version (.*)$/m.exec(text)[1]);
      return { file, slot, left: left && Number(left), done: Number(done), version };
    });
  return all.filter(({ left }) => left !== 0).sort((a, b) => b.version - a.version)[0];
}
