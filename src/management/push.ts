/** A message that a management system pushes: who sent it, its payments, and the answers it may get. Pure; secrets appear in no output. */
import { timingSafeEqual } from 'node:crypto';
import { requestSignature, type Signable, type SignedPair, textToSign } from '../delivery/request/signature.ts';
import { encodedAs, isOtherCharset } from './charset.ts';
import {
  type MessageContent,
  memberAt,
  messageContent,
  paymentItems,
  textAt,
  type Unread,
  type WireMessage,
} from './message.ts';
import { type MappedPayment, type PaymentRules, paymentOf } from './payment.ts';
import type { IntakeProfile, PushForm } from './profile-form.ts';

/** Payments of one message. */
const ITEMS_MAX = 500;

/** `later`: it is to be sent again. */
export type PushMeaning = 'arrived' | 'refused' | 'later' | 'badSignature';

export interface PushReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

export interface PushedMessage {
  /** Why nothing of it was read. */
  readonly fault?: 'badSignature' | Unread;
  readonly payments: readonly MappedPayment[];
  /** The form of the profile: `xml, gbk`; with its method where that is wrong. */
  readonly form: string;
  readonly isOtherCharset: boolean;
  /** What the sender gave to prove who it is. */
  readonly proofs: readonly string[];
  readonly reply: (meaning: PushMeaning) => PushReply;
}

export interface PushRules extends PaymentRules {
  readonly secrets: Readonly<Record<string, string>>;
}

/** A profile that is pushed. */
export type PushedProfile = IntakeProfile & { readonly push: PushForm };

export function readPush(profile: PushedProfile, message: WireMessage, rules: PushRules): PushedMessage {
  const { push } = profile;
  const found = message.method === push.method ? messageContent(push, message) : 'unreadable';
  const content = typeof found === 'string' ? undefined : found;
  const reply = (meaning: PushMeaning): PushReply => replyOf(push, meaning, content?.body);
  const { method, encoding, charset, token, signature } = push;
  const form = [...(message.method === method ? [] : [method]), encoding, charset].join(', ');
  const places = content === undefined ? [] : [token, signature?.at].filter((at) => at !== undefined);
  const proofs = places.map((at) => placeText(at, content as MessageContent)).filter((text) => text !== '');
  const bytes = encoding === 'query' ? Buffer.from(message.query) : message.body;
  const read = { payments: [], form, proofs, isOtherCharset: isOtherCharset(bytes, charset), reply };
  if (typeof found === 'string') return { ...read, fault: found };
  if (!isProven(push, found, message, rules.secrets)) return { ...read, fault: 'badSignature' };
  const items = paymentItems(found.body, push.items);
  if (items.length > ITEMS_MAX) return { ...read, fault: 'unreadable' };
  return { ...read, payments: items.map((item) => paymentOf(profile, item, found, rules)) };
}

type Place = NonNullable<PushForm['token']> | NonNullable<PushForm['signature']>['at'];

const placeText = (at: Place, { body, query, headers }: MessageContent): string =>
  (at.field === undefined ? undefined : textAt(body, at.field)) ??
  (at.query === undefined ? undefined : query[at.query]) ??
  (at.header === undefined ? undefined : headers[at.header.toLowerCase()]) ??
  '';

function isProven(
  { signature, token, charset, encoding, data }: PushForm,
  content: MessageContent,
  message: WireMessage,
  secrets: PushRules['secrets'],
): boolean {
  if (token !== undefined) {
    const given = placeText(token, content).replace(/^Bearer\s+/i, '');
    if (!isEqual(given, secrets[token.secret] ?? '')) return false;
  }
  if (signature === undefined) return true;
  const { at } = signature;
  const secret = secrets[signature.secret] ?? '';
  const given = placeText(at, content);
  const signable = signableOf(content, message, { data, encoding, own: at, parts: signature.parts ?? [] });
  const text = textToSign(signature, signable, secret);
  const isRaw = signature.over === 'body' && signature.recipe === 'text-and-key';
  const bytes = isRaw ? text : encodedAs(text.toString('utf8'), charset);
  const right = requestSignature(signature, bytes, secret);
  return signature.digest === 'hex' ? isEqual(given.toLowerCase(), right.toLowerCase()) : isEqual(given, right);
}

/** An empty secret is never right. */
function isEqual(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return right !== '' && one.length === other.length && timingSafeEqual(one, other);
}

interface SignedHow {
  readonly data: string | undefined;
  readonly encoding: PushForm['encoding'];
  readonly own: Place;
  readonly parts: readonly string[];
}

function signableOf(
  { body, query, headers, dataText = '' }: MessageContent,
  message: WireMessage,
  how: SignedHow,
): Signable {
  const { data, encoding, own, parts } = how;
  // A single element around everything, as XML has.
  const members = Object.values(body as object);
  const whole = encoding === 'xml' && members.length === 1 && typeof members[0] === 'object' ? members[0] : body;
  const inner = data === undefined ? undefined : memberAt(body, data);
  const ownName = own.field?.split('.').at(-1);
  const fields = textPairs(whole, data === undefined ? {} : { [data]: dataText });
  // A part is a place of the body, or a header in any letters.
  const named = parts.flatMap((part): SignedPair[] => {
    const value = textAt(body, part) ?? headers[part.toLowerCase()];
    return value === undefined ? [] : [[part, value]];
  });
  return {
    fields: fields.filter(([name]) => name !== ownName),
    data: textPairs(inner ?? {}, {}).filter(([name]) => name !== ownName),
    dataText,
    query: Object.entries(query).filter(([name]) => name !== own.query),
    headers: named,
    method: message.method,
    path: message.path,
    body: () => message.body,
  };
}

/** The members that are texts; `as`: the text of one that is more. */
function textPairs(content: unknown, as: Readonly<Record<string, string>>): readonly SignedPair[] {
  if (typeof content !== 'object' || content === null) return [];
  return Object.keys(content).flatMap((name): SignedPair[] => {
    const text = as[name] ?? textAt(content, name);
    return text === undefined ? [] : [[name, text]];
  });
}

const STATUS: Readonly<Partial<Record<PushMeaning, number>>> = { later: 503, badSignature: 401 };

/** Byte for byte as the profile has it; `{{place}}` is the text at that place of the message. */
function replyOf({ answer, charset }: PushForm, meaning: PushMeaning, body: unknown): PushReply {
  const own = answer[meaning];
  const { status, body: form } = own ?? { status: STATUS[meaning] ?? answer.refused.status, body: answer.refused.body };
  const escaped = /json/.test(answer.contentType) ? jsonEscaped : /xml/.test(answer.contentType) ? xmlEscaped : plain;
  const text = form.replaceAll(/\{\{([^{}]+)\}\}/g, (_, place: string) => escaped(textAt(body, place) ?? ''));
  return { status, contentType: answer.contentType, body: encodedAs(text, charset) };
}

const ECHO_MOST = 200;
const plain = (text: string): string => text.replaceAll(/[^\p{L}\p{N}_.:-]/gu, '').slice(0, ECHO_MOST);
const jsonEscaped = (text: string): string => JSON.stringify(text.slice(0, ECHO_MOST)).slice(1, -1);
const xmlEscaped = (text: string): string =>
  text.slice(0, ECHO_MOST).replaceAll(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
