/**
 * Entries as the platform's own messages have them, forwarded by a management system: `direct.enter` (the platform lets a vehicle in, with the
 * answer of the management system in it), and the form in which entries are pushed to the platform, before or after the gate opened.
 */
import { z } from 'zod';
import { given } from '../../text/given.ts';
import { fieldText } from '../../text/intake.ts';
import { type Checked, check } from '../check.ts';
import type { Understood } from '../events.ts';
import type { IntakeOptions } from '../intake-contract.ts';
import { understandMessagePlate } from '../plate-normalization.ts';
import { beijingWallMs, maybe, otherPark, PLATFORM_COLORS } from '../platform-messages.ts';
import { entryEvent, type ParkContext, understandEntry } from './park-messages.ts';

const SERVICES = ['service.parking.direct.enter', 'service.parking.enter', 'service.parking.enter.before'];

/** Without an entry record, two alike within this time are one. */
const SAME_ENTRY_MS = 60_000;

const entry = z.looseObject({
  park_uuid: maybe,
  gate_id: maybe,
  enter_gate_id: maybe,
  plate: maybe,
  passport: maybe,
  plate_color: maybe,
  parking_serial: maybe,
  enter_time: maybe,
  car_type: maybe,
  car_desc: maybe,
});

type Context = ParkContext & Pick<IntakeOptions, 'parkUuid'>;

/** A message where entries are accepted: one of ours, or one of the platform unchanged. */
export function understandEntryMessage(message: unknown, source: string, context: Context): Checked<Understood> {
  const isPlatforms =
    typeof message === 'object' &&
    message !== null &&
    ['service', 'park_uuid', 'parking_serial', 'enter_time'].some((name) => Object.hasOwn(message, name));
  return isPlatforms ? understandPlatformEntry(message, source, context) : understandEntry(message, source, context);
}

const isKnown = (service: unknown): boolean =>
  service === undefined || SERVICES.some((name) => name === service || name.endsWith(`.${service}`));

function understandPlatformEntry(message: object, source: string, context: Context): Checked<Understood> {
  const { service } = message as { readonly service?: unknown };
  if (!isKnown(service)) return { errors: [{ field: 'service', message: fieldText.unknownService(SERVICES) }] };
  const checked = check(entry, message);
  if ('errors' in checked) return checked;
  const { park_uuid: park, gate_id: gate, enter_gate_id: enterGate, passport, ...others } = checked.data;
  const { plate: written = passport, plate_color: colorCode, parking_serial: serial, enter_time: at } = others;
  const wallMs = at === undefined ? undefined : entryWallMs(at);
  const understood = understandMessagePlate(written ?? '');
  const errors = [
    ...otherPark(park, context),
    ...(at !== undefined && wallMs === undefined ? [{ field: 'enter_time', message: fieldText.entryTime }] : []),
    ...(understood.kind === 'text' ? [{ field: 'plate', message: fieldText.notPlate }] : []),
    ...(others.car_type !== undefined && !/^[0-4]$/.test(others.car_type)
      ? [{ field: 'car_type', message: fieldText.carType }]
      : []),
  ];
  if (errors.length > 0) return { errors };
  const lane = gate ?? enterGate;
  const plate = understood.kind === 'plate' ? understood.plate : undefined;
  // Forwarded before and after the gate opened, with more fields the second time: one record, so no field can conflict.
  const key = serial ?? `${plate?.text ?? ''}:${lane ?? ''}`;
  const base = { id: key, space: 'entry', content: {}, ...(serial === undefined && { sameForMs: SAME_ENTRY_MS }) };
  if (plate === undefined) return { data: { ...base, ignored: 'noPlate' } };
  const known = {
    id: serial ?? `${key}:${context.clock.wallMs()}`,
    plate: plate.text,
    source,
    ...given({
      plateColor: PLATFORM_COLORS[colorCode ?? ''] ?? plate.color,
      lane,
      serial,
      carType: others.car_type,
      carDesc: others.car_desc?.slice(0, 40),
    }),
  };
  return { data: { ...base, event: entryEvent(known, wallMs, context) } };
}

/** `yyyyMMddHHmmss` in Beijing, a time with its offset, or milliseconds since 1970: the platform's pages have all three. */
function entryWallMs(text: string): number | undefined {
  if (/^\d{13}$/.test(text)) return Number(text);
  const wallMs = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(wallMs) ? beijingWallMs(text) : wallMs;
}
