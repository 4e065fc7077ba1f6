/**
 * A webhook: CloudEvents 1.0 in JSON (structured mode), signed as Standard Webhooks says. A retry carries the same id and the same bytes; the time and
 * with it the signature are those of the try.
 *
 *     webhook-id         SERIES-N of the message's number; of its picture SERIES-N too, with a message of its own
 *     webhook-timestamp  seconds since 1970
 *     webhook-signature  v1,BASE64 of HMAC-SHA256 over ID.TIMESTAMP.BODY
 *
 * The libraries of Standard Webhooks take texts, most of them JSON: of a picture they verify `lanewarden-digest`, by a second signature.
 */
import { createHash, createHmac } from 'node:crypto';
import type { SignedHead } from '../../store/chain/chain.ts';
import type { NumberedMessage } from '../../store/numbers.ts';
import { factBody, factKind, isTaken } from '../fact-bodies.ts';
import type { WebhookConfig } from '../settings.ts';
import { httpOutcome, requesterOf, type TransportParts } from './requests.ts';
import type { DestinationTransport, Outcome } from './transport.ts';

interface Post {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface Posted {
  readonly outcome: Outcome;
  /** What the receiver answered. */
  readonly text: string;
}

export function createWebhook(config: WebhookConfig, parts: TransportParts): DestinationTransport {
  const { url, picture, takes } = config;
  const { clock, box, heads } = parts;
  const requester = requesterOf(config, parts);
  const key = Buffer.from(config.secret.reveal().replace(/^whsec_/, ''), 'base64');

  async function post({ id, headers, body }: Post, signal: AbortSignal): Promise<Posted> {
    const wallMs = clock.wallMs();
    const timestamp = String(Math.floor(wallMs / 1000));
    const signatureOf = (signed: Uint8Array | string): string =>
      `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(signed).digest('base64')}`;
    const digest = headers['lanewarden-digest'];
    const signatures = [signatureOf(body), ...(digest === undefined ? [] : [signatureOf(digest)])];
    const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
    const answer = await requester.send({ url, method: 'POST', headers: { ...headers, ...signed }, body }, signal);
    return { outcome: httpOutcome(answer, wallMs), text: 'text' in answer ? answer.text : '' };
  }

  async function postOf(message: NumberedMessage, pictureOf = parts.picture): Promise<Post> {
    const { series, n, topic, payload, record, wallMs } = message;
    const id = `${series}-${n}`;
    const data = JSON.parse(payload) as { readonly picture?: unknown };
    if (picture === 'second-request' && topic === 'picture') {
      const bytes = await pictureOf(record);
      const link = { 'lanewarden-record': String(record), 'lanewarden-number': String(n) };
      if (bytes !== undefined) {
        const digest = JSON.stringify({ sha256: createHash('sha256').update(bytes).digest('hex') });
        const headers = { 'content-type': 'image/jpeg', ...link, 'lanewarden-digest': digest };
        return { id, headers, body: bytes };
      }
      return eventOf(box, id, topic, wallMs, { ...data, missing: true });
    }
    const isWith = picture === 'base64' && topic === 'release' && data.picture === 'attached';
    const bytes = isWith ? await pictureOf(record) : undefined;
    const jpeg = bytes && { contentType: 'image/jpeg', base64: Buffer.from(bytes).toString('base64') };
    return eventOf(box, id, topic, wallMs, isWith ? { ...data, picture: jpeg ?? null } : data);
  }

  return {
    body: (fact, isLate) => {
      if (!isTaken(fact, takes)) return undefined;
      const topic = factKind(fact);
      if (topic === undefined || (topic === 'picture' && picture !== 'second-request')) return undefined;
      const within = picture === 'base64' && topic === 'release' ? fact.record?.picture : undefined;
      if (within === 'pending' && !isLate) return 'wait';
      const body = factBody(fact);
      return body && { topic, payload: JSON.stringify({ ...body, ...(within === 'attached' && { picture: within }) }) };
    },
    gap: (gap) => ({ topic: 'gap', payload: JSON.stringify({ gap }) }),
    sheet: ({ trend: _, ...sheet }) => ({ topic: 'sheet', payload: JSON.stringify(sheet) }),
    send: async ([message], signal) => {
      if (message === undefined) return { kind: 'arrived' };
      const whole = await postOf(message);
      const { outcome } = await post(whole, signal);
      if (outcome.kind !== 'retry' || outcome.why !== 'HTTP 413') return outcome;
      // Too large for the receiver, or a gateway on the way, it would hold up all that follows.
      const without = await postOf(message, async () => undefined);
      return without.body.length < whole.body.length ? (await post(without, signal)).outcome : outcome;
    },
    sendLatest: async (kind, data, signal) => {
      const wallMs = clock.wallMs();
      const event = eventOf(box, `${box}-${kind}-${Math.round(wallMs)}`, kind, wallMs, data as object);
      const { outcome, text } = await post(event, signal);
      const { evidence } = data as { readonly evidence?: SignedHead };
      if (outcome.kind !== 'arrived') return outcome;
      // A receiver may answer with the head that it had before.
      await heads.returned(text, 'webhook');
      if (evidence !== undefined) heads.left(evidence.last, 'webhook');
      return outcome;
    },
    close: () => requester.close(),
  };
}

function eventOf(box: string, id: string, topic: string, wallMs: number, data: object): Post {
  const { lane } = data as { readonly lane?: string };
  const event = {
    ...{ specversion: '1.0', id, source: `lanewarden/${box}`, type: `lanewarden.${topic}` },
    ...(lane !== undefined && { subject: lane }),
    ...{ time: new Date(wallMs).toISOString(), datacontenttype: 'application/json', data },
  };
  const type = 'application/cloudevents+json; charset=utf-8';
  return { id, headers: { 'content-type': type }, body: Buffer.from(JSON.stringify(event)) };
}
