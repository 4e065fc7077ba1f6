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
import type { PushPicture, PushResult } from './pushes/push-row.ts';
import { RefinedReads, type TimedRead } from './pushes/refined-reads.ts';

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
  /** What became of each event, for the account. */
  readonly became?: {
    add(result: PushResult): void;
    picture(state: PushPicture): void;
  };
}

type ReadEvent = Extract<CameraEvent, { kind: 'read' }>;

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

type Understood = Pick<PlateRead, 'text' | 'color'>;

export function createCameraReads(options: CameraReadsOptions): CameraReads {
  const { clock } = options;
  const cameraClock = new CameraClock();
  const seen = new SeenReads();
  const refined = new RefinedReads();
  const counts = { plates: 0, without: 0, notPlates: 0, repeated: 0, late: 0 };
  const reportClock = clockReport(cameraClock, options);
  const fetch = pictureFetch(options);

  /** When it was read, by our clock: undefined where that is too long ago. What the camera's clock says is learned on the way. */
  function momentOf(event: ReadEvent, nowMs: number): number | 'repeated' | undefined {
    const { stampedMs, replayed } = event;
    const isTime = replayed || stampedMs === undefined || cameraClock.isTime(stampedMs, event.plate, nowMs);
    if (!event.refines && seen.isRepeated(event.id, nowMs, isTime ? Number.POSITIVE_INFINITY : SAME_ID_MS))
      return 'repeated';
    if (stampedMs !== undefined && isTime && !replayed) {
      cameraClock.learn(stampedMs, nowMs);
      reportClock(nowMs);
    }
    return replayed ? undefined : cameraClock.moment(stampedMs, nowMs);
  }

  function takeRead(event: ReadEvent, nowMs: number): PushResult {
    const { replayed, confidence, unrated } = event;
    const understood = understandPlate(event.plate);
    const written = understood.kind === 'plate' ? understood.plate.text : event.plate;
    const told = { ...(written !== '' && { plate: written }), confidence, ...(unrated && { unrated }) };
    const atMs = momentOf(event, nowMs);
    if (atMs === 'repeated') return { outcome: 'repeated', why: 'sameId', ...told };
    if (atMs === undefined) return { outcome: 'late', why: replayed ? 'replayed' : 'old', ...told };
    if (understood.kind === 'none') return { outcome: 'none', why: 'noPlate' };
    if (understood.kind === 'text') {
      options.text(understood.text);
      return { outcome: 'none', why: 'notPlate', plate: understood.text };
    }
    return { ...takePlate(event, understood.plate, atMs, nowMs), ...told };
  }

  function takePlate(event: ReadEvent, plate: Understood, atMs: number, nowMs: number): PushResult {
    const color = event.color ?? plate.color;
    const read = { text: plate.text, confidence: event.confidence, ...(color === undefined ? {} : { color }) };
    const again = event.refines && event.id !== undefined ? refined.take(event.id, { ...read, atMs }) : undefined;
    if (again?.kind === 'late') return { outcome: 'late', why: 'old' };
    // One that was followed long ago is no new vehicle.
    const isSame =
      again?.kind === 'same' || (again?.kind === 'first' && seen.isRepeated(event.id, nowMs, Number.POSITIVE_INFINITY));
    if (isSame || seen.isSameVehicle(read, atMs))
      return { outcome: 'repeated', why: isSame ? 'sameId' : 'sameVehicle' };
    const readAtMs = again?.kind === 'better' ? again.atMs : atMs;
    seen.add(read, readAtMs);
    options.plate(read, readAtMs, event.unrated);
    return { outcome: 'read', ...(again?.kind === 'better' && { why: 'refined' as const }) };
  }

  return {
    counts,
    take(event) {
      const nowMs = clock.nowMs();
      if (event.kind === 'read') {
        const result = takeRead(event, nowMs);
        counts[countOf(result)] += 1;
        return options.became?.add(result);
      }
      const atMs = event.replayed ? undefined : cameraClock.moment(event.stampedMs, nowMs);
      if (atMs === undefined) return;
      if (event.kind === 'witness') {
        const named = understandPlate(event.plate ?? '');
        const { what } = event;
        const plate = named.kind === 'plate' ? { plate: named.plate.text } : {};
        options.witness?.({ what, ...plate }, atMs);
        options.became?.add({ outcome: 'none', why: 'witness', ...plate });
      } else if (event.kind === 'pictureAt') void fetch(event.path, atMs);
      else {
        options.picture({ bytes: event.bytes, mediaType: 'image/jpeg', atMs });
        options.became?.picture('came');
      }
    },
  };
}

/** Fetches pictures given by path, some at a time. A failure is ignored: a read is good without its picture. */
function pictureFetch(options: CameraReadsOptions): (path: string, atMs: number) => Promise<void> {
  let fetches = 0;
  return async (path, atMs) => {
    if (fetches >= FETCHES_MAX) return options.became?.picture('skipped');
    options.became?.picture('named');
    fetches += 1;
    try {
      options.picture({ bytes: await options.fetch(path), mediaType: 'image/jpeg', atMs });
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof ProtocolError)) throw error;
    } finally {
      fetches -= 1;
    }
  };
}

function countOf({ outcome, why }: PushResult): keyof CameraCounts {
  if (outcome === 'none') return why === 'notPlate' ? 'notPlates' : 'without';
  return outcome === 'read' ? 'plates' : outcome === 'late' ? 'late' : 'repeated';
}

/** Reports the camera's offset when it is known, and again when it has changed. */
function clockReport(cameraClock: CameraClock, { wallMsAt, clockOff }: CameraReadsOptions): (nowMs: number) => void {
  let reportedMs = 0;
  return (nowMs) => {
    if (cameraClock.offsetMs === undefined || cameraClock.samples < SAMPLES_TO_REPORT) return;
    const offMs = Math.round(cameraClock.offsetMs - (wallMsAt(nowMs) - nowMs));
    if (Math.abs(offMs - reportedMs) < REPORTED_FROM_MS) return;
    reportedMs = offMs;
    clockOff(offMs);
  };
}

/** Reads of one camera by id, and the recent plates. */
class SeenReads {
  /** With the time of the first. */
  readonly #ids = new Map<string, number>();
  #recent: readonly TimedRead[] = [];

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
