/** The simulated camera: a whole picture of now, with plate and time on it, and every way not to give one. */
import { request as httpRequest } from 'node:http';
import jpeg from 'jpeg-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedCamera, startCamera } from '../../src/sim/devices/camera.ts';
import { CAPTION_HEIGHT, drawPicture, PICTURE_HEIGHT, PICTURE_WIDTH } from '../../src/sim/pictures/picture.ts';
import { PROVINCES } from '../../src/sim/plates.ts';
import { endsLikeJpeg } from '../../src/sim/platform/platform-check.ts';
import { type SeenVehicle, seenCar } from '../../src/sim/street.ts';
import { createLaneWorld, type LaneWorld, type Scene } from '../../src/sim/world.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type HandClock, handClock } from './hand-clock.ts';

const car = (text: string, frontM = -1.6): SeenVehicle => seenCar(frontM, { text, color: 'blue' }, [196, 52, 48]);
const sceneOf = (vehicles: readonly SeenVehicle[], wallMs = Date.UTC(2026, 10, 24, 4, 1, 2)): Scene => ({
  ...{ wallMs, laneId: '1001', armPosition: 0, vehicles },
});

/** The share of the pixels of the caption's right third that are plate blue, and of those that are white on it. */
function plateShares(picture: Uint8Array): { blue: number; white: number } {
  const { data, width, height } = jpeg.decode(picture, { useTArray: true });
  let [blue, white, all] = [0, 0, 0];
  for (let y = height - CAPTION_HEIGHT; y < height; y += 1) {
    for (let x = Math.floor((width * 2) / 3); x < width; x += 1) {
      const [red = 0, green = 0, blueness = 0] = data.subarray((y * width + x) * 4);
      all += 1;
      if (blueness > 110 && red < 90 && green < 130) blue += 1;
      if (red > 190 && green > 190 && blueness > 190) white += 1;
    }
  }
  return { blue: blue / all, white: white / all };
}

/** After this an answer that is not to come has not come. */
const A_MOMENT_MS = 500;

describe('a picture', () => {
  it('is a whole JPEG of the size it says', () => {
    const picture = drawPicture(sceneOf([car('粤B12345')]));
    expect(endsLikeJpeg(picture)).toBe(true);
    expect(jpeg.decode(picture)).toMatchObject({ width: PICTURE_WIDTH, height: PICTURE_HEIGHT });
    expect(picture.length).toBeLessThan(100_000);
  });

  it('shows the plate of the car in front, and none when there is no car', () => {
    const shown = plateShares(drawPicture(sceneOf([car('粤B12345')])));
    expect(shown.blue).toBeGreaterThan(0.1);
    expect(shown.white).toBeGreaterThan(0.05);
    expect(plateShares(drawPicture(sceneOf([])))).toEqual({ blue: 0, white: 0 });
  });

  it('is another one for another plate, another time, another place of the car', () => {
    const pictures = [
      sceneOf([car('粤B12345')]),
      sceneOf([car('粤B12346')]),
      sceneOf([car('粤B12345')], Date.UTC(2026, 10, 24, 4, 1, 3)),
      sceneOf([car('粤B12345', -1)]),
    ].map((scene) => drawPicture(scene).toString('base64'));
    expect(new Set(pictures).size).toBe(4);
  });

  it('has a shape for every province, none like another', () => {
    const pictures = [...PROVINCES, '?'].map((province) =>
      drawPicture(sceneOf([car(`${province}B12345`)])).toString('base64'),
    );
    expect(new Set(pictures).size).toBe(PROVINCES.length + 1);
  });
});

describe('the camera', () => {
  let clock: HandClock;
  let world: LaneWorld;
  let camera: SimulatedCamera;
  beforeEach(async () => {
    clock = handClock();
    world = createLaneWorld({ clock, laneId: '1001', seed: 1 });
    camera = await startCamera({ clock, scene: world.scene });
  });
  afterEach(() => camera.close());

  const ask = (
    url = camera.snapshotUrl,
    withinMs = LONGEST_WAIT_MS,
  ): Promise<{ status: number; location?: string | undefined; bytes: Buffer }> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(url, { agent: false }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            location: response.headers.location,
            bytes: Buffer.concat(pieces),
          }),
        );
        response.on('error', reject);
      });
      request.setTimeout(withinMs, () => request.destroy(new Error('no answer')));
      request.on('error', reject);
      request.end();
    });

  it('gives a picture of now', async () => {
    world.send('paid', { plate: '粤B12345' });
    const empty = await ask();
    clock.jump(6000);
    const withCar = await ask();
    expect(plateShares(empty.bytes).blue).toBe(0);
    expect(plateShares(withCar.bytes).blue).toBeGreaterThan(0.1);
    expect(camera.asked).toBe(2);
  });

  it.each([
    ['refusesLogin', 401],
    ['busy', 503],
    ['redirect', 302],
  ] as const)('%s', async (kind, status) => {
    camera.behave({ kind });
    expect((await ask()).status).toBe(status);
    camera.behave({ kind: 'good' });
    expect((await ask()).status).toBe(200);
  });

  it('redirects to where the picture is', async () => {
    camera.behave({ kind: 'redirect' });
    const { location } = await ask();
    expect(endsLikeJpeg((await ask(new URL(location ?? '', camera.snapshotUrl).href)).bytes)).toBe(true);
  });

  it.each(['dead', 'gone'] as const)('%s gives no answer', async (kind) => {
    camera.behave({ kind });
    await expect(ask(camera.snapshotUrl, A_MOMENT_MS)).rejects.toThrow();
  });

  it.each(['broken', 'notAPicture'] as const)('%s gives no whole picture', async (kind) => {
    camera.behave({ kind });
    const { status, bytes } = await ask();
    expect(status).toBe(200);
    expect(endsLikeJpeg(bytes)).toBe(false);
  });

  it('is slow on the clock', async () => {
    camera.behave({ kind: 'slow', delayMs: 60_000 });
    await expect(ask(camera.snapshotUrl, A_MOMENT_MS)).rejects.toThrow('no answer');
    const answer = ask();
    while (camera.asked < 2) await clock.advance(0);
    await clock.advance(60_000);
    expect((await answer).status).toBe(200);
  });
});
