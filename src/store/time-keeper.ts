/**
 * The wall time as this run knows it: an offset to the monotonic clock and its quality. The system clock is only one of its sources, because it may
 * be years off at the start and stepped at any moment.
 */
import type { Clock } from '../clock.ts';
import type { Reply } from './messages.ts';
import type { TimeQuality } from './record-types.ts';
import type { Line } from './thread-client.ts';
import { HTTPS_DATE, isPhone, qualityBy } from './time-source.ts';
import type { Boot, TimeKeeping } from './types.ts';

type Known = 'wallOffsetMs' | 'quality' | 'isConfirmed' | 'notBeforeMs';
type Beginning = Pick<Extract<Reply, { kind: 'ready' }>, Known> & { readonly boot: Pick<Boot, 'laneOffsetMs'> };

/** A source that contradicts the time in use is believed only after a step, or when it differs by more than this. */
const CONTRADICTION_MS = 2_000;
/** A witness that says the same is heard this often. */
const WITNESS_MS = 3_600_000;

export class TimeKeeper implements TimeKeeping {
  readonly #clock: Clock;
  readonly #line: Pick<Line, 'call' | 'changed'>;
  /** No wall time of this boot is before `nowMs` plus this, as long as no source says so. */
  readonly #notBeforeMs: number;
  #offsetMs: number;
  #quality: TimeQuality;
  /** A source confirmed the offset once; a step of the system clock does not make it worse. */
  isConfirmed: boolean;
  /** Of a phone's time; undefined: better known, or not at all. */
  #errorMs: number | undefined;
  /** A better source spoke at this moment: what a phone said before it no longer counts. */
  #betterMs = Number.NEGATIVE_INFINITY;
  #witness: { readonly nowMs: number; readonly byMs: number } | undefined;

  constructor(clock: Clock, beginning: Beginning, line: Pick<Line, 'call' | 'changed'>) {
    this.#clock = clock;
    this.#line = line;
    this.#notBeforeMs = beginning.notBeforeMs + beginning.boot.laneOffsetMs;
    this.#offsetMs = beginning.wallOffsetMs;
    this.#quality = beginning.quality;
    this.isConfirmed = beginning.isConfirmed;
    if (beginning.isConfirmed && beginning.quality !== 'manual') this.#betterMs = clock.nowMs();
  }

  get quality(): TimeQuality {
    return this.#quality;
  }

  get errorMs(): number | undefined {
    return this.#quality === 'manual' ? this.#errorMs : undefined;
  }

  earliestMsAt(nowMs: number): number {
    return nowMs + (this.isConfirmed ? this.#offsetMs : this.#notBeforeMs);
  }

  wallMsAt(nowMs: number): number {
    const earliestMs = this.earliestMsAt(nowMs);
    // No source has confirmed anything yet: the system clock is the best there is, and a step may well be its correction.
    return this.isConfirmed ? earliestMs : Math.max(this.#clock.wallMs() + (nowMs - this.#clock.nowMs()), earliestMs);
  }

  synced(nowMs: number, wallMs: number, uncertaintyMs: number, source: string): void {
    if (source === HTTPS_DATE) this.#witnessed(nowMs, wallMs, source);
    const offsetMs = wallMs - nowMs;
    const known = this.#quality !== 'unknown';
    // The clock of the platform is the second source: it counts where the time service of the system is silent. A phone is the last.
    if (source === HTTPS_DATE && this.#quality === 'synced') return;
    if (isPhone(source)) {
      if (nowMs <= this.#betterMs || this.#quality === 'synced' || this.#quality === 'corrected') return;
    } else this.#betterMs = nowMs;
    const byMs = Math.abs(offsetMs - this.#offsetMs);
    const says = qualityBy(source);
    const former = this.#errorMs;
    this.#errorMs = says === 'manual' ? uncertaintyMs : undefined;
    // The error of a phone goes when a better source says the same.
    const isSame = says === 'manual' ? former !== undefined : this.#quality !== 'manual';
    if (known && isSame && byMs <= Math.max(uncertaintyMs, CONTRADICTION_MS)) {
      // A finer reading of the same time: a slewed clock is followed in memory, without a write.
      if (uncertaintyMs <= CONTRADICTION_MS / 4) this.#offsetMs = offsetMs;
      return;
    }
    // A coarse source confirms what a step left behind, rather than replacing it.
    const kept = this.isConfirmed && byMs <= uncertaintyMs ? this.#offsetMs : offsetMs;
    this.#offsetMs = kept;
    this.isConfirmed = true;
    this.#quality = says;
    this.#line.changed();
    const within = says === 'manual' ? [Math.ceil(uncertaintyMs)] : [];
    this.#line.call('synced', nowMs, nowMs + kept, source, ...within).catch(() => undefined);
  }

  /** Kept in the chain, whether or not it changes anything: somebody who sets the clock of the box does not set this one. */
  #witnessed(nowMs: number, wallMs: number, source: string): void {
    const byMs = Math.round(this.wallMsAt(nowMs) - wallMs);
    const last = this.#witness;
    if (last !== undefined && nowMs - last.nowMs < WITNESS_MS && Math.abs(byMs - last.byMs) <= CONTRADICTION_MS) return;
    this.#witness = { nowMs, byMs };
    this.#line.call('witnessed', source, Math.round(wallMs), byMs).catch(() => undefined);
  }

  stepped(byMs: number): void {
    this.#quality = 'unknown';
    this.#errorMs = undefined;
    this.#line.changed();
    this.#line.call('stepped', byMs).catch(() => undefined);
  }
}
