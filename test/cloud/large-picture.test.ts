/** A picture above the limit, on the wire: made smaller where `sharp` is there, sent as it came with a note where it is not. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type CloudSettings, createClient } from '../../src/cloud/client.ts';
import { dist, jpeg as markersOnly, temporaryFolder } from '../store/open.ts';
import { testPlatform } from './platform.ts';
import { outboxRecord, settings } from './records.ts';

const LIMIT = 60_000;
const WIDTH = 1_600;
const HEIGHT = 900;

/** A street that does not compress well, and with more noise hardly at all. */
function photographed(noiseMask = 0x3f): Buffer {
  const data = Buffer.alloc(WIDTH * HEIGHT * 4);
  let noise = 1;
  for (let at = 0; at < data.length; at += 1) {
    noise = (noise * 1_103_515_245 + 12_345) & 0x7fffffff;
    data[at] = ((at / 4) % WIDTH) / 8 + ((noise >> 16) & noiseMask);
  }
  return jpeg.encode({ data, width: WIDTH, height: HEIGHT }, 90).data;
}

const photograph = photographed();

const isSharpHere = await import('sharp' as string).then(
  () => true,
  () => false,
);

async function sent(picture: Uint8Array, more: Partial<CloudSettings> = {}) {
  const platform = await testPlatform();
  const client = createClient(settings(platform.url, { maxPictureBytes: LIMIT, ...more }), { clock: systemClock() });
  const receipts = [1, 2].map(() => client.send(outboxRecord({ picture: 'attached' }), picture));
  const [receipt] = await Promise.all(receipts);
  await client.close();
  return { receipt, got: platform.got };
}

it(`is a whole picture within the limit${isSharpHere ? '' : ', or as it came and said so'}`, async () => {
  const original = photograph;
  expect(original.length).toBeGreaterThan(2 * LIMIT);
  for (const picture of ['field', 'file-and-hash'] as const) {
    const { receipt, got } = await sent(original, { picture });
    const [one, again] = got;
    expect(one?.signed).toBe(true);
    expect(again?.raw.equals(one?.raw ?? Buffer.alloc(0)), 'byte for byte the same at every try').toBe(true);
    if (!isSharpHere) {
      expect(one?.picture?.equals(original)).toBe(true);
      expect(receipt).toMatchObject({ kind: 'accepted', warning: 'pictureLarge' });
      continue;
    }
    expect(one?.picture?.length).toBeLessThanOrEqual(LIMIT);
    const { width, height } = jpeg.decode(one?.picture ?? Buffer.alloc(0));
    expect(width / height).toBeCloseTo(WIDTH / HEIGHT, 1);
    expect(width).toBeGreaterThanOrEqual(640);
    expect(receipt).not.toHaveProperty('warning');
  }
});

it.runIf(isSharpHere)('stands upright as its EXIF says', async () => {
  // APP1 with one entry: Orientation (0112) is 6, the camera lies on its side.
  const exif = Buffer.from('ffe1002245786966000049492a0008000000010012010300010000000600000000000000', 'hex');
  const { got } = await sent(Buffer.concat([photograph.subarray(0, 2), exif, photograph.subarray(2)]));
  const { width, height } = jpeg.decode(got[0]?.picture ?? Buffer.alloc(0));
  expect(width / height).toBeCloseTo(HEIGHT / WIDTH, 1);
});

it.runIf(isSharpHere)('is within the least limit that can be configured, whatever is on it', async () => {
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

it('goes as it came, with a note, where there is no sharp', () => {
  // The compiled module alone, in a folder where no package can be found.
  const folder = temporaryFolder();
  copyFileSync(join(dist, 'src/cloud/jpeg-reencoding.js'), join(folder, 'picture.mjs'));
  writeFileSync(join(folder, 'photograph.jpg'), photograph);
  const script = `
    import { readFileSync } from 'node:fs';
    import { preparePicture } from './picture.mjs';
    const original = readFileSync('photograph.jpg');
    const { bytes, note } = await preparePicture(original, { maxPictureBytes: ${LIMIT}, picture: 'field' });
    console.log(JSON.stringify({ same: bytes === original, note }));
  `;
  writeFileSync(join(folder, 'look.mjs'), script);
  const said = execFileSync(process.execPath, ['look.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual({ same: true, note: 'pictureLarge' });
});
