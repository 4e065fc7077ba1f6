/** A picture above the limit, on the wire: made smaller by the program of the package, sent as it came with a note where that is not or cannot. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import jpeg from 'jpeg-js';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { dist, jpeg as markersOnly, temporaryFolder } from '../../store/open.ts';
import { type CloudSettings, createClient } from '../flat-client.ts';
import { testPlatform } from './platform.ts';
import { outboxRecord, settings } from './records.ts';

const LIMIT = 60_000;
const WIDTH = 1_600;
const HEIGHT = 900;

/** A street that does not compress well, and with more noise hardly at all. */
function photographed(noiseMask = 0x3f, width = WIDTH, height = HEIGHT): Buffer {
  const data = Buffer.alloc(width * height * 4);
  let noise = 1;
  for (let at = 0; at < data.length; at += 1) {
    noise = (noise * 1_103_515_245 + 12_345) & 0x7fffffff;
    data[at] = ((at / 4) % width) / 8 + ((noise >> 16) & noiseMask);
  }
  return jpeg.encode({ data, width, height }, 90).data;
}

const photograph = photographed();

// A script of the build: it has no types.
const { pictureTool }: { pictureTool(arch: string): string } = await import(
  '../../../deploy/picture-tool.mjs' as string
);
const TOOL = pictureTool(process.arch === 'arm64' ? 'arm64' : 'amd64');
const PATH = process.env.PATH;
// As a release has it: whoever runs from the source tree may put it there too.
process.env.PATH = `${dirname(TOOL)}:${PATH}`;
afterAll(() => {
  process.env.PATH = PATH;
});

async function sent(picture: Uint8Array, more: Partial<CloudSettings> = {}) {
  const platform = await testPlatform();
  const client = createClient(settings(platform.url, { maxPictureBytes: LIMIT, ...more }), { clock: systemClock() });
  const receipts = [1, 2].map(() => client.send(outboxRecord({ picture: 'attached' }), picture));
  const [receipt] = await Promise.all(receipts);
  await client.close();
  return { receipt, got: platform.got };
}

it('is a whole picture within the limit', async () => {
  const original = photograph;
  expect(original.length).toBeGreaterThan(2 * LIMIT);
  for (const picture of ['field', 'file-and-hash'] as const) {
    const { receipt, got } = await sent(original, { picture });
    const [one, again] = got;
    expect(one?.signed).toBe(true);
    expect(again?.raw.equals(one?.raw ?? Buffer.alloc(0)), 'byte for byte the same at every try').toBe(true);
    expect(one?.picture?.length).toBeLessThanOrEqual(LIMIT);
    const { width, height } = jpeg.decode(one?.picture ?? Buffer.alloc(0));
    expect(width / height).toBeCloseTo(WIDTH / HEIGHT, 1);
    expect(width).toBeGreaterThanOrEqual(640);
    expect(receipt).not.toHaveProperty('warning');
  }
});

it('stands upright as its EXIF says', async () => {
  const { got } = await sent(lying(6, photograph));
  const { width, height } = jpeg.decode(got[0]?.picture ?? Buffer.alloc(0));
  expect(width / height).toBeCloseTo(HEIGHT / WIDTH, 1);
});

it('is within the least limit that can be configured, whatever is on it', async () => {
  const { receipt, got } = await sent(photographed(0xff), { maxPictureBytes: 20_000 });
  expect(got[0]?.picture?.length).toBeLessThanOrEqual(20_000);
  expect(receipt).not.toHaveProperty('warning');
});

it('at the limit is left as it is', async () => {
  const original = photograph;
  const { receipt, got } = await sent(original, { maxPictureBytes: original.length });
  expect(got[0]?.picture?.equals(original)).toBe(true);
  expect(receipt).not.toHaveProperty('warning');
});

it('that no decoder takes goes as it came, with a note', async () => {
  const original = Buffer.from(markersOnly(2 * LIMIT));
  const { receipt, got } = await sent(original);
  expect(got[0]?.picture?.equals(original)).toBe(true);
  expect(receipt).toMatchObject({ kind: 'accepted', warning: 'pictureLarge' });
});

it('goes as it came, with a note, where there is no such program', () => {
  // The compiled module alone, in a folder and an environment where no program can be found.
  const folder = temporaryFolder();
  copyFileSync(join(dist, 'src/delivery/jpeg-reencoding.js'), join(folder, 'picture.mjs'));
  writeFileSync(join(folder, 'photograph.jpg'), photograph);
  const script = `
    import { readFileSync } from 'node:fs';
    import { preparePicture } from './picture.mjs';
    const original = readFileSync('photograph.jpg');
    const { bytes, note } = await preparePicture(original, ${LIMIT});
    console.log(JSON.stringify({ same: bytes === original, note }));
  `;
  writeFileSync(join(folder, 'look.mjs'), script);
  const said = execFileSync(process.execPath, ['look.mjs'], { cwd: folder, encoding: 'utf8', env: {} });
  expect(JSON.parse(said)).toEqual({ same: true, note: 'pictureLarge' });
});

/** APP1 with one entry: Orientation (0112). */
function lying(orientation: number, picture: Buffer): Buffer {
  const exif = Buffer.from('ffe1002245786966000049492a0008000000010012010300010000000000000000000000', 'hex');
  exif[28] = orientation;
  return Buffer.concat([picture.subarray(0, 2), exif, picture.subarray(2)]);
}

it('stands upright from each of the eight ways to lie', () => {
  // Red at the left, blue at the bottom right, so that each turn and mirror shows.
  const [width, height] = [96, 64];
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      data.set([x < 48 ? 255 : 0, 0, x >= 48 && y >= 32 ? 255 : 0], (y * width + x) * 4);
  const original = jpeg.encode({ data, width, height }, 95).data;
  const corners = (orientation: number): string => {
    const { stdout } = spawnSync(TOOL, ['500000'], { input: lying(orientation, original) });
    const { data: seen, width: w, height: h } = jpeg.decode(stdout);
    const at = (x: number, y: number): string => {
      const [red = 0, , blue = 0] = seen.subarray((y * w + x) * 4);
      return red > 128 ? 'r' : blue > 128 ? 'b' : '-';
    };
    return `${w}x${h} ${at(8, 8)}${at(w - 8, 8)}${at(8, h - 8)}${at(w - 8, h - 8)}`;
  };
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(corners)).toEqual([
    ...['96x64 r-rb', '96x64 -rbr', '96x64 br-r', '96x64 rbr-'],
    ...['64x96 rr-b', '64x96 rrb-', '64x96 b-rr', '64x96 -brr'],
  ]);
});

it('makes 500 KB of twelve megapixels, within its limit', () => {
  const original = photographed(0x0f, 4_000, 3_000);
  expect(original.length).toBeGreaterThan(3_000_000);
  const { status, stdout } = spawnSync(TOOL, ['500000'], { input: original });
  expect(status).toBe(0);
  expect(stdout.length).toBeLessThanOrEqual(500_000);
  expect(jpeg.decode(stdout).width).toBeGreaterThanOrEqual(1_000);
});

it('lives within 48 MB, set by itself before it reads anything, and refuses what does not fit in', async () => {
  const child = spawn(TOOL, ['500000'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const limits = await expect
    .poll(() => readFileSync(`/proc/${child.pid}/limits`, 'utf8'))
    .toMatch(/^Max address space +50331648 +50331648 /m)
    .then(() => readFileSync(`/proc/${child.pid}/limits`, 'utf8'));
  expect(limits).toMatch(/^Max cpu time +30 +30 /m);
  child.kill('SIGKILL');
  const tooLong = spawnSync(TOOL, ['500000'], { input: Buffer.alloc(13_000_000, 1), maxBuffer: 1e6 });
  expect([tooLong.status, tooLong.stdout.length]).toEqual([1, 0]);
  for (const words of [[], ['0'], ['x'], ['500000', 'x'], ['99999999999']])
    expect(spawnSync(TOOL, words, { input: '' }).status, words.join()).toBe(2);
});

it('refuses or shrinks a picture that is cut or changed anywhere, and never dies of it', () => {
  const seed = photographed(0x0f, 320, 180);
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  for (let round = 0; round < 100; round += 1) {
    const hurt = Buffer.from(lying(1 + random(8), seed).subarray(0, round % 3 === 0 ? random(seed.length) : undefined));
    for (let change = 0; change < 1 + random(8); change += 1) hurt[random(Math.min(hurt.length, 900))] = random(256);
    const { status, signal } = spawnSync(TOOL, ['20000'], { input: hurt, maxBuffer: 1e6 });
    expect(signal, `round ${round}`).toBe(null);
    expect([0, 1]).toContain(status);
  }
});
