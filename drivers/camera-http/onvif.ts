/**
 * The four questions of ONVIF that lead to a picture's address, and how their answers are read. Pure; sends nothing. There is no request
 * here that changes anything in a camera. ONVIF Core and Media service specifications; WS-Security UsernameToken Profile 1.0, 3.1.
 */
import { createHash, randomBytes } from 'node:crypto';
import { ProtocolError } from '../../src/driver.ts';
import type { Credentials } from './digest.ts';
import { element, elements, encoded, fromElement } from './xml.ts';

export const DEVICE_PATH = '/onvif/device_service';
const DEVICE = 'http://www.onvif.org/ver10/device/wsdl';
const MEDIA = 'http://www.onvif.org/ver10/media/wsdl';
const SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const ADDRESS_CHARACTERS_MAX = 2_000;

/** All that is ever asked: each only reads. */
type Operation = 'GetSystemDateAndTime' | 'GetCapabilities' | 'GetProfiles' | 'GetSnapshotUri';

/** One of ours, ready to be sent: nobody else makes one. */
export class Question {
  readonly action: string;
  readonly envelope: string;
  constructor(service: typeof DEVICE | typeof MEDIA, name: Operation, content: string, header = '') {
    this.action = `${service}/${name}`;
    this.envelope =
      '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">' +
      `<s:Header>${header}</s:Header><s:Body><${name} xmlns="${service}">${content}</${name}></s:Body></s:Envelope>`;
  }
}

/** Who asks, by the camera's clock: it refuses a token that is some minutes old, or from its future. */
export interface Token {
  readonly credentials: Credentials;
  readonly cameraWallMs: number;
}

/** Needs no login. */
export const askTime = (): Question => new Question(DEVICE, 'GetSystemDateAndTime', '');

export const askMedia = (token?: Token): Question =>
  new Question(DEVICE, 'GetCapabilities', '<Category>Media</Category>', header(token));

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

/** Milliseconds since 1970 by the camera, to the second; undefined when it does not say. */
export function readTime(xml: string): number | undefined {
  const utc = fromElement(xml, 'UTCDateTime');
  if (utc === undefined) return undefined;
  const [year, month, day, hour, minute, second] = ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'].map((name) =>
    Number(element(utc, name) ?? Number.NaN),
  );
  const wallMs = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  return Number.isNaN(wallMs) ? undefined : wallMs;
}

/** Where the media service is, as the camera calls it. Throws ProtocolError `unexpected` when there is none. */
export function readMedia(xml: string): string {
  const address = element(fromElement(xml, 'Media') ?? '', 'XAddr', ADDRESS_CHARACTERS_MAX);
  if (address === undefined) throw new ProtocolError('unexpected', 'the camera names no media service');
  return address;
}

/**
 * The token of the first profile of a channel. A channel is a video source, in the order in which the profiles name them; a camera with one
 * has many profiles of it. Throws ProtocolError `unexpected`.
 */
export function readProfileToken(xml: string, channel: number): string {
  const firsts = new Map<string, string>();
  for (const { value, content } of elements(xml, 'Profiles', 'token')) {
    const source = element(fromElement(content, 'VideoSourceConfiguration') ?? '', 'SourceToken');
    if (source !== undefined && !firsts.has(source)) firsts.set(source, value);
  }
  const token = [...firsts.values()][channel - 1];
  if (token === undefined) throw new ProtocolError('unexpected', `the camera has ${firsts.size} channels`);
  return token;
}

/** The address of a picture, as the camera calls it. Throws ProtocolError `unexpected`. */
export function readSnapshotUri(xml: string): string {
  const address = element(fromElement(xml, 'MediaUri') ?? '', 'Uri', ADDRESS_CHARACTERS_MAX);
  if (address === undefined) throw new ProtocolError('unexpected', 'the camera names no address of a picture');
  return address;
}

/** What is wrong with a question, by the innermost code of the fault, without its prefix: `NotAuthorized`. undefined: no fault. */
export function readFault(xml: string): string | undefined {
  let fault = fromElement(xml, 'Fault');
  if (fault === undefined) return undefined;
  let code = 'Fault';
  while (fault !== undefined) {
    code = /^(?:\w{1,20}:)?(\w{1,60})$/.exec(element(fault, 'Value') ?? '')?.[1] ?? code;
    fault = fromElement(fault.slice(1), 'Subcode');
  }
  return code;
}
