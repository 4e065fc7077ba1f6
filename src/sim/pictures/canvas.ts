/** A surface of pixels on which polygons and characters are drawn with soft edges. It must not know what the picture shows. */
import { GLYPH_HEIGHT, GLYPH_WIDTH, GLYPHS, WIDE_GLYPH_WIDTH } from './glyphs.ts';

/** Red, green, blue, 0…255. */
export type Colour = readonly [number, number, number];
/** Pixels from the left and from the top, with fractions. */
export type Point = readonly [number, number];

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly data: Uint8Array;
}

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, data: new Uint8Array(width * height * 4).fill(255) };
}

/** Parts of a row of pixels into which an edge is divided. */
const SUBROWS = 4;

/** Fills a convex or concave polygon; what lies outside the canvas is left out. */
export function fillPolygon(canvas: Canvas, points: readonly Point[], colour: Colour, opacity = 1): void {
  const rows = points.map(([, y]) => y);
  const first = Math.max(0, Math.floor(Math.min(...rows)));
  const last = Math.min(canvas.height - 1, Math.ceil(Math.max(...rows)));
  const coverage = new Float32Array(canvas.width);
  for (let y = first; y <= last; y += 1) {
    coverage.fill(0);
    for (let subrow = 0; subrow < SUBROWS; subrow += 1) {
      const crossings = crossingsAt(points, y + (subrow + 0.5) / SUBROWS);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        cover(coverage, crossings[pair] ?? 0, crossings[pair + 1] ?? 0);
      }
    }
    for (let x = 0; x < canvas.width; x += 1) {
      const share = coverage[x] ?? 0;
      if (share > 0) blend(canvas, x, y, colour, Math.min(1, share) * opacity);
    }
  }
}

/** Where the outline crosses a horizontal line, from left to right. */
function crossingsAt(points: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  points.forEach(([x1, y1], index) => {
    const [x2, y2] = points[(index + 1) % points.length] as Point;
    if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) * (x2 - x1)) / (y2 - y1));
  });
  return crossings.sort((a, b) => a - b);
}

function cover(coverage: Float32Array, fromX: number, toX: number): void {
  const from = Math.max(0, fromX);
  const to = Math.min(coverage.length, toX);
  for (let x = Math.floor(from); x < to; x += 1) {
    coverage[x] = (coverage[x] ?? 0) + (Math.min(to, x + 1) - Math.max(from, x)) / SUBROWS;
  }
}

export function fillRectangle(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: Colour,
): void {
  const corners: readonly Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  fillPolygon(canvas, corners, colour);
}

function blend(canvas: Canvas, x: number, y: number, colour: Colour, share: number): void {
  const at = (y * canvas.width + x) * 4;
  for (let channel = 0; channel < 3; channel += 1) {
    const under = canvas.data[at + channel] ?? 0;
    canvas.data[at + channel] = under + ((colour[channel] ?? 0) - under) * share;
  }
}

const glyphs = new Map(Object.entries(GLYPHS).map(([character, bits]) => [character, Buffer.from(bits, 'base64')]));
const isWide = (character: string): boolean => character > '\u2e7f';

/** Draws one line of text; a character that the glyphs do not have is a hollow box. @returns the x at which the text ends */
export function drawText(
  canvas: Canvas,
  text: string,
  at: { readonly x: number; readonly y: number; readonly height: number; readonly spacing?: number },
  colour: Colour,
): number {
  const scale = at.height / GLYPH_HEIGHT;
  let { x } = at;
  for (const character of text) {
    const columns = isWide(character) ? WIDE_GLYPH_WIDTH : GLYPH_WIDTH;
    if (character !== ' ') drawGlyph(canvas, glyphs.get(character), columns, { x, y: at.y, scale }, colour);
    x += columns * scale + (at.spacing ?? 0);
  }
  return x;
}

function drawGlyph(
  canvas: Canvas,
  bits: Buffer | undefined,
  columns: number,
  at: { readonly x: number; readonly y: number; readonly scale: number },
  colour: Colour,
): void {
  const isInk = (column: number, row: number): boolean => {
    if (column < 0 || row < 0 || column >= columns || row >= GLYPH_HEIGHT) return false;
    if (!bits) return column < 3 || row < 5 || column >= columns - 3 || row >= GLYPH_HEIGHT - 5;
    const bit = row * columns + column;
    return (((bits[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
  };
  const { x, y, scale } = at;
  for (let pixelY = Math.floor(y); pixelY < y + GLYPH_HEIGHT * scale; pixelY += 1) {
    for (let pixelX = Math.floor(x); pixelX < x + columns * scale; pixelX += 1) {
      if (pixelX < 0 || pixelY < 0 || pixelX >= canvas.width || pixelY >= canvas.height) continue;
      const ink = inkShare(isInk, (pixelX - x) / scale, (pixelY - y) / scale, 1 / scale);
      if (ink > 0) blend(canvas, pixelX, pixelY, colour, ink);
    }
  }
}

const SAMPLES = 4;

/** How much of a pixel of `size` glyph cells lies on ink. */
function inkShare(isInk: (column: number, row: number) => boolean, left: number, top: number, size: number): number {
  let hits = 0;
  for (let row = 0; row < SAMPLES; row += 1) {
    for (let column = 0; column < SAMPLES; column += 1) {
      const x = left + ((column + 0.5) / SAMPLES) * size;
      if (isInk(Math.floor(x), Math.floor(top + ((row + 0.5) / SAMPLES) * size))) hits += 1;
    }
  }
  return hits / SAMPLES ** 2;
}
