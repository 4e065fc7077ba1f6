/**
 * What one poll of a board costs the processor of this box, from a short calibration: its rounds of JSON, which is strings, objects and garbage as a
 * poll is, and the number of them that a poll was measured to cost (`npm run bench -- lanes`). An estimate, good to a factor of two.
 */
import type { Clock } from '../clock.ts';

/** 85 µs a poll beside 0.8 µs a round, on one machine; the same ratio is assumed of others. */
const ROUNDS_PER_POLL = 110;
const ROUNDS = 1_000;
/** The best one counts: other programs only make it slower. */
const RUNS = 8;

/** Takes some 10 ms, on a Pi 3 some 100. */
export function measurePollMs(clock: Pick<Clock, 'nowMs'>): number {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const fromMs = clock.nowMs();
    let event = { kind: 'edge', role: 'barrier', on: true, atMs: 123_456_789, uncertaintyMs: 25 };
    for (let round = 0; round < ROUNDS; round += 1) event = JSON.parse(JSON.stringify(event));
    bestMs = Math.min(bestMs, clock.nowMs() - fromMs);
  }
  return (bestMs / ROUNDS) * ROUNDS_PER_POLL;
}
