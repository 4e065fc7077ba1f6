/** A Vzenith camera at a real Mosquitto: its reads, its contacts and its barrier, its silence; and that nothing is ever published for it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vzenithKind } from '../../drivers/vzenith/driver.ts';
import { systemClock } from '../../src/clock.ts';
import type { CameraEvent, Clock, Reading } from '../../src/driver.ts';
import { jpeg } from '../drivers/cameras/shapes.ts';
import { handClock } from '../sim/hand-clock.ts';
import { createVzenithPublisher } from '../sim/vzenith-broker.ts';
import { type Broker, type Publisher, startBroker } from './broker.ts';
import { ready, startBox, until } from './mqtt-box.ts';

const SN = '320dc55b-d6d6c442';
const SECONDS_25 = 25_000;

let broker: Broker;
let publisher: Publisher;
/** Everything that anybody published, by topic. */
let heard: string[];
const ending: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  broker = await startBroker();
  ending.push(() => broker.close());
  publisher = await broker.publisher();
  heard = [];
  publisher.client.on('message', (topic) => heard.push(topic));
  await publisher.client.subscribeAsync('#', { qos: 1 });
});
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

function camera(clock: Clock = systemClock(), more: Record<string, unknown> = {}) {
  const config = vzenithKind.schema.parse({ url: 'http://192.0.2.66', receive: 'mqtt', sn: SN, ...more });
  const created = vzenithKind.create(config, { clock });
  if (created.messages === undefined || created.inputs === undefined) throw new Error('it is not heard at a broker');
  const events: CameraEvent[] = [];
  return {
    ...created,
    inputs: created.inputs,
    events,
    watch: created.events,
    speaking: { messages: created.messages, take: (event: CameraEvent) => void events.push(event) },
  };
}

/** A box at the broker that hears this camera. */
async function boxWith(own: ReturnType<typeof camera>, change: object = {}) {
  const box = startBox(
    broker.port,
    { ...({ grants: undefined, plates: undefined } as object), ...change },
    { cameras: [own.speaking] },
  );
  ending.push(() => box.stop());
  await ready(box);
  return box;
}

describe('a Vzenith camera at a broker', () => {
  it.each([true, false])('is read with its picture, topics of before v1.1.5: %s', async (isOlder) => {
    const own = camera();
    const box = await boxWith(own);
    const sim = createVzenithPublisher(SN, Date.now, isOlder);
    const other = createVzenithPublisher('someone-else', Date.now, isOlder);
    const read = {
      plate: { text: '粤B2884S', confidence: 0.97 },
      wallMs: 1_777_608_000_250,
      picture: jpeg(3, 1_500_000),
    };
    const sent = [other.read(read), sim.heartbeat(), sim.read(read)];
    for (const { topic, payload } of sent) await publisher.publish(topic, payload);
    await until('the read is there', () => own.events.length === 2);
    expect(own.events).toMatchObject([
      { kind: 'read', plate: '粤B2884S', confidence: 0.97, color: 'blue', stampedMs: 1_777_608_000_250 },
      { kind: 'picture' },
    ]);
    // The old way, a mapping on the same topic, took the base64 for a plate.
    expect(box.events).toEqual([]);
    await until('the broker has passed everything on', () => heard.length >= sent.length);
    expect(heard.toSorted()).toEqual(sent.map(({ topic }) => topic).toSorted());
  });

  it('is the one that takes its topic, also where a mapping is subscribed to all', async () => {
    const own = camera();
    const box = await boxWith(own, { plates: 'device/#', mapping: { plates: { plate: '/x', lane: '/y' } } });
    const read = { plate: { text: '粤B00001', confidence: 0.9 }, wallMs: Date.now(), picture: jpeg(1) };
    const { topic, payload } = createVzenithPublisher(SN, Date.now).read(read);
    await publisher.publish(topic, payload);
    await until('the read is there', () => own.events.length === 2);
    expect(box.events).toEqual([]);
    // A broker may deliver it for each of the two subscriptions: it is one all the same.
    await publisher.publish('device/end', 'no JSON');
    await until('the broker has passed everything on', () => box.intake.counts.refused > 0);
    expect(own.events).toHaveLength(2);
    expect(box.events).toEqual([]);
  });

  it('under topics that were entered in it, which cameras may share', async () => {
    const own = camera(systemClock(), { topics: ['park/cameras'] });
    await boxWith(own);
    for (const [sn, text] of [
      ['someone-else', '粤B00009'],
      [SN, '粤B00001'],
    ] as const) {
      const read = { plate: { text, confidence: 0.9 }, wallMs: Date.now(), picture: jpeg(1) };
      await publisher.publish('park/cameras', createVzenithPublisher(sn, Date.now).read(read).payload);
    }
    await until('its read is there', () => own.events.length >= 2);
    expect(own.events[0]).toMatchObject({ kind: 'read', plate: '粤B00001' });
  });

  it('what it says that is none of its messages is refused in the log, and opens nothing', async () => {
    const own = camera();
    const box = await boxWith(own);
    for (const payload of ['', '{"payload":', '17', '[]', '{}', '{"name":"gpio_out"}', Buffer.alloc(4_100_000, 0x20)])
      await publisher.publish(`device/${SN}/message/up/ivs_result`, payload, { qos: 0 });
    await until('all are counted', () => box.intake.counts.refused + box.intake.counts.taken >= 5);
    await box.says(/ivs_result/);
    expect(own.events).toEqual([]);
    expect(new Set(heard)).toEqual(new Set([`device/${SN}/message/up/ivs_result`]));
  });

  it('tells who follows and who turned back, as a witness', async () => {
    const own = camera();
    await boxWith(own);
    const sim = createVzenithPublisher(SN, Date.now);
    const sent = [sim.laneEvent(83, '粤B00001'), sim.laneEvent(84, '粤B00001'), sim.laneEvent(85, '粤B00002')];
    for (const { topic, payload } of sent) await publisher.publish(topic, payload);
    await until('both are there', () => own.events.length === 2);
    expect(own.events).toEqual([
      { kind: 'witness', what: 'turnsBack', plate: '粤B00001', replayed: false },
      { kind: 'witness', what: 'follows', plate: '粤B00002', replayed: false },
    ]);
  });

  it('tells its contacts and its arm as points, and where the arm is as a witness', async () => {
    const own = camera();
    await boxWith(own);
    const readings: Reading[] = [];
    const stop = new AbortController();
    const running = own.inputs.run((reading) => void readings.push(reading), stop.signal);
    const sim = createVzenithPublisher(SN, Date.now);
    const send = async ({ topic, payload }: { topic: string; payload: string }) => publisher.publish(topic, payload);
    const last = (point: string) => readings.findLast((reading) => reading.kind === 'level' && reading.point === point);
    expect(readings).toEqual([]);
    await send(sim.input(0, 1));
    await until('input 1 is on', () => last('input1') !== undefined);
    expect(last('input1')).toMatchObject({ kind: 'level', value: true });
    await send(sim.input(0, 0));
    await until(
      'input 1 is off',
      () => last('input1')?.kind === 'level' && !(last('input1') as { value: boolean }).value,
    );
    await send(sim.input(1, 2));
    await until('input 2 pulsed', () => readings.some((each) => each.kind === 'pulses' && each.point === 'input2'));
    await send(sim.gate(0));
    await until('the arm is down', () => (last('arm_down') as { value?: boolean } | undefined)?.value === true);
    await send(sim.gate(2));
    await until('the arm has left', () => (last('arm_down') as { value?: boolean } | undefined)?.value === false);
    await send(sim.gate(1));
    await until('the arm is up', () => (last('arm_up') as { value?: boolean } | undefined)?.value === true);
    expect(own.events).toMatchObject([
      { kind: 'witness', what: 'armDown' },
      { kind: 'witness', what: 'armUp' },
    ]);
    // A barrier that is not connected says nothing: the points are no longer told.
    await send(sim.gate(1, false));
    await send(sim.input(0, 1));
    await until('input 1 is on again', () => (last('input1') as { value?: boolean } | undefined)?.value === true);
    const from = readings.length;
    await until('the levels were told again', () => readings.length > from + 3);
    expect(readings.slice(from).map(({ point }) => point)).not.toContain('arm_up');
    stop.abort();
    await running;
    expect(heard.every((topic) => topic.includes('/up/'))).toBe(true);
  });
});

it('a camera that is silent for 25 s is a fault, and its points are unknown; one beat ends both', async () => {
  const clock = handClock(1_000_000);
  const own = camera(clock);
  const { messages } = own.speaking;
  const sim = createVzenithPublisher(SN, () => clock.wallMs());
  const say = ({ topic, payload }: { topic: string; payload: string }) => messages.take(topic, Buffer.from(payload));
  const stop = new AbortController();
  const outcomes: string[] = [];
  const readings: Reading[] = [];
  const start = () => {
    own.watch?.(() => {}, stop.signal).catch((error: { code: string }) => outcomes.push(`events ${error.code}`));
    own.inputs
      .run((reading) => void readings.push(reading), stop.signal)
      .catch((error: { code: string }) => outcomes.push(`inputs ${error.code}`));
  };
  start();
  say(sim.gate(1));
  await clock.advance(SECONDS_25 - 1_000);
  say(sim.heartbeat());
  await clock.advance(SECONDS_25 - 1_000);
  expect(outcomes).toEqual([]);
  await clock.advance(1_300);
  expect(outcomes.toSorted()).toEqual(['events timeout', 'inputs timeout']);
  // Asked again while it is silent it fails at once; nothing of before is told.
  const from = readings.length;
  start();
  await clock.advance(1);
  expect(outcomes).toHaveLength(4);
  say(sim.heartbeat());
  start();
  await clock.advance(5_000);
  expect(outcomes).toHaveLength(4);
  expect(readings.slice(from)).toEqual([]);
  stop.abort();
});
