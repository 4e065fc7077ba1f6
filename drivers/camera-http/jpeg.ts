/** Whether bytes are one whole JPEG. Knows no camera and decodes nothing. */
import { ProtocolError } from '../../src/driver.ts';

/** A larger picture could not be uploaded. */
export const PICTURE_BYTES_MAX = 3 * 1024 * 1024;

/** Cuts the picture FF D8 FF … FF D9 out of `bytes`: some cameras append zeros or a line break. Throws ProtocolError `frame`. */
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

/** Like `wholeJpeg`, for an optional picture of a message. A copy, which does not pin the receive buffer. */
export function jpegOrNone(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return wholeJpeg(bytes).slice();
  } catch {
    return undefined;
  }
}
