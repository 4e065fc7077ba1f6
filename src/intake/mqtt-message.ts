/**
 * What becomes of one message of a broker: understood by its topic, kept or refused, and whether the broker may forget it. It knows no
 * connection.
 */
import type { MqttIntakeConfig } from '../config/types.ts';
import { parseJson } from '../http/body.ts';
import { Problem } from '../http/problem.ts';
import { intakeLog } from '../text/intake.ts';
import { MQTT_CHANNEL } from './channels.ts';
import type { Checked } from './check.ts';
import { inTheirWords, isOfAnotherBox, mapped, type Pointers } from './mapping.ts';
import { understandTold } from './platform.ts';
import { understandRead } from './reads.ts';
import { BODY_BYTES_MAX, receive, requestItems, sharedOf } from './receive.ts';
import { Refusals } from './refusals.ts';
import type { IntakeOptions, Understood } from './types.ts';

export type MqttIntakeOptions = Omit<IntakeOptions, 'config' | 'cameras'> & { readonly config: MqttIntakeConfig };

export interface MqttMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Kept by the broker and sent because we have just subscribed: told at some time in the past. */
  readonly retained: boolean;
}

/** Messages, not the things they tell. */
export interface MqttCounts {
  /** Kept, or told before, or nothing for this box. */
  readonly taken: number;
  /** Acknowledged so that they do not come again, and not acted on. */
  readonly refused: number;
  readonly retained: number;
  /** Not kept now; they come again. */
  readonly full: number;
}

export interface MessageTaker {
  readonly counts: MqttCounts;
  /** Whether the broker may forget the message. Never rejects. Runs to `accept` without waiting. */
  take(message: MqttMessage): Promise<boolean>;
}

type Understand = (value: unknown) => Checked<Understood>;

export function createTaker(options: MqttIntakeOptions): MessageTaker {
  const { clock, log } = options;
  const shared = sharedOf(options);
  const refusals = new Refusals(clock, log);
  const understandingOf = understandings(options);
  const counts = { taken: 0, refused: 0, retained: 0, full: 0 };

  const keep = async ({ topic, payload }: MqttMessage): Promise<void> => {
    if (payload.length > BODY_BYTES_MAX) throw new Problem('tooLarge');
    const understand = understandingOf(topic);
    // Only what we subscribed to comes; a broker may still keep an older subscription of this client.
    if (understand === undefined) return;
    const content = parseJson(payload);
    const isBatch = Array.isArray(content);
    const receiver = { ...shared, refusals, understand, sender: MQTT_CHANNEL, language: 'zh' } as const;
    const receipts = await receive(requestItems(content), isBatch, receiver);
    const ignored = receipts.filter(({ status }) => status === 'ignored').length;
    if (ignored > 0) log.debug(intakeLog.mqttIgnored(oneLine(topic), ignored));
  };

  return {
    counts,
    take: async (message) => {
      if (message.retained) {
        counts.retained += 1;
        refusals.add('retained', oneLine(message.topic));
        return true;
      }
      try {
        await keep(message);
        counts.taken += 1;
        return true;
      } catch (error) {
        if (!(error instanceof Problem)) {
          log.error(intakeLog.broken(error instanceof Error ? (error.stack ?? error.message) : String(error)));
          counts.full += 1;
          return false;
        }
        if (error.code === 'full') counts.full += 1;
        else counts.refused += 1;
        refusals.add(error.code, oneLine(message.topic), error.errors);
        return error.code !== 'full';
      }
    },
  };
}

function understandings(options: MqttIntakeOptions): (topic: string) => Understand | undefined {
  const { grants, plates, mapping } = options.config;
  const told: Understand = (value) => understandTold(value, MQTT_CHANNEL, options);
  const read: Understand = (value) => understandRead(value, MQTT_CHANNEL, options);
  const grant = mapping?.grants === undefined ? told : ofMapping(mapping.grants, told, options);
  const plate = mapping?.plates === undefined ? read : ofMapping(mapping.plates, read, options);
  return (topic) => {
    if (grants !== undefined && fits(grants, topic)) return grant;
    return plates !== undefined && fits(plates, topic) ? plate : undefined;
  };
}

function ofMapping(pointers: Pointers, understand: Understand, { config }: MqttIntakeOptions): Understand {
  return (value) => {
    const { mapping } = config;
    if (mapping === undefined) return understand(value);
    if (isOfAnotherBox(value, pointers, mapping)) return { data: { content: {}, ignored: 'otherLane' } };
    const checked = understand(mapped(value, pointers, mapping));
    return 'errors' in checked ? { errors: inTheirWords(checked.errors, pointers) } : checked;
  };
}

/** Whether a topic is one of a filter (MQTT 3.1.1, section 4.7): `+` is one level, `#` all that follow and the level above. */
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

/** A topic is the sender's text; in the log it is one line. */
function oneLine(topic: string): string {
  return topic.replace(/\p{Cc}/gu, '?').slice(0, 100);
}
