// A picture as a camera of twelve megapixels sends it: more than 3 MB, and no more than is taken from one.
import assert from 'node:assert/strict';
import jpeg from 'jpeg-js';

export function largePicture() {
  const [width, height] = [4_000, 3_000];
  const data = Buffer.alloc(width * height * 4);
  let noise = 1;
  for (let at = 0; at < data.length; at += 1) {
    noise = (noise * 1_103_515_245 + 12_345) & 0x7fffffff;
    data[at] = ((at / 4) % width) / 16 + ((noise >> 16) & 0x1f);
  }
  const picture = jpeg.encode({ data, width, height }, 68).data;
  assert.ok(picture.length > 3_000_000);
  return picture;
}
