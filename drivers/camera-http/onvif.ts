/**
 * The ONVIF questions that lead to a picture's address, and those of a pull point of events, with parsers of their answers. Pure; sends
 * nothing. No request here changes a setting of a camera; a pull point ends by itself when nobody pulls. ONVIF Core, Media and Event
 * service specifications; WS-Security UsernameToken Profile 1.0, 3.1.
 */
import { createHash, randomBytes } from 'node:crypto';
import { ProtocolError } from '../../src/driver.ts';
import type { Credentials } from './digest.ts';
import { element, elements, encoded, fromElement } from './xml.ts';

export const DEVICE_PATH = '/onvif/device_service';
const DEVICE = 'http://www.onvif.org/ver10/device/wsdl';
const MEDIA = 'http://www.onvif.org/ver10/media/wsdl';
const EVENTS = 'http://www.onvif.org/ver10/events/wsdl';
const NOTIFICATION = 'http://docs.oasis-open.org/wsn/b-2';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
const SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const ADDRESS_CHARACTERS_MAX = 2_000;

/** Every operation in use; all of them only read, or begin and end the reading of events. */
type Operation =
  | 'GetSystemDateAndTime'
  | 'GetCapabilities'
  | 'GetProfiles'
  | 'GetSnapshotUri'
  | 'CreatePullPointSubscription'
  | 'PullMessages'
  | 'Renew'
  | 'Unsubscribe';

/** A question ready to send; only this file creates them. */
export class Question {
  readonly action: string;
  readonly envelope: string;
  readonly hasLogin: boolean;
  /** `action`: where it is not the name in its service; `addressing`: of a pull point. */
  constructor(
    service: typeof DEVICE | typeof MEDIA | typeof EVENTS | typeof NOTIFICATION,
    name: Operation,
    content: string,
    login = '',
    { action = `${service}/${name}`, addressing = '' } = {},
  ) {
    this.hasLogin = login !== '';
    this.action = action;
    this.envelope =
      '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">' +
      `<s:Header>${addressing}${login}</s:Header><s:Body><${name} xmlns="${service}">${content}</${name}></s:Body></s:Envelope>`;
  }
}

/** Credentials and the camera's clock: a camera refuses tokens some minutes old or from its future. */
export interface Token {
  readonly credentials: Credentials;
  readonly cameraWallMs: number;
}

/** Needs no login by the specification; some cameras want one all the same. */
export const askTime = (token?: Token): Question => new Question(DEVICE, 'GetSystemDateAndTime', '', header(token));

export const askMedia = (token?: Token): Question =>
  new Question(DEVICE, 'GetCapabilities', '<Category>Media</Category>', header(token));

export const askEvents = (token?: Token): Question =>
  new Question(DEVICE, 'GetCapabilities', '<Category>Events</Category>', header(token));

/** A pull point at a camera: its address as the camera names it, and what it wants to hear with each request. */
export interface PullPoint {
  readonly address: string;
  readonly parameters: string;
}

/** In seconds. It ends by itself after `lasts` without a renewal. */
export const askPullPoint = (lasts: number, token?: Token): Question =>
  new Question(
    EVENTS,
    'CreatePullPointSubscription',
    `<InitialTerminationTime>PT${lasts}S</InitialTerminationTime>`,
    header(token),
    { action: `${EVENTS}/EventPortType/CreatePullPointSubscriptionRequest` },
  );

/** Answered at once when there are messages, else after `waits` seconds. */
export const askMessages = (point: PullPoint, waits: number, most: number, token?: Token): Question =>
  pullPointQuestion(
    EVENTS,
    'PullMessages',
    `<Timeout>PT${waits}S</Timeout><MessageLimit>${most}</MessageLimit>`,
    `${EVENTS}/PullPointSubscription/PullMessagesRequest`,
    { point, token },
  );

export const askRenewal = (point: PullPoint, lasts: number, token?: Token): Question =>
  pullPointQuestion(
    NOTIFICATION,
    'Renew',
    `<TerminationTime>PT${lasts}S</TerminationTime>`,
    'http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewRequest',
    { point, token },
  );

export const askEnd = (point: PullPoint, token?: Token): Question =>
  pullPointQuestion(
    NOTIFICATION,
    'Unsubscribe',
    '',
    'http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest',
    { point, token },
  );

function pullPointQuestion(
  service: typeof EVENTS | typeof NOTIFICATION,
  name: Operation,
  content: string,
  action: string,
  { point, token }: { readonly point: PullPoint; readonly token: Token | undefined },
): Question {
  const addressing =
    `<Action xmlns="${ADDRESSING}" s:mustUnderstand="1">${action}</Action>` +
    `<To xmlns="${ADDRESSING}" s:mustUnderstand="1">${encoded(point.address)}</To>${point.parameters}`;
  return new Question(service, name, content, header(token), { action, addressing });
}

export const askProfiles = (token?: Token): Question => new Question(MEDIA, 'GetProfiles', '', header(token));

export const askSnapshotUri = (profile: string, token?: Token): Question =>
  new Question(MEDIA, 'GetSnapshotUri', `<ProfileToken>${encoded(profile)}</ProfileToken>`, header(token));

/** Base64(SHA1(nonce + created + password)), a new nonce each time. */
function header(token: Token | undefined): string {
  if (token === undefined) return '';
  const { user, password } = token.credentials;
  const nonce = randomBytes(16);
  const created = new Date(token.cameraWallMs).toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return (
    `<Security xmlns="${SECURITY}-wssecurity-secext-1.0.xsd" s:mustUnderstand="1"><UsernameToken>` +
    `<Username>${encoded(user)}</Username>` +
    `<Password Type="${SECURITY}-username-token-profile-1.0#PasswordDigest">${digest}</Password>` +
    `<Nonce EncodingType="${SECURITY}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce>` +
    `<Created xmlns="${SECURITY}-wssecurity-utility-1.0.xsd">${created}</Created></UsernameToken></Security>`
  );
}

/** The camera's time in milliseconds since 1970, to the second; undefined when absent. */
export function readTime(xml: string): number | undefined {
  const utc = fromElement(xml, 'UTCDateTime');
  if (utc === undefined) return undefined;
  const [year, month, day, hour, minute, second] = ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'].map((name) =>
    Number(element(utc, name) ?? Number.NaN),
  );
  const wallMs = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  return Number.isNaN(wallMs) ? undefined : wallMs;
}

/** Address of the media service as the camera names it. Throws ProtocolError `unexpected` when absent. */
export function readMedia(xml: string): string {
  const address = element(fromElement(xml, 'Media') ?? '', 'XAddr', ADDRESS_CHARACTERS_MAX);
  if (address === undefined) throw new ProtocolError('unexpected', 'the camera names no media service');
  return address;
}

/** Address of the event service as the camera names it. Throws ProtocolError `unexpected` when absent. */
export function readEventService(xml: string): string {
  const address = element(fromElement(xml, 'Events') ?? '', 'XAddr', ADDRESS_CHARACTERS_MAX);
  if (address === undefined) throw new ProtocolError('unexpected', 'the camera names no event service');
  return address;
}

/** A parameter with its own namespace, as the camera has to get it back. */
const PARAMETER = /^<([\w.-]{1,20}:)?(\w{1,60}) xmlns(?::[\w.-]{1,20})?="[^"<>]{1,200}">[^<>]{0,200}<\/\1?\2>$/;

/** Throws ProtocolError `unexpected`. */
export function readPullPoint(xml: string): PullPoint {
  const reference = fromElement(xml, 'SubscriptionReference') ?? '';
  const address = element(reference, 'Address', ADDRESS_CHARACTERS_MAX);
  if (address === undefined) throw new ProtocolError('unexpected', 'the camera names no pull point');
  const [, written = ''] =
    /<(?:[\w.-]{1,20}:)?ReferenceParameters>([\s\S]{0,600}?)<\/(?:[\w.-]{1,20}:)?ReferenceParameters>/.exec(
      reference,
    ) ?? [];
  return { address, parameters: PARAMETER.test(written.trim()) ? written.trim() : '' };
}

/** A recorder of 128 channels names some four of each. */
const PROFILES_MAX = 1_000;

/**
 * The token of a channel's first profile. A channel is a video source, in the order in which the profiles name them; each source has
 * many profiles. Throws ProtocolError `unexpected`.
 */
export function readProfileToken(xml: string, channel: number): string {
  const firsts = new Map<string, string>();
  for (const { value, content } of elements(xml, 'Profiles', 'token', PROFILES_MAX)) {
    const source = element(fromElement(content, 'VideoSourceConfiguration') ?? '', 'SourceToken');
    if (source !== undefined && !firsts.has(source)) firsts.set(source, value);
  }
  const token = [...firsts.values()][channel - 1];
  if (token === undefined) throw new ProtocolError('unexpected', `the camera has ${firsts.size} channels`);
  return token;
}

/** Address of a picture as the camera names it. Throws ProtocolError `unexpected`. */
export function readSnapshotUri(xml: string): string {
  const address = element(fromElement(xml, 'MediaUri') ?? '', 'Uri', ADDRESS_CHARACTERS_MAX);
  if (address === undefined) throw new ProtocolError('unexpected', 'the camera names no address of a picture');
  return address;
}

/** Of a fault: each code within another is looked for in all that follows. */
const FAULT_CHARACTERS_MAX = 10_000;
const FAULT_LEVELS_MAX = 8;

/** The innermost code of the fault without its prefix, such as `NotAuthorized`; undefined without a fault. */
export function readFault(xml: string): string | undefined {
  let fault = fromElement(xml, 'Fault')?.slice(0, FAULT_CHARACTERS_MAX);
  if (fault === undefined) return undefined;
  let code = 'Fault';
  for (let level = 0; fault !== undefined && level < FAULT_LEVELS_MAX; level += 1) {
    code = /^(?:\w{1,20}:)?(\w{1,60})$/.exec(element(fault, 'Value') ?? '')?.[1] ?? code;
    fault = fromElement(fault.slice(1), 'Subcode');
  }
  return code;
}
