/** Grants as a management system writes them for this box (lane-logic.md, section 5). Knows no HTTP. */

import { z } from 'zod';
import { plainText } from '../http/plain-text.ts';
import { GRANT_KINDS, PLATE_COLORS } from '../kinds.ts';
import type { Grant } from '../lane/types.ts';
import { given } from '../text/given.ts';
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
    // The word for a rare one costs nobody his payment.
    plateColor: z.enum(PLATE_COLORS).optional().catch(undefined),
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

export type TimeContext = Pick<IntakeOptions, 'laneTimeMs' | 'laneNowMs' | 'isUndated' | 'clock'>;
type Context = Pick<IntakeOptions, 'lanes' | 'rules'> & TimeContext;

/** `source`: the name of the token it came with. */
export function understandGrant(value: unknown, source: string, context: Context): Checked<Understood> {
  const checked = check(grantSchema, value);
  if ('errors' in checked) return checked;
  const { id, lane, plate: shown, carType, issuedAt, expiresAt: end, ...others } = checked.data;
  const { kind = carType === undefined ? 'paid' : KIND_BY_CAR_TYPE[carType] } = others;
  const undated = isUndated(end, context);
  // An end alone says nothing by a clock that nobody has confirmed.
  const hasEnd = !undated || issuedAt !== undefined;
  const isLong = hasEnd && isTooLong(checked.data, context);
  // Of a season ticket it is no life: it is told anew each time its car leaves.
  const expiresAt = isLong && kind !== 'paid' ? undefined : end;
  const laneIds = context.lanes.map((known) => known.id);
  const { told, plate } = paidPlate(shown, lane);
  const isUnknownLane = lane !== undefined && !laneIds.includes(lane);
  const errors = [
    ...(isUnknownLane ? [{ field: 'lane', message: fieldText.unknownLane(laneIds) }] : []),
    ...contradictions(checked.data, told),
    ...tooMuch(checked.data, isLong && kind === 'paid', context),
  ];
  if (errors.length > 0) {
    const isElsewhere = errors.length === 1 && isUnknownLane && plate !== undefined;
    const elsewhere = { kind: 'elsewhere', laneId: lane ?? '', plate: plate?.text ?? '', grantId: id } as const;
    return { errors, ...(isElsewhere && { elsewhere }) };
  }
  const grant: Grant = {
    ...given({
      ...others,
      plate: plate?.text,
      plateColor: others.plateColor ?? plate?.color,
      carType: carType?.toString(),
      expiresAtMs: hasEnd && expiresAt ? Math.round(context.laneTimeMs(expiresAt)) : undefined,
    }),
    id,
    scope: lane === undefined ? 'park' : 'lane',
    kind,
    issuedAtMs: grantIssuedMs(issuedAt, context),
    source,
  };
  const marked = { ...grant, ...(undated && { undated }), ...writtenTimes(issuedAt, expiresAt) };
  const event = { kind: 'grant', grant: marked, ...(lane !== undefined && { laneId: lane }) } as const;
  return { data: { id, event, content: contentOf(grant, lane, expiresAt), corrects: true } };
}

const writtenTimes = (issuedWallMs?: number, endsWallMs?: number): Pick<Grant, 'written'> =>
  (issuedWallMs ?? endsWallMs) === undefined ? {} : { written: given({ issuedWallMs, endsWallMs }) };

/**
 * 无牌车 in a lane pays for whoever stands there. Without a lane it is a plate that nobody reads: one vehicle that was not read may have paid.
 */
export function paidPlate(
  written: string | undefined,
  lane: string | undefined,
): { readonly told: Understanding['kind']; readonly plate?: Plate } {
  const understood = understandMessagePlate(written ?? '');
  if (understood.kind === 'plate') return { told: 'plate', plate: understood.plate };
  const isAhead = understood.kind === 'none' && written !== undefined && lane === undefined;
  return { told: understood.kind, ...(isAhead && { plate: { text: '无牌车' } }) };
}

function contradictions(
  { lane, plate, issuedAt, expiresAt }: z.output<typeof grantSchema>,
  told: Understanding['kind'],
) {
  const isOver = issuedAt !== undefined && expiresAt !== undefined && expiresAt < issuedAt;
  return [
    ...(told === 'text' ? [{ field: 'plate', message: fieldText.notPlate }] : []),
    ...(lane === undefined && plate === undefined ? [{ field: 'plate', message: fieldText.laneOrPlate }] : []),
    ...(isOver ? [{ field: 'expiresAt', message: fieldText.before }] : []),
  ];
}

type Told = z.output<typeof grantSchema>;

/** An end may be written by a clock that is off by so much. */
const CLOCKS_MOST_MS = 12 * 60_000;

const isUndated = (endWallMs: number | undefined, { isUndated: ours }: Context): boolean =>
  endWallMs !== undefined && ours?.(endWallMs + CLOCKS_MOST_MS) === true;

const isTooLong = ({ issuedAt, expiresAt = 0 }: Told, { rules, ...context }: Context): boolean =>
  grantIssuedMs(expiresAt, context) - grantIssuedMs(issuedAt, context) - (issuedAt === undefined ? CLOCKS_MOST_MS : 0) >
  (rules?.maxLifetimeMs ?? Number.POSITIVE_INFINITY);

/** One message for "free", with many passages or a long life, would hide every manual release meanwhile. */
function tooMuch({ count }: Told, isLong: boolean, { rules }: Context) {
  const { maxCount = Number.POSITIVE_INFINITY, maxLifetimeMs = 0 } = rules ?? {};
  return [
    ...(count > maxCount ? [{ field: 'count', message: fieldText.countOver(maxCount) }] : []),
    ...(isLong ? [{ field: 'expiresAt', message: fieldText.lifetimeOver(maxLifetimeMs / 60_000) }] : []),
  ];
}

/** Issue time of a grant by its sender's clock, now when there is none: the lane derives the sender's clock error from it. Whole milliseconds. */
export function grantIssuedMs(wallMs: number | undefined, { laneTimeMs, laneNowMs }: TimeContext): number {
  return Math.round(wallMs === undefined ? laneNowMs() : laneTimeMs(wallMs));
}

/** The same of other messages, never later than now: the sender's clock may be ahead of ours. */
export const issuedAtMs = (wallMs: number | undefined, context: TimeContext): number =>
  Math.min(grantIssuedMs(wallMs, context), grantIssuedMs(undefined, context));

/** Content that makes two grants of one id the same. The issue time does not belong to it: a sender may stamp a repetition anew. */
export function contentOf(
  grant: Grant,
  lane: string | undefined,
  expiresAt: number | undefined,
): Readonly<Record<string, string>> {
  const { id: _id, scope: _scope, source: _source, issuedAtMs: _issued, expiresAtMs: _expires, ...fields } = grant;
  return texts({ lane, expiresAt, ...fields });
}

export const texts = (fields: object): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(given(fields)).map(([name, value]) => [name, String(value)]));
