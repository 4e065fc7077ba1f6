/** A camera's event stream is kept running: again after a fault, not too often, and told once. */
import { describe, expect, it } from 'vitest';
import { type CameraEvent, LinkError } from '../../src/driver.ts';
import { superviseCamera } from '../../src/line/camera-events.ts';
import { handClock } from '../sim/hand-clock.ts';

const EVENT: CameraEvent = { kind: 'read', plate: '粤B00001', confidence: 1, replayed: false };

function watch(run: (attempt: number, report: (event: CameraEvent) => void, signal: AbortSignal) => Promise<void>) {
  const clock = handClock();
  const stop = new AbortController();
  const begun: number[] = [];
  const told: string[] = [];
  const ended = superviseCamera(
    {
      events: (report, signal) => {
        begun.push(clock.nowMs());
        return run(begun.length, report, signal);
      },
    },
    clock,
    {
      event: () => void told.push('event'),
      fault: (error, count) => void told.push(`${error.code} ${count}`),
      recovered: (count) => void told.push(`recovered ${count}`),
    },
    stop.signal,
  );
  return { clock, stop, begun, told, ended };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('the event stream of a camera', () => {
  it('is tried again with longer and longer pauses, and told once a minute', async () => {
    const { clock, stop, begun, told, ended } = watch(async () => {
      throw new LinkError('refused', 'no');
    });
    await clock.advance(10 * 60_000);
    expect(begun.length).toBeLessThan(22);
    expect(begun.at(-1) ?? 0).toBeGreaterThan(8 * 60_000);
    expect(told[0]).toBe('refused 1');
    expect(told.length).toBeLessThan(12);
    stop.abort();
    await clock.advance(1);
    await ended;
  });

  it('is well again with the first event, or when it stands for half a minute', async () => {
    const { clock, stop, told, ended } = watch(async (attempt, report, signal) => {
      if (attempt === 1 || attempt === 3) throw new LinkError('gone', 'hung up');
      if (attempt === 2) {
        report(EVENT);
        throw new LinkError('gone', 'hung up');
      }
      await aborted(signal);
    });
    await clock.advance(5_000);
    expect(told.slice(0, 4)).toEqual(['gone 1', 'recovered 1', 'event', 'gone 1']);
    await clock.advance(40_000);
    expect(told.at(-1)).toMatch(/^recovered/);
    stop.abort();
    await clock.advance(1);
    await ended;
  });

  it('that ends without a word is a fault, and a mistake of ours is none', async () => {
    const quiet = watch(async () => {});
    await quiet.clock.advance(10);
    expect(quiet.told).toEqual(['closed 1']);
    quiet.stop.abort();
    await quiet.clock.advance(1_000);
    await quiet.ended;
    const broken = watch(async () => {
      throw new TypeError('ours');
    });
    await expect(broken.ended).rejects.toThrow('ours');
  });
});
