/**
 * The slope of a measured series with its standard error. Neighbouring samples of memory resemble each other (a heap saws, caches fill), so an
 * ordinary error would be far too small: samples are joined to block medians, and the error counts only as many independent blocks as the
 * lag-1 autocorrelation of the residuals leaves (Santer et al. 2000, J. Geophys. Res. 105, 7337). It knows nothing of memory.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Slope {
  /** y per x. */
  readonly slope: number;
  readonly standardError: number;
  readonly blocks: number;
  /** Of that many independent blocks the error speaks. */
  readonly independent: number;
}

const BLOCKS_MAX = 60;
const SAMPLES_A_BLOCK = 3;
/** Two parameters are fitted; with fewer independent blocks than this an error would be a guess. */
const BLOCKS_MIN = 6;
const INDEPENDENT_MIN = 3;
const AUTOCORRELATION_MAX = 0.95;

/** undefined: too few samples for a slope with an error. */
export function slopeOf(points: readonly Point[]): Slope | undefined {
  const blocks = blockMedians(points);
  const count = blocks.length;
  if (count < BLOCKS_MIN) return undefined;
  const meanX = mean(blocks.map(({ x }) => x));
  const meanY = mean(blocks.map(({ y }) => y));
  const squares = sum(blocks.map(({ x }) => (x - meanX) ** 2));
  const slope = sum(blocks.map(({ x, y }) => (x - meanX) * (y - meanY))) / squares;
  const residuals = blocks.map(({ x, y }) => y - meanY - slope * (x - meanX));
  const left = sum(residuals.map((residual) => residual ** 2));
  const correlation = autocorrelation(residuals, left);
  const independent = Math.max(INDEPENDENT_MIN, (count * (1 - correlation)) / (1 + correlation));
  return { slope, standardError: Math.sqrt(left / (independent - 2) / squares), blocks: count, independent };
}

/** Of lag 1, with the bias of a fitted trend taken out; what swings to and fro makes the error no smaller. */
function autocorrelation(residuals: readonly number[], squares: number): number {
  if (squares === 0) return 0;
  const count = residuals.length;
  const products = sum(residuals.slice(1).map((residual, index) => residual * (residuals[index] ?? 0)));
  const unbiased = (products / squares + 2 / count) / (1 - 4 / count);
  return Math.min(AUTOCORRELATION_MAX, Math.max(0, unbiased));
}

function blockMedians(points: readonly Point[]): Point[] {
  const count = Math.min(BLOCKS_MAX, Math.floor(points.length / SAMPLES_A_BLOCK));
  return Array.from({ length: count }, (_, index) => {
    const edge = (of: number): number => Math.floor((of * points.length) / count);
    const part = points.slice(edge(index), edge(index + 1));
    return { x: mean(part.map(({ x }) => x)), y: median(part.map(({ y }) => y)) };
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
