/**
 * Requests to a platform by its profile: login where it wants one, signature, request, answer. It keeps a token and which secret signs; secrets are
 * masked in whatever it returns. No fault of network or platform throws. It knows no queue.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Attempt, OutboxRecord } from '../store/record-types.ts';
import {
  createRequester,
  type HttpRequest,
  type NoAnswer,
  type Requester,
  type RequesterParts,
} from './http/requester.ts';
import { preparePicture } from './jpeg-reencoding.ts';
import type { FilePart } from './request/multipart.ts';
import { type PlatformReceipt, platformReceipt, type RawAnswer, tokenOf } from './request/platform-answer.ts';
import { type HintedComparison, hintedComparison } from './request/platform-comparison.ts';
import type { RequestForm } from './request/profile-form.ts';
import { factsOfRecord, type PlatformFacts, pictureFacts } from './request/record-facts.ts';
import { platformRequest, type SignedRequest, withDefaults } from './request/request.ts';
import { MASK } from './request/sign.ts';
import { masked } from './request/signature-comparison.ts';
import { SigningSecrets } from './request/signing-secrets.ts';
import type { PlatformSettings } from './settings.ts';

export interface ClientParts extends RequesterParts {
  /** The platform's clock at `nowMs`, to within a second; only from an answer over verified TLS. */
  readonly onDate?: (nowMs: number, wallMs: number) => void;
  /** The platform has accepted a signature of `nextSecret`; called once. */
  readonly onNextSecret?: () => void;
}

/** A picture with free room around it (FilePart). Once its request is answered the bytes are used no more. */
export type SentPicture = Pick<FilePart, 'bytes' | 'before' | 'after'>;

export interface Prepared {
  readonly request: HttpRequest;
  /** Number of the secret in SigningSecrets; default: the present one. */
  readonly signedWith?: number;
  /** What was done to the picture. */
  readonly note?: string;
}

/** An open connection, reserved for one record: either method returns it. */
export interface RecordConnection {
  /** Never rejects for a fault of the far end. `signal` aborts at once: a `retry` whose `why` is `stopped`. */
  post(prepared: Prepared, signal?: AbortSignal): Promise<PlatformReceipt>;
  /** Returns it unused. */
  giveBack(): void;
}

export interface PlatformClient {
  /** All of a record but what needs the bytes of its picture. */
  facts(record: OutboxRecord): PlatformFacts;
  /** Builds and signs the request, ready to be sent. Sends nothing. */
  prepare(facts: PlatformFacts, picture: SentPicture | Uint8Array | undefined): Promise<Prepared>;
  /** Nothing of a record has been sent; or a receipt with the reason of the failure. */
  connect(signal?: AbortSignal): Promise<RecordConnection | PlatformReceipt>;
  /**
   * Requests the platform's time, over verified TLS and only while our clock is not synchronised: the first record after a cold start
   * then has the right time. Never rejects for a fault of the far end. `signal` aborts at once.
   */
  requestTime(signal?: AbortSignal): Promise<void>;
  /** `connect`, `prepare` and `post`. */
  send(
    facts: PlatformFacts,
    picture: SentPicture | Uint8Array | undefined,
    signal?: AbortSignal,
  ): Promise<PlatformReceipt>;
  close(): Promise<void>;
}

/** Longest wait of a record for the platform's time. */
const REQUEST_TIME_MS = 5_000;

type Mode = Pick<PlatformSettings, 'profile' | 'picture'>;

const modeOf = ({ profile, picture }: Mode) => profile.pictures[picture ?? ''] ?? { filename: '', facts: [] };

/** Whether the chosen picture mode needs the bytes. */
export function needsPicture(settings: Mode): boolean {
  const { part, facts } = modeOf(settings);
  return part !== undefined || facts.some((fact) => fact !== 'pictureUrl');
}

export function factsToSend(settings: Mode & Pick<PlatformSettings, 'pictureUrl'>, record: OutboxRecord) {
  const wanted = modeOf(settings).facts.filter((fact) => fact === 'pictureUrl');
  return factsOfRecord(record, { url: settings.pictureUrl, wanted });
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

interface RequestInputs extends RequestMoment {
  readonly token?: string | undefined;
  readonly secrets: Readonly<Record<string, string>>;
}

/** The request of a record as it can be shown: `mask` stands in place of each secret, in the text that is signed too; without it it is signed as it is sent. */
export async function requestOfRecord(
  settings: PlatformSettings,
  { facts, picture }: { readonly facts: PlatformFacts; readonly picture?: Uint8Array | undefined },
  { mask, ...moment }: RequestMoment & { readonly token?: string; readonly mask?: string },
): Promise<SignedRequest> {
  const secrets = Object.entries(settings.secrets).map(([name, secret]) => [name, mask ?? secret.reveal()] as const);
  const inputs = { ...moment, secrets: Object.fromEntries(secrets) };
  return (await withPicture(settings, { facts, picture: picture && { bytes: picture } }, inputs)).request;
}

/** How the text that the platform signed at its last hint compares with what is sent for a stored record. */
export function comparedWithHint(
  settings: PlatformSettings,
  { record, attempts }: { readonly record: OutboxRecord; readonly attempts: readonly Attempt[] },
  picture: () => Promise<Uint8Array | undefined>,
): Promise<HintedComparison | undefined> {
  const moment = { nowMs: 0, nonce: new Uint8Array(16), mask: MASK };
  const sign = async () =>
    requestOfRecord(settings, { facts: factsToSend(settings, record), picture: await picture() }, moment);
  return hintedComparison(record, attempts, settings.profile.request.signature, sign, MASK);
}

async function withPicture(
  settings: PlatformSettings,
  { facts, picture }: { readonly facts: PlatformFacts; readonly picture: SentPicture | undefined },
  inputs: RequestInputs,
) {
  const { part, filename, facts: wanted } = modeOf(settings);
  const given = needsPicture(settings) ? picture : undefined;
  const { bytes, note } = await preparePicture(given?.bytes, settings.maxPictureBytes);
  const own = pictureFacts(
    wanted.filter((fact) => fact !== 'pictureUrl'),
    { bytes },
  );
  const room = bytes === given?.bytes ? given : undefined;
  const file = part === undefined || bytes === undefined ? undefined : { ...room, name: part, filename, bytes };
  return { request: made(settings, settings.profile.request, { ...facts, ...own }, inputs, file), note };
}

const made = (
  { profile, values }: PlatformSettings,
  form: RequestForm,
  facts: PlatformFacts,
  inputs: RequestInputs,
  picture?: FilePart,
): SignedRequest => platformRequest(form, { ...inputs, facts, values: withDefaults(profile, values) }, picture);

/** `moment`: of each request; one that is to be compared with what the platform signed must be made twice. */
export function createPlatformClient(
  settings: PlatformSettings,
  parts: ClientParts,
  requester: Requester = createRequester({ ...settings, exit: { purpose: 'platform' } }, parts),
  moment: () => RequestMoment = () => momentNow(parts.clock),
): PlatformClient {
  return new ProfileClient(settings, parts, requester, moment);
}

class ProfileClient implements PlatformClient {
  readonly #settings: PlatformSettings;
  readonly #parts: ClientParts;
  readonly #requester: Requester;
  readonly #moment: () => RequestMoment;
  readonly #signing: SigningSecrets;
  readonly #isTls: boolean;
  #token: string | undefined;

  constructor(settings: PlatformSettings, parts: ClientParts, requester: Requester, moment: () => RequestMoment) {
    this.#settings = settings;
    this.#parts = parts;
    this.#requester = requester;
    this.#moment = moment;
    this.#signing = new SigningSecrets(settings.nextSecret !== undefined, () => parts.onNextSecret?.());
    this.#isTls = settings.url.startsWith('https:');
  }

  facts(record: OutboxRecord): PlatformFacts {
    return factsToSend(this.#settings, record);
  }

  async prepare(facts: PlatformFacts, picture: SentPicture | Uint8Array | undefined): Promise<Prepared> {
    const given = picture instanceof Uint8Array ? { bytes: picture } : picture;
    // TLS has copied everything before the answer; a plain socket may still be sending from this memory after an early answer.
    const usable = given === undefined || this.#isTls ? given : { bytes: given.bytes };
    const signedWith = this.#signing.inUse;
    const made = await withPicture(this.#settings, { facts, picture: usable }, this.#inputs(signedWith));
    const { request, note } = made;
    return { request: this.#requestOf(request), signedWith, ...(note !== undefined && { note }) };
  }

  async connect(signal?: AbortSignal): Promise<RecordConnection | PlatformReceipt> {
    const requester = this.#requester;
    const connection = requester.connect
      ? await requester.connect(signal)
      : { send: requester.send.bind(requester), giveBack: () => undefined };
    if ('why' in connection) return unanswered(connection);
    return {
      post: (prepared, cut) => this.#post(connection, prepared, cut),
      giveBack: () => connection.giveBack(),
    };
  }

  async send(
    facts: PlatformFacts,
    picture: SentPicture | Uint8Array | undefined,
    signal?: AbortSignal,
  ): Promise<PlatformReceipt> {
    const hadToken = this.#token !== undefined;
    const receipt = await this.#once(facts, picture, signal);
    // With a token just given the same answer means something else.
    const isAgain =
      receipt.kind === 'retry' && (receipt.why.startsWith('otherSecret') || (receipt.login === true && hadToken));
    return isAgain ? this.#once(facts, picture, signal) : receipt;
  }

  async requestTime(signal?: AbortSignal): Promise<void> {
    const { url, timeoutMs } = this.#settings;
    if (!this.#isTls || this.#parts.onDate === undefined || this.#parts.clockKnown?.() === true) return;
    const request = { url, method: 'HEAD', timeoutMs: Math.min(timeoutMs, REQUEST_TIME_MS) } as const;
    // The record to be sent meets the same failure, and its receipt reports it.
    await this.#answered(request, this.#requester, signal);
  }

  close(): Promise<void> {
    return this.#requester.close();
  }

  async #once(
    facts: PlatformFacts,
    picture: SentPicture | Uint8Array | undefined,
    signal?: AbortSignal,
  ): Promise<PlatformReceipt> {
    const refused = await this.#login(signal);
    if (refused !== undefined) return refused;
    const connection = await this.connect(signal);
    if (!('post' in connection)) return connection;
    try {
      return await connection.post(await this.prepare(facts, picture), signal);
    } catch (error) {
      connection.giveBack();
      throw error;
    }
  }

  async #post(by: Pick<Requester, 'send'>, prepared: Prepared, signal?: AbortSignal): Promise<PlatformReceipt> {
    const { profile, mode } = this.#settings;
    const { request, signedWith = 0, note } = prepared;
    const raw = await this.#answered(request, by, signal);
    if ('kind' in raw) return raw;
    const mask = (text: string) => this.#mask(text);
    const receipt = platformReceipt(profile.answer, raw, { hintHolds: mode === 'integration', mask });
    if (receipt.login === true) this.#token = undefined;
    return withNote(this.#signing.judged(receipt, signedWith), note);
  }

  /** undefined: there is a token, or none is needed; else why it was refused. */
  async #login(signal?: AbortSignal): Promise<PlatformReceipt | undefined> {
    const { session } = this.#settings.profile;
    if (session === undefined || this.#token !== undefined) return undefined;
    const request = made(this.#settings, session.request, {}, this.#inputs(0));
    const raw = await this.#answered(this.#requestOf(request), this.#requester, signal);
    if ('kind' in raw) return raw;
    const answer = tokenOf(session, raw, (text) => this.#mask(text));
    if (!('token' in answer)) return answer;
    this.#token = answer.token;
    return undefined;
  }

  /** Or why there is none. */
  async #answered(
    request: HttpRequest,
    by: Pick<Requester, 'send'>,
    signal?: AbortSignal,
  ): Promise<RawAnswer | PlatformReceipt> {
    const answer = await by.send(request, signal);
    if ('why' in answer) return unanswered(answer);
    if (this.#isTls && answer.date !== undefined) reportDate(answer.date, this.#parts);
    return { ...answer, verified: this.#isTls };
  }

  #inputs(signedWith: number): RequestInputs {
    const { secrets, nextSecret, profile } = this.#settings;
    const name = profile.request.signature?.secret;
    const next = signedWith === 1 && nextSecret && name !== undefined ? { [name]: nextSecret } : {};
    const revealed = Object.entries({ ...secrets, ...next }).map(([key, secret]) => [key, secret.reveal()] as const);
    return { ...this.#moment(), token: this.#token, secrets: Object.fromEntries(revealed) };
  }

  #mask(text: string): string {
    const { secrets, nextSecret } = this.#settings;
    const all = [...Object.values(secrets), ...(nextSecret ? [nextSecret] : [])];
    return all.reduce((left, secret) => masked(left, secret.reveal()), text);
  }

  #requestOf({ method, path, headers, body }: SignedRequest): HttpRequest {
    return { url: this.#settings.url + path, method: method as 'POST' | 'PUT', headers, body };
  }
}

const unanswered = ({ why, unsent }: NoAnswer): PlatformReceipt => ({ kind: 'retry', why, ...(unsent && { unsent }) });

/** The header has whole seconds, truncated: half a second later is the best estimate. */
function reportDate(date: string, { clock, onDate }: ClientParts): void {
  const wallMs = Date.parse(date);
  if (Number.isFinite(wallMs)) onDate?.(clock.nowMs(), wallMs + 500);
}

function withNote(receipt: PlatformReceipt, note: string | undefined): PlatformReceipt {
  if (note === undefined || receipt.kind !== 'accepted' || receipt.warning !== undefined) return receipt;
  return { ...receipt, warning: note };
}
