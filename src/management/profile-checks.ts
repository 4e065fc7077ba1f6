/** Checks between the parts of an intake profile: every name exists, every part is used, and nothing in it could act. Pure. */
import type { z } from 'zod';
import { type Complain, checkDeclared, checkSignatureForm, type ProfileStep } from '../platform/profile-checks.ts';
import { intakeProfileText as text } from '../text/commands/intake-profile.ts';
import { platformProfileText } from '../text/commands/platform-profile.ts';
import { actingAnswer } from './acting-words.ts';
import {
  type IntakeProfile,
  PAYMENT_FIELDS,
  type PaymentField,
  type PaymentFieldType,
  type PaymentOrigin,
  type PushForm,
} from './profile-form.ts';

const ORIGINS = ['field', 'query', 'header', 'value', 'constant'] as const;

/** One origin with its place. */
interface PlacedOrigin {
  readonly origin: PaymentOrigin;
  readonly field: PaymentField;
  readonly path: readonly ProfileStep[];
}

export function checkIntakeProfile(profile: IntakeProfile, context: z.RefinementCtx): void {
  const complain: Complain = (complaint, ...path) =>
    context.addIssue({ code: 'custom', path, message: complaint.message.en, params: { complaint } });
  const placed = placedOrigins(profile.payment);
  for (const each of placed) checkOrigin(each, complain);
  if (profile.payment.plate === undefined && profile.payment.lane === undefined)
    complain(text.plateOrLane(), 'payment');
  checkPush(profile.push, complain);
  const secrets = [
    ...(profile.push.signature ? [{ name: profile.push.signature.secret, path: ['push', 'signature', 'secret'] }] : []),
    ...(profile.push.token ? [{ name: profile.push.token.secret, path: ['push', 'token', 'secret'] }] : []),
  ];
  const values = placed.flatMap(({ origin, path }) =>
    origin.value === undefined ? [] : [{ name: origin.value, path }],
  );
  checkDeclared(profile, { values, secrets }, complain);
}

function placedOrigins(payment: IntakeProfile['payment']): readonly PlacedOrigin[] {
  return Object.entries(payment).flatMap(([name, written]) => {
    const field = name as PaymentField;
    const path = ['payment', name];
    if (written === undefined) return [];
    if (!Array.isArray(written)) return [{ origin: written, field, path }];
    return written.map((origin, index) => ({ origin, field, path: [...path, index] }));
  });
}

function checkOrigin({ origin, field, path }: PlacedOrigin, complain: Complain): void {
  const given = ORIGINS.filter((each) => origin[each] !== undefined);
  if (given.length !== 1) complain(text.oneOrigin(given), ...path);
  const type: PaymentFieldType = PAYMENT_FIELDS[field];
  const isTime = type === 'time';
  if (isTime !== (origin.time !== undefined))
    complain(isTime ? platformProfileText.needsTime() : platformProfileText.noTime(), ...path);
  const isMoney = type === 'money';
  if (isMoney !== (origin.unit !== undefined))
    complain(platformProfileText.badUnit(isMoney ? ['fen', 'yuan'] : []), ...path);
  if (typeof type === 'string') return;
  const ours = [...Object.values(origin.values ?? {}), ...(origin.constant === undefined ? [] : [origin.constant])];
  for (const value of ours) if (!type.includes(value)) complain(platformProfileText.noSuchValue(value, type), ...path);
}

function checkPush(push: PushForm, complain: Complain): void {
  const { signature, token, answer, encoding, method, data } = push;
  if ((encoding === 'query') !== (method === 'GET')) complain(text.queryIsGet(), 'push', 'encoding');
  if (data !== undefined && encoding === 'xml') complain(text.dataInXml(), 'push', 'data');
  for (const [key, at] of Object.entries({ signature: signature?.at, token })) {
    if (at === undefined) continue;
    const places = [at.field, at.query, at.header].filter((each) => each !== undefined);
    if (places.length !== 1) complain(text.onePlace(), 'push', key);
  }
  if (signature !== undefined) {
    const signed = { hasData: data !== undefined, isInside: signature.at.field !== undefined, names: undefined };
    checkSignatureForm(signature, signed, ['push', 'signature'], complain);
  }
  for (const [name, given] of Object.entries(answer)) {
    const word = typeof given === 'object' ? actingAnswer(given.body) : undefined;
    if (word !== undefined) complain(text.actingAnswer(word), 'push', 'answer', name, 'body');
  }
}
