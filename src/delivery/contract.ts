/**
 * What programs read of a release: one shape over MQTT, by webhook and at `/api/v2` of the page; and what else is published at a broker. The code that
 * writes it has its types from here; JSON Schema, OpenAPI and AsyncAPI are made of it. Members are only added; what is absent in messages that an earlier version kept is optional.
 */
import { z } from 'zod';
import { contractText } from '../text/destinations/contract.made.ts';
import type { Language, Text } from '../text/text.ts';

export const CONFIDENCES = ['possible', 'likely', 'sure'] as const;

const time = z.string().meta({ format: 'date-time' });

const texts = z.array(z.string()).readonly();

const number = z.object({ box: z.string(), series: z.string(), destination: z.string(), n: z.int() });

/** Of a numbered message. */
const numbered = { number: number.optional(), signature: z.string().optional() };

export const releaseSchema = z.object({
  ...{ id: z.string(), record: z.int().optional(), lane: z.string(), name: z.string() },
  // Words of which later versions may have more are no list: a client made today reads them, too.
  ...{ time, timeQuality: z.string(), state: z.string().optional() },
  ...{ method: z.int(), methodDesc: z.string(), cause: z.string().optional(), verdict: z.string() },
  ...{ plate: z.string().nullable(), passed: z.boolean(), confidence: z.enum(CONFIDENCES) },
  ...{ operator: z.string().nullable(), reason: z.string(), reported: z.boolean(), withdrawn: z.boolean() },
  evidence: z.object({ chain: z.string(), row: z.int(), digest: z.string() }).optional(),
  picture: z.object({ contentType: z.string(), base64: z.string() }).nullable().optional(),
  ...numbered,
});

export const releasePageSchema = z.object({
  items: z.array(releaseSchema),
  ...{ next: z.int().optional(), total: z.int(), more: z.boolean().optional() },
});

export const reportSchema = z.looseObject({
  ...{ id: z.int(), lane: z.string().optional(), kind: z.string(), from: time, to: time.nullable() },
  text: z.object({ zh: z.string(), en: z.string() }),
  ...numbered,
});

export const gapSchema = z.object({
  gap: z.object({ why: z.enum(['deleted', 'limit']), facts: z.int() }),
  ...numbered,
});

/** As docs/en/evidence-format.md describes it. */
const head = z.object({
  ...{ chain: z.string(), last: z.int(), head: z.string(), wallMs: z.number(), key: z.string(), signature: z.string() },
});

export const statusSchema = z.object({
  ...{ status: z.string(), version: z.string().optional(), lanes: texts.optional(), since: time.optional() },
  ...{ disk: z.string().optional(), evidence: head.optional(), signature: z.string().optional() },
  numbers: z.object({ series: z.string(), first: z.int(), last: z.int() }).optional(),
});

export const heartbeatSchema = z.object({
  ...{ box: z.string(), at: time, version: z.string(), config: z.string(), upSeconds: z.int() },
  ...{ evidence: head.optional(), waiting: z.int().optional(), oldestSeconds: z.int().nullable().optional() },
  ...{ blindSecondsToday: z.int().optional(), diskDaysLeft: z.number().nullable().optional() },
});

const reportingProof = z.object({
  ...{ way: z.string(), have: z.int(), need: z.int(), wordMissing: z.boolean().optional() },
});

export const stateSchema = z.object({
  ...{ lane: z.string(), name: z.string(), arm: z.string(), bodies: z.int(), plate: z.string().nullable() },
  loops: z.record(z.string(), z.boolean().nullable()),
  opening: z.object({ granted: z.boolean() }).nullable(),
  ...{ degraded: texts, modes: texts, alarms: texts, causes: z.record(z.string(), z.string()).optional() },
  reporting: z.object({
    ...{ earned: z.string().nullable(), by: z.string().optional() },
    missing: z.array(reportingProof).readonly(),
  }),
});

const event = {
  ...{ specversion: z.string(), id: z.string(), source: z.string(), type: z.string() },
  ...{ subject: z.string().optional(), time, datacontenttype: z.string() },
};

export const releaseEventSchema = z.object({ ...event, data: releaseSchema });
const reportEventSchema = z.object({ ...event, data: reportSchema });
const heartbeatEventSchema = z.object({ ...event, data: heartbeatSchema });

export type ReleaseBody = Readonly<z.infer<typeof releaseSchema>>;
export type ReleasePage = Readonly<z.infer<typeof releasePageSchema>>;
export type StatusBody = Readonly<z.infer<typeof statusSchema>>;
export type HeartbeatBody = Readonly<z.infer<typeof heartbeatSchema>>;
export type StateBody = Readonly<z.infer<typeof stateSchema>>;
export type ReportBody = Readonly<z.infer<typeof reportSchema>>;
/** Facts that are no more: their records were deleted by age, or they were too many. */
export type Gap = Readonly<z.infer<typeof gapSchema>['gap']>;

const SCHEMAS = {
  ...{ Release: releaseSchema, ReleasePage: releasePageSchema, ReleaseEvent: releaseEventSchema },
  ...{ Report: reportSchema, ReportEvent: reportEventSchema, Gap: gapSchema, MessageNumber: number },
  ...{ Status: statusSchema, Heartbeat: heartbeatSchema, HeartbeatEvent: heartbeatEventSchema, State: stateSchema },
};

type Json = Record<string, unknown>;
type Texts = Readonly<Record<string, Text | undefined>>;

const COMPONENTS = '#/components/schemas/';

/** By name, without a dialect: for the components of a description. */
export function contractSchemas(language: Language): Readonly<Record<string, object>> {
  const registry = z.registry<{ readonly id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    ...{ io: 'input', uri: (id) => COMPONENTS + id },
    override: ({ jsonSchema }) => describeMembers(jsonSchema, language),
  });
  const texts: Texts = contractText.schema;
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $id: _, $schema: __, ...schema }]) => {
      const description = texts[name]?.[language];
      return [name, { ...(description !== undefined && { description }), ...schema }];
    }),
  );
}

/** A receiver ignores what it does not know, so no object is closed; the bounds of a safe number say nothing. */
function describeMembers(schema: Json, language: Language): void {
  for (const key of ['minimum', 'maximum', 'readOnly', 'propertyNames']) delete schema[key];
  if (typeof schema.additionalProperties !== 'object' || schema.properties !== undefined)
    delete schema.additionalProperties;
  const texts: Texts = contractText.member;
  for (const [name, member] of Object.entries((schema.properties ?? {}) as Record<string, Json>)) {
    const text = texts[name];
    if (text !== undefined) member.description = text[language];
  }
}

/** All of them as one JSON Schema: of a release, and of `#/$defs/NAME`. */
export function contractJsonSchema(language: Language): object {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    description: contractText.description[language],
    $ref: `${COMPONENTS}Release`,
    $defs: contractSchemas(language),
  };
  return JSON.parse(JSON.stringify(schema).replaceAll(COMPONENTS, '#/$defs/')) as object;
}

/** What a webhook is sent, for OpenAPI. */
export function contractWebhooks(language: Language): object {
  const text = { type: 'string' };
  const header = (name: string) => ({ name, in: 'header', required: true, schema: text });
  const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header);
  const post = (what: keyof typeof contractText.webhook, parameters: readonly object[], content: object) => ({
    post: {
      ...{ description: contractText.webhook[what][language], parameters, requestBody: { required: true, content } },
      responses: { '2XX': { description: contractText.arrived[language] } },
    },
  });
  const json = (name: string) => ({ 'application/cloudevents+json': { schema: { $ref: COMPONENTS + name } } });
  return {
    release: post('release', signed, json('ReleaseEvent')),
    report: post('report', signed, json('ReportEvent')),
    heartbeat: post('heartbeat', signed, json('HeartbeatEvent')),
    picture: post('picture', [...signed, header('lanewarden-digest')], {
      'image/jpeg': { schema: { ...text, format: 'binary' } },
    }),
  };
}

const CHANNELS = {
  status: { address: 'lanewarden/{box}/status', schema: 'Status' },
  heartbeat: { address: 'lanewarden/{box}/heartbeat', schema: 'Heartbeat' },
  state: { address: 'lanewarden/{box}/{lane}/state', schema: 'State' },
  release: { address: 'lanewarden/{box}/{lane}/release', schema: 'Release' },
  laneReport: { address: 'lanewarden/{box}/{lane}/report', schema: 'Report' },
  report: { address: 'lanewarden/{box}/report', schema: 'Report' },
  gap: { address: 'lanewarden/{box}/gap', schema: 'Gap' },
} as const;

/** What is published at a broker, as AsyncAPI describes it. `version`: of the program. */
export function contractAsyncApi(version: string, language: Language): object {
  const ref = (place: string) => ({ $ref: `#/${place}` });
  const rows = Object.entries(CHANNELS);
  const channels = rows.map(([name, { address, schema }]) => {
    const parameters = Object.fromEntries([...address.matchAll(/\{(\w+)\}/g)].map(([, place]) => [place, {}]));
    const description = contractText.topic[schema][language];
    return [name, { address, description, parameters, messages: { [schema]: ref(`components/messages/${schema}`) } }];
  });
  const operations = rows.map(([name, { schema }]) => [
    name,
    { action: 'send', channel: ref(`channels/${name}`), messages: [ref(`channels/${name}/messages/${schema}`)] },
  ]);
  const messages = rows.map(([, { schema }]) => [
    schema,
    { name: schema, payload: ref(`components/schemas/${schema}`) },
  ]);
  return {
    asyncapi: '3.0.0',
    info: { title: 'lanewarden', version, description: contractText.description[language] },
    defaultContentType: 'application/json',
    servers: { broker: { host: 'broker.example:8883', protocol: 'mqtts' } },
    channels: Object.fromEntries(channels) as object,
    operations: Object.fromEntries(operations) as object,
    components: { messages: Object.fromEntries(messages) as object, schemas: contractSchemas(language) },
  };
}
