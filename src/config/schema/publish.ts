/** The configuration of publishing by MQTT. Knows no broker and no message. */
import { z } from 'zod';
import type { ConfigDocument, Path } from '../document.ts';
import { groupIn } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import type { PublishConfig } from '../types.ts';
import { type BrokerContext, brokerConfig, brokerFaults, brokerKeys } from './broker.ts';
import { durationSchema, id } from './values.ts';

const AT: Path = ['publish', 'mqtt'];

export const publish = z.strictObject({
  heartbeat: durationSchema(10_000, 3_600_000).prefault('60s'),
  mqtt: z
    .strictObject({
      ...brokerKeys,
      box: id.optional(),
      homeAssistant: z.boolean().default(false),
      provision: z.boolean().default(false),
    })
    .prefault({}),
});

export function publishFaults(document: ConfigDocument): readonly ConfigFault[] {
  return brokerFaults(document, AT, groupIn(groupIn(groupIn(document.value).publish).mqtt));
}

/** undefined: off. A box without a name takes that of its first lane. */
export function publishConfig({ mqtt }: z.output<typeof publish>, context: BrokerContext): PublishConfig | undefined {
  const broker = brokerConfig(mqtt, context, ' publish');
  const { homeAssistant, provision } = mqtt;
  return broker && { ...broker, box: mqtt.box ?? context.laneId, homeAssistant, provision };
}
