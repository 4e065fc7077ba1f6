/**
 * A Vzenith camera at a broker: what it publishes, as events, points and health. It publishes nothing. Maker's MQTT protocol of the R3
 * and R5 series, v1.1.14, chapter 6 (open.vzicloud.com/doc/mqtt; by paper):
 *
 *   topic     {sn}/device/message/up/NAME or device/{sn}/message/up/NAME, or any that was entered in the camera
 *   message   {id, sn, name, version, timestamp, payload}; payload is the content, or has it under `body`
 *
 *   ivs_result, quick_ivs_result   AlarmInfoPlate, as over HTTP, its plate in base64
 *   keep_alive                     every ten seconds
 *   gpio_in                        AlarmGioIn.result.TriggerResult {source: 0 is input 1, value: 0 off, 1 on, 2 on and off again}
 *   lanectrl_result                {event_type: 82 stays, 84 turned back, 85 follows another; result[0].plate_result.license in base64}
 *   barr_gate_status               {gate_status: 0 down, 1 up, else between; connect_status, enable: 1 when there is a barrier}
 */
import {
  type CameraEvent,
  type CameraInputs,
  type CameraMessages,
  type Clock,
  LinkError,
  ProtocolError,
  type Reading,
} from '../../src/driver.ts';
import { at, boundedText, figure, jsonOf } from '../camera-http/content.ts';
import { readAlarm, readLaneEvent } from './codec.ts';

/** Longer without any message, and the camera is gone: two beats were missed. */
const SILENCE_MS = 25_000;
/** Ids kept: a broker delivers a message again for each subscription that fits it. */
const IDS_KEPT = 64;
/** From the contact to the arrival of its message. */
const UNDERWAY_MS = 1_000;
const ARM_POINTS = ['arm_down', 'arm_up'];
const INPUT_POINTS = ['input1', 'input2', 'input3', 'input4'];

export interface BrokerOptions {
  readonly sn: string;
  /** Entered in the camera in place of the maker's. */
  readonly topics?: readonly string[] | undefined;
  /** Interval at which levels are repeated: they hold while the camera lives. */
  readonly inputsMs: number;
}

export interface BrokerCamera {
  readonly messages: CameraMessages;
  readonly inputs: CameraInputs;
  /** Ends when the camera is silent. Throws LinkError. */
  events(report: unknown, signal: AbortSignal): Promise<void>;
}

export function createBrokerCamera({ sn, topics, inputsMs }: BrokerOptions, clock: Clock): BrokerCamera {
  /** Since its creation, for a camera that has not been heard yet. */
  let heardMs = clock.nowMs();
  let ids: readonly string[] = [];
  const contacts = new Contacts(clock);
  const leftMs = (): number => heardMs + SILENCE_MS - clock.nowMs();
  const silent = (): LinkError => new LinkError('timeout', `${sn}: no message for ${SILENCE_MS / 1_000} s`);

  const messages: CameraMessages = {
    topics: topics ?? [`${sn}/device/message/up/+`, `device/${sn}/message/up/+`],
    take(topic, payload) {
      const message = jsonOf(payload);
      if (typeof message !== 'object' || message === null)
        throw new ProtocolError('frame', 'this is no message of the camera');
      // Cameras may share a topic that was entered in them.
      if ((boundedText(at(message, 'sn')) ?? sn) !== sn) return [];
      heardMs = clock.nowMs();
      const id = boundedText(at(message, 'id'));
      if (id !== undefined && ids.includes(id)) return [];
      if (id !== undefined) ids = [...ids, id].slice(-IDS_KEPT);
      const content = at(message, 'payload.body') ?? at(message, 'payload');
      switch (boundedText(at(message, 'name')) ?? topic.slice(topic.lastIndexOf('/') + 1)) {
        case 'ivs_result':
        case 'quick_ivs_result':
          return readAlarm(message);
        case 'gpio_in':
          contacts.input(content);
          return [];
        case 'barr_gate_status':
          return contacts.arm(content);
        case 'lanectrl_result':
          return readLaneEvent(content);
        default:
          return [];
      }
    },
  };
  return {
    messages,
    async events(_, signal) {
      while (!signal.aborted) {
        if (leftMs() <= 0) throw silent();
        await clock.sleep(leftMs(), signal);
      }
    },
    inputs: {
      points: [...ARM_POINTS, ...INPUT_POINTS],
      everyMs: inputsMs,
      async run(report, signal) {
        contacts.sink = report;
        try {
          while (!signal.aborted && leftMs() > 0) {
            contacts.repeat();
            await clock.sleep(inputsMs, signal);
          }
          if (signal.aborted) return;
          contacts.forget();
          throw silent();
        } finally {
          contacts.sink = undefined;
        }
      },
    },
  };
}

/** What the camera last said of its contacts and of its barrier. */
class Contacts {
  /** Where readings go; undefined: they are only kept. */
  sink: ((reading: Reading) => void) | undefined;
  readonly #levels = new Map<string, boolean>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  input(message: unknown): void {
    const found = at(message, 'AlarmGioIn.result.TriggerResult');
    const value = figure(at(found, 'value'));
    const point = `input${(figure(at(found, 'source')) ?? -1) + 1}`;
    if (value === undefined || !INPUT_POINTS.includes(point)) return;
    this.#set(point, value === 1);
    if (value === 2) this.sink?.({ kind: 'pulses', count: 1, ...this.#now(point) });
  }

  arm(message: unknown): readonly CameraEvent[] {
    const { was, is } = { was: armOf(this.#levels), is: armState(message) };
    this.#set('arm_down', is && is === 'armDown');
    this.#set('arm_up', is && is === 'armUp');
    return is === undefined || is === 'between' || is === was ? [] : [{ kind: 'witness', what: is, replayed: false }];
  }

  repeat(): void {
    for (const [point, value] of this.#levels) this.sink?.({ kind: 'level', value, ...this.#now(point) });
  }

  forget(): void {
    this.#levels.clear();
  }

  #set(point: string, value: boolean | undefined): void {
    if (value === undefined) return void this.#levels.delete(point);
    this.#levels.set(point, value);
    this.sink?.({ kind: 'level', value, ...this.#now(point) });
  }

  #now = (point: string) => ({ point, atMs: this.#clock.nowMs(), uncertaintyMs: UNDERWAY_MS });
}

type Arm = 'armUp' | 'armDown' | 'between';

/** undefined: no barrier is connected, or the camera does not watch it. */
function armState(message: unknown): Arm | undefined {
  const state = figure(at(message, 'gate_status'));
  const isThere = figure(at(message, 'connect_status')) !== 0 && figure(at(message, 'enable')) !== 0;
  if (state === undefined || !isThere) return undefined;
  return state === 0 ? 'armDown' : state === 1 ? 'armUp' : 'between';
}

function armOf(levels: ReadonlyMap<string, boolean>): Arm | undefined {
  if (levels.get('arm_up')) return 'armUp';
  return levels.get('arm_down') ? 'armDown' : undefined;
}
