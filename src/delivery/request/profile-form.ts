/**
 * The form of a platform profile: closed, without expressions. Checks between its parts are `profile-checks.ts`; the meaning of each key
 * stands in docs/en/platform-profiles.md.
 */
import { z } from 'zod';
import { PICTURE_FACTS, RECORD_FACTS } from './record-facts.ts';

/** The name of a value, a secret or a picture mode. */
export const name = z.string().min(1).max(64);
/** A text of a profile. */
export const profileText = z.string().min(1).max(500);
const text = profileText;
const bilingual = z.strictObject({ zh: text, en: text });

export const TIME_FORMATS = [
  'unix-seconds',
  'unix-ms',
  'utc',
  'utc-ms',
  'local',
  'local-compact',
  'local-iso',
] as const;
const NONCE_FORMS = ['hex', 'uuid', 'digits'] as const;
const FACT_NAMES = Object.keys(RECORD_FACTS) as [keyof typeof RECORD_FACTS, ...(keyof typeof RECORD_FACTS)[]];

/** Where a value comes from (exactly one of the first nine), and its form. */
const source = () =>
  z.strictObject({
    fact: z.enum(FACT_NAMES).optional(),
    value: name.optional(),
    constant: text.optional(),
    secret: name.optional(),
    now: z.enum(TIME_FORMATS).optional(),
    nonce: z.enum(NONCE_FORMS).optional(),
    token: z.literal(true).optional(),
    signature: z.literal(true).optional(),
    /** The group `data` as a JSON object, or as its text. */
    data: z.enum(['object', 'text']).optional(),
    /** Their name of each of our values; a value without one is left out. */
    values: z.record(z.string(), text).optional(),
    time: z.enum(TIME_FORMATS).optional(),
    unit: z.enum(['fen', 'yuan', 'milliseconds', 'seconds', 'minutes']).optional(),
    case: z.enum(['upper', 'lower']).optional(),
    prefix: text.optional(),
    /** Characters; the rest is cut off. */
    maxLength: z.int().min(1).max(10_000).optional(),
    /** Characters of a key: a longer one becomes the beginning of its SHA-256, which is as unique. */
    keyLength: z.int().min(16).max(64).optional(),
    /** In JSON a number, not a text. */
    number: z.boolean().default(false),
  });
/** The first that is not empty. */
const group = () => {
  const one = source();
  return z.record(z.string(), z.union([one, z.array(one).min(1).max(4)]));
};

export const signature = () =>
  z.strictObject({
    recipe: z.enum(['sorted-pairs', 'text-and-key', 'parts']),
    /** Whose pairs or text. `body`: the whole body as sent. */
    over: z.enum(['fields', 'data', 'body', 'query']).default('fields'),
    except: z.array(name).default([]),
    /** Of recipe `parts`. */
    parts: z.array(name).min(1).max(12).optional(),
    /** Each part as `name=value`. */
    names: z.boolean().default(false),
    /** The part `data`. */
    normal: z.enum(['text', 'sorted-json', 'sorted-pairs']).default('text'),
    separator: z.string().max(8).optional(),
    /** Before the secret at the end of the text; without it the secret is not in the text. */
    tail: z.string().max(64).optional(),
    textCase: z.enum(['upper', 'lower']).optional(),
    secret: name,
    hash: z.enum(['md5', 'sha1', 'sha256', 'sha512', 'hmac-md5', 'hmac-sha1', 'hmac-sha256', 'hmac-sha512']),
    digest: z.enum(['hex', 'base64', 'base64url']).default('hex'),
    case: z.enum(['upper', 'lower']).optional(),
  });

const request = () => {
  const values = group();
  return z.strictObject({
    method: z.enum(['POST', 'PUT']).default('POST'),
    path: z
      .string()
      .regex(/^(\/[^\s?#]*)?$/)
      .default(''),
    encoding: z.enum(['form', 'multipart', 'json']),
    headers: values.default({}),
    query: values.default({}),
    fields: values,
    /** A group of its own, placed by `{ data: object }` or `{ data: text }`. */
    data: values.optional(),
    /** Absent: the platform knows us by a secret in a header or a field. */
    signature: signature().optional(),
  });
};

/** An answer's code; with `says` only when its message contains this text. */
const code = z.union([z.string().min(1), z.strictObject({ code: z.string().min(1), says: text })]);
const codes = z.array(code).default([]);
const member = z.string().regex(/^[A-Za-z_]\w*(\.\w+){0,3}$/);

const answer = () =>
  z.strictObject({
    /** Absent: the HTTP status is the code. */
    code: member.optional(),
    message: member.optional(),
    hint: member.optional(),
    serial: member.optional(),
    arrived: z.array(code).min(1),
    duplicate: codes,
    refused: codes,
    badSignature: codes,
    blocked: codes,
    retry: codes,
    /** The token has run out: a new one is fetched. */
    login: codes,
  });

const session = () =>
  z.strictObject({
    request: request(),
    answer: z.strictObject({
      code: member.optional(),
      message: member.optional(),
      arrived: z.array(code).min(1),
      badSignature: codes,
      token: member,
    }),
  });

const pictureMode = () =>
  z.strictObject({
    part: name.optional(),
    filename: name.default('capture.jpg'),
    facts: z.array(z.enum(PICTURE_FACTS)).default([]),
  });

/** The head of every profile: whose it is, and what whoever uses it must give, by name. */
export const profileHead = () => ({
  maker: text,
  model: text,
  source: text,
  note: bilingual.optional(),
  values: z
    .record(
      z.string(),
      z.strictObject({ text: bilingual, optional: z.boolean().default(false), default: text.optional() }),
    )
    .default({}),
  secrets: z.record(z.string(), z.strictObject({ text: bilingual })).default({}),
});

/** Made by whoever reads a profile: a start does not wait for it. */
export const profileForm = () =>
  z.strictObject({
    ...profileHead(),
    /** By name; the first is taken when a destination names none. */
    pictures: z.record(z.string(), pictureMode()).default({}),
    request: request(),
    session: session().optional(),
    answer: answer(),
  });

export type PlatformProfile = z.infer<ReturnType<typeof profileForm>>;
export type RequestForm = PlatformProfile['request'];
export type ValueGroup = RequestForm['fields'];
export type ValueSource = z.infer<ReturnType<typeof source>>;
export type SignatureForm = z.infer<ReturnType<typeof signature>>;
export type AnswerForm = PlatformProfile['answer'];
export type AnswerCode = z.infer<typeof code>;
export type TimeFormat = (typeof TIME_FORMATS)[number];
export type NonceForm = (typeof NONCE_FORMS)[number];
