/** Checks between the parts of an intake profile: every name exists, every part is used, and nothing in it could act. Pure. */
import type { z } from 'zod';
import {
  type Complain,
  checkDeclared,
  checkSignatureForm,
  type ProfileStep,
} from '../delivery/request/profile-checks.ts';
import { actingPart } from '../outward/written-peer.ts';
import { intakeProfileText as text } from '../text/commands/intake-profile.made.ts';
import { platformProfileText } from '../text/commands/platform-profile.ts';
import { actingAnswer } from './acting-words.ts';
import {
  type IntakeProfile,
  PAYMENT_FIELDS,
  type PaymentField,
  type PaymentFieldType,
  type PaymentOrigin,
  type PushForm,
  type RestForm,
} from './profile-form.ts';

/** How the payments of a profile come. */
const WAYS = ['push', 'sql', 'file', 'rest'] as const;
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
  const ways = WAYS.filter((way) => profile[way] !== undefined);
  if (ways.length !== 1) complain(text.oneWay(ways, WAYS));
  if (profile.push !== undefined) checkPush(profile.push, complain);
  else checkPulled(placed, complain);
  if (profile.rest !== undefined) checkPoll(profile.rest, complain);
  const parameters = parametersOf(profile.rest);
  const used = (kind: 'value' | 'secret') =>
    parameters.flatMap(({ source, path }) => (source[kind] === undefined ? [] : [{ name: source[kind], path }]));
  const { push, rest } = profile;
  const named = (name: string | undefined, ...path: ProfileStep[]) => (name === undefined ? [] : [{ name, path }]);
  const secrets = [
    ...named(push?.signature?.secret, 'push', 'signature', 'secret'),
    ...named(push?.token?.secret, 'push', 'token', 'secret'),
    ...named(rest?.signature?.secret, 'rest', 'signature', 'secret'),
    ...used('secret'),
  ];
  const values = [
    ...placed.flatMap(({ origin, path }) => (origin.value === undefined ? [] : [{ name: origin.value, path }])),
    ...used('value'),
  ];
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

const PARAMETER_ORIGINS = ['value', 'constant', 'secret', 'since', 'now', 'page', 'signature'] as const;

function parametersOf(rest: RestForm | undefined) {
  return (['query', 'headers'] as const).flatMap((group) =>
    Object.entries(rest?.[group] ?? {}).map(([name, source]) => ({ name, source, path: ['rest', group, name] })),
  );
}

/** A row has columns only, and its key is one of them. */
function checkPulled(placed: readonly PlacedOrigin[], complain: Complain): void {
  for (const { origin, field, path } of placed) {
    if (origin.query !== undefined || origin.header !== undefined) complain(text.noMessage(), ...path);
    if (field === 'id' && (origin.field === undefined || path.length > 2)) complain(text.keyColumn(), 'payment', 'id');
  }
}

function checkPoll(rest: RestForm, complain: Complain): void {
  const constants = Object.entries(rest.query).map(([name, { constant = '' }]) => `${name}=${constant}`);
  const acting = actingPart(`${rest.path}?${constants.join('&')}`);
  if (acting !== undefined) complain(text.actingPath(acting), 'rest', 'path');
  for (const { source, path } of parametersOf(rest)) {
    const given = PARAMETER_ORIGINS.filter((each) => source[each] !== undefined);
    if (given.length !== 1) complain(text.oneParameter(given, PARAMETER_ORIGINS), ...path);
    if (source.secret !== undefined && path[1] === 'query') complain(platformProfileText.secretOutside(), ...path);
  }
  if (rest.signature === undefined) return;
  const names = parametersOf(rest).map(({ name }) => name);
  checkSignatureForm(rest.signature, { hasData: false, isInside: false, names }, ['rest', 'signature'], complain);
}
