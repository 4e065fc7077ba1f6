/** The configuration of the MQTT intake: its schema, the rules between its keys, and the result. Knows no broker. */
import { z } from 'zod';
import { GRANT_KINDS, PLATE_COLORS } from '../../kinds.ts';
import { configFaultText } from '../../text/config.ts';
import { mqttFaultText } from '../../text/mqtt.made.ts';
import type { ConfigDocument, Path } from '../document.ts';
import { groupIn, type WrittenKeys } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import { faultAt } from '../issues.ts';
import { nearest } from '../nearest.ts';
import type { MqttIntakeConfig, MqttMapping } from '../types.ts';
import { type BrokerContext, brokerConfig, brokerFaults, brokerKeys } from './broker.ts';
import { fateTopic, jsonPointer, topicFilter } from './values.ts';

const AT: Path = ['intake', 'mqtt'];

/** JSON pointers of a grant's fields in the other system's message. */
const grantPointers = z.strictObject({
  id: jsonPointer,
  lane: jsonPointer.optional(),
  plate: jsonPointer.optional(),
  plateColor: jsonPointer.optional(),
  count: jsonPointer.optional(),
  kind: jsonPointer.optional(),
  carType: jsonPointer.optional(),
  carDesc: jsonPointer.optional(),
  parkingSerial: jsonPointer.optional(),
  issuedAt: jsonPointer.optional(),
  expiresAt: jsonPointer.optional(),
  operator: jsonPointer.optional(),
  till: jsonPointer.optional(),
});

const platePointers = z.strictObject({
  id: jsonPointer.optional(),
  lane: jsonPointer,
  plate: jsonPointer,
  confidence: jsonPointer.optional(),
  color: jsonPointer.optional(),
  at: jsonPointer.optional(),
});

const mapping = z.strictObject({
  grants: grantPointers.optional(),
  plates: platePointers.optional(),
  lanes: z.record(z.string(), z.string()).default({}),
  kinds: z.record(z.string(), z.enum(GRANT_KINDS)).default({}),
  colors: z.record(z.string(), z.enum(PLATE_COLORS)).default({}),
  confidenceMax: z.number().min(1).max(1_000).default(1),
});

/** Keys of topics in the form of this box. */
const OWN_TOPICS = ['grants', 'plates', 'entries', 'charges', 'vehicles', 'shifts'] as const;

export const mqtt = z.strictObject({
  ...brokerKeys,
  grants: topicFilter.optional(),
  plates: topicFilter.optional(),
  entries: topicFilter.optional(),
  charges: topicFilter.optional(),
  vehicles: topicFilter.optional(),
  shifts: topicFilter.optional(),
  fates: fateTopic.optional(),
  mapping: mapping.optional(),
});

/** Rules between the keys of `intake.mqtt`, and with the lanes. Reads the plain values. */
export function mqttFaults(document: ConfigDocument): readonly ConfigFault[] {
  const root = groupIn(document.value);
  const written = groupIn(groupIn(root.intake).mqtt);
  const { enabled } = written;
  const topics = OWN_TOPICS.filter((name) => written[name] !== undefined);
  const missing = (key: string) => faultAt(document, 'missing', AT, configFaultText.missing(key), 'key');
  const atBroker = (Array.isArray(root.cameras) ? root.cameras : []).flatMap((camera, index) =>
    groupIn(camera).receive === 'mqtt' ? [{ index, id: String(groupIn(camera).id) }] : [],
  );
  const lanes = Array.isArray(root.lanes) ? root.lanes.map((lane) => String(groupIn(lane).id)) : [];
  return [
    ...brokerFaults(document, AT, written),
    ...(enabled === true && topics.length === 0 && atBroker.length === 0 ? [missing('grants')] : []),
    ...(enabled === true
      ? []
      : atBroker.map(({ index, id }) =>
          faultAt(document, 'missing', ['cameras', index, 'receive'], mqttFaultText.noBroker(id)),
        )),
    ...topics
      .filter((name, index) => topics.slice(0, index).some((before) => written[before] === written[name]))
      .map((name) => faultAt(document, 'duplicate', [...AT, name], mqttFaultText.sameTopic())),
    ...mappingFaults(document, groupIn(written.mapping), lanes),
  ];
}

function mappingFaults(
  document: ConfigDocument,
  written: WrittenKeys,
  lanes: readonly string[],
): readonly ConfigFault[] {
  const at = [...AT, 'mapping'];
  const grants = groupIn(written.grants);
  const unassigned = written.grants !== undefined && grants.lane === undefined && grants.plate === undefined;
  return [
    ...(unassigned ? [faultAt(document, 'missing', [...at, 'grants'], configFaultText.missing('plate'), 'key')] : []),
    ...Object.entries(groupIn(written.lanes)).flatMap(([gate, lane]) =>
      lanes.includes(String(document.numberSource([...at, 'lanes', gate]) ?? lane))
        ? []
        : [
            faultAt(
              document,
              'reference',
              [...at, 'lanes', gate],
              configFaultText.unknownLane(String(lane), lanes, nearest(String(lane), lanes)),
            ),
          ],
    ),
  ];
}

/** The resolved configuration; undefined when off. The keys have been checked. */
export function mqttConfig(written: z.output<typeof mqtt>, context: BrokerContext): MqttIntakeConfig | undefined {
  const broker = brokerConfig(written, context, '');
  if (broker === undefined) return undefined;
  const { mapping: tables } = written;
  const topics = OWN_TOPICS.flatMap((name) => (written[name] === undefined ? [] : [[name, written[name]] as const]));
  return {
    ...broker,
    ...Object.fromEntries(topics),
    ...(written.fates !== undefined && { fates: written.fates }),
    ...(tables === undefined ? {} : { mapping: mappingConfig(tables) }),
  };
}

function mappingConfig({ grants, plates, ...tables }: z.output<typeof mapping>): MqttMapping {
  return {
    ...tables,
    ...(grants === undefined ? {} : { grants: pointersOf(grants) }),
    ...(plates === undefined ? {} : { plates: pointersOf(plates) }),
  };
}

function pointersOf(written: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(written).flatMap(([key, at]) => (at === undefined ? [] : [[key, at]])));
}
