/** What became of each payment that was told, as its sender may ask: the answers of `GET /api/v1/grants`. Plain data; it knows no lane. */

import { grantFateText } from '../text/grant-fates.ts';
import { beijingTime, type Language } from '../text/text.ts';
import {
  GRANT_STATUSES,
  type GrantFateAnswer,
  type GrantStatus,
  type PaymentLine,
  type PaymentSheet,
  type PaymentSum,
  type TrackedGrant,
} from './grant-fate.ts';

const STATUS_OF_FATE: Readonly<Record<string, GrantStatus>> = {
  expired: 'expired',
  repeated: 'repeated',
  replaced: 'replaced',
  cancelled: 'cancelled',
};

export function grantStatus({ uses, ended }: TrackedGrant): GrantStatus {
  if (uses.length > 0) return uses.every(({ way }) => way === 'late') ? 'late' : 'used';
  return ended === undefined ? 'waiting' : (STATUS_OF_FATE[ended.fate] ?? 'unused');
}

export function grantFateAnswer(grant: TrackedGrant, language: Language): GrantFateAnswer {
  const { id, source, till, lane, plate, amount, count, toldWallMs, uses, ended } = grant;
  const status = grantStatus(grant);
  return {
    ...{ id, status, why: grantFateText(status, ended?.fate, uses[0])[language], sender: source },
    ...(till !== undefined && { till }),
    ...(lane !== undefined && { lane }),
    ...(plate !== undefined && { plate }),
    ...(amount !== undefined && { amount }),
    ...{ count, left: ended === undefined ? Math.max(0, count - uses.length) : 0, toldAt: beijingTime(toldWallMs) },
    uses: uses.map(({ atWallMs, ...use }) => ({ ...use, at: beijingTime(atWallMs) })),
    ...(ended !== undefined && { endedAt: beijingTime(ended.atWallMs) }),
  };
}

/** Payments named one by one on a sheet. */
const NAMED_MOST = 500;
const COUNTED: readonly GrantStatus[] = ['used', 'late', 'waiting'];

const NOTHING: PaymentSum = { count: 0, amount: 0 };
const plus = ({ count, amount }: PaymentSum, more: number): PaymentSum => ({ count: count + 1, amount: amount + more });

/** Of the payments of one day. */
export function paymentSheet(day: string, grants: readonly TrackedGrant[], language: Language): PaymentSheet {
  const lines = new Map<string, PaymentLine>();
  for (const grant of grants) {
    const key = `${grant.source}\n${grant.till ?? ''}`;
    const line = lines.get(key) ?? {
      sender: grant.source,
      ...(grant.till !== undefined && { till: grant.till }),
      told: NOTHING,
      by: Object.fromEntries(GRANT_STATUSES.map((status) => [status, NOTHING])) as PaymentLine['by'],
    };
    const status = grantStatus(grant);
    const amount = grant.amount ?? 0;
    lines.set(key, {
      ...line,
      told: plus(line.told, amount),
      by: { ...line.by, [status]: plus(line.by[status], amount) },
    });
  }
  const missing = grants.filter((grant) => !COUNTED.includes(grantStatus(grant)));
  return {
    day,
    lines: [...lines.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line),
    notCounted: missing.slice(0, NAMED_MOST).map((grant) => grantFateAnswer(grant, language)),
    moreNotCounted: Math.max(0, missing.length - NAMED_MOST),
  };
}

/** What the box keeps of payments, for the ways in. */
export interface PaymentFates {
  get(id: string): TrackedGrant | undefined;
  /** Told on that Beijing day, oldest first. */
  on(day: string): Promise<readonly TrackedGrant[]>;
}
