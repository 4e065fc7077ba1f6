/**
 * The form of an intake profile: closed, without expressions. Checks between its parts are `profile-checks.ts`; the meaning of each key
 * stands in docs/en/intake-profile-keys.md.
 */
import { z } from 'zod';
import type { Grant } from '../lane/types.ts';
import { name, profileHead, profileText, signature, TIME_FORMATS } from '../platform/profile-form.ts';

export const CHARSETS = ['utf-8', 'gbk', 'gb18030'] as const;
const ENCODINGS = ['form', 'multipart', 'json', 'xml', 'query'] as const;

/** `text`, `time`, `money`, `number`, or one of a list. */
export type PaymentFieldType = 'text' | 'time' | 'money' | 'number' | readonly string[];

const COLORS = ['blue', 'yellow', 'white', 'black', 'green'] as const satisfies readonly Grant['plateColor'][];
const KINDS = [
  'paid',
  'monthly',
  'free',
  'storedValue',
  'remoteOpen',
  'other',
] as const satisfies readonly Grant['kind'][];

/** What a payment may say: the fields of `POST /api/v1/grants`. */
export const PAYMENT_FIELDS = {
  id: 'text',
  lane: 'text',
  plate: 'text',
  plateColor: COLORS,
  count: 'number',
  kind: KINDS,
  carType: ['0', '1', '2', '3', '4'],
  direction: ['entry', 'exit'],
  amount: 'money',
  currency: 'text',
  carDesc: 'text',
  parkingSerial: 'text',
  issuedAt: 'time',
  expiresAt: 'time',
  operator: 'text',
  till: 'text',
} as const satisfies Readonly<Record<string, PaymentFieldType>>;

export type PaymentField = keyof typeof PAYMENT_FIELDS;

/** A place within a message: `data.orderNo`; a column of a row. Names may be Chinese. */
const place = z.string().regex(/^[^.\s][^.]{0,63}(\.[^.]{1,64}){0,5}$/);

/** Where a value comes from (exactly one of the first five), and its form there. */
const origin = () =>
  z.strictObject({
    field: place.optional(),
    query: name.optional(),
    header: name.optional(),
    value: name.optional(),
    constant: profileText.optional(),
    /** Ours by theirs; `*` stands for all others, and what is in no list is left out. */
    values: z.record(z.string(), z.string().max(80)).optional(),
    time: z.enum(TIME_FORMATS).optional(),
    unit: z.enum(['fen', 'yuan']).optional(),
    prefix: profileText.optional(),
  });

/** The first that is not empty. */
const origins = () => {
  const one = origin();
  return z.union([one, z.array(one).min(1).max(4)]);
};

const payment = () =>
  z.strictObject(
    Object.fromEntries(
      Object.keys(PAYMENT_FIELDS).map((field) => [field, field === 'id' ? origins() : origins().optional()]),
    ) as Record<Exclude<PaymentField, 'id'>, z.ZodOptional<ReturnType<typeof origins>>> & {
      id: ReturnType<typeof origins>;
    },
  );

const answer = () =>
  z.strictObject({ status: z.int().min(200).max(599).default(200), body: z.string().max(2_000).default('') });

const push = () =>
  z.strictObject({
    method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
    encoding: z.enum(ENCODINGS),
    charset: z.enum(CHARSETS).default('utf-8'),
    /** A field whose text is a JSON object of its own, or that is one: `data.…` reaches into it. */
    data: place.regex(/^[^.]+$/).optional(),
    /** The list of payments in a message; absent: it has one. */
    items: place.optional(),
    /** How the sender proves who it is; absent: by its address. */
    signature: signature()
      .extend({ at: z.strictObject({ field: place.optional(), query: name.optional(), header: name.optional() }) })
      .optional(),
    token: z
      .strictObject({ field: place.optional(), query: name.optional(), header: name.optional(), secret: name })
      .optional(),
    answer: z.strictObject({
      contentType: z.string().regex(/^[\w.+-]+\/[\w.+-]+(;\s*[\w-]+=[\w-]+)*$/),
      arrived: answer(),
      refused: answer(),
      /** Not now: it is to be sent again; absent: as `refused`, with status 503. */
      later: answer().optional(),
      /** Absent: as `refused`, with status 401. */
      badSignature: answer().optional(),
    }),
  });

/** Made by whoever reads a profile: a start does not wait for it. */
export const intakeProfileForm = () =>
  z.strictObject({
    ...profileHead(),
    payment: payment(),
    /** Only where each of these places has one of these texts is it a payment. */
    only: z.record(place, z.array(z.string().max(80)).min(1).max(50)).default({}),
    push: push(),
  });

export type IntakeProfile = z.infer<ReturnType<typeof intakeProfileForm>>;
export type PushForm = IntakeProfile['push'];
export type PaymentOrigin = z.infer<ReturnType<typeof origin>>;
export type Charset = (typeof CHARSETS)[number];
