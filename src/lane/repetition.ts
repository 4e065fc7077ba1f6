/** When two messages are one payment. Pure. */

import type { EndedGrant, GrantHold } from './opening.ts';
import type { Kept } from './state.ts';
import type { Grant } from './types.ts';

/** Moments of one payment that differ by less are one: what is kept may have been converted from wall time and back. */
export const SAME_MOMENT_MS = 2_000;

export const isSameMoment = (one: number | undefined, other: number | undefined): boolean =>
  one === undefined || other === undefined ? one === other : Math.abs(one - other) < SAME_MOMENT_MS;

/** Numbers begin again each day; nobody tells of one payment anew so much later with another time. */
const OTHER_DAY_MS = 12 * 3_600_000;

/** What only describes it may be told with more or fewer fields. */
const alike = <Value>(one: Value | undefined, other: Value | undefined): boolean =>
  one === undefined || other === undefined || one === other;

/** As written, where both say it: what our clock makes of it changes when somebody tells it the time. */
export const issuedApartMs = (one: Grant, other: Grant): number =>
  Math.abs(
    one.written?.issuedWallMs === undefined || other.written?.issuedWallMs === undefined
      ? one.issuedAtMs - other.issuedAtMs
      : one.written.issuedWallMs - other.written.issuedWallMs,
  );

const isOfOtherDay = (one: Grant, other: Grant): boolean => issuedApartMs(one, other) >= OTHER_DAY_MS;

const endsAlike = ({ written: one, expiresAtMs }: Grant, { written: other, ...its }: Grant): boolean =>
  one?.endsWallMs === undefined || other?.endsWallMs === undefined
    ? isSameMoment(expiresAtMs, its.expiresAtMs)
    : isSameMoment(one.endsWallMs, other.endsWallMs);

/** What a payment is called once its number is another's: it goes on beside that one. The same in every lane. */
export const formerId = ({ id, issuedAtMs }: Grant): string => `${id}~${Math.round(issuedAtMs)}`;

/** The payment that was last told under a number. */
export const previousGrant = ({ grants, known }: Kept, id: string): GrantHold | EndedGrant | undefined =>
  grants.find(({ grant }) => grant.id === id) ?? known.findLast(({ grant }) => grant.id === id);

/** What was used, is of another day or was told by another sender is not corrected under its number: the number is another payment's. */
export function isAnother(before: Pick<GrantHold, 'grant' | 'used'> | EndedGrant, grant: Grant): boolean {
  const isOver = 'used' in before ? before.used > 0 : before.unusedMs === null;
  return isOver || isOfOtherDay(before.grant, grant) || before.grant.source !== grant.source;
}

/** Told before, with the same content and of the same day; when and by whom does not matter. */
export function isRepetition({ grants, known }: Kept, grant: Grant): boolean {
  const isIt = ({ grant: one }: EndedGrant | GrantHold): boolean =>
    one.id.startsWith(grant.id) &&
    (one.id === grant.id || one.id === formerId({ ...one, id: grant.id })) &&
    sameGrant(one, grant);
  return grants.some(isIt) || known.some(isIt);
}

function sameGrant(one: Grant, other: Grant): boolean {
  return (
    endsAlike(one, other) &&
    !isOfOtherDay(one, other) &&
    one.scope === other.scope &&
    one.plate === other.plate &&
    one.count === other.count &&
    one.kind === other.kind &&
    alike(one.plateColor, other.plateColor) &&
    alike(one.amount, other.amount) &&
    alike(one.parkingSerial, other.parkingSerial) &&
    alike(one.carDesc, other.carDesc) &&
    alike(one.operator, other.operator)
  );
}
