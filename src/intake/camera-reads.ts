/**
 * What one camera tells becomes plates of the lane and pictures with their moment: each read once, none that is told late, and every
 * moment by the program's own clock. Knows no maker, no lane and no wire. devices.md rules 33 and 35.
 */
import type { Clock } from '../clock.ts';
import { type CameraEvent, type Frame, LinkError, ProtocolError } from '../driver.ts';
import type { PlateRead } from '../lane/types.ts';
import { CameraClock } from './camera-clock.ts';
import { ownText } from './own-text.ts';
import { understandPlate } from './plate.ts';

/** A camera that was cut off sends up to 9000 reads again, some of them twice. */
const IDS_MAX = 10_000;
/** The same plate again so soon is the same car, seen by another trigger of the camera. */
const SAME_CAR_MS = 2_000;
const RECENT_KEPT = 16;
/** A camera clock this far off is worth a word to who installs it. */
const WORTH_TELLING_MS = 30_000;
const SAMPLES_TO_TELL = 3;
/** Named pictures being fetched at a time; what is named meanwhile is left with the camera. */
const FETCHES_MAX = 2;

export interface CameraReadsOptions {
  readonly clock: Clock;
  /** `atMs`: Clock.nowMs of the moment. */
  readonly plate: (plate: PlateRead, atMs: number, unrated?: true) => void;
  /** What stood where a plate should be and is none. */
  readonly text: (text: string) => void;
  readonly picture: (frame: Frame) => void;
  /** Gets a picture that was only named. What fails is left out: a read is good without its picture. */
  readonly fetch: (path: string) => Promise<Uint8Array>;
  /** Wall time that belongs to a Clock.nowMs. */
  readonly wallMsAt: (nowMs: number) => number;
  /** The camera's clock is off by this much (ahead when positive). Told anew when that changes. */
  readonly clockOff: (offMs: number) => void;
}

/** What came of the reads of one camera so far. */
export interface CameraCounts {
  readonly plates: number;
  readonly without: number;
  /** Texts that are none. */
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
  const ids = new Set<string>();
  const counts = { plates: 0, without: 0, notPlates: 0, repeated: 0, late: 0 };
  let recent: readonly (PlateRead & { readonly atMs: number })[] = [];
  let toldMs = 0;
  let fetches = 0;

  function isKnown(id: string | undefined): boolean {
    if (id === undefined) return false;
    const key = ownText(id);
    if (ids.has(key)) return true;
    ids.add(key);
    const [oldest] = ids;
    if (ids.size > IDS_MAX && oldest !== undefined) ids.delete(oldest);
    return false;
  }

  function isSameCar({ text, confidence }: PlateRead, atMs: number): boolean {
    return recent.some(
      (read) => read.text === text && read.confidence >= confidence && Math.abs(read.atMs - atMs) < SAME_CAR_MS,
    );
  }

  function tellClock(nowMs: number): void {
    if (cameraClock.offsetMs === undefined || cameraClock.samples < SAMPLES_TO_TELL) return;
    const offMs = Math.round(cameraClock.offsetMs - (options.wallMsAt(nowMs) - nowMs));
    if (Math.abs(offMs - toldMs) < WORTH_TELLING_MS) return;
    toldMs = offMs;
    options.clockOff(offMs);
  }

  function takeRead(event: Extract<CameraEvent, { kind: 'read' }>, nowMs: number): void {
    if (isKnown(event.id)) {
      counts.repeated += 1;
      return;
    }
    if (event.stampedMs !== undefined && !event.replayed) {
      cameraClock.learn(event.stampedMs, nowMs);
      tellClock(nowMs);
    }
    const atMs = event.replayed ? undefined : cameraClock.moment(event.stampedMs, nowMs);
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
      if (isSameCar(read, atMs)) {
        counts.repeated += 1;
        return;
      }
      counts.plates += 1;
      recent = [...recent, { ...read, atMs }].slice(-RECENT_KEPT);
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
      if (event.kind === 'pictureAt') void fetch(event.path, atMs);
      else options.picture({ bytes: event.bytes, mediaType: 'image/jpeg', atMs });
    },
  };
}
