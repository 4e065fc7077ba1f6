/**
 * Draws the lane camera's view as a JPEG: the cars, the arm, the time in Beijing and the front plate. It must not know when or why a
 * picture is taken.
 */
import jpeg from 'jpeg-js';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import { LANE } from '../loops.ts';
import type { SeenVehicle } from '../street.ts';
import type { Scene } from '../world.ts';
import { type Canvas, type Colour, createCanvas, drawText, fillPolygon, fillRectangle, type Point } from './canvas.ts';

export const PICTURE_WIDTH = 640;
export const PICTURE_HEIGHT = 360;
/** The bottom caption with time and plate, as cameras burn it in. */
export const CAPTION_HEIGHT = 44;
const QUALITY = 82;

/** The camera stands past the arm and looks back at the cars. Metres along, across, above the lane. */
const CAMERA = { alongM: 6.6, acrossM: 0.25, aboveM: 2.5, focusPixels: 820, horizonY: 44 };
/** Nearer objects are beside the camera, not before it. */
const NEAREST_M = 2.2;

/** Projects a point of the lane into the picture. */
function place(alongM: number, acrossM: number, aboveM: number): Point {
  const scale = CAMERA.focusPixels / Math.max(0.4, CAMERA.alongM - alongM);
  return [PICTURE_WIDTH / 2 + (acrossM - CAMERA.acrossM) * scale, CAMERA.horizonY + (CAMERA.aboveM - aboveM) * scale];
}

/** @returns a whole baseline JPEG of PICTURE_WIDTH × PICTURE_HEIGHT */
export function drawPicture(scene: Scene): Buffer {
  surroundings ??= drawSurroundings();
  const canvas = { ...surroundings, data: Uint8Array.from(surroundings.data) };
  const seen = scene.vehicles.filter((vehicle) => CAMERA.alongM - vehicle.frontM > NEAREST_M);
  const farToNear = [...seen].sort((a, b) => a.frontM - b.frontM);
  for (const vehicle of farToNear.filter(({ frontM }) => frontM < LANE.armM)) drawVehicle(canvas, vehicle);
  drawArm(canvas, scene.armPosition);
  for (const vehicle of farToNear.filter(({ frontM }) => frontM >= LANE.armM)) drawVehicle(canvas, vehicle);
  drawCaption(canvas, scene, farToNear.at(-1)?.plate);
  return jpeg.encode({ ...canvas, data: Buffer.from(canvas.data.buffer) }, QUALITY).data;
}

/** Of a camera with tape over its lens: black, with a sensor's noise. */
export function drawCovered(): Buffer {
  const canvas = createCanvas(PICTURE_WIDTH, PICTURE_HEIGHT);
  for (let at = 0; at < canvas.data.length; at += 4) canvas.data.fill(8 + ((at * 7) % 3), at, at + 3);
  return jpeg.encode({ ...canvas, data: Buffer.from(canvas.data.buffer) }, QUALITY).data;
}

/** A rectangle across the lane between two positions. */
function slab(
  canvas: Canvas,
  near: readonly [number, number, number],
  far: readonly [number, number, number],
  colour: Colour,
): void {
  const [nearM, nearHalfM, nearAboveM] = near;
  const [farM, farHalfM, farAboveM] = far;
  const corners = [
    place(nearM, -nearHalfM, nearAboveM),
    place(nearM, nearHalfM, nearAboveM),
    place(farM, farHalfM, farAboveM),
    place(farM, -farHalfM, farAboveM),
  ];
  fillPolygon(canvas, corners, colour);
}

const SKY_TOP: Colour = [136, 170, 204];
const SKY_BOTTOM: Colour = [214, 226, 234];

/** Constant, and most of the work of a picture. */
let surroundings: Canvas | undefined;

function drawSurroundings(): Canvas {
  const canvas = createCanvas(PICTURE_WIDTH, PICTURE_HEIGHT);
  const horizon = CAMERA.horizonY;
  for (let y = 0; y < horizon; y += 1)
    fillRectangle(canvas, 0, y, PICTURE_WIDTH, 1, mix(SKY_TOP, SKY_BOTTOM, y / horizon));
  fillRectangle(canvas, 0, horizon, PICTURE_WIDTH, PICTURE_HEIGHT, [122, 134, 108]);
  for (const [x, width, height] of [
    [0, 96, 30],
    [110, 60, 40],
    [430, 120, 34],
    [566, 74, 22],
  ] as const) {
    fillRectangle(canvas, x, horizon - height, width, height, [158, 164, 172]);
    for (let window = x + 8; window < x + width - 8; window += 14) {
      fillRectangle(canvas, window, horizon - height + 8, 7, 6, [120, 138, 156]);
    }
  }
  const lane = (fromM: number, toM: number, colour: Colour): void => {
    const corners = [place(5.9, fromM, 0), place(5.9, toM, 0), place(-60, toM, 0), place(-60, fromM, 0)];
    fillPolygon(canvas, corners, colour);
  };
  lane(-3, 4.5, [172, 172, 168]);
  lane(-1.75, 1.75, [84, 88, 94]);
  lane(-1.7, -1.58, [232, 196, 60]);
  lane(1.58, 1.7, [232, 196, 60]);
  for (const loop of [LANE.loopA, LANE.loopB]) drawLoop(canvas, loop.fromM, loop.toM);
  const stop = LANE.stopLineM + 0.35;
  slab(canvas, [stop + 0.15, 1.5, 0], [stop - 0.15, 1.5, 0], [236, 238, 238]);
  return canvas;
}

/** The saw cut of a loop in the asphalt. */
function drawLoop(canvas: Canvas, fromM: number, toM: number): void {
  slab(canvas, [toM, 1.2, 0], [fromM, 1.2, 0], [56, 58, 62]);
  slab(canvas, [toM - 0.1, 1.12, 0], [fromM + 0.1, 1.12, 0], [84, 88, 94]);
}

function drawVehicle(canvas: Canvas, vehicle: Readonly<SeenVehicle>): void {
  const { frontM } = vehicle;
  const shadowHalfM = vehicle.kind === 'motorcycle' ? 0.35 : 1;
  slab(canvas, [frontM + 0.15, shadowHalfM, 0], [frontM - vehicle.lengthM, shadowHalfM, 0], [44, 46, 50]);
  if (vehicle.kind === 'motorcycle') drawMotorcycle(canvas, vehicle);
  else drawBody(canvas, vehicle);
  if (vehicle.plate) drawPlateOnBumper(canvas, vehicle.plate, frontM);
}

function drawBody(canvas: Canvas, vehicle: Readonly<SeenVehicle>): void {
  const { frontM, paint, kind, metal } = vehicle;
  const [, trailer] = metal;
  if (kind === 'trailer' && trailer !== undefined) {
    upright(canvas, frontM - trailer[0], 1, 0.35, 1.9, [188, 190, 186]);
    slab(canvas, [frontM - trailer[0], 1, 1.9], [frontM - trailer[1], 1, 1.9], [206, 208, 204]);
  }
  const isHigh = kind === 'van' || kind === 'truck';
  const roofM = isHigh ? 1.95 : 1.5;
  const bonnetM = isHigh ? 0.7 : 1.1;
  const light = mix(paint, [255, 255, 255], 0.25);
  const dark = mix(paint, [0, 0, 0], 0.35);
  upright(canvas, frontM - bonnetM, 0.93, 0.25, 1, dark);
  slab(canvas, [frontM - bonnetM - 0.8, 0.68, roofM], [frontM - 3.7, 0.66, roofM], light);
  slab(canvas, [frontM - bonnetM, 0.86, 0.98], [frontM - bonnetM - 0.8, 0.72, roofM], dark);
  slab(canvas, [frontM - bonnetM, 0.78, 1.0], [frontM - bonnetM - 0.74, 0.64, roofM - 0.05], [38, 52, 66]);
  slab(canvas, [frontM, 0.86, 0.82], [frontM - bonnetM, 0.9, 0.98], light);
  for (const side of [-1, 1]) {
    box(canvas, frontM - 0.1, side * 0.72, 0.12, 0, 0.4, [26, 26, 28]);
    box(canvas, frontM - bonnetM - 0.1, side * 1.0, 0.09, 0.95, 1.12, dark);
  }
  upright(canvas, frontM, 0.88, 0.22, 0.82, paint);
  upright(canvas, frontM, 0.46, 0.55, 0.74, [36, 38, 42]);
  for (const side of [-1, 1]) box(canvas, frontM, side * 0.68, 0.16, 0.58, 0.76, [250, 246, 214]);
  upright(canvas, frontM, 0.84, 0.22, 0.3, [40, 42, 46]);
}

function drawMotorcycle(canvas: Canvas, { frontM, paint }: Readonly<SeenVehicle>): void {
  box(canvas, frontM - 0.9, 0, 0.26, 0.75, 1.35, mix(paint, [0, 0, 0], 0.2));
  box(canvas, frontM - 0.8, 0, 0.15, 1.35, 1.68, [30, 32, 36]);
  box(canvas, frontM - 0.7, 0, 0.12, 1.44, 1.56, [122, 150, 176]);
  box(canvas, frontM, 0, 0.09, 0, 0.66, [24, 24, 26]);
  box(canvas, frontM - 0.2, 0, 0.4, 0.98, 1.04, [46, 48, 52]);
  box(canvas, frontM - 0.2, 0, 0.2, 0.6, 0.98, paint);
  box(canvas, frontM - 0.15, 0, 0.1, 0.8, 0.95, [250, 246, 214]);
}

/** An upright rectangle facing the camera, in the middle of the lane. */
function upright(canvas: Canvas, alongM: number, halfM: number, fromM: number, toM: number, colour: Colour): void {
  box(canvas, alongM, 0, halfM, fromM, toM, colour);
}

function box(
  canvas: Canvas,
  alongM: number,
  acrossM: number,
  halfM: number,
  fromM: number,
  toM: number,
  colour: Colour,
): void {
  const [left, bottom] = place(alongM, acrossM - halfM, fromM);
  const [right, top] = place(alongM, acrossM + halfM, toM);
  fillRectangle(canvas, left, top, right - left, bottom - top, colour);
}

type Plate = NonNullable<SeenVehicle['plate']>;

/** A plate at twice its real size, legible in a small picture. */
function drawPlateOnBumper(canvas: Canvas, plate: Plate, frontM: number): void {
  const [x, y] = place(frontM, 0, 0.54);
  const height = (CAMERA.focusPixels / (CAMERA.alongM - frontM)) * 0.26;
  if (height >= 8) drawPlate(canvas, plate, x - plateWidth(plate, height) / 2, y, height);
}

const PLATE_COLOURS: Readonly<Record<Plate['color'], readonly [Colour, Colour]>> = {
  blue: [
    [22, 66, 168],
    [248, 250, 252],
  ],
  green: [
    [120, 204, 140],
    [20, 24, 22],
  ],
  yellow: [
    [238, 184, 32],
    [20, 20, 20],
  ],
  white: [
    [240, 240, 238],
    [20, 20, 20],
  ],
  black: [
    [24, 24, 26],
    [240, 240, 240],
  ],
};

/** One wide character and the others narrow, with a margin. */
const plateWidth = (plate: Plate, height: number): number => height * (0.5 + plate.text.length * 0.47);

function drawPlate(canvas: Canvas, plate: Plate, x: number, y: number, height: number): void {
  const [ground, ink] = PLATE_COLOURS[plate.color];
  const width = plateWidth(plate, height);
  fillRectangle(canvas, x - 1, y - 1, width + 2, height + 2, [230, 232, 234]);
  fillRectangle(canvas, x, y, width, height, ground);
  const text = { x: x + height * 0.12, y: y + height * 0.08, height: height * 0.84, spacing: height * 0.035 };
  drawText(canvas, plate.text, text, ink);
}

const STRIPES = 8;
const ARM_LENGTH_M = 3.3;

/** The arm turns about a cabinet at the side; it is red and white. */
function drawArm(canvas: Canvas, position: number): void {
  const pivotM = 1.95;
  const angle = position * (Math.PI / 2 - 0.06);
  const at = (lengthM: number, offsetM: number): Point => {
    const acrossM = pivotM - Math.cos(angle) * lengthM - Math.sin(angle) * offsetM;
    const aboveM = 0.95 + Math.sin(angle) * lengthM - Math.cos(angle) * offsetM;
    return place(LANE.armM, acrossM, aboveM);
  };
  box(canvas, LANE.armM - 0.2, pivotM + 0.1, 0.24, 0, 1.1, [206, 112, 36]);
  box(canvas, LANE.armM, pivotM + 0.1, 0.22, 0, 1.1, [236, 138, 48]);
  for (let stripe = 0; stripe < STRIPES; stripe += 1) {
    const [from, to] = [stripe, stripe + 1].map((edge) => (edge * ARM_LENGTH_M) / STRIPES) as [number, number];
    const corners = [at(from, 0.06), at(to, 0.06), at(to, -0.06), at(from, -0.06)];
    fillPolygon(canvas, corners, stripe % 2 === 0 ? [208, 40, 36] : [246, 246, 244]);
  }
}

function drawCaption(canvas: Canvas, scene: Scene, plate: Plate | undefined): void {
  const top = PICTURE_HEIGHT - CAPTION_HEIGHT;
  fillRectangle(canvas, 0, top, PICTURE_WIDTH, CAPTION_HEIGHT, [16, 20, 26]);
  const time = new Date(scene.wallMs + BEIJING_OFFSET_MS).toISOString().slice(0, 23).replace('T', ' ');
  const ends = drawText(canvas, time, { x: 12, y: top + 9, height: 26 }, [236, 240, 244]);
  drawText(canvas, scene.laneId.toUpperCase().slice(0, 10), { x: ends + 18, y: top + 9, height: 26 }, [250, 200, 80]);
  if (plate) drawPlate(canvas, plate, PICTURE_WIDTH - plateWidth(plate, 34) - 10, top + 5, 34);
}

function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}
