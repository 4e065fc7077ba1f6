/**
 * Turns the events of one camera into plates of the lane and pictures with their moment: each read once, none delivered late, and every
 * moment by the program's own clock. Knows no maker, no lane and no wire. devices.md rules 33 and 35.
 */
import type { Clock } from '../clock.ts';
import { type CameraEvent, type Frame, LinkError, ProtocolError, type Witness } from '../driver.ts';
import type { PlateRead } from '../lane/types.ts';
import { CameraClock } from './camera-clock.ts';
import { ownText } from './own-text.ts';
import { understandPlate } from './plate-normalization.ts';

/** Ids kept: a camera that was cut off sends up to 9000 reads again, some of them twice. */
const IDS_MAX = 10_000;
/** The id of a read whose stamp is no time may be another vehicle's after this long: cameras without a clock count from 0 again. */
const SAME_ID_MS = 60_000;
/** The same plate within this time is the same vehicle, seen by another trigger of the camera. */
const SAME_CAR_MS = 2_000;
const RECENT_KEPT = 16;
/** A camera clock this far off is reported to the installer. */
const REPORTED_FROM_MS = 30_000;
const SAMPLES_TO_REPORT = 3;
/** Referenced pictures fetched at a time; further ones stay with the camera. */
const FETCHES_MAX = 2;

export interface CameraReadsOptions {
  readonly clock: Clock;
  /** `atMs`: Clock.nowMs of the moment. */
  readonly plate: (plate: PlateRead, atMs: number, unrated?: true) => void;
  /** Text in place of a plate. */
  readonly text: (text: string) => void;
  readonly picture: (frame: Frame) => void;
  /** What the camera itself says of a passage. */
  readonly witness?: (witness: Witness, atMs: number) => void;
  /** Fetches a picture given by path. A failure is ignored: a read is good without its picture. */
  readonly fetch: (path: string) => Promise<Uint8Array>;
  /** Wall time of a Clock.nowMs. */
  readonly wallMsAt: (nowMs: number) => number;
  /** The camera's clock is off by this much (ahead when positive). Called again when that changes. */
  readonly clockOff: (offMs: number) => void;
}

/** Results of the reads of one camera so far. */
export interface CameraCounts {
  readonly plates: number;
  readonly without: number;
  /** Texts that are no plates. */
  readonly notPlates: number;
  readonly repeated: number;
  readonly late: number;
}

export interface CameraReads {
  take(event: CameraEvent): void;
  readonly counts: CameraCounts;
}

export function createCameraReads(options: CameraReadsOptions): CameraReads {
  const { clock } = options;
  const cameraClock = new CameraClock();
  const seen = new SeenReads();
  const counts = { plates: 0, without: 0, notPlates: 0, repeated: 0, late: 0 };
  let reportedMs = 0;
  let fetches = 0;

  function reportClock(nowMs: number): void {
    if (cameraClock.offsetMs === undefined || cameraClock.samples < SAMPLES_TO_REPORT) return;
    const offMs = Math.round(cameraClock.offsetMs - (options.wallMsAt(nowMs) - nowMs));
    if (Math.abs(offMs - reportedMs) < REPORTED_FROM_MS) return;
    reportedMs = offMs;
    options.clockOff(offMs);
  }

  function takeRead(event: Extract<CameraEvent, { kind: 'read' }>, nowMs: number): void {
    const { stampedMs, replayed } = event;
    const isTime = replayed || stampedMs === undefined || cameraClock.isTime(stampedMs, event.plate, nowMs);
    if (seen.isRepeated(event.id, nowMs, isTime ? Number.POSITIVE_INFINITY : SAME_ID_MS)) {
      counts.repeated += 1;
      return;
    }
    if (stampedMs !== undefined && isTime && !replayed) {
      cameraClock.learn(stampedMs, nowMs);
      reportClock(nowMs);
    }
    const atMs = replayed ? undefined : cameraClock.moment(stampedMs, nowMs);
    const understood = understandPlate(event.plate);
    if (atMs === undefined) counts.late += 1;
    else if (understood.kind === 'none') counts.without += 1;
    else if (understood.kind === 'text') {
      counts.notPlates += 1;
      options.text(understood.text);
    } else {
      const { plate } = understood;
      const color = event.color ?? plate.color;
      const read = { text: plate.text, confidence: event.confidence, ...(color === undefined ? {} : { color }) };
      if (seen.isSameVehicle(read, atMs)) {
        counts.repeated += 1;
        return;
      }
      counts.plates += 1;
      seen.add(read, atMs);
      options.plate(read, atMs, event.unrated);
    }
  }

  async function fetch(path: string, atMs: number): Promise<void> {
    if (fetches >= FETCHES_MAX) return;
    fetches += 1;
    try {
      options.picture({ bytes: await options.fetch(path), mediaType: 'image/jpeg', atMs });
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof ProtocolError)) throw error;
    } finally {
      fetches -= 1;
    }
  }

  return {
    counts,
    take(event) {
      const nowMs = clock.nowMs();
      if (event.kind === 'read') return takeRead(event, nowMs);
      const atMs = event.replayed ? undefined : cameraClock.moment(event.stampedMs, nowMs);
      if (atMs === undefined) return;
      if (event.kind === 'witness') {
        const named = understandPlate(event.plate ?? '');
        const { what } = event;
        const plate = named.kind === 'plate' ? { plate: named.plate.text } : {};
        options.witness?.({ what, ...plate }, atMs);
      } else if (event.kind === 'pictureAt') void fetch(event.path, atMs);
      else options.picture({ bytes: event.bytes, mediaType: 'image/jpeg', atMs });
    },
  };
}

/** Reads of one camera by id, and the recent plates. */
class SeenReads {
  /** With the time of the first. */
  readonly #ids = new Map<string, number>();
  #recent: readonly (PlateRead & { readonly atMs: number })[] = [];

  /** Keeps the id, which is the same read's for `forMs`. A read without one is never repeated. */
  isRepeated(id: string | undefined, nowMs: number, forMs: number): boolean {
    if (id === undefined) return false;
    const key = ownText(id);
    const firstMs = this.#ids.get(key);
    if (firstMs !== undefined && nowMs - firstMs <= forMs) return true;
    this.#ids.delete(key);
    this.#ids.set(key, nowMs);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > IDS_MAX && oldest !== undefined) this.#ids.delete(oldest);
    return false;
  }

  isSameVehicle({ text, confidence }: PlateRead, atMs: number): boolean {
    return this.#recent.some(
      (read) => read.text === text && read.confidence >= confidence && Math.abs(read.atMs - atMs) < SAME_CAR_MS,
    );
  }

  add(read: PlateRead, atMs: number): void {
    this.#recent = [...this.#recent, { ...read, atMs }].slice(-RECENT_KEPT);
  }
}
