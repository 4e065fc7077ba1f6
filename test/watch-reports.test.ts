/** Watch reports whose cause lies outside of the lanes: what a camera shows, a pause that nobody ends, a disk that refused, a sender that floods. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { boxReports } from '../src/app/watch/box-reports.ts';
import { createCameraView } from '../src/app/watch/camera-view.ts';
import { withPauseEnd } from '../src/app/watch/timed-pause.ts';
import { watchVoltage } from '../src/app/watch/under-voltage.ts';
import { SendSchedule } from '../src/delivery/upload/send-schedule.ts';
import { drawCovered, drawPicture } from '../src/sim/pictures/picture.ts';
import { handClock } from './sim/hand-clock.ts';
import { open, temporaryFolder } from './store/open.ts';

const SECOND_MS = 1_000;

it('a camera: covered after three blank pictures, frozen after five seconds of one, and neither of a lane that is there', () => {
  const said: string[] = [];
  const view = createCameraView((what, on) => said.push(`${what} ${on}`));
  let atMs = 0;
  const show = (bytes: Uint8Array) => {
    atMs += SECOND_MS;
    view({ bytes, mediaType: 'image/jpeg', atMs });
  };
  const scene = () => drawPicture({ wallMs: atMs, laneId: '1001', armPosition: 1, vehicles: [] });
  for (let count = 0; count < 10; count += 1) show(scene());
  expect(said).toEqual([]);
  for (let count = 0; count < 3; count += 1) show(drawCovered());
  expect(said).toEqual(['covered true']);
  show(scene());
  expect(said).toEqual(['covered true', 'covered false']);
  const still = scene();
  for (let count = 0; count < 6; count += 1) show(still);
  expect(said.slice(2)).toEqual(['frozen true']);
  show(scene());
  expect(said.slice(3)).toEqual(['frozen false']);
  show(Uint8Array.of(1, 2, 3));
  expect(said).toHaveLength(4);
});

it('a pause is told when it begins, and when it ends by itself', async () => {
  const clock = handClock();
  const { looks } = await open({ path: temporaryFolder(), clock });
  const schedule = new SendSchedule(clock, {});
  const uploads = {
    pause: (who: string) => schedule.stop(who),
    resume: () => schedule.resume(),
    state: () => (schedule.stopped === undefined ? 'idle' : 'paused') as 'idle' | 'paused',
    status: () => ({ failures: 0, inFlight: 0, lookedAtMs: 0, ...(schedule.stopped && { stopped: schedule.stopped }) }),
  };
  // Eight hours by default: the thread of the store would be missed by such a leap.
  const maxMs = 5 * SECOND_MS;
  const control = withPauseEnd(uploads, { looks, clock, maxMs, signal: new AbortController().signal });
  control.pause('wang');
  control.pause('li');
  expect(control.status().stopped).toMatchObject({ who: 'wang', untilMs: clock.nowMs() + maxMs });
  await clock.advance(maxMs - 1);
  expect(control.state()).toBe('paused');
  await clock.advance(1);
  expect(control.state()).toBe('idle');
  await expect
    .poll(() => looks.observations(5))
    .toMatchObject([
      { seen: { why: 'pause', who: 'wang', reason: 'over', forMs: maxMs } },
      { seen: { why: 'pause', who: 'wang', lasts: true } },
    ]);
});

it('a disk that refused is told when it is back, and a flood once in ten minutes', async () => {
  const clock = handClock();
  const { looks } = await open({ path: temporaryFolder(), clock });
  const on = boxReports(looks, clock);
  on({ kind: 'store', notice: { kind: 'stalled', why: 'full', detail: '' } });
  on({ kind: 'store', notice: { kind: 'recovered', afterMs: 9_000 } });
  for (let count = 0; count < 5; count += 1) on({ kind: 'flooded', from: '10.0.0.9' });
  clock.jump(600 * SECOND_MS);
  on({ kind: 'flooded', from: '10.0.0.9' });
  await expect
    .poll(() => looks.observations(5))
    .toMatchObject([
      { seen: { why: 'flood', who: '10.0.0.9' } },
      { seen: { why: 'flood', who: '10.0.0.9' } },
      { seen: { why: 'disk', reason: 'full', forMs: 9_000 } },
    ]);
});

it('a supply that is too low is told when it begins and when it is over', async () => {
  const clock = handClock();
  const sensors = temporaryFolder();
  const { looks } = await open({ path: temporaryFolder(), clock });
  const low = (value: string) => writeFileSync(join(sensors, 'hwmon1', 'in0_lcrit_alarm'), `${value}\n`);
  mkdirSync(join(sensors, 'hwmon1'));
  writeFileSync(join(sensors, 'hwmon1', 'name'), 'rpi_volt\n');
  low('1');
  const stopped = new AbortController();
  const watching = watchVoltage({ looks, clock, sensors }, stopped.signal);
  await expect.poll(() => looks.observations(5)).toMatchObject([{ seen: { why: 'underVoltage', lasts: true } }]);
  low('0');
  await expect
    .poll(async () => {
      await clock.advance(5 * SECOND_MS);
      return looks.observations(5);
    })
    .toMatchObject([{ seen: { why: 'underVoltage', forMs: expect.any(Number) } }, { seen: { lasts: true } }]);
  stopped.abort();
  await watching;
});
