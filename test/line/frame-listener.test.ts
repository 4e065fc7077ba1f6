/** What a network says in place of a wire: noise as fast as it comes holds nothing up, and loses no frame. */
import { afterEach, expect, it } from 'vitest';
import { withCrc } from '../../drivers/modbus/frame.ts';
import { createTrafficDecoder } from '../../drivers/modbus/traffic.ts';
import { systemClock } from '../../src/clock.ts';
import { createTap } from '../../src/line/frame-listener.ts';
import { createTurnMeter } from '../turn-meter.ts';

/** A turn of noise takes some 10 ms, and took 2 s where each of its bytes was a copy of the rest. */
const TURN_MS = 300;
const clock = systemClock();
const stop = new AbortController();
const meter = createTurnMeter();
afterEach(() => {
  stop.abort();
  meter.end();
});

/** A command to output `number`, which no other frame is. */
const command = (number: number): Uint8Array => withCrc(Uint8Array.of(1, 5, 0, number, 0xff, 0));

it('noise at the speed of a network, with frames before, within and behind it', async () => {
  const { tap, frames } = createTap(createTrafficDecoder(clock.nowMs), { clock, idleMs: 20 }, stop.signal);
  const heard: number[] = [];
  const listening = (async () => {
    for await (const frame of frames()) if (frame.kind === 'command') heard.push(frame.address);
  })();
  const noise = (bytes: number) => new Uint8Array(bytes).fill(0x55);
  const half = Uint8Array.of(1, 16, 0, 0);
  tap.bytes(Buffer.concat([command(1), noise(30_000), command(2), noise(30_000), command(3), half]));
  await expect.poll(() => heard).toEqual([1, 2, 3]);
  // The half frame is noise when the wire is silent.
  await clock.sleep(200);
  tap.bytes(command(4));
  await expect.poll(() => heard).toEqual([1, 2, 3, 4]);
  for (let chunk = 0; chunk < 5; chunk += 1) {
    tap.bytes(noise(65_536));
    await clock.sleep(1);
  }
  tap.bytes(command(5));
  await expect.poll(() => heard).toEqual([1, 2, 3, 4, 5]);
  expect(meter.worstMs()).toBeLessThan(TURN_MS);
  stop.abort();
  await listening;
});

it('hundreds of frames that a serial server had held back', async () => {
  const late = new AbortController();
  const { tap, frames } = createTap(createTrafficDecoder(clock.nowMs), { clock, idleMs: 20 }, late.signal);
  const heard: number[] = [];
  const listening = (async () => {
    for await (const frame of frames()) if (frame.kind === 'command') heard.push(frame.address);
  })();
  const all = Array.from({ length: 250 }, (_, index) => index);
  const whole = Buffer.concat(all.flatMap((number) => [command(number), Uint8Array.of(0x55, 0x55)]));
  tap.bytes(whole.subarray(0, 1_111));
  tap.bytes(whole.subarray(1_111));
  await expect.poll(() => heard).toEqual(all);
  late.abort();
  await listening;
});
