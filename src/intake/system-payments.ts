/** Payments of a management system that is known by a profile, as the intake understands them. Knows no profile and no wire. */
import type { MappedPayment } from '../management/payment.ts';
import type { Checked } from './check.ts';
import type { Understood } from './events.ts';
import { paidPlate, understandGrant } from './grants.ts';
import type { IntakeOptions } from './intake-contract.ts';

/** What the profile says is no payment is none to anybody: it leaves no trace. */
export type SystemPayment =
  | Exclude<MappedPayment, { readonly left: unknown }>
  | Extract<MappedPayment, { readonly left: 'otherLane' }>;

export const isCounted = (payment: MappedPayment): payment is SystemPayment =>
  !('left' in payment && payment.left === 'notPaid');

type Context = Parameters<typeof understandGrant>[2] & Pick<IntakeOptions, 'lanes'>;

/** For a lane that is in no list: of another box, and ignored, or its name was changed, and the lanes are told of the plate. */
export function ofOtherLane(theirLane: string, { id, plate }: Readonly<Record<string, unknown>>): Checked<Understood> {
  const told = paidPlate(plate === undefined ? undefined : String(plate), theirLane).plate;
  const elsewhere = { kind: 'elsewhere', laneId: theirLane, plate: told?.text ?? '', grantId: String(id) } as const;
  return { data: { content: {}, ignored: 'otherLane', theirLane, ...(told && { elsewhere }) } };
}

/** `name`: of the system. */
export function understandPayment(payment: SystemPayment, name: string, context: Context): Checked<Understood> {
  if ('left' in payment) return ofOtherLane(payment.lane, payment.grant);
  const { grant, places } = payment;
  const checked = understandGrant(grant, name, context);
  if (!('errors' in checked)) return checked;
  return {
    ...checked,
    errors: checked.errors.map(({ field, message }) => ({ field: places[field] ?? field, message })),
  };
}
