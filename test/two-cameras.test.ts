/** A lane with two cameras: whose picture is the record's, what is kept beside it, and what happens when one is down. */
import { expect, it } from 'vitest';
import { Captures } from '../src/app/pictures/captures.ts';
import { createRing } from '../src/app/pictures/frame-ring.ts';
import { twoCameras } from '../src/app/pictures/two-cameras.ts';
import { type Frame, LinkError } from '../src/driver.ts';
import { handClock } from './sim/hand-clock.ts';

function lane() {
  const clock = handClock(100_000);
  const down = new Set<number>();
  const ringOf = (mark: number) =>
    createRing({
      camera: {
        snapshot: async (signal: AbortSignal): Promise<Frame> => {
          const atMs = clock.nowMs();
          await clock.sleep(100, signal);
          if (down.has(mark)) throw new LinkError('refused', 'busy');
          return { bytes: Uint8Array.of(mark), mediaType: 'image/jpeg', atMs };
        },
      },
      clock,
      framesPerSecond: 0,
      seconds: 0,
      bytesMax: 1_000,
      onFault: () => {},
    });
  const told: string[] = [];
  const pictures = twoCameras({
    record: ringOf(1),
    beside: ringOf(2),
    failed: (which) => void told.push(`${which} down`),
  });
  const captures = new Captures({ pictures, clock, failed: () => void told.push('none') });
  const taken = async (id: string) => {
    captures.begin(id, clock.nowMs());
    await clock.advance(3_100);
    const capture = captures.take(id);
    const picture = await capture?.picture;
    const around = await capture?.around;
    return [picture && 'bytes' in picture ? picture.bytes[0] : picture, around?.second?.bytes[0]];
  };
  return { down, told, taken };
}

it('keeps both pictures, of the same moment', async () => {
  const { told, taken } = lane();
  expect(await taken('a')).toEqual([1, 2]);
  expect(told).toEqual([]);
});

it('gives the record the other picture when its own camera is down, and says which of the two failed', async () => {
  const { down, told, taken } = lane();
  down.add(1);
  expect(await taken('a')).toEqual([2, undefined]);
  down.delete(1);
  expect(await taken('b')).toEqual([1, 2]);
  down.add(2);
  expect(await taken('c')).toEqual([1, undefined]);
  down.add(1);
  expect(await taken('d')).toEqual([{ none: 'refused' }, undefined]);
  expect(told).toEqual(['record down', 'beside down', 'beside down', 'none']);
});
