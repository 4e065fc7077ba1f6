/** Width and height from a JPEG's header. Pure; it decodes nothing. ITU T.81, B.2.2. */

/** undefined: no frame header was found. */
export function jpegSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const word = (offset: number): number => ((bytes[at + offset] ?? 0) << 8) + (bytes[at + offset + 1] ?? 0);
    // SOF0 to SOF15, except DHT, JPG and DAC among them.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: word(5), width: word(7) };
    at += 2 + word(2);
  }
  return undefined;
}
