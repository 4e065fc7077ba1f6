/**
 * The group robots of 企业微信, 钉钉 and 飞书: plain text, one request at a time, each at least three seconds after the one before, because 20 a minute is
 * their rule. What comes meanwhile goes out together, and what does not fit is counted.
 *
 *     wecom     POST /cgi-bin/webhook/send?key=KEY       {"msgtype":"text","text":{"content":…}}                        errcode 0
 *     dingtalk  POST /robot/send?access_token=KEY        the same; with a secret &timestamp=MS&sign=BASE64              errcode 0
 *     feishu    POST /open-apis/bot/v2/hook/KEY          {"msg_type":"text","content":{"text":…}}, timestamp and sign   code 0
 */
import { createHmac } from 'node:crypto';
import type { NumberedMessage } from '../../store/numbers.ts';
import type { OutboundFact } from '../../store/outbound.ts';
import { maskedPlates } from '../../text/destinations/plate-mask.ts';
import type { Text } from '../../text/text.ts';
import { factKind, isTaken } from '../fact-bodies.ts';
import type { HttpAnswer } from '../http/requester.ts';
import type { ChatConfig } from '../settings.ts';
import { CHAT_ADDRESSES } from '../settings.ts';
import { chatText } from './chat-text.ts';
import { httpOutcome, requesterOf, type TransportParts } from './requests.ts';
import type { DestinationTransport, Outcome } from './transport.ts';

/** Not more than 20 in any minute. */
const APART_MS = 3_200;
/** Alarms of one cause begin within this. */
const TOGETHER_MS = 60_000;
/** Messages in one request; of their lines as many as fit. */
const MESSAGES_MAX = 100;
/** 企业微信 takes 2048 bytes, the others more. */
const TEXT_BYTES_MAX = 1_800;

/** Codes that say "too often", and how long the maker asks to wait. */
const TOO_OFTEN: Readonly<Record<string, number>> = {
  45009: 60_000,
  130101: 600_000,
  410100: 600_000,
  9499: 60_000,
  11232: 60_000,
};

interface RobotRequest {
  readonly url: string;
  readonly body: object;
}

/** As their documents have them, at this moment. */
function robotRequest({ robot, key, secret, url }: ChatConfig, content: string, wallMs: number): RobotRequest {
  const base = (url ?? CHAT_ADDRESSES[robot]).replace(/\/+$/, '');
  const own = encodeURIComponent(key.reveal());
  const text = { msgtype: 'text', text: { content } };
  if (robot === 'wecom') return { url: `${base}/cgi-bin/webhook/send?key=${own}`, body: text };
  if (robot === 'dingtalk') {
    const timestamp = String(Math.round(wallMs));
    const mac = (value: string) => createHmac('sha256', value).update(`${timestamp}\n${value}`).digest('base64');
    const signed = secret && `&timestamp=${timestamp}&sign=${encodeURIComponent(mac(secret.reveal()))}`;
    return { url: `${base}/robot/send?access_token=${own}${signed ?? ''}`, body: text };
  }
  const timestamp = String(Math.floor(wallMs / 1000));
  const mac = (value: string) => createHmac('sha256', `${timestamp}\n${value}`).update('').digest('base64');
  const signed = secret && { timestamp, sign: mac(secret.reveal()) };
  return {
    url: `${base}/open-apis/bot/v2/hook/${own}`,
    body: { ...signed, msg_type: 'text', content: { text: content } },
  };
}

function outcomeOfRobot(answer: HttpAnswer, wallMs: number): Outcome {
  const outcome = httpOutcome(answer, wallMs);
  if (outcome.kind !== 'arrived' || 'why' in answer) return outcome;
  let told: { errcode?: unknown; code?: unknown; StatusCode?: unknown; errmsg?: unknown; msg?: unknown } = {};
  try {
    told = JSON.parse(answer.text) as typeof told;
  } catch {
    return { kind: 'retry', why: 'notJson' };
  }
  const code = told?.errcode ?? told?.code ?? told?.StatusCode;
  if (code === 0) return { kind: 'arrived' };
  const afterMs = TOO_OFTEN[String(code)];
  const words = String(told?.errmsg ?? told?.msg ?? '').slice(0, 200);
  return { kind: 'retry', why: `${String(code)}: ${words}`, ...(afterMs !== undefined && { afterMs }) };
}

/** All of them in one text, as far as it may go. */
export function chatContent(texts: readonly string[], language: 'zh' | 'en'): string {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return cut(only, TEXT_BYTES_MAX);
  const lines = [chatText.several(texts.length)[language]];
  const room = (line: string): boolean => Buffer.byteLength([...lines, line].join('\n')) <= TEXT_BYTES_MAX;
  for (const [index, text] of texts.entries()) {
    if (!room(`• ${text}`)) {
      lines.push(chatText.more(texts.length - index)[language]);
      break;
    }
    lines.push(`• ${text}`);
  }
  return lines.join('\n');
}

function cut(text: string, bytes: number): string {
  let end = text;
  while (Buffer.byteLength(end) > bytes) end = `${[...end].slice(0, -10).join('')}…`;
  return end;
}

export function createChat(config: ChatConfig, parts: TransportParts): DestinationTransport {
  const { takes, maskPlates, language } = config;
  const { clock, lanes, heads } = parts;
  const requester = requesterOf({ ...config, url: config.url ?? CHAT_ADDRESSES[config.robot] }, parts);
  let lastMs = Number.NEGATIVE_INFINITY;

  const payload = (text: Text, more: Omit<Said, 'text'> = {}): string => {
    const own = text[language];
    return JSON.stringify({ text: maskPlates ? maskedPlates(own) : own, ...more });
  };
  const laneName = (laneId: string): string => lanes.find(({ id }) => id === laneId)?.name ?? laneId;
  const textOf = (fact: OutboundFact): Text | undefined => {
    const { kind, record, observation, body, wallMs } = fact;
    if (observation !== undefined) return chatText.observation(observation, laneName(observation.laneId));
    if (kind === 'alarm') {
      const { lane = '', alarm = '' } = body as { readonly lane?: string; readonly alarm?: string };
      return chatText.alarm(laneName(lane), alarm, wallMs);
    }
    // What waits for review is for the office.
    if (kind === 'picture' || record === undefined || !record.release.reported) return undefined;
    return chatText.release(record, kind === 'withdrawal');
  };

  return {
    most: MESSAGES_MAX,
    restMs: () => lastMs + APART_MS - clock.nowMs(),
    body: (fact) => {
      const topic = factKind(fact);
      const text = topic !== undefined && isTaken(fact, takes) ? textOf(fact) : undefined;
      const { cause } = (fact.body ?? {}) as { readonly cause?: string };
      const { wallMs } = fact;
      return topic && text && { topic, payload: payload(text, cause === undefined ? {} : { cause, wallMs }) };
    },
    gap: ({ facts }) => ({ topic: 'gap', payload: payload(chatText.gap(facts)) }),
    sheet: (sheet, head) => ({
      topic: 'sheet',
      payload: payload(chatText.sheet(sheet, head), head && { head: head.last }),
    }),
    send: async (messages, signal) => {
      lastMs = clock.nowMs();
      const wallMs = clock.wallMs();
      const said = messages.map(saidIn);
      const texts = withoutEffects(said, language);
      const { url, body } = robotRequest(config, chatContent(texts, language), wallMs);
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const request = { url, method: 'POST', headers, body: JSON.stringify(body) } as const;
      const outcome = outcomeOfRobot(await requester.send(request, signal), wallMs);
      if (outcome.kind === 'arrived') for (const { head } of said) if (head !== undefined) heads.left(head, 'chat');
      return outcome;
    },
    close: () => requester.close(),
  };
}

interface Said {
  readonly text: string;
  /** Of an alarm: what it follows from, and when. */
  readonly cause?: string;
  readonly wallMs?: number;
  /** The row of a head that the text has. */
  readonly head?: number;
}

const saidIn = ({ payload }: NumberedMessage): Said => JSON.parse(payload) as Said;

/** Alarms of one cause that began within a minute are one, in the words of the first; the same cause an hour later is another. */
function withoutEffects(said: readonly Said[], language: 'zh' | 'en'): readonly string[] {
  const firsts: { readonly said: Said; count: number }[] = [];
  for (const one of said) {
    const { cause, wallMs = 0 } = one;
    const first = firsts.find(
      (each) => cause !== undefined && each.said.cause === cause && wallMs - (each.said.wallMs ?? 0) <= TOGETHER_MS,
    );
    if (first === undefined) firsts.push({ said: one, count: 0 });
    else first.count += 1;
  }
  return firsts.map(({ said: { text, cause }, count }) =>
    cause === undefined || count === 0 ? text : `${text}${chatText.oneCause(cause, count)[language]}`,
  );
}
