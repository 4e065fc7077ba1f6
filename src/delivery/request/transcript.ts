/**
 * A transcript proves a platform profile: published or derived examples with the exact request each must give, and answers with what each
 * must mean. Pure: it compares and reports; it reads no file.
 */
import { z } from 'zod';
import { platformReceipt, tokenOf } from './platform-answer.ts';
import type { PlatformProfile } from './profile-form.ts';
import { type PlatformFacts, pictureFacts, RECORD_FACTS } from './record-facts.ts';
import { platformRequest, withDefaults } from './request.ts';

const text = z.string();
const texts = z.record(z.string(), text).default({});

const fact = z.union([text, z.number()]).optional();
const facts = z.strictObject(Object.fromEntries(Object.keys(RECORD_FACTS).map((name) => [name, fact])));

const example = z.strictObject({
  name: text.min(1),
  /** `published`: the platform's documents have it. */
  from: z.enum(['published', 'derived']),
  of: z.enum(['request', 'session']).default('request'),
  /** By the names of the facts; a time as ISO 8601 with its zone. */
  facts: facts.prefault({}),
  values: texts,
  secrets: texts,
  now: text.optional(),
  /** 32 hexadecimal digits. */
  nonce: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  token: text.optional(),
  picture: z
    .strictObject({
      mode: text,
      hex: z
        .string()
        .regex(/^([0-9a-f]{2})+$/)
        .optional(),
    })
    .optional(),
  gives: z.strictObject({
    method: text.optional(),
    path: text.optional(),
    /** Those named must be there with this value. */
    headers: texts,
    /** With the secret, as the documents show it. */
    signedText: text.optional(),
    signature: text.optional(),
    body: text.optional(),
    bodyHex: text.optional(),
  }),
});

const answer = z.strictObject({
  name: text.optional(),
  from: z.enum(['published', 'derived', 'capture']),
  of: z.enum(['request', 'session']).default('request'),
  status: z.int().min(100).max(599).default(200),
  body: text,
  means: z.enum(['arrived', 'duplicate', 'held', 'refused', 'badSignature', 'blocked', 'login', 'retry', 'unknown']),
  token: text.optional(),
});

export const platformTranscript = z.strictObject({
  profile: text,
  source: text,
  examples: z.array(example).min(1),
  answers: z.array(answer).default([]),
});

export type PlatformTranscript = z.infer<typeof platformTranscript>;
type Example = PlatformTranscript['examples'][number];
type Answer = PlatformTranscript['answers'][number];

/** Where a profile and its transcript part. */
export interface TranscriptDifference {
  /** Its place in the transcript. */
  readonly path: readonly (string | number)[];
  readonly example: string;
  readonly what: string;
  readonly expected: string;
  readonly given: string;
}

export function transcriptDifferences(
  profile: PlatformProfile,
  { examples, answers }: PlatformTranscript,
): readonly TranscriptDifference[] {
  return [
    ...examples.flatMap((each, index) => ofExample(profile, each, ['examples', index])),
    ...answers.flatMap((each, index) => ofAnswer(profile, each, ['answers', index])),
  ];
}

function ofExample(
  profile: PlatformProfile,
  written: Example,
  at: readonly (string | number)[],
): readonly TranscriptDifference[] {
  const form = written.of === 'session' ? profile.session?.request : profile.request;
  const part = (what: string, expected: string, given: string): TranscriptDifference[] =>
    expected === given ? [] : [{ path: [...at, 'gives', what], example: written.name, what, expected, given }];
  if (form === undefined) return part('session', 'session', '');
  const mode = written.picture && profile.pictures[written.picture.mode];
  if (written.picture !== undefined && mode === undefined) return part('picture', written.picture.mode, '');
  const bytes = written.picture?.hex === undefined ? undefined : Buffer.from(written.picture.hex, 'hex');
  const made = platformRequest(
    form,
    {
      facts: { ...factsOf(written.facts), ...pictureFacts(mode?.facts ?? [], { bytes }) },
      values: withDefaults(profile, written.values),
      secrets: written.secrets,
      nowMs: written.now === undefined ? 0 : Date.parse(written.now),
      nonce: Buffer.from(written.nonce ?? '0'.repeat(32), 'hex'),
      token: written.token,
    },
    mode?.part === undefined || bytes === undefined ? undefined : { name: mode.part, filename: mode.filename, bytes },
  );
  const { method, path, headers, signedText, signature, body, bodyHex } = written.gives;
  const given = new Map(Object.entries(made.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return [
    ...(signedText === undefined ? [] : part('signedText', signedText, made.signedText ?? '')),
    ...(signature === undefined ? [] : part('signature', signature, made.signature ?? '')),
    ...(method === undefined ? [] : part('method', method, made.method)),
    ...(path === undefined ? [] : part('path', path, made.path)),
    ...Object.entries(headers).flatMap(([name, value]) => part(name, value, given.get(name.toLowerCase()) ?? '')),
    ...(body === undefined ? [] : part('body', body, made.body.toString('utf8'))),
    ...(bodyHex === undefined ? [] : part('bodyHex', bodyHex, made.body.toString('hex'))),
  ];
}

function factsOf(written: Example['facts']): PlatformFacts {
  const read = Object.entries(written).map(([name, value]) => {
    const isTime = RECORD_FACTS[name as keyof typeof RECORD_FACTS] === 'time' && typeof value === 'string';
    return [name, isTime ? Date.parse(value) : value] as const;
  });
  return Object.fromEntries(read);
}

function ofAnswer(
  profile: PlatformProfile,
  written: Answer,
  at: readonly (string | number)[],
): readonly TranscriptDifference[] {
  const raw = { status: written.status, text: written.body, verified: true };
  const name = written.name ?? written.body;
  const differs = (what: string, expected: string, given: string): readonly TranscriptDifference[] =>
    expected === given ? [] : [{ path: [...at, what], example: name, what, expected, given }];
  if (written.of === 'request') {
    const receipt = platformReceipt(profile.answer, raw, { hintHolds: true, mask: (given) => given });
    return differs('means', written.means, meaningOf(receipt));
  }
  if (profile.session === undefined) return differs('of', 'session', '');
  const got = tokenOf(profile.session, raw, (given) => given);
  if ('token' in got)
    return [...differs('means', written.means, 'arrived'), ...differs('token', written.token ?? got.token, got.token)];
  return differs('means', written.means, meaningOf(got));
}

function meaningOf(receipt: ReturnType<typeof platformReceipt>): Answer['means'] {
  switch (receipt.kind) {
    case 'accepted':
      return receipt.warning?.startsWith('duplicate') === true ? 'duplicate' : 'arrived';
    case 'rejected':
      return 'refused';
    case 'paused':
      return receipt.why.startsWith('blocked') ? 'blocked' : 'badSignature';
    case 'held':
      return 'held';
    default:
      return receipt.login === true ? 'login' : receipt.unknownCode === true ? 'unknown' : 'retry';
  }
}
