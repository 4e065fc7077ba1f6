/**
 * Messages of the platform, forwarded by a management system: the platform notifies only that system of a payment, through a tunnel of
 * which a park has one (cloud-release-api.md, last section; the platform's pages "同步临停缴费结果" and "车场通道控制"). Their signature is
 * kept with the grant; a wrong or missing one is counted all the same unless the configuration requires it: the forwarding system has a token,
 * it may write them anew, and its secret may be another application's. Knows no HTTP.
 */

import { z } from 'zod';
import { plainOf } from '../http/plain-text.ts';
import type { Grant, PlateColor } from '../lane/types.ts';
import { given } from '../text/given.ts';
import { httpFieldText } from '../text/http.ts';
import { fieldText } from '../text/intake.ts';
import { BEIJING_OFFSET_MS } from '../written-time.ts';
import { type Checked, check } from './check.ts';
import type { Understood } from './events.ts';
import { grantIssuedMs, issuedAtMs, paidPlate, type TimeContext, understandGrant } from './grants.ts';
import type { IntakeOptions } from './intake-contract.ts';

const PAYMENT = 'service.parking.payment.result';
const CONTROL = 'service.parking.gate.control';
/** Names without `parking.` occur as well. */
const SERVICES: Readonly<Record<string, typeof PAYMENT | typeof CONTROL>> = {
  [PAYMENT]: PAYMENT,
  [CONTROL]: CONTROL,
  'service.gate.control': CONTROL,
  'gate.control': CONTROL,
};

/** A control message has no id: two alike within this time are one opening, sent twice. */
const SAME_OPENING_MS = 5_000;

/** Values are texts or numbers; an empty one is absent. */
const value = z.union([z.string(), z.number()]).transform((written) => String(written).trim());
export const maybe = value.transform((text) => (text === '' ? undefined : text)).optional();

// Open objects: the platform adds fields.
const payment = z.looseObject({
  park_uuid: maybe,
  gate_id: maybe,
  plate: maybe,
  plate_color: maybe,
  parking_order: value.refine((text) => text !== '', { params: { text: httpFieldText.missing } }),
  parking_serial: maybe,
  pay_time: maybe,
  pay_origin_desc: maybe,
  car_type: maybe,
  car_desc: maybe,
  value: maybe,
});
const control = z.looseObject({
  park_uuid: maybe,
  gate_id: value.refine((text) => text !== '', { params: { text: httpFieldText.missing } }),
  status: z.enum(['OPEN', 'CLOSE', 'KEEP_OPEN']),
  reason: maybe,
  plate: maybe,
  plate_color: maybe,
  operator: maybe,
});

export const PLATFORM_COLORS: Readonly<Record<string, PlateColor>> = {
  1: 'blue',
  2: 'yellow',
  3: 'white',
  4: 'black',
  5: 'green',
};

type Context = Pick<IntakeOptions, 'lanes' | 'parkUuid' | 'rules'> & TimeContext;

/** A message where grants are accepted: one of ours, or one of the platform unchanged. */
export function understandMessage(message: unknown, source: string, context: Context): Checked<Understood> {
  return isPlatformMessage(message)
    ? understandPlatform(message, source, context)
    : understandGrant(message, source, context);
}

/** Whether a message is one of the platform's. */
function isPlatformMessage(message: unknown): message is { readonly service: unknown } {
  return typeof message === 'object' && message !== null && Object.hasOwn(message, 'service');
}

function understandPlatform(
  message: { readonly service: unknown },
  source: string,
  context: Context,
): Checked<Understood> {
  const service =
    typeof message.service === 'string' && Object.hasOwn(SERVICES, message.service)
      ? SERVICES[message.service]
      : undefined;
  if (service === undefined)
    return { errors: [{ field: 'service', message: fieldText.unknownService([PAYMENT, CONTROL]) }] };
  const signed = context.rules?.signOf(message);
  if (signed !== undefined && signed !== 'right' && context.rules?.requireSign)
    return { errors: [{ field: 'sign', message: fieldText.signRequired }] };
  const understand = service === PAYMENT ? understandPayment : understandControl;
  const checked = understand(message, source, context);
  return 'errors' in checked || signed === undefined ? checked : { data: withSign(checked.data, signed) };
}

function withSign(understood: Understood, signed: NonNullable<Grant['signed']>): Understood {
  const { event } = understood;
  return {
    ...understood,
    ...(event?.kind === 'grant' && { event: { ...event, grant: { ...event.grant, signed } } }),
    ...(signed !== 'right' && { unverified: signed }),
  };
}

function understandPayment(message: unknown, source: string, context: Context): Checked<Understood> {
  const checked = check(payment, message);
  if ('errors' in checked) return checked;
  const {
    park_uuid: park,
    gate_id: gate,
    plate: written,
    plate_color: colorCode,
    parking_order: order,
    ...others
  } = checked.data;
  const paidWallMs = others.pay_time === undefined ? undefined : beijingWallMs(others.pay_time);
  const { told, plate } = paidPlate(written, gate);
  const errors = [
    ...otherPark(park, context),
    ...(others.pay_time !== undefined && paidWallMs === undefined
      ? [{ field: 'pay_time', message: fieldText.localTime }]
      : []),
    ...(told === 'text' ? [{ field: 'plate', message: fieldText.notPlate }] : []),
    ...(gate === undefined && written === undefined ? [{ field: 'plate', message: fieldText.gateOrPlate }] : []),
  ];
  if (errors.length > 0) return { errors };
  const id = `parking_order:${order}`;
  const grant: Grant = {
    id,
    scope: gate === undefined ? 'park' : 'lane',
    kind: 'paid',
    count: 1,
    issuedAtMs: grantIssuedMs(paidWallMs, context),
    source,
    ...given({
      written: paidWallMs === undefined ? undefined : { issuedWallMs: paidWallMs },
      plate: plate?.text,
      plateColor: colorOf(colorCode) ?? plate?.color,
      parkingSerial: others.parking_serial,
      carType: /^[0-4]$/.exec(others.car_type ?? '')?.[0],
      carDesc: others.car_desc === undefined ? undefined : plainOf(others.car_desc, 40),
    }),
    ...(/^\d{1,8}$/.test(others.value ?? '') && { amount: Number(others.value) }),
  };
  // The platform may repeat itself with more or fewer fields (a gate, a colour): one order is one payment, so no field can conflict.
  const base = { id, content: {} };
  if (gate !== undefined && !context.lanes.some((lane) => lane.id === gate))
    return { data: { ...base, ignored: 'otherLane', ...elsewhereOf(grant, gate) } };
  return { data: { ...base, event: { kind: 'grant', grant, ...(gate === undefined ? {} : { laneId: gate }) } } };
}

function understandControl(message: unknown, source: string, context: Context): Checked<Understood> {
  const checked = check(control, message);
  if ('errors' in checked) return checked;
  const { park_uuid: park, gate_id: gate, status, reason, plate: written, plate_color: colorCode } = checked.data;
  const by = checked.data.operator === undefined ? {} : { operator: plainOf(checked.data.operator, 40) };
  const errors = otherPark(park, context);
  if (errors.length > 0) return { errors };
  const base = { content: {} };
  if (!context.lanes.some((lane) => lane.id === gate)) return { data: { ...base, ignored: 'otherLane' } };
  if (status !== 'OPEN') {
    // These set a state: a repetition sets the same, and each must take effect.
    const why = reason === undefined ? {} : { reason: plainOf(reason, 100) };
    return { data: { ...base, event: { kind: 'keepOpen', laneId: gate, on: status === 'KEEP_OPEN', ...why, ...by } } };
  }
  const nowWallMs = context.clock.wallMs();
  const { plate } = paidPlate(written, gate);
  const color = colorOf(colorCode) ?? plate?.color;
  const grant: Grant = {
    // Unique for ever, also after a restart; the key of de-duplication need not be.
    id: `gate.control:${gate}:${plate?.text ?? ''}:${nowWallMs}`,
    scope: 'lane',
    kind: 'remoteOpen',
    count: 1,
    issuedAtMs: issuedAtMs(undefined, context),
    source,
    ...(plate === undefined ? {} : { plate: plate.text }),
    ...(color === undefined ? {} : { plateColor: color }),
    ...(reason === undefined ? {} : { carDesc: plainOf(reason, 40) }),
    ...by,
  };
  const key = { id: `gate.control:${gate}:${plate?.text ?? ''}`, sameForMs: SAME_OPENING_MS };
  return { data: { ...base, ...key, event: { kind: 'grant', laneId: gate, grant } } };
}

/** Its gate is unknown to this box. */
const elsewhereOf = ({ plate, id }: Grant, gate: string): Pick<Understood, 'elsewhere'> =>
  plate === undefined ? {} : { elsewhere: { kind: 'elsewhere', laneId: gate, plate, grantId: id } };

export function otherPark(park: string | undefined, { parkUuid }: Pick<Context, 'parkUuid'>) {
  const isOther = park !== undefined && park.toLowerCase() !== parkUuid.toLowerCase();
  return isOther ? [{ field: 'park_uuid', message: fieldText.otherPark }] : [];
}

function colorOf(code: string | undefined): PlateColor | undefined {
  return code === undefined ? undefined : PLATFORM_COLORS[code];
}

/** `yyyyMMddHHmmss` in Beijing as wall milliseconds; undefined: not a time. */
export function beijingWallMs(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text) ?? [];
  if (second === undefined) return undefined;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const wallMs = Date.parse(iso);
  // Date.parse accepts the 31st of April; its own rendering does not.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString() !== iso) return undefined;
  return wallMs - BEIJING_OFFSET_MS;
}
