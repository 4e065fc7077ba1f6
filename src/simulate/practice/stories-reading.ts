/** Stories 28 to 30: the result is read back, over HTTP and MQTT, and a payment comes over MQTT. */
import { practiceText as text } from '../../text/commands/practice.ts';
import type { CounterAnswer } from './counter.ts';
import { isField, open, passNow, shows } from './expectations.ts';
import { ensure, type PracticeStage } from './stage.ts';

/** From the verdict to the list, or the broker. */
const KNOWN_WITHIN_MS = 3_000;

/** One car leaves paid, one unpaid; the program is asked which. */
const read =
  (event: 'unpaid' | 'heard') =>
  async (stage: PracticeStage): Promise<void> => {
    needsBroker(stage, event === 'heard');
    const lane = await stage.lane();
    const [paying, unpaid] = [stage.plate(1), stage.plate(2)];
    await lane.arrive(paying);
    shows(await stage.alone(() => passNow(stage, lane, { plate: paying })), 'told');
    await lane.paid();
    await lane.arrive(unpaid);
    await open(stage, lane);
    await lane.unpaid();
    await stage.site.clock.sleep(KNOWN_WITHIN_MS);
    const plates = platesIn(await stage.tell({ event, lane: lane.id }));
    ensure(plates.includes(unpaid), () => text.platesLack(unpaid, plates.join(' ')));
    ensure(!plates.includes(paying), () => text.platesHave(paying, plates.join(' ')));
  };

const platesIn = ({ plates }: CounterAnswer): readonly string[] => String(plates ?? '').split(/\s+/);

function needsBroker({ site }: PracticeStage, isNeeded = true): void {
  ensure(!isNeeded || site.broker !== undefined, () => text.noBroker);
}

async function overMqtt(stage: PracticeStage): Promise<void> {
  needsBroker(stage);
  const lane = await stage.lane();
  const plate = stage.plate();
  await lane.arrive(plate);
  const from = stage.site.broker?.published.length ?? 0;
  const answer = await stage.alone(() => passNow(stage, lane, { plate, by: 'mqtt' }));
  shows(answer, 'told');
  const grant = await stage.until(
    () => stage.received('grant').find(({ event }) => event.grant.plate === plate)?.event,
    () => text.noMessage('park/grants', 'plate', plate, undefined),
  );
  const published = stage.site.broker?.published.slice(from).find(({ topic }) => topic === 'park/grants');
  ensure(published !== undefined, () => text.notByMqtt);
  isField('QoS', 1, published.qos);
  isField('retain', false, published.retained);
  isField('lane', lane.id, grant.laneId);
  await lane.paid(grant.grant.id);
}

export const READING = { 28: read('unpaid'), 29: read('heard'), 30: overMqtt };
