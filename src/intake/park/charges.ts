/**
 * What a vehicle is asked to pay before it may leave, as the management system says it, or in the answer it gave to the platform's
 * `payment.billing`, forwarded unchanged. Knows no HTTP.
 */
import { z } from 'zod';
import { fieldText } from '../../text/intake.ts';
import { type Checked, check, singleLine, time } from '../check.ts';
import type { ChargeMessage, Understood } from '../events.ts';
import { texts } from '../grants.ts';
import type { IntakeOptions } from '../intake-contract.ts';
import { understandMessagePlate } from '../plate-normalization.ts';
import { maybe, otherPark } from '../platform-messages.ts';
import { type ParkContext, pastWallMs } from './park-messages.ts';

/** A sum asked for is the price of then: later the stay costs more. */
const CHARGE_LIFE_MS = 3_600_000;
const BILLING = 'service.parking.payment.billing';
/** `result_code` of the management system: there is an order. */
const HAS_ORDER = '1001';

export const chargeSchema = z.lazy(() =>
  z.strictObject({
    id: singleLine(80).meta({ description: 'Unique for ever; the same id again is the same charge.' }),
    plate: z.string().max(40),
    lane: singleLine(40).optional().meta({ description: 'Where it is asked for, also a lane of another box.' }),
    amount: z.int().min(0).max(100_000_000).meta({ description: 'What the vehicle is asked to pay, in fen.' }),
    currency: z.literal('CNY').optional(),
    at: time.optional().meta({ description: 'When it was asked for; now when left out.' }),
    expiresAt: time.optional().meta({ description: 'Until when this is the price; one hour when left out.' }),
  }),
);

const billing = z.looseObject({
  park_uuid: maybe,
  plate: maybe,
  parking_order: maybe,
  pay_value: maybe,
  result_code: maybe,
});

type Context = ParkContext & Pick<IntakeOptions, 'parkUuid'>;

/** A message where charges are accepted: one of ours, or the answer to the platform. */
export function understandCharge(message: unknown, source: string, context: Context): Checked<Understood> {
  const isPlatforms =
    typeof message === 'object' &&
    message !== null &&
    ['service', 'parking_order', 'pay_value', 'result_code'].some((name) => Object.hasOwn(message, name));
  return isPlatforms ? understandBilling(message, source, context) : understandOwn(message, source, context);
}

function understandOwn(message: unknown, source: string, context: Context): Checked<Understood> {
  const checked = check(chargeSchema, message);
  if ('errors' in checked) return checked;
  const { id, plate: written, lane, amount, at, expiresAt } = checked.data;
  const plate = understandMessagePlate(written);
  const errors = [
    ...(plate.kind === 'text' ? [{ field: 'plate', message: fieldText.notPlate }] : []),
    ...(at !== undefined && expiresAt !== undefined && expiresAt <= at
      ? [{ field: 'expiresAt', message: fieldText.beforeAt }]
      : []),
  ];
  if (errors.length > 0) return { errors };
  const said = { lane, plate: plate.kind === 'plate' ? plate.plate.text : undefined, amount, at, expiresAt };
  const base = { id, space: 'charge', content: texts(said) };
  if (plate.kind !== 'plate') return { data: { ...base, ignored: 'noPlate' } };
  const charge = { id, plate: plate.plate.text, amount, source, ...(lane !== undefined && { lane }) };
  return { data: { ...base, event: chargeEvent(charge, at, expiresAt, context) } };
}

/** Its answer has the order and what is to be paid for it; it names no lane, and no time but that of the entry. */
function understandBilling(message: object, source: string, context: Context): Checked<Understood> {
  const { service } = message as { readonly service?: unknown };
  if (service !== undefined && service !== BILLING)
    return { errors: [{ field: 'service', message: fieldText.unknownService([BILLING]) }] };
  const checked = check(billing, message);
  if ('errors' in checked) return checked;
  const { park_uuid: park, plate: written = '', parking_order: order, pay_value: value = '' } = checked.data;
  const code = checked.data.result_code ?? HAS_ORDER;
  if (code !== HAS_ORDER) return { data: { content: {}, ignored: 'noOrder' } };
  const plate = understandMessagePlate(written);
  const errors = [
    ...otherPark(park, context),
    ...(order === undefined || order.length > 80 ? [{ field: 'parking_order', message: fieldText.order }] : []),
    ...(/^\d{1,8}$/.test(value) ? [] : [{ field: 'pay_value', message: fieldText.fen }]),
    ...(plate.kind === 'text' ? [{ field: 'plate', message: fieldText.notPlate }] : []),
  ];
  if (errors.length > 0 || order === undefined) return { errors };
  // An order asked for again costs what it costs by then, under another number or the same: the newest counts.
  const base = { id: `${order}:${value}`, space: 'charge', content: {} };
  if (plate.kind !== 'plate') return { data: { ...base, ignored: 'noPlate' } };
  const charge = { id: order, plate: plate.plate.text, amount: Number(value), source };
  return { data: { ...base, event: chargeEvent(charge, undefined, undefined, context) } };
}

function chargeEvent(
  charge: Pick<ChargeMessage, 'id' | 'plate' | 'amount' | 'source' | 'lane'>,
  at: number | undefined,
  expiresAt: number | undefined,
  context: Context,
): NonNullable<Understood['event']> {
  const wallMs = pastWallMs(at, context);
  const untilWallMs = expiresAt ?? wallMs + CHARGE_LIFE_MS;
  const [atMs, untilMs] = [wallMs, untilWallMs].map((ms) => Math.round(context.laneTimeMs(ms))) as [number, number];
  return { kind: 'charge', charge: { ...charge, wallMs, atMs, untilWallMs, untilMs } };
}
