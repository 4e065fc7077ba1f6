// What a power cut in an update of the image leaves, looked at from outside, as the loader and the kernel of the box will find it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chosen } from './image-native.mjs';
import { run } from './root.mjs';

const PARTS = {
  'root-a': 'root-a.img',
  'root-b': 'root-b.img',
  'lanewarden-data': 'data.img',
  'lanewarden-efi': 'efi.img',
};
const KEPT = 'cd "$0" && cat machine-id lanewarden/own-network lanewarden/kept';

/**
 * Takes it apart into `folder`, from which startOnce (image-native.mjs) starts it. Returns which system starts, all of it as it was signed and all that was
 * kept there, else fails. `updateOf`: of each system its file.
 */
export function lookIntoCard(card, folder, updateOf, kept) {
  rmSync(folder, { recursive: true, force: true });
  for (const each of ['efi', 'mnt']) mkdirSync(join(folder, each), { recursive: true });
  const at = (name) => join(folder, name);
  for (const [, start, size, name] of run('sfdisk', '--dump', card).matchAll(
    /start= *(\d+), size= *(\d+).*name="([^"]*)"/g,
  )) {
    const from = [`skip=${start * 512}`, `count=${size * 512}`, 'iflag=skip_bytes,count_bytes'];
    run('dd', `if=${card}`, `of=${at(PARTS[name])}`, 'bs=1M', ...from, 'conv=sparse');
  }
  run('mcopy', '-s', '-n', '-i', at('efi.img'), ...['a', 'b', 'loader'].map((name) => `::${name}`), at('efi'));

  const entries = at('efi/loader/entries');
  const texts = readdirSync(entries).map((file) => [file, readFileSync(join(entries, file), 'utf8')]);
  const { slot, version } = chosen(texts);
  const signed = run('tar', '-xOf', updateOf(`system${version}`), 'manifest');
  for (const [part, file] of Object.entries({
    linux: `efi/${slot}/linux`,
    initrd: `efi/${slot}/initrd`,
    root: `root-${slot}.img`,
  }))
    assert.ok(signed.includes(`${part}=${run('sha256sum', at(file)).slice(0, 64)}\n`), `${part} of system ${version}`);

  const checked = spawnSync('e2fsck', ['-p', at('data.img')], { encoding: 'utf8' });
  assert.ok(checked.status < 4, checked.stdout);
  run('mount', '-o', 'loop', at('data.img'), at('mnt'));
  try {
    assert.equal(run('sh', '-c', KEPT, at('mnt')).trim(), kept);
  } finally {
    run('umount', at('mnt'));
  }
  return String(version);
}
