/** Grants as a management system writes them for this box (lane-logic.md, section 5). Knows no HTTP. */

import { z } from 'zod';
import { plainText } from '../http/plain-text.ts';
import { GRANT_KINDS, PLATE_COLORS } from '../lane/kinds.ts';
import type { Grant } from '../lane/types.ts';
import { fieldText } from '../text/intake.ts';
import { type Checked, check, singleLine, time, writtenPlate } from './check.ts';
import type { Understood } from './events.ts';
import type { IntakeOptions } from './intake-contract.ts';
import { type Plate, type Understanding, understandMessagePlate } from './plate-normalization.ts';

/** The platform's `car_type`. */
const KIND_BY_CAR_TYPE = { 0: 'other', 1: 'paid', 2: 'monthly', 3: 'free', 4: 'storedValue' } as const;

/** Made when the first one comes: a start does not wait for it. */
export const grantSchema = z.lazy(() =>
  z.strictObject({
    id: singleLine(80).meta({ description: 'Unique for ever; the same id again is the same grant.' }),
    lane: singleLine(40)
      .optional()
      .meta({ description: 'The lane; without it the grant is for the park and needs a plate.' }),
    plate: writtenPlate.optional(),
    plateColor: z.enum(PLATE_COLORS).optional(),
    count: z.int().min(1).max(50).default(1).meta({ description: 'How many passages it covers.' }),
    kind: z.enum(GRANT_KINDS).optional().meta({ description: 'Default: that of carType, else paid.' }),
    carType: z
      .literal([0, 1, 2, 3, 4])
      .optional()
      .meta({ description: '1 temporary, 2 monthly, 3 free, 4 stored value, 0 other.' }),
    direction: z.enum(['entry', 'exit']).optional().meta({ description: 'In a two-way lane: the way it is for.' }),
    amount: z.int().min(0).max(100_000_000).optional().meta({ description: 'What was paid, in fen.' }),
    currency: singleLine(3).optional().meta({ description: 'ISO 4217; CNY when left out.' }),
    carDesc: singleLine(40).optional(),
    parkingSerial: singleLine(80).optional().meta({ description: 'The entry record.' }),
    issuedAt: time.optional().meta({ description: 'When it was paid; now when left out.' }),
    expiresAt: time.optional(),
    operator: plainText(40).optional(),
    till: singleLine(40)
      .optional()
      .meta({ description: 'Where it was paid, by the name of the till: its clock is learned by itself.' }),
  }),
);

export type TimeContext = Pick<IntakeOptions, 'laneTimeMs' | 'laneNowMs' | 'clock'>;
type Context = Pick<IntakeOptions, 'lanes' | 'rules'> & TimeContext;

/** `source`: the name of the token it came with. */
export function understandGrant(value: unknown, source: string, context: Context): Checked<Understood> {
  const checked = check(grantSchema, value);
  if ('errors' in checked) return checked;
  const { id, lane, plate: written, kind, carType, issuedAt, expiresAt, ...others } = checked.data;
  const laneIds = context.lanes.map((known) => known.id);
  const { told, plate } = toldIn(written);
  const isUnknownLane = lane !== undefined && !laneIds.includes(lane);
  const errors = [
    ...(isUnknownLane ? [{ field: 'lane', message: fieldText.unknownLane(laneIds) }] : []),
    ...contradictions(checked.data, told),
    ...tooMuch(checked.data, context),
  ];
  if (errors.length > 0) {
    const isElsewhere = errors.length === 1 && isUnknownLane && plate !== undefined;
    const elsewhere = { kind: 'elsewhere', laneId: lane ?? '', plate: plate?.text ?? '', grantId: id } as const;
    return { errors, ...(isElsewhere && { elsewhere }) };
  }
  const plateColor = others.plateColor ?? plate?.color;
  const grant: Grant = {
    ...withoutUndefined(others),
    id,
    scope: lane === undefined ? 'park' : 'lane',
    kind: kind ?? (carType === undefined ? 'paid' : KIND_BY_CAR_TYPE[carType]),
    issuedAtMs: grantIssuedMs(issuedAt, context),
    source,
    ...(carType === undefined ? {} : { carType: String(carType) }),
    ...(plate === undefined ? {} : { plate: plate.text }),
    ...(plateColor === undefined ? {} : { plateColor }),
    ...(expiresAt === undefined ? {} : { expiresAtMs: Math.round(context.laneTimeMs(expiresAt)) }),
  };
  const event = { kind: 'grant', grant, ...(lane === undefined ? {} : { laneId: lane }) } as const;
  const times = {
    ...(issuedAt !== undefined && { issuedWallMs: issuedAt }),
    ...(expiresAt !== undefined && { expiresWallMs: expiresAt }),
  };
  return { data: { id, event, content: contentOf(grant, lane, expiresAt), written: times, corrects: true } };
}

function toldIn(written: string | undefined): { readonly told: Understanding['kind']; readonly plate?: Plate } {
  const understood = understandMessagePlate(written ?? '');
  return { told: understood.kind, ...(understood.kind === 'plate' && { plate: understood.plate }) };
}

function contradictions(
  { lane, plate, issuedAt, expiresAt }: z.output<typeof grantSchema>,
  told: Understanding['kind'],
) {
  const isOver = issuedAt !== undefined && expiresAt !== undefined && expiresAt < issuedAt;
  return [
    // 无牌车 in a lane pays for whoever stands there; without one it says nothing.
    ...(told === 'text' || (told === 'none' && plate !== undefined && lane === undefined)
      ? [{ field: 'plate', message: fieldText.notPlate }]
      : []),
    ...(lane === undefined && plate === undefined ? [{ field: 'plate', message: fieldText.laneOrPlate }] : []),
    ...(isOver ? [{ field: 'expiresAt', message: fieldText.before }] : []),
  ];
}

/** One message for "free", with many passages or a long life, would hide every manual release meanwhile. */
function tooMuch({ count, issuedAt, expiresAt }: z.output<typeof grantSchema>, { rules, clock }: Context) {
  const { maxCount = Number.POSITIVE_INFINITY, maxLifetimeMs = Number.POSITIVE_INFINITY } = rules ?? {};
  const lifeMs = expiresAt === undefined ? 0 : expiresAt - (issuedAt ?? clock.wallMs());
  return [
    ...(count > maxCount ? [{ field: 'count', message: fieldText.countOver(maxCount) }] : []),
    ...(lifeMs > maxLifetimeMs
      ? [{ field: 'expiresAt', message: fieldText.lifetimeOver(maxLifetimeMs / 60_000) }]
      : []),
  ];
}

/**
 * The lane time of a wall time in a message, in whole milliseconds; now when there is none, and never later than now: the sender's clock
 * may be ahead of ours.
 */
export function issuedAtMs(wallMs: number | undefined, { clock, laneTimeMs, laneNowMs }: TimeContext): number {
  const nowMs = Math.round(laneNowMs?.() ?? laneTimeMs(clock.wallMs()));
  return wallMs === undefined ? nowMs : Math.min(Math.round(laneTimeMs(wallMs)), nowMs);
}

/** Issue time of a grant by its sender's clock: the lane derives the sender's clock error from it, and accepts no future time. */
export function grantIssuedMs(wallMs: number | undefined, context: TimeContext): number {
  return wallMs === undefined ? issuedAtMs(undefined, context) : Math.round(context.laneTimeMs(wallMs));
}

/** Content that makes two grants of one id the same. The issue time does not belong to it: a sender may stamp a repetition anew. */
export function contentOf(
  grant: Grant,
  lane: string | undefined,
  expiresAt: number | undefined,
): Readonly<Record<string, string>> {
  const { id: _id, scope: _scope, source: _source, issuedAtMs: _issued, expiresAtMs: _expires, ...fields } = grant;
  const written = { lane, expiresAt, ...fields };
  return Object.fromEntries(
    Object.entries(written).flatMap(([field, value]) => (value === undefined ? [] : [[field, String(value)]])),
  );
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

export function withoutUndefined<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as Present<T>;
}
