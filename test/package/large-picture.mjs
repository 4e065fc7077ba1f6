// Pictures of noise, which no compression makes small.
import assert from 'node:assert/strict';
import jpeg from 'jpeg-js';

/** As a camera of twelve megapixels sends it: more than 3 MB, and no more than is taken from one. */
export function largePicture() {
  const picture = pictureOf(4_000, 3_000, 68);
  assert.ok(picture.length > 3_000_000);
  return picture;
}

/** @param {number} width @param {number} height @param {number} quality */
export function pictureOf(width, height, quality) {
  const data = Buffer.alloc(width * height * 4);
  let noise = 1;
  for (let at = 0; at < data.length; at += 1) {
    noise = (noise * 1_103_515_245 + 12_345) & 0x7fffffff;
    data[at] = ((at / 4) % width) / 16 + ((noise >> 16) & 0x1f);
  }
  return jpeg.encode({ data, width, height }, quality).data;
}
