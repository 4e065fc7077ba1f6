/** Whether bytes are one whole JPEG picture. Knows no camera; it decodes nothing. */
import { ProtocolError } from '../../src/driver.ts';

/** A picture larger than this is none we could send. */
export const PICTURE_BYTES_MAX = 3 * 1024 * 1024;

/** The picture in `bytes`, FF D8 FF … FF D9. Some cameras pad the end with zeros or a line break. Throws ProtocolError `frame`. */
export function wholeJpeg(bytes: Uint8Array): Uint8Array {
  if (bytes.length > PICTURE_BYTES_MAX)
    throw new ProtocolError('frame', `the picture is larger than ${PICTURE_BYTES_MAX} bytes`);
  if (!beginsJpeg(bytes)) throw new ProtocolError('frame', 'the answer is no JPEG picture');
  let end = bytes.length;
  while (end > 3 && bytes[end - 1] !== 0xd9 && [0x00, 0x0a, 0x0d].includes(bytes[end - 1] ?? -1)) end -= 1;
  if (bytes[end - 2] !== 0xff || bytes[end - 1] !== 0xd9) throw new ProtocolError('frame', 'the picture is cut short');
  return bytes.subarray(0, end);
}

export const beginsJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** As `wholeJpeg`, for a picture that comes along with something that counts without it. A copy: it pins no buffer it came in. */
export function jpegOrNone(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return wholeJpeg(bytes).slice();
  } catch {
    return undefined;
  }
}
