// The package on a kernel, a service manager and wires of its own, in a virtual machine: install, stories by UART, GPIO and USB, adapters that come and go, a
// clock that is wrong, prepare-pi, and the power that goes. As root, from a bare machine: qemu-system-x86 and the package mirror (for the root, once).
//
//   node test/vm/vm.mjs [--arch arm64] [--base FOLDER] [--cuts 1] [--images 100] [--hung] [--keep] [STORY…]
//
// With names of stories only these, after the first (stories.mjs). Of arm64: it boots, installs, and tells the story over its UART.
// Where no machine can be booted this fails; it does not skip. Exit: 0 all of it holds · 1 something does not
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newestPackage } from '../../deploy/newest-package.mjs';
import { CLOSED } from '../box/unpaid.mjs';
import { startBoard } from './board.mjs';
import { cutsOf, imagesOf } from './cuts.mjs';
import { VolatileDisk } from './disk.mjs';
import * as lanes from './lanes.mjs';
import { accelerator, enterOwnNetwork, Machine } from './machine.mjs';
import { gpioModule, imageOf, prepareBase, run } from './root.mjs';
import { hung, STORIES, STORIES_ELSEWHERE } from './stories.mjs';

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    arch: { type: 'string', default: 'amd64' },
    base: { type: 'string' },
    cuts: { type: 'string', default: '1' },
    images: { type: 'string', default: '100' },
    hung: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
// With the network of this machine; everything after it has none.
const { arch } = values;
const base = values.base ?? (arch === 'amd64' ? 'dist-deb/root-vm' : `dist-deb/root-vm-${arch}`);
const booted = prepareBase(base, arch);
enterOwnNetwork();

const began = Date.now();
let lastAt = began;
const say = (what) => {
  const now = Date.now();
  process.stdout.write(`${String(Math.round((now - lastAt) / 1000)).padStart(5)} s  ${what}\n`);
  lastAt = now;
};
const deb = newestPackage(arch);
assert.ok(deb, `npm run package -- --arch ${arch} first`);

const work = mkdtempSync(join(tmpdir(), 'lanewarden-vm-'));
const root = join(work, 'root.img');
const isOurs = arch === 'amd64';
const module = isOurs ? { [gpioModule(work, booted.version)]: 'root/gpio-lines.ko' } : {};
imageOf(base, root, { ...module, [deb]: 'root/lanewarden.deb' });
const empty = join(work, 'data.img');
run('truncate', '-s', '200M', empty);
run(
  'mkfs.ext4',
  '-q',
  '-F',
  '-b',
  '4096',
  '-E',
  'lazy_itable_init=0,lazy_journal_init=0',
  '-L',
  'lanewarden-data',
  empty,
);
const disk = new VolatileDisk(readFileSync(empty));
await disk.listen(join(work, 'data'));
const accel = await accelerator(booted);
say(`image, module, disk; the machine runs by ${accel}`);

const [uart, usb] = [await startBoard(), await startBoard()];
for (const board of [uart, usb]) board.inputs = CLOSED;
const intakePort = await freePort();
const platform = await lanes.platformOf();
const clock = await lanes.timeServer();
const box = {
  ...{ arch, hasLines: isOurs, accel, disk, work, uart, usb, platform, clock, intakePort, lanes, say },
  /** Openings that nobody paid for, a lane: what the platform must have, once each. */
  made: { [lanes.LANES.uart]: 0, [lanes.LANES.gpio]: 0, [lanes.LANES.usb]: 0 },
  machine: undefined,
  async boot() {
    const at = Date.now();
    // The clock of a box without a battery.
    const startsAt = '2024-01-01T00:00:00';
    const forward = `hostfwd=tcp:127.0.0.1:${intakePort}-:8081`;
    const options = { ...booted, accel, root, data: join(work, 'data'), rs485Port: uart.port, forward, startsAt };
    box.machine = await Machine.boot(work, options);
    if (isOurs) await box.machine.must(lanes.LINES);
    return Math.round((Date.now() - at) / 1000);
  },
};
const end = () => {
  box.machine?.end();
  disk.close();
  if (!values.keep) rmSync(work, { recursive: true, force: true });
};
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => {
    process.stdout.write(`ended by ${signal}\n${box.machine?.said() ?? ''}\n`);
    end();
    process.exit(1);
  });
let failed = true;
try {
  const isWanted = (name) => words.length === 0 || words.includes(name);
  for (const [name, tell] of Object.entries(isOurs ? STORIES : STORIES_ELSEWHERE))
    if (name === 'installed' || isWanted(name)) await tell(box);
  // A box that is not prepared has its data elsewhere.
  if (isOurs && isWanted('prepared')) {
    await imagesOf(box, Number(values.images));
    await cutsOf(box, Number(values.cuts));
    if (values.hung) await hung(box);
  }
  failed = false;
  process.stdout.write(`the box does as it should, after ${Math.round((Date.now() - began) / 1000)} s\n`);
} catch (error) {
  process.stdout.write(`${error.stack}\n${box.machine?.said() ?? ''}\n`);
} finally {
  end();
}
process.exit(failed ? 1 : 0);

function freePort() {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    }),
  );
}
