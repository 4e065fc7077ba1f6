/**
 * A picture fit to be sent: whole, and within the size limit where possible. Re-encoding needs `sharp`, which is optional; without it a
 * large picture goes unchanged. It knows bytes, no record.
 */

export interface PreparedPicture {
  readonly bytes?: Uint8Array;
  /** Why it differs from the camera's: `pictureBroken`, or `pictureLarge` when it could not be made smaller. */
  readonly note?: 'pictureBroken' | 'pictureLarge';
}

/** Tried in turn until the picture fits: width in pixels (undefined: unchanged) and JPEG quality. */
const STEPS: readonly (readonly [width: number | undefined, quality: number])[] = [
  [undefined, 80],
  [1920, 75],
  [1280, 70],
  [960, 60],
  [640, 50],
  // Night and rain are mostly noise: these meet the lowest configurable limit.
  [480, 40],
  [320, 30],
];

/** The same bytes give the same result at every attempt. */
export async function preparePicture(
  bytes: Uint8Array | undefined,
  { maxPictureBytes, picture }: { readonly maxPictureBytes: number; readonly picture: string },
): Promise<PreparedPicture> {
  if (bytes === undefined || picture === 'none' || picture === 'url') return {};
  if (!isWholeJpeg(bytes)) return { note: 'pictureBroken' };
  if (bytes.length <= maxPictureBytes) return { bytes };
  const smaller = await reencode(bytes, maxPictureBytes);
  return smaller === undefined ? { bytes, note: 'pictureLarge' } : { bytes: smaller };
}

/**
 * Whether the bytes are a JPEG from its start to its end (ISO/IEC 10918-1, annex B):
 *
 *     FF D8            start
 *     FF xx  LL LL …   segments, each with its length including the two length bytes; at least one frame header (C0 … CF)
 *     FF DA  LL LL …   start of the scan, then entropy-coded data
 *     FF D9            end; cameras pad behind it
 */
export function isWholeJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  let at = 2;
  let framed = false;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda) return framed && endsAfter(bytes, at);
    // C4, C8 and CC are tables and reserved; the rest of C0…CF begin a frame.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) framed = true;
    at += 2 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
  }
  return false;
}

/** In entropy-coded data a marker byte is never FF D9 unless it is the end. */
function endsAfter(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.length - 2; at > from; at -= 1) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

interface Sharp {
  rotate(): Sharp;
  resize(options: { width: number; withoutEnlargement: boolean }): Sharp;
  jpeg(options: { quality: number }): Sharp;
  toBuffer(): Promise<Buffer>;
}

async function reencode(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined> {
  const sharp = await loadSharp();
  if (sharp === undefined) return undefined;
  for (const [width, quality] of STEPS) {
    try {
      // Re-encoding drops EXIF, the only place where a camera mounted on its side says so.
      const image = sharp(bytes).rotate();
      const sized = width === undefined ? image : image.resize({ width, withoutEnlargement: true });
      const result = await sized.jpeg({ quality }).toBuffer();
      if (result.length <= maxBytes) return result;
    } catch {
      // A picture that only this decoder refuses is still sent: a person may see enough in it.
      return undefined;
    }
  }
  return undefined;
}

let loading: Promise<((bytes: Uint8Array) => Sharp) | undefined> | undefined;

/** Optional: prebuilt for the supported boxes, absent elsewhere. */
function loadSharp(): Promise<((bytes: Uint8Array) => Sharp) | undefined> {
  const name = 'sharp';
  loading ??= import(name).then(
    (module: { default: (bytes: Uint8Array) => Sharp }) => module.default,
    () => undefined,
  );
  return loading;
}
