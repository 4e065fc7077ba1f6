/**
 * Requests to a platform by its profile: login where it wants one, request, answer. It keeps a token and nothing else; secrets are masked in whatever
 * it returns. It knows no queue.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import type { Requester } from '../http/plain-request.ts';
import { preparePicture } from '../jpeg-reencoding.ts';
import type { RawAnswer } from '../request/answer.ts';
import { type PlatformReceipt, platformReceipt, tokenOf } from '../request/platform-answer.ts';
import type { RequestForm } from '../request/profile-form.ts';
import { factsOfRecord, type PlatformFacts, pictureFacts } from '../request/record-facts.ts';
import { type PicturePart, platformRequest, type SignedRequest, withDefaults } from '../request/request.ts';
import { masked } from '../request/signature-comparison.ts';
import type { PlatformConfig } from '../settings.ts';
import { type RequestParts, requesterOf } from './requests.ts';

/** One record as it is sent: what is known of it, and its picture. */
export interface RecordToSend {
  readonly facts: PlatformFacts;
  readonly picture?: Uint8Array | undefined;
}

export interface PlatformClient {
  /** Never rejects for a fault of the far end. */
  send(record: RecordToSend, signal: AbortSignal): Promise<PlatformReceipt>;
  close(): Promise<void>;
}

/** Whether the chosen picture mode needs the bytes. */
export function needsPicture({ profile, picture }: PlatformConfig): boolean {
  const mode = picture === undefined ? undefined : profile.pictures[picture];
  return mode !== undefined && (mode.part !== undefined || mode.facts.some((fact) => fact !== 'pictureUrl'));
}

/** All of a record but what needs the bytes of its picture. */
export function factsToSend(
  { profile, picture, pictureUrl: url }: PlatformConfig,
  record: OutboxRecord,
): PlatformFacts {
  const wanted = profile.pictures[picture ?? '']?.facts ?? [];
  return factsOfRecord(record, { url, wanted: wanted.filter((fact) => fact === 'pictureUrl') });
}

/** What of a request is another at every try. */
export interface RequestMoment {
  readonly nowMs: number;
  readonly nonce: Uint8Array;
}

export const momentNow = ({ wallMs }: Pick<Clock, 'wallMs'>): RequestMoment => ({
  nowMs: wallMs(),
  nonce: randomBytes(16),
});

export interface PlatformRequestParts extends RequestMoment {
  readonly token?: string | undefined;
  /** Shown in place of each secret, in the text that is signed too. */
  readonly mask?: string;
}

/** The request of a record. With `mask` it can be shown; its signature is then no signature. */
export async function requestOfRecord(
  config: PlatformConfig,
  { facts, picture }: RecordToSend,
  parts: PlatformRequestParts,
): Promise<SignedRequest> {
  const { part, filename = '', facts: wanted = [] } = config.profile.pictures[config.picture ?? ''] ?? {};
  const { bytes } = needsPicture(config)
    ? await preparePicture(picture, { maxPictureBytes: config.maxPictureBytes, picture: 'field' })
    : {};
  const own = pictureFacts(
    wanted.filter((fact) => fact !== 'pictureUrl'),
    { bytes },
  );
  const file = part === undefined || bytes === undefined ? undefined : { name: part, filename, bytes };
  return made(config, config.profile.request, { ...facts, ...own }, parts, file);
}

function made(
  { profile, values, secrets }: PlatformConfig,
  form: RequestForm,
  facts: PlatformFacts,
  { nowMs, nonce, token, mask }: PlatformRequestParts,
  picture?: PicturePart,
): SignedRequest {
  const revealed = Object.entries(secrets).map(([name, secret]) => [name, mask ?? secret.reveal()] as const);
  return platformRequest(
    form,
    {
      ...{ facts, nowMs, nonce, token },
      values: withDefaults(profile, values),
      secrets: Object.fromEntries(revealed),
    },
    picture,
  );
}

/** `moment`: of each request; one that is to be compared with what the platform signed must be made twice. */
export function createPlatformClient(
  config: PlatformConfig,
  parts: RequestParts,
  moment: () => RequestMoment = () => momentNow(parts.clock),
): PlatformClient {
  const { profile, url, mode } = config;
  const requester = requesterOf(config, parts);
  const mask = (text: string): string =>
    Object.values(config.secrets).reduce((left, secret) => masked(left, secret.reveal()), text);
  let token: string | undefined;

  async function login(signal: AbortSignal): Promise<PlatformReceipt | undefined> {
    const { session } = profile;
    if (session === undefined || token !== undefined) return undefined;
    const request = made(config, session.request, {}, moment());
    const raw = await exchange(requester, url, request, signal);
    if ('why' in raw) return { kind: 'retry', why: raw.why };
    const answer = tokenOf(session, raw, mask);
    if (!('token' in answer)) return answer;
    token = answer.token;
    return undefined;
  }

  async function once(record: RecordToSend, signal: AbortSignal): Promise<PlatformReceipt> {
    const refused = await login(signal);
    if (refused !== undefined) return refused;
    const request = await requestOfRecord(config, record, { ...moment(), token });
    const raw = await exchange(requester, url, request, signal);
    if ('why' in raw) return { kind: 'retry', why: raw.why };
    const receipt = platformReceipt(profile.answer, raw, { hintHolds: mode === 'integration', mask });
    if (receipt.login === true) token = undefined;
    return receipt;
  }

  return {
    send: async (record, signal) => {
      const hadToken = token !== undefined;
      const receipt = await once(record, signal);
      // With a token just given the same answer means something else.
      return receipt.login === true && hadToken ? once(record, signal) : receipt;
    },
    close: () => requester.close(),
  };
}

async function exchange(
  requester: Requester,
  base: string,
  { method, path, headers, body }: SignedRequest,
  signal: AbortSignal,
): Promise<RawAnswer | { readonly why: string }> {
  const request = { url: base + path, method: method as 'POST' | 'PUT', headers, body };
  const answer = await requester.send(request, signal);
  return 'why' in answer ? answer : { ...answer, verified: base.startsWith('https:') };
}
