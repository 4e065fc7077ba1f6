/** Payments of a management system that is known by a profile, as the intake understands them. Knows no profile and no wire. */
import type { MappedPayment } from '../management/payment.ts';
import type { Checked } from './check.ts';
import type { Understood } from './events.ts';
import { understandGrant } from './grants.ts';
import type { IntakeOptions } from './intake-contract.ts';
import { understandMessagePlate } from './plate-normalization.ts';

/** What the profile says is no payment is none to anybody: it leaves no trace. */
export type SystemPayment =
  | Exclude<MappedPayment, { readonly left: unknown }>
  | Extract<MappedPayment, { readonly left: 'otherLane' }>;

export const isCounted = (payment: MappedPayment): payment is SystemPayment =>
  !('left' in payment && payment.left === 'notPaid');

type Context = Parameters<typeof understandGrant>[2] & Pick<IntakeOptions, 'lanes'>;

/** `name`: of the system. What is of another box is ignored. */
export function understandPayment(payment: SystemPayment, name: string, context: Context): Checked<Understood> {
  if ('left' in payment) return { data: { content: {}, ignored: 'otherLane', theirLane: payment.lane } };
  const { grant, places } = payment;
  // 无牌车 and the like stand where a plate would.
  const { plate, ...others } = grant;
  const isNone = typeof plate === 'string' && understandMessagePlate(plate).kind === 'none';
  const checked = understandGrant(isNone ? others : grant, name, context);
  if (!('errors' in checked)) return checked;
  return {
    ...checked,
    errors: checked.errors.map(({ field, message }) => ({ field: places[field] ?? field, message })),
  };
}
