/** Records with pictures as a lane makes them, and the very bodies that the uploader sends for such records. */
import { createHash } from 'node:crypto';
import { type MultipartBody, multipart } from '../../src/delivery/request/multipart.ts';
import type { Release } from '../../src/lane/types.ts';
import type { NewRecord, OutboxRecord } from '../../src/store/record-types.ts';
import type { Outbox } from '../../src/store/types.ts';
import { fieldsOf, sign } from '../delivery/by-hand.ts';
import type { CloudSettings } from '../delivery/flat-client.ts';

const FRAME_BYTES = 120_000;
/** Put at once: one commit for all of them. */
const TOGETHER = 25;

/** Numbered from `first` on: a release that is there already would not be put again. */
export async function putRecords(outbox: Outbox, first: number, count: number): Promise<void> {
  const put = async (number: number): Promise<void> => {
    const { id } = await outbox.put(newRecord(number));
    await outbox.attach(id, frameOf(number));
  };
  for (let from = 0; from < count; from += TOGETHER)
    await Promise.all(Array.from({ length: Math.min(TOGETHER, count - from) }, (_, at) => put(first + from + at)));
}

export function frameOf(number: number) {
  const head = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0];
  const noise = createHash('sha512').update(String(number)).digest();
  for (let at = 0; at < noise.length; at += 1) if (noise[at] === 0xff) noise[at] = 0xfe;
  const bytes = new Uint8Array(FRAME_BYTES);
  for (let at = 0; at + noise.length <= bytes.length; at += noise.length) bytes.set(noise, at);
  bytes.set(head);
  bytes.set([0xff, 0xd9], bytes.length - 2);
  return { bytes, mediaType: 'image/jpeg', atMs: 0 } as const;
}

export function bodyOf(number: number, settings: CloudSettings): MultipartBody {
  return bodyWith(number, frameOf(number).bytes, settings);
}

export function bodyWith(number: number, bytes: Uint8Array, settings: CloudSettings): MultipartBody {
  const record: OutboxRecord = {
    ...newRecord(number),
    ...{ id: number, serial: `1001-${String(number).padStart(26, '0')}`, state: 'waiting', attempts: 0 },
    ...{ picture: 'attached', timeQuality: 'synced', unknownAnswers: 0, sent: false },
  };
  const fields = fieldsOf(record, settings, bytes);
  const signature = sign(fields, '123');
  return multipart({ ...fields, sign: signature }, signature, { name: 'capture_image', bytes });
}

export function newRecord(number: number): NewRecord {
  const release: Release = {
    ...{ id: `release-${number}`, verdict: 'manual', method: 1, desc: 'button', direction: 'exit' },
    ...{ releaseAtMs: number, passed: true, confidence: 'sure', degraded: false, reported: true },
    ...{ plate: { text: '粤B12345', confidence: 0.97, color: 'blue' }, facts: [{ kind: 'button', atMs: number }] },
  };
  return {
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', release, releaseWallMs: Date.UTC(2026, 4, 1) + number },
    ...{ reason: '按钮开闸后有车通过，无缴费记录', methodDesc: '按钮开闸' },
  };
}
