/** Value types shared by several parts of the configuration: ids, durations, sizes, addresses, references. Knows no key. */
import { z } from 'zod';
import { cloudFaultText } from '../../text/cloud.ts';
import { configFaultText } from '../../text/config.ts';
import { destinationFaultText } from '../../text/destinations/destination.ts';
import { knownVehicleFaultText, tokenFaultText } from '../../text/intake.ts';
import { mqttFaultText } from '../../text/mqtt.made.ts';
import { tariffFaultText } from '../../text/tariff.made.ts';
import type { Text } from '../../text/text.ts';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import { isSecretName } from '../secret-name.ts';
import { parseDuration, parseSize, UnitError, writeDuration } from '../units.ts';

/** Result of one of our checks; `issues.ts` puts it into the fault. */
export interface Complaint {
  readonly message: Text;
  readonly hint: Text;
}

/** Refuses the value with our own text. */
function complain(context: z.RefinementCtx, input: unknown, complaint: Complaint): never {
  context.addIssue({ code: 'custom', message: complaint.message.en, params: { complaint }, input });
  return z.NEVER;
}

/**
 * A name used in references and sent to the platform: letters of any script, digits, `-` and `_`, so that `device.point` is unambiguous.
 */
export const id = z.string().superRefine((value, context) => {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u.test(value)) complain(context, value, configFaultText.badId(value));
});

/** Text for people or the platform; one line, never empty. */
export const line = z.string().superRefine((value, context) => {
  if (value.trim() === '' || value.length > 100 || /\p{Cc}/u.test(value))
    complain(context, value, configFaultText.badLine());
});

/** Milliseconds between `leastMs` and `mostMs`, written as a duration. */
export function durationSchema(leastMs: number, mostMs: number) {
  return unit(parseDuration, leastMs, mostMs, writeDuration, 'duration');
}

/** Bytes between `least` and `most`, written as a size. */
export function size(least: number, most: number) {
  return unit(parseSize, least, most, (bytes) => String(bytes), 'size');
}

function unit(
  parse: (value: string | number) => number,
  least: number,
  most: number,
  write: (amount: number) => string,
  format: string,
) {
  return z
    .union([z.string(), z.number()])
    .transform((value, context) => {
      try {
        const amount = parse(value);
        if (amount < least || amount > most) complain(context, value, configFaultText.range(write(least), write(most)));
        return amount;
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        return complain(context, value, { message: error.text, hint: configFaultText.unitHint() });
      }
    })
    .meta({ unit: format });
}

/** Yuan as written, fen as read. */
export const yuanSchema = z.number().transform((value, context) => {
  const fen = Math.round(value * 100);
  const isSum = value >= 0 && value <= 10_000 && Math.abs(value * 100 - fen) < 1e-6;
  return isSum ? fen : complain(context, value, tariffFaultText.badYuan());
});

/** `2026-05-01`: start of that day in Beijing, as wall milliseconds. */
export const daySchema = z
  .string()
  .transform((value, context) => {
    const wallMs = Date.parse(`${value}T00:00:00Z`);
    // Date.parse accepts the 31st of April; its own rendering does not.
    const isDay = /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(wallMs);
    if (!isDay || new Date(wallMs).toISOString().slice(0, 10) !== value)
      return complain(context, value, knownVehicleFaultText.badDay());
    return wallMs - BEIJING_OFFSET_MS;
  })
  .meta({ format: 'date' });

/** Name of a secret in secrets.yaml. */
export const secretName = z.string().superRefine((value, context) => {
  if (!isSecretName(value)) complain(context, undefined, configFaultText.badSecretName());
});

/** `{ secret: name }`: the value stands in secrets.yaml. */
export const secretReference = z.strictObject({ secret: secretName });

/** A moment with its time zone, as ms since 1970: without one it would be off by hours. */
export const moment = z.string().transform((value, context) => {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(value);
  const wallMs = isWhole ? Date.parse(value) : Number.NaN;
  return Number.isFinite(wallMs) ? wallMs : complain(context, value, tokenFaultText.badMoment());
});

/** An http or https address without user, query or fragment. */
export const httpUrl = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const plain = url !== undefined && url.username === '' && url.search === '' && url.hash === '';
  if (!plain || !['http:', 'https:'].includes(url.protocol)) complain(context, undefined, configFaultText.badUrl());
});

/** An http or https address of one request: a query is allowed. */
export const requestUrl = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url !== undefined && url.username === '' && url.password === '' && url.hash === '';
  if (!isPlain || !['http:', 'https:'].includes(url.protocol) || value.length > 1_000)
    complain(context, undefined, destinationFaultText.badUrl());
});

/** Placeholders that make a picture's address unique: parking_serial, and the file name in the folder of frames. */
const PICTURE_NAMES = ['{serial}', '{file}'];

/** The public address of a picture, unique for each: `https://pictures.example/{serial}.jpg`. */
export const pictureUrlSchema = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === '';
  const known = PICTURE_NAMES.reduce((text, name) => text.replaceAll(name, ''), value);
  if (!isPlain || known === value || /[{}\s]/.test(known) || value.length > 500)
    complain(context, undefined, cloudFaultText.badPictureUrl());
});

/** `mqtt://host:1883` or `mqtts://host`; the credentials have keys of their own. */
export const mqttUrl = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url !== undefined && [url.username, url.password, url.search, url.hash].every((part) => part === '');
  if (!isPlain || !['mqtt:', 'mqtts:'].includes(url.protocol) || url.hostname === '' || !/^\/?$/.test(url.pathname))
    complain(context, undefined, mqttFaultText.badMqttUrl());
});

/**
 * A topic, or several by `+` (one level) and `#` (all below). None of the broker's own and none shared (`$…`): one box would take
 * another's messages.
 */
export const topicFilter = z.string().superRefine((value, context) => {
  const isFilter = /^(([^$+#/][^+#/]*|\+|)(\/([^+#/]*|\+))*(\/#)?|#)$/.test(value);
  if (!isFilter || value === '' || value.length > 200 || /\p{Cc}/u.test(value))
    complain(context, value, mqttFaultText.badTopic());
});

/** Where fates of payments are published. The end is fixed: no topic that a switch listens to has it. */
export const fateTopic = topicFilter.superRefine((value, context) => {
  if (!/^([^+#]*\/)?grants\/fate$/.test(value)) complain(context, value, mqttFaultText.fateTopic());
});

/** A JSON pointer (RFC 6901): `/car/plate`. */
export const jsonPointer = z.string().superRefine((value, context) => {
  if (!/^(\/([^~/]|~[01])+)+$/.test(value) || value.length > 200)
    complain(context, value, mqttFaultText.badPointer(value));
});

/** `host:port`, `:port` or `[::1]:port`. */
export const listen = z.string().transform((value, context) => {
  const [, bracketed, host, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(value) ?? [];
  const number = Number(port);
  if (port === undefined || number > 65_535) return complain(context, value, configFaultText.badListen());
  return { host: bracketed ?? (host || '0.0.0.0'), port: number };
});

/** A host name or address of the box, without a port. */
export const hostNameSchema = z.string().superRefine((value, context) => {
  if (
    !/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$|^[0-9a-f:]+$/i.test(value) ||
    value.length > 253
  )
    complain(context, value, configFaultText.badHost(value));
});

/** Path of a serial port, or address of a serial server. */
export const port = z.string().superRefine((value, context) => {
  const isPath = value.startsWith('/') && value.length > 1;
  const url = !isPath && URL.canParse(value) ? new URL(value) : undefined;
  const isAddress =
    url !== undefined && ['tcp:', 'modbus-tcp:'].includes(url.protocol) && url.hostname !== '' && url.port !== '';
  if (!isPath && !isAddress) complain(context, value, configFaultText.badPort());
});

/** `device.point` */
export const pointReference = z.string().superRefine((value, context) => {
  if (!/^[^.\s]+\.[^\s]+$/.test(value)) complain(context, value, configFaultText.badPoint());
});
