/**
 * Current faults of the field and since when, gathered from the events of the lines. It knows no line; it keeps the latest fault of each
 * subject.
 */
import type { AppEvent } from '../app/events.ts';
import type { Clock } from '../clock.ts';
import { LinkError, ProtocolError } from '../driver.ts';
import { type FaultWords, faultText, faultWords } from '../text/fault.ts';
import type { Text } from '../text/text.ts';
import { thrownText } from '../text/thrown.ts';

export interface CurrentFault {
  /** Clock.nowMs of the first fault of the row; undefined: it is over. */
  readonly sinceMs?: number;
  readonly last: Text;
  /** The same in its parts, of a fault that has a code. */
  readonly words?: FaultWords;
  /** Since the start. */
  readonly faults: number;
}

type Subject = Extract<AppEvent, { kind: 'fault' }>['subject'];

/** `rs485-1/io1`, `gpio/pi`, `camera/cam1`; the wire itself without a device. */
export function subjectId({ lineId, deviceId }: Subject): string {
  return deviceId === undefined ? lineId : `${lineId}/${deviceId}`;
}

const picturesId = (camera: string): string => `camera/${camera}/pictures`;

export class CurrentFaults {
  readonly #clock: Clock;
  readonly #faults = new Map<string, CurrentFault>();
  readonly #pictured = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records the event; returns the id of the device that it is about. */
  on(event: AppEvent): string | undefined {
    if (event.kind === 'picture') return this.#answered(event.camera, event.error);
    if (event.kind === 'fault') return this.#failed(subjectId(event.subject), event.error, event.count);
    if (event.kind === 'recovered') return this.over(subjectId(event.subject));
    if (event.kind === 'notice') return subjectId(event.subject);
    return undefined;
  }

  of(id: string): CurrentFault | undefined {
    return this.#faults.get(id);
  }

  /** Of the pictures of a camera, which fail apart from its event stream and its contacts. */
  ofPictures(camera: string): CurrentFault | undefined {
    return this.#faults.get(picturesId(camera));
  }

  /** In its parts, of a device or camera that fails; a device without a fault of its own shares that of its wire. */
  wordsOf(id: string): FaultWords | undefined {
    const own = [`${id}/pictures`, id]
      .map((each) => this.#faults.get(each))
      .find((each) => each?.sinceMs !== undefined);
    return (own ?? this.#faults.get(id.split('/')[0] ?? ''))?.words;
  }

  /** Its last picture was good. */
  hasPictured(camera: string): boolean {
    return this.#pictured.has(camera);
  }

  /** Healthy again. */
  over(id: string): string {
    const before = this.#faults.get(id);
    if (before !== undefined) this.#faults.set(id, { last: before.last, faults: before.faults });
    return id;
  }

  #answered(camera: string, error: unknown): string {
    if (error === undefined) {
      this.#pictured.add(camera);
      this.over(picturesId(camera));
    } else {
      this.#pictured.delete(camera);
      this.#failed(picturesId(camera), error);
    }
    return subjectId({ lineId: 'camera', deviceId: camera });
  }

  #failed(id: string, error: unknown, count?: number): string {
    const before = this.#faults.get(id);
    const sinceMs = before?.sinceMs ?? this.#clock.nowMs();
    const isKnown = error instanceof LinkError || error instanceof ProtocolError;
    const message = thrownText(error);
    const of = id.startsWith('camera/') ? 'camera' : 'wire';
    this.#faults.set(id, {
      sinceMs,
      ...(isKnown
        ? { last: trimmed(faultText('', error, 1, of)), words: faultWords(error, of) }
        : { last: { zh: message, en: message } }),
      faults: Math.max((before?.faults ?? 0) + 1, count ?? 0),
    });
    return id;
  }
}

/** The page shows the subject separately. */
const trimmed = ({ zh, en }: Text): Text => ({ zh: zh.trim(), en: en.trim() });
