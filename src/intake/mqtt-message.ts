/**
 * Handles one message of a broker: interpreted by its topic, accepted or refused, and whether it is acknowledged. It knows no connection.
 */
import { createHash } from 'node:crypto';
import type { MqttIntakeConfig } from '../config/types.ts';
import { ProtocolError } from '../driver.ts';
import { parseJson } from '../http/body.ts';
import { Problem } from '../http/problem.ts';
import { intakeLog } from '../text/intake.ts';
import { MQTT_CHANNEL } from './channels.ts';
import type { Checked } from './check.ts';
import type { Understood } from './events.ts';
import type { IntakeOptions, PublishingCamera } from './intake-contract.ts';
import { understandCharge } from './park/charges.ts';
import { understandShift, understandVehicle } from './park/park-messages.ts';
import { understandEntryMessage } from './park/platform-entry.ts';
import { inSenderTerms, isOfAnotherBox, mapped, type Pointers } from './payload-mapping.ts';
import { understandRead } from './plate-reads.ts';
import { understandMessage } from './platform-messages.ts';
import { refusedMessage, refusedPush, resultOf } from './pushes/push-request.ts';
import type { PushMessage } from './pushes/push-row.ts';
import { BODY_BYTES_MAX, type Receiver, receive, requestItems, sharedOf } from './receive.ts';
import { RefusalLog } from './refusal-log.ts';
import { ofOtherLane } from './system-payments.ts';

export type MqttIntakeOptions = Omit<IntakeOptions, 'config' | 'cameras'> & {
  readonly config: MqttIntakeConfig;
  readonly cameras?: readonly PublishingCamera[];
};

/** A read with its picture in base64 is some megabyte. */
export const CAMERA_BYTES_MAX = 4_000_000;

export interface MqttMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Retained by the broker and sent because we have just subscribed: published at an unknown time in the past. */
  readonly retained: boolean;
}

/** Counts messages, not events. */
export interface MqttCounts {
  /** Accepted, repeated, or nothing for this box. */
  readonly taken: number;
  /** Acknowledged so that they do not come again, without effect. */
  readonly refused: number;
  readonly retained: number;
  /** Not accepted now; the broker sends them again. */
  readonly full: number;
}

export interface MessageHandler {
  readonly counts: MqttCounts;
  /** Whether to acknowledge the message. Never rejects. Runs up to `accept` synchronously. */
  take(message: MqttMessage): Promise<boolean>;
}

type Understand = (value: unknown) => Checked<Understood>;
type Topic = { readonly understand: Understand; readonly isPlates: boolean };

export function createMessageHandler(options: MqttIntakeOptions): MessageHandler {
  const { clock, log, cameras = [] } = options;
  const shared = sharedOf(options);
  const refusals = new RefusalLog(clock, log);
  const topicOf = topics(options);
  const counts = { taken: 0, refused: 0, retained: 0, full: 0 };
  /** The last message that no code here was ready for. */
  let broken = '';

  const speakersOf = (topic: string) => camerasAt(cameras, topic);

  const keep = async (message: MqttMessage): Promise<void> => {
    if (takeOfCameras(speakersOf(message.topic), message)) return;
    const { topic, payload } = message;
    // Our own, where a filter takes it in.
    if (topic === options.config.fates) return;
    if (payload.length > BODY_BYTES_MAX) throw new Problem('tooLarge');
    const known = topicOf(topic);
    // Only subscribed topics arrive; a broker may still have an older subscription of this client.
    if (known === undefined) return options.pushes?.refused({ way: 'mqtt' }, 'unknownCamera', topic);
    const { understand } = known;
    const content = parseJson(payload);
    const isBatch = Array.isArray(content);
    const account = accountOf(topic);
    const became: Receiver['became'] = (item, receipt) =>
      account?.add(resultOf(item, receipt), messageOf(topic, payload));
    const receiver = { ...shared, refusals, understand, sender: MQTT_CHANNEL, language: 'zh', became } as const;
    const receipts = await receive(requestItems(content), isBatch, receiver);
    const ignored = receipts.filter(({ status }) => status === 'ignored').length;
    if (ignored > 0) log.debug(intakeLog.mqttIgnored(oneLine(topic), ignored));
  };

  /** Of topics that plates come over; payments have an account of their own. */
  const accountOf = (topic: string) => (topicOf(topic)?.isPlates ? options.pushes?.camera(MQTT_CHANNEL) : undefined);

  /** Counts and reports what failed. False: it is to come again. */
  function isDone(error: unknown, { topic, payload }: MqttMessage, account: ReturnType<typeof accountOf>): boolean {
    const about = messageOf(topic, payload);
    if (!(error instanceof Problem)) {
      const digest = createHash('sha256').update(`${topic}\n`).update(payload).digest('base64');
      // What breaks the code a second time would come again for ever, and keep back all that is behind it; a store that refuses is another matter.
      if (digest === broken && (error instanceof TypeError || error instanceof RangeError)) {
        counts.refused += 1;
        refusals.add('invalid', oneLine(topic));
        return true;
      }
      broken = digest;
      log.error(intakeLog.broken(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      counts.full += 1;
      refusedPush(account, about, 'broken');
      return false;
    }
    counts[error.code === 'full' ? 'full' : 'refused'] += 1;
    refusals.add(error.code, oneLine(topic), error.errors);
    refusedMessage(account, about, error);
    return error.code !== 'full';
  }

  return {
    counts,
    take: async (message) => {
      const account = accountOf(message.topic);
      const about = messageOf(message.topic, message.payload);
      if (message.retained) {
        counts.retained += 1;
        for (const one of [account, ...speakersOf(message.topic).map((speaker) => speaker.account)])
          one?.add({ outcome: 'late', why: 'retained' }, about);
        refusals.add('retained', oneLine(message.topic));
        return true;
      }
      try {
        await keep(message);
        counts.taken += 1;
        return true;
      } catch (error) {
        return isDone(error instanceof ProtocolError ? new Problem('invalid') : error, message, account);
      }
    },
  };
}

const messageOf = (topic: string, payload: Uint8Array): PushMessage => ({
  way: 'mqtt',
  path: topic,
  bytes: payload.length,
});

const camerasAt = (cameras: readonly PublishingCamera[], topic: string): readonly PublishingCamera[] =>
  cameras.filter(({ messages }) => messages.topics.some((filter) => fits(filter, topic)));

/** False: no camera publishes there. Throws ProtocolError, Problem `tooLarge`. */
function takeOfCameras(speakers: readonly PublishingCamera[], { topic, payload }: MqttMessage): boolean {
  const about = messageOf(topic, payload);
  if (payload.length > CAMERA_BYTES_MAX) {
    for (const { account } of speakers) refusedPush(account, about, 'tooLarge');
    throw new Problem('tooLarge');
  }
  for (const { messages, take, account } of speakers) {
    const work = (): void => messages.take(topic, payload).forEach(take);
    if (account === undefined) work();
    else account.message(about, work);
  }
  return speakers.length > 0;
}

function topics(options: MqttIntakeOptions): (topic: string) => Topic | undefined {
  const { grants, plates, entries, charges, vehicles, shifts, mapping } = options.config;
  const asGrant: Understand = (value) => understandMessage(value, MQTT_CHANNEL, options);
  const read: Understand = (value) => understandRead(value, MQTT_CHANNEL, options);
  const grant = mapping?.grants === undefined ? asGrant : ofMapping(mapping.grants, asGrant, options);
  const plate = mapping?.plates === undefined ? read : ofMapping(mapping.plates, read, options);
  const others: readonly (readonly [string | undefined, Understand])[] = [
    [entries, (value) => understandEntryMessage(value, MQTT_CHANNEL, options)],
    [charges, (value) => understandCharge(value, MQTT_CHANNEL, options)],
    [vehicles, (value) => understandVehicle(value, MQTT_CHANNEL)],
    [shifts, (value) => understandShift(value, MQTT_CHANNEL, options)],
  ];
  return (topic) => {
    if (grants !== undefined && fits(grants, topic)) return { understand: grant, isPlates: false };
    if (plates !== undefined && fits(plates, topic)) return { understand: plate, isPlates: true };
    const other = others.find(([filter]) => filter !== undefined && fits(filter, topic));
    return other && { understand: other[1], isPlates: false };
  };
}

function ofMapping(pointers: Pointers, understand: Understand, { config }: MqttIntakeOptions): Understand {
  return (value) => {
    const { mapping } = config;
    if (mapping === undefined) return understand(value);
    const told = mapped(value, pointers, mapping);
    if (isOfAnotherBox(value, pointers, mapping))
      return ofOtherLane(String(told.lane), pointers === mapping.grants ? told : {});
    const checked = understand(told);
    return 'errors' in checked ? { errors: inSenderTerms(checked.errors, pointers) } : checked;
  };
}

/** Whether a topic matches a filter (MQTT 3.1.1, section 4.7): `+` is one level, `#` all that follow and the level above. */
export function fits(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}

/** The topic is the sender's text; in the log it is one line. */
function oneLine(topic: string): string {
  return topic.replace(/\p{Cc}/gu, '?').slice(0, 100);
}
