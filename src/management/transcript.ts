/**
 * A transcript proves an intake profile: messages as they were published, derived or captured, the payments each must give, and the answer
 * byte for byte. Pure: it compares and reports; it reads no file.
 */
import { z } from 'zod';
import type { TranscriptDifference } from '../delivery/request/transcript.ts';
import { encodedAs } from './charset.ts';
import { type MappedPayment, type PaymentRules, paymentOf } from './payment.ts';
import { type IntakeProfile, PAYMENT_FIELDS, type RestForm } from './profile-form.ts';
import { pollItems, pollRequest } from './pull/poll-request.ts';
import { type PushedProfile, readPush } from './push.ts';

const text = z.string();
const texts = z.record(z.string(), text).default({});
const hex = z.string().regex(/^([0-9a-f]{2})+$/);

const payment = z.strictObject(
  Object.fromEntries(Object.keys(PAYMENT_FIELDS).map((name) => [name, z.union([text, z.number()]).optional()])),
);

/** What becomes of a message or a row: its payments in order. */
const gives = {
  payments: z.array(z.union([payment, z.enum(['notPaid', 'otherLane'])])).default([]),
};

const given = {
  name: text.min(1),
  /** `published`: the system's documents have it. `capture`: taken from a wire. */
  from: z.enum(['published', 'derived', 'capture']),
  values: texts,
  secrets: texts,
  lanes: texts,
};

const push = z.strictObject({
  ...given,
  message: z.strictObject({
    path: text.default('/'),
    query: text.default(''),
    headers: texts,
    /** In the character set of the profile. */
    body: text.default(''),
    bodyHex: hex.optional(),
  }),
  gives: z.strictObject({
    ...gives,
    fault: z.enum(['badSignature', 'unreadable']).optional(),
    answer: z.strictObject({ status: z.int().default(200), body: text.optional(), bodyHex: hex.optional() }).optional(),
  }),
});

/** A row of a table, or a line of a file. */
const row = z.strictObject({
  ...given,
  row: texts,
  gives: z.strictObject(gives),
});

/** A poll, and what came of it. */
const poll = z.strictObject({
  ...given,
  since: text,
  now: text,
  page: z.int().min(0).default(0),
  answer: text.optional(),
  gives: z.strictObject({ ...gives, path: text.optional(), headers: texts, fault: text.optional() }),
});

export const intakeTranscript = z.strictObject({
  profile: text,
  source: text,
  pushes: z.array(push).default([]),
  rows: z.array(row).default([]),
  polls: z.array(poll).default([]),
});

export type IntakeTranscript = z.infer<typeof intakeTranscript>;
type TranscriptStep = string | number;

/** The name under which a transcript's payments are numbered. */
export const TRANSCRIPT_SYSTEM = 'system';

export function intakeDifferences(
  profile: IntakeProfile,
  { pushes, rows, polls }: IntakeTranscript,
): readonly TranscriptDifference[] {
  const { push, rest } = profile;
  const unfit = (what: string, many: number): readonly TranscriptDifference[] =>
    many === 0 ? [] : [{ path: [what], example: what, what, expected: what, given: '' }];
  return [
    ...(push === undefined
      ? unfit('pushes', pushes.length)
      : pushes.flatMap((each, index) => ofPush({ ...profile, push }, each, ['pushes', index]))),
    ...rows.flatMap((each, index) => ofRow(profile, each, ['rows', index])),
    ...(rest === undefined
      ? unfit('polls', polls.length)
      : polls.flatMap((each, index) => ofPoll(profile, rest, each, ['polls', index]))),
  ];
}

export const examplesOf = ({ pushes, rows, polls }: IntakeTranscript) => [...pushes, ...rows, ...polls];

const NO_HEAD = { query: {}, headers: {} };

function ofRow(profile: IntakeProfile, written: IntakeTranscript['rows'][number], at: readonly TranscriptStep[]) {
  // A name of a column may have no dot, so that a row is read as a message is.
  const made = [paymentOf(profile, written.row, NO_HEAD, transcriptRules(written))];
  const place = { path: [...at, 'gives', 'payments'], example: written.name, what: 'payments' };
  return paymentDifferences(place, written.gives.payments, made);
}

function ofPoll(
  profile: IntakeProfile,
  form: RestForm,
  written: IntakeTranscript['polls'][number],
  at: readonly TranscriptStep[],
): readonly TranscriptDifference[] {
  const { gives: wanted, answer, values, secrets, page } = written;
  const inputs = { values, secrets, page, sinceWallMs: Date.parse(written.since), nowWallMs: Date.parse(written.now) };
  const { path, headers } = pollRequest(form, inputs);
  const place = (what: string) => ({ path: [...at, 'gives', what], example: written.name, what });
  const read = answer === undefined ? undefined : pollItems(form, answer);
  const items = read !== undefined && 'items' in read ? read.items : [];
  const made = items.map((item) => paymentOf(profile, item, NO_HEAD, transcriptRules(written)));
  return [
    ...(wanted.path === undefined ? [] : compared(place('path'), wanted.path, path)),
    ...Object.entries(wanted.headers).flatMap(([name, value]) => compared(place(name), value, headers[name] ?? '')),
    ...compared(place('fault'), wanted.fault ?? '', read !== undefined && 'fault' in read ? read.fault : ''),
    ...paymentDifferences(place('payments'), wanted.payments, made),
  ];
}

export const transcriptRules = ({
  values,
  lanes,
}: Pick<IntakeTranscript['pushes'][number], 'values' | 'lanes'>): PaymentRules => ({
  name: TRANSCRIPT_SYSTEM,
  values,
  lanes,
});

function ofPush(
  profile: PushedProfile,
  written: IntakeTranscript['pushes'][number],
  at: readonly TranscriptStep[],
): readonly TranscriptDifference[] {
  const { message, gives: wanted } = written;
  const { method, charset } = profile.push;
  const body = message.bodyHex === undefined ? encodedAs(message.body, charset) : Buffer.from(message.bodyHex, 'hex');
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { path, query } = message;
  const made = readPush(
    profile,
    { method, path, query, headers, body },
    { ...transcriptRules(written), secrets: written.secrets },
  );
  const place = (what: string) => ({ path: [...at, 'gives', what], example: written.name, what });
  const meaning = made.fault === undefined ? 'arrived' : made.fault === 'badSignature' ? 'badSignature' : 'refused';
  const reply = made.reply(meaning);
  const { answer } = wanted;
  return [
    ...compared(place('fault'), wanted.fault ?? 'none', made.fault ?? 'none'),
    ...paymentDifferences(place('payments'), wanted.payments, made.payments),
    ...(answer === undefined ? [] : compared(place('status'), String(answer.status), String(reply.status))),
    ...(answer?.body === undefined
      ? []
      : compared(
          place('answer'),
          answer.body,
          reply.body.equals(encodedAs(answer.body, charset)) ? answer.body : reply.body.toString('utf8'),
        )),
    ...(answer?.bodyHex === undefined ? [] : compared(place('answer'), answer.bodyHex, reply.body.toString('hex'))),
  ];
}

type PlaceOf = Pick<TranscriptDifference, 'path' | 'example' | 'what'>;

export const compared = (place: PlaceOf, expected: string, found: string): readonly TranscriptDifference[] =>
  expected === found ? [] : [{ ...place, expected, given: found }];

export function paymentDifferences(
  place: PlaceOf,
  wanted: readonly unknown[],
  made: readonly MappedPayment[],
): readonly TranscriptDifference[] {
  const given = made.map((each) => ('left' in each ? each.left : each.grant));
  return compared(place, sortedJson(wanted), sortedJson(given));
}

/** In the order of the fields, and the same whoever wrote it. */
function sortedJson(list: readonly unknown[]): string {
  return list
    .map((each) =>
      typeof each === 'object' && each !== null
        ? JSON.stringify(
            Object.fromEntries(
              Object.entries(each)
                .filter(([, value]) => value !== undefined)
                .sort(([a], [b]) => (a < b ? -1 : 1)),
            ),
          )
        : String(each),
    )
    .join('\n');
}
