/** The QR code of the label is read by a reader that shares no code with it. */
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { type QrCode, qrCode, qrLines } from '../../src/page/access/qr-code.ts';

/** Four pixels to a module, with the quiet zone that the standard asks for. */
function read(code: QrCode): string | undefined {
  const size = 4 * (code.length + 8);
  const pixels = new Uint8ClampedArray(4 * size * size).fill(255);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (code[Math.floor(y / 4) - 4]?.[Math.floor(x / 4) - 4])
        pixels.fill(0, 4 * (y * size + x), 4 * (y * size + x) + 3);
  return (jsQR as unknown as typeof jsQR.default)(pixels, size, size)?.data;
}

describe('a QR code', () => {
  it.each([1, 17, 18, 32, 33, 53, 54, 78, 79, 106])('of %i bytes is read', (length) => {
    const text = 'https://192.168.1.50:8443/#/setup?code=6ACZ-U6FB-T5JF-TWTA'.repeat(2).slice(0, length);
    expect(read(qrCode(text) as QrCode)).toBe(text);
  });

  it('of many addresses is read, whatever its mask', () => {
    for (let number = 0; number < 200; number += 1) {
      const text = `https://10.${number}.${(number * 7) % 256}.${(number * 31) % 256}:8443/`;
      expect(read(qrCode(text) as QrCode)).toBe(text);
    }
  });

  it('of more than 106 bytes there is none', () => {
    expect(qrCode('x'.repeat(107))).toBeUndefined();
  });

  it('on a screen of characters is the same', () => {
    const text = 'https://192.168.1.50:8443/';
    const lines = qrLines(qrCode(text) as QrCode);
    const drawn = lines.flatMap((line) =>
      [(one: string) => one === '█' || one === '▀', (one: string) => one === '█' || one === '▄'].map((isLight) =>
        [...line].map((one) => !isLight(one)),
      ),
    );
    expect(read(drawn)).toBe(text);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });
});
