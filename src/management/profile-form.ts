/**
 * The form of an intake profile: closed, without expressions. Checks between its parts are `profile-checks.ts`; the meaning of each key
 * stands in docs/en/intake-profiles.md.
 */
import { z } from 'zod';
import { name, profileHead, profileText, signature, TIME_FORMATS } from '../delivery/request/profile-form.ts';
import { GRANT_KINDS, PLATE_COLORS } from '../kinds.ts';

export const CHARSETS = ['utf-8', 'gbk', 'gb18030'] as const;
const ENCODINGS = ['form', 'multipart', 'json', 'xml', 'query'] as const;

/** `text`, `time`, `money`, `number`, or one of a list. */
export type PaymentFieldType = 'text' | 'time' | 'money' | 'number' | readonly string[];

/** What a payment may say: the fields of `POST /api/v1/grants`. */
export const PAYMENT_FIELDS = {
  id: 'text',
  lane: 'text',
  plate: 'text',
  plateColor: PLATE_COLORS,
  count: 'number',
  kind: GRANT_KINDS,
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

/** A table, a view or a column: names only, never a piece of SQL. */
const identifier = z.string().regex(/^[\p{L}_][\p{L}\p{N}_$#]{0,63}$/u);
const tableName = z.string().regex(/^[\p{L}_][\p{L}\p{N}_$#]{0,63}(\.[\p{L}_][\p{L}\p{N}_$#]{0,63}){0,2}$/u);

/**
 * What of a row grows: a number, or a time in one of these forms. `overlap`: rows that appear this far behind the newest are still found, in
 * numbers, or in seconds of a time.
 */
const CURSOR_TIMES = ['local', 'local-compact', 'utc', 'unix-seconds', 'unix-ms'] as const;
const cursor = <T extends z.ZodType>(column: T) =>
  z.strictObject({
    column,
    time: z.enum(CURSOR_TIMES).optional(),
    overlap: z.int().min(0).max(1_000_000).default(600),
  });

/** The places of a payment are columns; `payment.id` is the key of the row. */
const sql = () => z.strictObject({ table: tableName, cursor: cursor(identifier) });

const FILE_FORMS = ['csv', 'json', 'pairs'] as const;

/** A file that grows by lines; its places are columns, members, or names before a `=`. */
const file = () =>
  z.strictObject({
    lines: z.enum(FILE_FORMS),
    charset: z.enum(CHARSETS).default('utf-8'),
    separator: z.string().min(1).max(1).default(','),
    /** Names of the columns; absent: the first line has them. */
    columns: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
  });

/** Where a parameter of a poll comes from: exactly one of these. */
const parameter = () =>
  z.strictObject({
    value: name.optional(),
    constant: profileText.optional(),
    secret: name.optional(),
    /** From when on, in a form of times: the newest known less the overlap. */
    since: z.enum(TIME_FORMATS).optional(),
    now: z.enum(TIME_FORMATS).optional(),
    /** Counts from this number. */
    page: z.int().min(0).max(1).optional(),
    signature: z.literal(true).optional(),
  });

/** A list that is polled, by GET alone. */
const rest = () =>
  z.strictObject({
    path: z.string().regex(/^(\/[^\s?#]*)?$/),
    query: z.record(z.string(), parameter()).default({}),
    headers: z.record(z.string(), parameter()).default({}),
    signature: signature().optional(),
    /** The list of payments in the answer; absent: the answer is one. */
    items: place.optional(),
    /** Unless each of these places of the answer has one of its texts, the poll has failed. */
    good: z.record(place, z.array(z.string().max(80)).min(1)).default({}),
    cursor: z.strictObject({
      field: place,
      time: z.enum(CURSOR_TIMES).optional(),
      overlap: z.int().min(0).max(1_000_000).default(600),
    }),
    pageSize: z.int().min(1).max(1_000).default(100),
  });

/** Made by whoever reads a profile: a start does not wait for it. */
export const intakeProfileForm = () =>
  z.strictObject({
    ...profileHead(),
    payment: payment(),
    /** Only where each of these places has one of these texts is it a payment. */
    only: z.record(place, z.array(z.string().max(80)).min(1).max(50)).default({}),
    /** Exactly one of these: how its payments come. */
    push: push().optional(),
    sql: sql().optional(),
    file: file().optional(),
    rest: rest().optional(),
  });

export type IntakeProfile = z.infer<ReturnType<typeof intakeProfileForm>>;
export type PushForm = NonNullable<IntakeProfile['push']>;
export type SqlForm = NonNullable<IntakeProfile['sql']>;
export type FileForm = NonNullable<IntakeProfile['file']>;
export type RestForm = NonNullable<IntakeProfile['rest']>;
export type CursorForm = Pick<SqlForm['cursor'], 'time' | 'overlap'>;
export type PaymentOrigin = z.infer<ReturnType<typeof origin>>;
export type Charset = (typeof CHARSETS)[number];
