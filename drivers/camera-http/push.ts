/** The receiving end of a camera that pushes: whose pushes it takes, and an answer that acknowledges and commands nothing. Knows no maker. */
import type { Camera, CameraEvent, PushAnswer } from '../../src/driver.ts';
import { createSenderCheck } from './address.ts';
import { createMultipart, PART_BYTES_MAX, type Part } from './multipart.ts';
import { boundaryOf } from './stream.ts';

type Push = NonNullable<Camera['push']>;

/** `refused`: left out, a push that is not understood is answered like the others. `read` throws ProtocolError. */
export const pushReceiver = (
  config: { readonly url: string; readonly pushFrom: readonly string[] },
  { taken, refused = taken }: { readonly taken: PushAnswer; readonly refused?: PushAnswer },
  read: (body: Uint8Array, contentType: string) => readonly CameraEvent[],
): Push => ({
  accepts: createSenderCheck(new URL(config.url).hostname, config.pushFrom),
  refused,
  take: ({ headers, body }) => ({ events: read(body, headers['content-type'] ?? ''), answer: taken }),
});

/** The most that a camera sends are some twenty fields and three pictures. */
const PARTS_MAX = 100;

/** The first parts of a form; undefined of a body that is none. */
export const partsOf = (body: Uint8Array, contentType: string): readonly Part[] | undefined =>
  /^multipart\//i.test(contentType)
    ? createMultipart(boundaryOf(contentType), PART_BYTES_MAX, PARTS_MAX).push(body)
    : undefined;
