/** What a camera tells, as the lane hears it: each read once, nothing that is told late, every moment by our own clock. */

import { describe, expect, it } from 'vitest';
import { type CameraEvent, type Frame, LinkError } from '../../src/driver.ts';
import { CameraClock } from '../../src/intake/camera-clock.ts';
import { createCameraReads } from '../../src/intake/camera-reads.ts';
import type { PlateRead } from '../../src/lane/types.ts';
import fc from '../property.ts';
import { handClock } from '../sim/hand-clock.ts';

const HOUR_MS = 3_600_000;

function camera() {
  const clock = handClock(1_000_000);
  const plates: (PlateRead & { readonly atMs: number })[] = [];
  const texts: string[] = [];
  const pictures: Frame[] = [];
  const off: number[] = [];
  const fetches: { path: string; resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }[] = [];
  const reads = createCameraReads({
    clock,
    plate: (plate, atMs) => void plates.push({ ...plate, atMs }),
    text: (text) => void texts.push(text),
    picture: (frame) => void pictures.push(frame),
    fetch: (path) => {
      const asked = new Promise<Uint8Array>((resolve, reject) => fetches.push({ path, resolve, reject }));
      return asked;
    },
    wallMsAt: (nowMs) => nowMs + 5_000_000_000,
    clockOff: (offMs) => void off.push(offMs),
  });
  type Read = Extract<CameraEvent, { kind: 'read' }>;
  return {
    clock,
    plates,
    texts,
    pictures,
    fetches,
    off,
    reads,
    read: (plate: string, more: Partial<Read> = {}) =>
      reads.take({ kind: 'read', plate, confidence: 0.9, replayed: false, ...more }),
  };
}

describe('reads of a camera', () => {
  it('come in the one way of writing a plate, and only when there is one', () => {
    const { read, plates, reads } = camera();
    for (const none of ['_无_', 'unknown', '无牌车', '', '无车牌']) read(none);
    read('粤B·００００1');
    read('粤BD00002', { color: 'green', confidence: 0.5 });
    expect(plates.map(({ text, color, confidence }) => [text, color, confidence])).toEqual([
      ['粤B00001', undefined, 0.9],
      ['粤BD00002', 'green', 0.5],
    ]);
    expect(reads.counts).toEqual({ plates: 2, without: 5, notPlates: 0, repeated: 0, late: 0 });
  });

  it('that are no plate are no evidence: their text is kept aside', () => {
    const { read, plates, texts, reads } = camera();
    for (const text of ['=1+1', '粤B\u202e54321', 'http://example.test/x']) read(text);
    expect(plates).toEqual([]);
    expect(texts).toEqual(['=1+1', '粤B\\u{202E}54321', 'http://example.test/x']);
    expect(reads.counts).toEqual({ plates: 0, without: 0, notPlates: 3, repeated: 0, late: 0 });
  });

  it('count once: by id for ever, by plate while it is the same car', async () => {
    const { clock, read, plates, reads } = camera();
    read('粤B00001', { id: '7' });
    read('粤B00001', { id: '7' });
    // Another trigger of the camera: no better, then better.
    read('粤B00001', { id: '8' });
    read('粤B00001', { id: '9', confidence: 0.99 });
    await clock.advance(10_000);
    // The car stands at the arm.
    read('粤B00001', { id: '10' });
    read('粤B00001', { id: '7', confidence: 1 });
    expect(plates.map(({ confidence }) => confidence)).toEqual([0.9, 0.99, 0.9]);
    expect(reads.counts.repeated).toBe(3);
  });

  it('do not come from the past: a camera that was cut off sends them all again, some twice', async () => {
    const { clock, read, plates, pictures, reads } = camera();
    read('粤B00001', { stampedMs: 500_000_000 });
    await clock.advance(HOUR_MS);
    for (let index = 0; index < 9_000; index += 1)
      read(`粤B${10_000 + (index % 4_500)}`, {
        id: `${index % 4_500}`,
        stampedMs: 500_100_000 + index,
        replayed: true,
      });
    expect(plates).toHaveLength(1);
    expect(reads.counts).toMatchObject({ plates: 1, late: 4_500, repeated: 4_500 });
    reads.take({ kind: 'picture', bytes: Uint8Array.of(1), replayed: true });
    // Old by its stamp, whatever it says of itself.
    read('粤B00002', { stampedMs: 500_000_000 + HOUR_MS - 90_000 });
    expect(plates).toHaveLength(1);
    expect(pictures).toHaveLength(0);
    read('粤B00003', { stampedMs: 500_000_000 + HOUR_MS });
    expect(plates.at(-1)).toMatchObject({ text: '粤B00003', atMs: clock.nowMs() });
  });

  it('of one vehicle under one id are the better for it, at the moment of the first', async () => {
    const { clock, read, plates, reads } = camera();
    const refines = true;
    const firstMs = clock.nowMs();
    read('粤B00001', { id: 'a', refines, confidence: 0.6 });
    read('粤B00001', { id: 'a', refines, confidence: 0.6 });
    await clock.advance(20_000);
    // By now another stands there.
    read('粤B00002', { id: 'b', refines });
    read('粤B80001', { id: 'a', refines, confidence: 0.9 });
    read('粤B80001', { id: 'a', refines, confidence: 0.7 });
    expect(plates.map(({ text, confidence, atMs }) => [text, confidence, atMs - firstMs])).toEqual([
      ['粤B00001', 0.6, 0],
      ['粤B00002', 0.9, 20_000],
      ['粤B80001', 0.9, 0],
    ]);
    await clock.advance(60_000);
    read('粤B80001', { id: 'a', refines, confidence: 1 });
    expect(reads.counts).toMatchObject({ plates: 3, repeated: 2, late: 1 });
  });

  it('of a vehicle that was followed long ago are no new vehicle; one without a plate at first is read later', () => {
    const { read, plates } = camera();
    const refines = true;
    read('无牌车', { id: 'x', refines });
    for (let index = 0; index < 100; index += 1) read(`粤B${10_000 + index}`, { id: `${index}`, refines });
    read('粤B10000', { id: '0', refines });
    read('粤B00009', { id: 'x', refines });
    expect(plates).toHaveLength(101);
    expect(plates.at(-1)?.text).toBe('粤B00009');
  });

  it('forget the oldest ids and no others', () => {
    const { read, plates } = camera();
    for (let index = 0; index <= 10_000; index += 1) read('无牌车', { id: `${index}` });
    read('粤B00001', { id: '1' });
    expect(plates).toHaveLength(0);
    read('粤B00001', { id: '0' });
    expect(plates).toHaveLength(1);
  });

  it('have their moment by our clock, however wrong the camera is; and so have pictures', async () => {
    const { clock, read, plates, pictures, off, reads } = camera();
    // Delivered after 100 ms, its clock an hour and a bit behind.
    const stamp = (agoMs: number): number => clock.nowMs() + 5_000_000_000 - HOUR_MS - 1_234 - agoMs;
    for (let index = 0; index < 5; index += 1) {
      read(`粤B0000${index}`, { stampedMs: stamp(100) });
      await clock.advance(20_000);
    }
    expect(off).toEqual([-HOUR_MS - 1_334]);
    // Held up for a second and a half, and for twenty.
    read('粤B00008', { stampedMs: stamp(1_600) });
    expect(plates.at(-1)?.atMs).toBe(clock.nowMs() - 1_500);
    read('粤B00009', { stampedMs: stamp(20_100) });
    expect(plates.at(-1)?.atMs).toBe(clock.nowMs() - 20_000);
    reads.take({ kind: 'picture', bytes: Uint8Array.of(1), stampedMs: stamp(600), replayed: false });
    expect(pictures[0]?.atMs).toBe(clock.nowMs() - 500);
    expect(off).toHaveLength(1);
  });
});

describe('a stamp that is no time', () => {
  it('0 counts as none, with its pictures, and an id under it may come back for another car', async () => {
    const { clock, read, plates, pictures, reads } = camera();
    read('粤B00001', { id: '1 粤B00001', stampedMs: 0 });
    read('粤B00001', { id: '1 粤B00001', stampedMs: 0 });
    reads.take({ kind: 'picture', bytes: Uint8Array.of(1), stampedMs: 0, replayed: false });
    await clock.advance(HOUR_MS);
    read('粤B00002', { id: '1 粤B00002', stampedMs: 0 });
    read('粤B00001', { id: '1 粤B00001', stampedMs: 0 });
    expect(plates.map(({ text }) => text)).toEqual(['粤B00001', '粤B00002', '粤B00001']);
    expect(plates.at(-1)?.atMs).toBe(clock.nowMs());
    expect(pictures).toHaveLength(1);
    expect(reads.counts).toMatchObject({ repeated: 1, late: 0 });
  });

  it('that never moves is found out by the second vehicle, and what it led to is forgotten', async () => {
    const { clock, read, plates, off } = camera();
    for (let round = 0; round < 8; round += 1) {
      read(`粤B0000${round % 2}`, { id: `7 粤B0000${round % 2}`, stampedMs: 900_000_000 });
      expect(plates.at(-1)).toMatchObject({ text: `粤B0000${round % 2}`, atMs: clock.nowMs() });
      await clock.advance(2 * 60_000);
    }
    expect(plates).toHaveLength(8);
    expect(off).toEqual([]);
  });

  it('is not that of two plates in one picture, nor of one read that is sent again', async () => {
    const { clock, read, plates, reads } = camera();
    const stampedMs = 5_001_000_000;
    read('粤B00001', { stampedMs, id: 'a' });
    read('粤B00002', { stampedMs, id: 'b' });
    await clock.advance(20_000);
    read('粤B00001', { stampedMs, id: 'a' });
    read('粤B00003', { stampedMs: stampedMs + 19_000 });
    expect(plates.map(({ atMs }) => atMs)).toEqual([1_000_000, 1_000_000, 1_019_000]);
    expect(reads.counts.repeated).toBe(1);
  });
});

it('a witness has its moment by our clock, and one from the past is none', () => {
  const clock = handClock(1_000_000);
  const seen: unknown[] = [];
  const ignore = () => {};
  const { take } = createCameraReads({
    ...{ clock, plate: ignore, text: ignore, picture: ignore, clockOff: ignore },
    fetch: () => Promise.reject(new LinkError('notFound', '')),
    wallMsAt: (nowMs) => nowMs,
    witness: (witness, atMs) => void seen.push([witness, atMs]),
  });
  take({ kind: 'witness', what: 'follows', plate: '粤B00001', replayed: false });
  take({ kind: 'witness', what: 'stays', replayed: true });
  expect(seen).toEqual([[{ what: 'follows', plate: '粤B00001' }, 1_000_000]]);
});

describe('a picture that was only named', () => {
  it('is fetched with the moment of its read, two at a time; what fails costs nothing but itself', async () => {
    const { clock, pictures, fetches, reads } = camera();
    const named = (path: string, replayed = false) => reads.take({ kind: 'pictureAt', path, replayed });
    const atMs = clock.nowMs();
    for (const path of ['/1', '/2', '/3']) named(path);
    named('/late', true);
    expect(fetches.map(({ path }) => path)).toEqual(['/1', '/2']);
    await clock.advance(700);
    fetches[0]?.reject(new LinkError('notFound', 'gone'));
    fetches[1]?.resolve(Uint8Array.of(7));
    await clock.advance(1);
    expect(pictures).toEqual([{ bytes: Uint8Array.of(7), mediaType: 'image/jpeg', atMs }]);
    named('/4');
    expect(fetches.map(({ path }) => path)).toEqual(['/1', '/2', '/4']);
  });
});

describe('the clock of a camera', () => {
  it('is the median of what is recent, so that one late read moves nothing', () => {
    const clock = new CameraClock();
    for (const [index, lateMs] of [50, 60, 1_900, 40, 55, 1_500, 45].entries())
      clock.learn(index * 10_000 + 700_000 - lateMs, index * 10_000);
    expect(clock.offsetMs).toBeGreaterThan(700_000 - 100);
  });

  it('is followed when somebody sets it: forward at once, back when three reads agree', () => {
    const clock = new CameraClock();
    for (let index = 0; index < 9; index += 1) clock.learn(index * 1_000, index * 1_000);
    clock.learn(HOUR_MS + 10_000, 10_000);
    expect(clock.offsetMs).toBe(HOUR_MS);
    clock.learn(11_000, 11_000);
    clock.learn(12_000, 12_000);
    expect(clock.offsetMs).toBe(HOUR_MS);
    expect(clock.moment(12_000, 12_000)).toBeUndefined();
    clock.learn(13_000, 13_000);
    expect(clock.offsetMs).toBe(0);
    expect(clock.moment(13_000, 13_100)).toBe(13_000);
  });

  it('is not followed into a backlog that a camera sends as if it were new', () => {
    const clock = new CameraClock();
    clock.learn(1_000_000, 1_000_000);
    // A car every half minute, sent ten a second.
    for (let index = 0; index < 50; index += 1) clock.learn(index * 30_000 - 2_000_000, 1_100_000 + index * 100);
    expect(clock.offsetMs).toBe(0);
  });

  it('never gives a moment after the read arrived, nor one too long before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.nat(1e9)), { maxLength: 40 }), (reads) => {
        const clock = new CameraClock();
        let arrivedMs = 0;
        for (const [stampedMs, afterMs] of reads) {
          arrivedMs += afterMs;
          clock.learn(stampedMs, arrivedMs);
          const moment = clock.moment(stampedMs, arrivedMs);
          if (moment === undefined) continue;
          expect(moment).toBeLessThanOrEqual(arrivedMs);
          expect(moment).toBeGreaterThanOrEqual(arrivedMs - 60_000);
        }
      }),
    );
  });
});
