/** Stories 1 to 12: who may pass. */

import { practiceText as text } from '../../text/commands/practice.ts';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import { countedOnce, kindIs, open, PATHS, pass, payment, shows } from './expectations.ts';
import { ensure, type PracticeStage } from './stage.ts';

/** A car with a plate passes as one of a kind. */
const ofKind =
  (kind: string, more: Readonly<Record<string, string | number>> = {}) =>
  async (stage: PracticeStage): Promise<void> => {
    const lane = await stage.lane();
    const plate = stage.plate();
    await lane.arrive(plate);
    shows(await pass(stage, lane, { plate, kind, ...more }), 'told');
    const { item } = await payment(stage, { plate, lane: lane.id, ...more });
    kindIs(stage, item.id, kind);
    await lane.paid(item.id);
  };

async function paidAhead(stage: PracticeStage): Promise<void> {
  const plate = stage.plate();
  const minutes = 15;
  shows(await stage.tell({ event: 'prepaid', order: stage.order(), plate, amount: 800, minutes }), 'told');
  const { item } = await payment(stage, { plate, amount: 800, lane: undefined });
  const lifeMs = Date.parse(String(item.expiresAt)) - Date.parse(String(item.issuedAt));
  ensure(Math.abs(lifeMs - minutes * 60_000) < 2_000, () =>
    text.wrongField('expiresAt', `issuedAt + ${minutes} min`, String(item.expiresAt)),
  );
  const lane = await stage.lane();
  await lane.arrive(plate);
  await open(stage, lane);
  await lane.paid(item.id);
}

async function openedFromAfar(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  await lane.arrive(stage.plate(), 'unread');
  shows(await pass(stage, lane, { kind: 'remoteOpen', operator: '李四' }), 'told');
  const { item } = await payment(stage, { operator: '李四', lane: lane.id, plate: undefined });
  kindIs(stage, item.id, 'remoteOpen');
  await lane.paid(item.id);
}

async function twoOnOne(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  await lane.arrive(stage.plate(1), 'unread');
  shows(await pass(stage, lane, { kind: 'free', count: 2 }), 'told');
  const { item } = await payment(stage, { count: 2, lane: lane.id });
  await lane.paid(item.id);
  await lane.arrive(stage.plate(2), 'unread');
  await open(stage, lane);
  await lane.paid(item.id);
}

async function twoLanes(stage: PracticeStage): Promise<void> {
  const [paying, other] = [await stage.lane(), await stage.lane()];
  const [plate, unpaid] = [stage.plate(1), stage.plate(2)];
  await Promise.all([paying.arrive(plate), other.arrive(unpaid)]);
  await open(stage, other);
  shows(await pass(stage, paying, { plate }), 'told');
  const { item } = await payment(stage, { plate, lane: paying.id });
  await Promise.all([paying.paid(item.id), other.unpaid()]);
}

async function corrected(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const [mistyped, plate] = [stage.plate(2), stage.plate(1)];
  await lane.arrive(plate);
  shows(await pass(stage, lane, { plate: mistyped }), 'told');
  const first = await payment(stage, { plate: mistyped, lane: lane.id });
  shows(await stage.tell({ event: 'correct', order: stage.order(), plate }), 'told');
  const second = await payment(stage, { plate, lane: lane.id });
  ensure(second.item.id !== first.item.id, () => text.sameIdOtherPlate);
  await lane.paid();
}

async function byHand(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const plate = stage.plate();
  await lane.arrive(plate);
  await open(stage, lane);
  await lane.unpaid();
  ensure(stage.sent(PATHS.grants, (item) => item.plate === plate).length === 0, () => text.grantForUnpaid);
}

async function twice(stage: PracticeStage): Promise<void> {
  const plate = stage.plate();
  const event = { event: 'prepaid', order: stage.order(), plate, amount: 500, minutes: 15 };
  shows(await stage.tell(event), 'told');
  shows(await stage.tell(event), 'told');
  await payment(stage, { plate, amount: 500 });
  countedOnce(stage, PATHS.grants, 'plate', plate);
}

async function forwarded(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const plate = stage.plate();
  await lane.arrive(plate);
  const order = stage.order();
  const beijing = new Date(stage.site.clock.wallMs() + BEIJING_OFFSET_MS)
    .toISOString()
    .replaceAll(/\D/g, '')
    .slice(0, 14);
  const body = JSON.stringify({
    ...{ service: 'service.parking.payment.result', version: '1.0', charset: 'UTF-8' },
    ...{ park_uuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a', parking_order: order, gate_id: lane.id, plate },
    ...{ pay_time: beijing, value: '500', pay_origin_desc: '微信 "无感"', sign: 'D41D8CD98F00B204E9800998ECF8427E' },
  });
  shows(await stage.tell({ event: 'forward', body }), 'told');
  const sent = stage.sent(PATHS.grants, (item) => item.parking_order === order)[0];
  ensure(sent !== undefined, () => text.noMessage(PATHS.grants, 'parking_order', order, undefined));
  ensure(JSON.stringify(sent.item) === body, () => text.changedBody);
  await open(stage, lane);
  await lane.paid(`parking_order:${order}`);
}

export const PASSING = {
  1: ofKind('paid', { amount: 1_500 }),
  2: paidAhead,
  3: ofKind('free'),
  4: ofKind('monthly'),
  5: ofKind('storedValue', { amount: 600 }),
  6: openedFromAfar,
  7: twoOnOne,
  8: twoLanes,
  9: corrected,
  10: byHand,
  11: twice,
  12: forwarded,
};
