/** Checks between the parts of a platform profile: every name exists, every part is used, and the signature can be made. Pure. */
import type { z } from 'zod';
import { platformProfileText as text } from '../../text/commands/platform-profile.ts';
import type { FaultText } from '../../text/config.ts';
import type { PlatformProfile, RequestForm, SignatureForm, ValueGroup, ValueSource } from './profile-form.ts';
import { type FactType, PICTURE_FACTS, RECORD_FACTS } from './record-facts.ts';

export type ProfileStep = string | number;
export type Complain = (complaint: FaultText, ...path: ProfileStep[]) => void;

/** One source with its place. */
interface Placed {
  readonly source: ValueSource;
  readonly group: 'headers' | 'query' | 'fields' | 'data';
  readonly name: string;
  readonly path: readonly ProfileStep[];
}

const GROUPS = ['headers', 'query', 'fields', 'data'] as const;
const ORIGINS = ['fact', 'value', 'constant', 'secret', 'now', 'nonce', 'token', 'signature', 'data'] as const;
/** Parts of a signed text that are no names of fields. */
const OWN_PARTS: readonly string[] = ['data', 'body', 'secret', 'method', 'path'];
/** Never a number: JavaScript would sort those before all others. */
const WIRE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

export function checkProfile(profile: PlatformProfile, context: z.RefinementCtx): void {
  const complain: Complain = (complaint, ...path) =>
    context.addIssue({ code: 'custom', path, message: complaint.message.en, params: { complaint } });
  const requests = [
    { form: profile.request, at: ['request'] as readonly ProfileStep[], isLogin: false },
    ...(profile.session === undefined
      ? []
      : [{ form: profile.session.request, at: ['session', 'request'] as readonly ProfileStep[], isLogin: true }]),
  ];
  const all = requests.flatMap(({ form, at, isLogin }) => {
    const placed = placedSources(form, at);
    for (const each of placed) checkSource(each, form, complain);
    checkPlaces(placed, form, at, complain);
    if (form.signature !== undefined)
      checkSignatureForm(form.signature, signedParts(form, placed), [...at, 'signature'], complain);
    const hasToken = placed.find(({ source }) => source.token === true);
    if (hasToken !== undefined && (isLogin || profile.session === undefined))
      complain(isLogin ? text.tokenInLogin() : text.noSession(), ...hasToken.path);
    return placed;
  });
  if (profile.session !== undefined && !all.some(({ source }) => source.token === true))
    complain(text.tokenUnused(), 'session');
  checkNames(profile, all, complain);
  checkPictures(profile, all, complain);
}

const signedParts = (form: RequestForm, placed: readonly Placed[]): SignedParts => ({
  hasData: form.data !== undefined,
  isInside: placed.some(({ source, group }) => source.signature === true && group === 'fields'),
  names: placed.map(({ name }) => name),
});

function placedSources(form: RequestForm, at: readonly ProfileStep[]): readonly Placed[] {
  return GROUPS.flatMap((group) =>
    Object.entries<ValueGroup[string]>(form[group] ?? {}).flatMap(([name, written]) => {
      const path = [...at, group, name];
      if (!Array.isArray(written)) return [{ source: written, group, name, path }];
      return written.map((source, index) => ({ source, group, name, path: [...path, index] }));
    }),
  );
}

function checkSource({ source, group, name, path }: Placed, form: RequestForm, complain: Complain): void {
  if (!WIRE_NAME.test(name)) complain(text.badName(name), ...path);
  const given = ORIGINS.filter((origin) => source[origin] !== undefined);
  if (given.length !== 1) complain(text.oneOrigin(given), ...path);
  if (source.secret !== undefined && group !== 'headers') complain(text.secretOutside(), ...path, 'secret');
  if (source.number && form.encoding !== 'json') complain(text.numberOutsideJson(), ...path, 'number');
  const type: FactType = source.fact === undefined ? 'text' : RECORD_FACTS[source.fact];
  const isTime = type === 'time';
  if (isTime !== (source.time !== undefined)) complain(isTime ? text.needsTime() : text.noTime(), ...path);
  const units: readonly string[] =
    type === 'money' ? ['fen', 'yuan'] : type === 'duration' ? ['milliseconds', 'seconds', 'minutes'] : [];
  const fits = source.unit === undefined ? units.length === 0 : units.includes(source.unit);
  if (!fits) complain(text.badUnit(units), ...path);
  if (typeof type === 'string') return;
  for (const value of Object.keys(source.values ?? {}))
    if (!type.includes(value)) complain(text.noSuchValue(value, type), ...path, 'values', value);
}

/** The signature and the group `data` stand in one place each. */
function checkPlaces(
  placed: readonly Placed[],
  form: RequestForm,
  at: readonly ProfileStep[],
  complain: Complain,
): void {
  const signatures = placed.filter(({ source }) => source.signature === true);
  const wanted = form.signature === undefined ? 0 : 1;
  if (signatures.length !== wanted)
    complain(text.signaturePlaces(signatures.length, wanted), ...(signatures.at(-1)?.path ?? [...at, 'signature']));
  for (const { group, path } of signatures) if (group === 'data') complain(text.signatureInData(), ...path);
  const places = placed.filter(({ source }) => source.data !== undefined);
  const one = form.data === undefined ? 0 : 1;
  if (places.length !== one) complain(text.dataPlaces(places.length, one), ...(places.at(-1)?.path ?? [...at, 'data']));
  for (const { group, path, source } of places) {
    if (group !== 'fields') complain(text.dataOutsideFields(), ...path);
    if (source.data === 'object' && form.encoding !== 'json') complain(text.objectOutsideJson(), ...path);
  }
}

/** What of a request, or of a message that comes in, a signature can be over. */
export interface SignedParts {
  readonly hasData: boolean;
  /** The signature is a field of the body. */
  readonly isInside: boolean;
  /** Of fields, headers and query parameters; undefined: they are not known beforehand. */
  readonly names: readonly string[] | undefined;
}

export function checkSignatureForm(
  form: SignatureForm,
  { hasData, isInside, names }: SignedParts,
  path: readonly ProfileStep[],
  complain: Complain,
): void {
  const { recipe, over, parts, tail, hash } = form;
  const isKeyed = hash.startsWith('hmac-');
  if (recipe === 'sorted-pairs' && over === 'body') complain(text.pairsOfBody(), ...path, 'over');
  const needsData = recipe === 'parts' ? parts?.includes('data') === true && form.normal === 'text' : over === 'data';
  if (needsData && !hasData) complain(text.noData(), ...path);
  const needsBody = recipe === 'parts' ? parts?.includes('body') === true : over === 'body';
  if (needsBody && isInside) complain(text.signsItself(), ...path);
  if (recipe === 'text-and-key' && (over === 'fields' || over === 'query'))
    complain(text.textOfFields(), ...path, 'over');
  if ((recipe === 'parts') !== (parts !== undefined)) complain(text.partsBelong(), ...path);
  for (const part of parts ?? [])
    if (names !== undefined && !OWN_PARTS.includes(part) && !names.includes(part))
      complain(text.noSuchPart(part, OWN_PARTS), ...path, 'parts');
  const hasSecret = tail !== undefined || parts?.includes('secret') === true;
  if (!isKeyed && !hasSecret) complain(text.noSecretInText(hash), ...path);
}

/** Every value and secret that is used is declared, and the other way round. */
function checkNames(profile: PlatformProfile, placed: readonly Placed[], complain: Complain): void {
  const signatures = [profile.request.signature, profile.session?.request.signature].filter(
    (each) => each !== undefined,
  );
  checkDeclared(
    profile,
    {
      values: placed.flatMap(({ source, path }) => (source.value === undefined ? [] : [{ name: source.value, path }])),
      secrets: [
        ...placed.flatMap(({ source, path }) => (source.secret === undefined ? [] : [{ name: source.secret, path }])),
        ...signatures.map(({ secret }) => ({
          name: secret,
          path: ['request', 'signature', 'secret'] as readonly ProfileStep[],
        })),
      ],
    },
    complain,
  );
}

/** A name that a profile uses, and where. */
interface UsedName {
  readonly name: string;
  readonly path: readonly ProfileStep[];
}

export function checkDeclared(
  profile: Pick<PlatformProfile, 'values' | 'secrets'>,
  used: Readonly<Record<'values' | 'secrets', readonly UsedName[]>>,
  complain: Complain,
): void {
  for (const kind of ['values', 'secrets'] as const) {
    const declared = Object.keys(profile[kind]);
    for (const { name, path } of used[kind])
      if (!declared.includes(name)) complain(text.undeclared(kind, name, declared), ...path);
    for (const name of declared)
      if (!used[kind].some((each) => each.name === name)) complain(text.unused(kind, name), kind, name);
  }
}

function checkPictures({ pictures, request }: PlatformProfile, placed: readonly Placed[], complain: Complain): void {
  const modes = Object.entries(pictures);
  const made: readonly string[] = modes.flatMap(([, { facts }]) => facts);
  for (const { source, path } of placed)
    if (source.fact !== undefined && PICTURE_FACTS.some((name) => name === source.fact) && !made.includes(source.fact))
      complain(text.pictureNotMade(source.fact), ...path);
  for (const [mode, { part, facts }] of modes) {
    if (part !== undefined && request.encoding === 'json') complain(text.partInJson(), 'pictures', mode, 'part');
    const idle = facts.find((fact) => !placed.some(({ source }) => source.fact === fact));
    if (idle !== undefined) complain(text.pictureUnused(idle), 'pictures', mode, 'facts');
  }
}
