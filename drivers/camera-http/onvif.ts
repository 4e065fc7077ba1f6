/**
 * The four ONVIF questions that lead to a picture's address, and parsers of their answers. Pure; sends nothing. No request here changes
 * anything in a camera. ONVIF Core and Media service specifications; WS-Security UsernameToken Profile 1.0, 3.1.
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

/** Every operation in use; all of them only read. */
type Operation = 'GetSystemDateAndTime' | 'GetCapabilities' | 'GetProfiles' | 'GetSnapshotUri';

/** A question ready to send; only this file creates them. */
export class Question {
  readonly action: string;
  readonly envelope: string;
  readonly hasLogin: boolean;
  constructor(service: typeof DEVICE | typeof MEDIA, name: Operation, content: string, header = '') {
    this.hasLogin = header !== '';
    this.action = `${service}/${name}`;
    this.envelope =
      '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">' +
      `<s:Header>${header}</s:Header><s:Body><${name} xmlns="${service}">${content}</${name}></s:Body></s:Envelope>`;
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

/**
 * The token of a channel's first profile. A channel is a video source, in the order in which the profiles name them; each source has
 * many profiles. Throws ProtocolError `unexpected`.
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

/** Address of a picture as the camera names it. Throws ProtocolError `unexpected`. */
export function readSnapshotUri(xml: string): string {
  const address = element(fromElement(xml, 'MediaUri') ?? '', 'Uri', ADDRESS_CHARACTERS_MAX);
  if (address === undefined) throw new ProtocolError('unexpected', 'the camera names no address of a picture');
  return address;
}

/** The innermost code of the fault without its prefix, such as `NotAuthorized`; undefined without a fault. */
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
