/**
 * What a management system says of the park beside payments: its records of entries, its known vehicles, and who is on duty. Knows no HTTP.
 */

import { z } from 'zod';
import { plainText } from '../../http/plain-text.ts';
import { PLATE_COLORS } from '../../kinds.ts';
import { given } from '../../text/given.ts';
import { fieldText } from '../../text/intake.ts';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import { type Checked, check, singleLine, time, writtenPlate } from '../check.ts';
import type { EntryMessage, Understood, VehicleMessage } from '../events.ts';
import { type TimeContext, texts } from '../grants.ts';
import type { IntakeOptions } from '../intake-contract.ts';
import { understandMessagePlate } from '../plate-normalization.ts';
import { CAR_TYPE_OF_KIND } from './car-types.ts';

const DAY_MS = 86_400_000;

const carType = z
  .literal([0, 1, 2, 3, 4])
  .optional()
  .meta({ description: '1 temporary, 2 monthly, 3 free, 4 stored value, 0 other.' });

export const entrySchema = z.lazy(() =>
  z.strictObject({
    id: singleLine(80).meta({ description: 'Unique for ever; the same id again is the same entry.' }),
    plate: z.string().max(40),
    plateColor: z.enum(PLATE_COLORS).optional(),
    lane: singleLine(40).optional().meta({
      description:
        'Where it came in, also a lane of another box. In an entry lane of this box it covers the passage, as a grant does.',
    }),
    at: time.optional().meta({ description: 'When it came in; now when left out.' }),
    entryRecord: singleLine(80).optional().meta({ description: 'The number of the record; the id when left out.' }),
    carType,
    carDesc: singleLine(40).optional(),
  }),
);

/** `2026-05-01`, a day in Beijing, or a time with its offset. */
const dayOrTime = z.union([z.iso.date().transform((day) => ({ day })), time.transform((wallMs) => ({ wallMs }))]);

export const vehicleSchema = z.lazy(() =>
  z.strictObject({
    id: singleLine(80).optional().meta({ description: 'Of the message. The plate names the vehicle.' }),
    plate: writtenPlate,
    kind: z.enum(['season', 'free', 'storedValue', 'other']).default('season'),
    carType: carType.meta({ description: 'Default: that of the kind.' }),
    description: singleLine(40).optional(),
    plateColor: z.enum(PLATE_COLORS).optional(),
    from: dayOrTime.optional().meta({ description: 'A day (Beijing) or a time.' }),
    to: dayOrTime.optional().meta({ description: 'The last day, itself included, or a time.' }),
    removed: z.literal(true).optional().meta({ description: 'It is no longer known.' }),
  }),
);

export const shiftSchema = z.lazy(() =>
  z.strictObject({
    id: singleLine(80).meta({ description: 'Unique for ever; the same id again is the same message.' }),
    operator: plainText(40),
    on: z.boolean().default(true).meta({ description: 'false: goes off duty.' }),
    lanes: z.array(singleLine(40)).min(1).max(50).optional().meta({ description: 'Default: every lane of the box.' }),
    booth: singleLine(40).optional().meta({ description: 'In place of lanes: a booth of the configuration.' }),
    at: time.optional().meta({ description: 'Since when; now when left out.' }),
    until: time.optional().meta({ description: 'The end, where it is known already; at most 48 hours count.' }),
  }),
);

export type ParkContext = Pick<IntakeOptions, 'lanes' | 'booths'> & TimeContext;

/** Wall time of a message, never later than now: the sender's clock may be ahead. */
export function pastWallMs(wallMs: number | undefined, { clock }: TimeContext): number {
  return Math.min(wallMs ?? Number.POSITIVE_INFINITY, clock.wallMs());
}

export function understandEntry(value: unknown, source: string, context: ParkContext): Checked<Understood> {
  const checked = check(entrySchema, value);
  if ('errors' in checked) return checked;
  const { id, plate: written, plateColor, lane, at, entryRecord, carType: type, carDesc } = checked.data;
  const understood = understandMessagePlate(written);
  if (understood.kind === 'text') return { errors: [{ field: 'plate', message: fieldText.notPlate }] };
  const scope = { id, space: 'entry' } as const;
  if (understood.kind === 'none') return { data: { ...scope, content: texts({ lane }), ignored: 'noPlate' } };
  const fields = { plate: understood.plate.text, lane, serial: entryRecord ?? id, carDesc };
  const entry = {
    ...given({ ...fields, plateColor: plateColor ?? understood.plate.color }),
    ...(type !== undefined && { carType: String(type) }),
    ...{ id, plate: understood.plate.text, source },
  };
  return {
    data: { ...scope, content: texts({ ...fields, at, carType: type }), event: entryEvent(entry, at, context) },
  };
}

export function entryEvent(
  entry: Omit<EntryMessage, 'atMs' | 'wallMs'>,
  at: number | undefined,
  context: ParkContext,
): NonNullable<Understood['event']> {
  const wallMs = pastWallMs(at, context);
  const atMs = Math.round(context.laneTimeMs(wallMs));
  return { kind: 'entry', entry: { ...entry, wallMs, atMs } };
}

export function understandVehicle(value: unknown, source: string): Checked<Understood> {
  const checked = check(vehicleSchema, value);
  if ('errors' in checked) return checked;
  const { id, plate: written, kind, carType: type, description, plateColor, from, to, removed } = checked.data;
  const understood = understandMessagePlate(written);
  const fromWallMs = from && ('day' in from ? beginOf(from.day) : from.wallMs);
  const untilWallMs = to && ('day' in to ? beginOf(to.day) + DAY_MS : to.wallMs);
  const errors = [
    ...(understood.kind === 'plate' ? [] : [{ field: 'plate', message: fieldText.notPlate }]),
    ...(fromWallMs !== undefined && untilWallMs !== undefined && untilWallMs <= fromWallMs
      ? [{ field: 'to', message: fieldText.beforeFrom }]
      : []),
  ];
  if (understood.kind !== 'plate' || errors.length > 0) return { errors };
  const vehicle: VehicleMessage = {
    ...given({ description, fromWallMs, untilWallMs, removed }),
    ...given({ plateColor: plateColor ?? understood.plate.color }),
    plate: understood.plate.text,
    kind,
    carType: type === undefined ? CAR_TYPE_OF_KIND[kind] : String(type),
  };
  const event = { kind: 'vehicle', vehicle, source } as const;
  return { data: { ...(id !== undefined && { id, space: 'vehicle' }), content: texts(vehicle), event } };
}

const beginOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) - BEIJING_OFFSET_MS;

export function understandShift(value: unknown, source: string, context: ParkContext): Checked<Understood> {
  const checked = check(shiftSchema, value);
  if ('errors' in checked) return checked;
  const { id, operator, on, lanes: named, booth, at, until } = checked.data;
  const known = context.lanes.map((lane) => lane.id);
  const ofBooth = context.booths?.find(({ name }) => name === booth)?.lanes;
  const lanes = named ?? ofBooth ?? known;
  const unknown = lanes.filter((lane) => !known.includes(lane));
  const errors = [
    ...(unknown.length > 0 ? [{ field: 'lanes', message: fieldText.unknownLane(known) }] : []),
    ...(booth !== undefined && ofBooth === undefined
      ? [{ field: 'booth', message: fieldText.unknownBooth((context.booths ?? []).map(({ name }) => name)) }]
      : []),
    ...(booth !== undefined && named !== undefined ? [{ field: 'booth', message: fieldText.boothOrLanes }] : []),
    ...(at !== undefined && until !== undefined && until <= at
      ? [{ field: 'until', message: fieldText.beforeAt }]
      : []),
  ];
  if (errors.length > 0) return { errors };
  const wallMs = pastWallMs(at, context);
  const shift = {
    ...{ id, operator, on, lanes, source, wallMs, atMs: Math.round(context.laneTimeMs(wallMs)) },
    ...(until !== undefined && { untilWallMs: until, untilMs: Math.round(context.laneTimeMs(until)) }),
  };
  const content = texts({ operator, on, lanes: lanes.join(' '), at, until });
  return { data: { id, space: 'shift', content, event: { kind: 'shift', shift } } };
}
