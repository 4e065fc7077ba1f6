/** The QR code of the label, as it stands on a screen of characters, is read by a reader that shares no code with it. */
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { labelLines } from '../../src/page/access/label.ts';
import { atLength } from '../at-length.ts';

/** Four pixels to a module, within the quiet zone that the standard asks for. */
function read(lines: readonly string[]): string | undefined {
  const isLight = [(one: string) => one === '█' || one === '▀', (one: string) => one === '█' || one === '▄'];
  const dark = lines.flatMap((line) => isLight.map((light) => [...line].map((one) => !light(one))));
  const size = 4 * (dark.length + 8);
  const pixels = new Uint8ClampedArray(4 * size * size).fill(255);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (dark[Math.floor(y / 4) - 4]?.[Math.floor(x / 4) - 4])
        pixels.fill(0, 4 * (y * size + x), 4 * (y * size + x) + 3);
  return (jsQR as unknown as typeof jsQR.default)(pixels, size, size)?.data;
}

const drawn = (url: string, setupCode?: string): readonly string[] =>
  labelLines({ urls: [url], setupCode, fingerprint: undefined }, 'en').filter((line) => /^[█▀▄ ]{25,}$/.test(line));

describe('the code of a label', () => {
  it('opens the page and fills in the set-up code', () => {
    const lines = drawn('https://192.168.1.50:8443', '6ACZ-U6FB-T5JF-TWTA');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(read(lines)).toBe('https://192.168.1.50:8443/#/setup?code=6ACZ-U6FB-T5JF-TWTA');
  });

  it('is read with any address', () => {
    for (let number = 0; number < 200; number += atLength(1, 5)) {
      const url = `https://10.${number}.${(number * 7) % 256}.${(number * 31) % 256}:8443`;
      expect(read(drawn(url))).toBe(`${url}/`);
    }
  });
});
