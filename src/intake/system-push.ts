/**
 * Management systems that push in their own form, under `/api/v1/systems/NAME` and below. Each gets the answer that it expects, byte for byte,
 * errors included. It keeps nothing of a request and knows no profile.
 */
import type { Clock } from '../clock.ts';
import { addressBlock } from '../http/address.ts';
import type { HttpApp, HttpContext } from '../http/app.ts';
import { readBytes } from '../http/body.ts';
import { trustConnection } from '../http/connections.ts';
import { GUESS_LIMITS, GuessThrottle } from '../http/guess-throttle.ts';
import { languageOf } from '../http/language.ts';
import { Problem } from '../http/problem.ts';
import { TokenBucket } from '../limits.ts';
import type { WireMessage } from '../management/message.ts';
import type { PushMeaning, PushReply } from '../management/push.ts';
import { intakeLog } from '../text/intake.ts';
import type { IntakeOptions, PushingSystem } from './intake-contract.ts';
import { pushOf } from './pushes/push-request.ts';
import type { PushMessage, PushWhy } from './pushes/push-row.ts';
import { BODY_BYTES_MAX, type Receipt, receive, type Shared } from './receive.ts';
import type { RefusalLog } from './refusal-log.ts';
import { isCounted, understandPayment } from './system-payments.ts';

/** As for a token: ten times the payments of the busiest site. */
const PER_SECOND = 200;
const AT_ONCE = 1_000;
/** Bodies of one system that are under way at a time: as many megabytes. A system that sends what it has kept sends several at once. */
const AT_A_TIME = 32;

const REFUSED = {
  badSignature: ['unauthorized', 'badSignature'],
  unreadable: ['invalid', 'notInForm'],
  tooManyValues: ['tooLarge', 'tooLarge'],
} as const;

export interface SystemContext {
  readonly options: IntakeOptions;
  readonly shared: Shared;
  readonly refusals: RefusalLog;
}

export function addSystemRoutes(app: HttpApp, systems: readonly PushingSystem[], context: SystemContext): void {
  const { options, shared, refusals } = context;
  const { clock } = options;
  const readOf = unprovenReader(clock);
  const gates = new Map(
    systems.map((system) => [
      system.name,
      { system, bucket: new TokenBucket(clock, PER_SECOND, AT_ONCE), underWay: 0 },
    ]),
  );
  app.all('/api/v1/systems/:name{[^/]+}/*', take);
  app.all('/api/v1/systems/:name', take);

  async function take(request: HttpContext): Promise<Response> {
    const gate = gates.get(request.req.param('name') ?? '');
    const { incoming } = request.env;
    const from = incoming.socket.remoteAddress ?? '';
    // The body of a stranger is not read.
    if (gate === undefined) throw new Problem('notFound', { headers: { connection: 'close' } });
    const { system, bucket } = gate;
    const { name } = system;
    const path = `/${request.req.path.split('/').slice(5).join('/')}`;
    const seen = pushOf(request, from, path);
    const refuse = (code: Problem['code'], why: PushWhy, read?: RefusedRead): void => {
      refusals.add(code, `${name} (${from})`);
      options.refused?.add({ code, from, path: request.req.path });
      addRefused(options.pushes, name, seen, why, read);
    };
    if (!system.accepts(from)) {
      refuse('forbidden', 'notTheSystem');
      throw new Problem('forbidden', { headers: { connection: 'close' } });
    }
    const read = await readOf(request, gate);
    if (read === undefined) {
      refuse('tooManyRequests', 'tooManyPayments');
      return respond(system.read(wireMessage(request, new Uint8Array())).reply('later'));
    }
    if (read.fault !== undefined) {
      const [code, why] = REFUSED[read.fault];
      refuse(code, why, read);
      return respond(read.reply(read.fault === 'badSignature' ? 'badSignature' : 'refused'));
    }
    trustConnection(incoming);
    if (bucket.take(Math.max(1, read.payments.length)).waitSeconds > 0) {
      refuse('tooManyRequests', 'tooManyPayments');
      return respond(read.reply('later'));
    }
    options.channels?.declare?.(name);
    const outcomes = await Promise.allSettled(
      read.payments.filter(isCounted).map((payment) =>
        receive([payment], false, {
          ...shared,
          refusals,
          understand: (value) => understandPayment(value as typeof payment, name, options),
          language: languageOf(incoming),
          sender: name,
        }),
      ),
    );
    options.refused?.accepted(from);
    const meaning = meaningOf(outcomes, name, context);
    const fields = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? fieldsAt(outcome.reason) : []));
    if (fields.length > 0) addRefused(options.pushes, name, seen, 'invalid', { ...read, form: fields.join(', ') });
    return respond(read.reply(meaning));
  }
}

function meaningOf(
  outcomes: readonly PromiseSettledResult<readonly Receipt[]>[],
  name: string,
  { options: { log }, refusals }: SystemContext,
): PushMeaning {
  const problems = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  for (const problem of problems)
    if (problem instanceof Problem) refusals.add(problem.code, name, problem.errors);
    else log.error(intakeLog.broken(problem instanceof Error ? (problem.stack ?? problem.message) : 'unknown'));
  const isLater = problems.some((problem) => !(problem instanceof Problem) || problem.code === 'full');
  if (isLater) return 'later';
  return problems.length > 0 && problems.length === outcomes.length ? 'refused' : 'arrived';
}

/** Reads what has proved nothing yet in its turn; what is in no form costs a guess. undefined: too many are under way. Throws Problem. */
function unprovenReader(clock: Clock): (request: HttpContext, gate: Gate) => Promise<RefusedRead | undefined> {
  const guesses = new GuessThrottle(clock, GUESS_LIMITS.intake);
  return async (request, gate) => {
    if (gate.underWay >= AT_A_TIME) return undefined;
    gate.underWay += 1;
    try {
      const { incoming } = request.env;
      const body = await readBytes(incoming, clock, { bytesMax: BODY_BYTES_MAX });
      const message = wireMessage(request, body);
      let read: RefusedRead | undefined;
      await guesses.guess(addressBlock(incoming.socket.remoteAddress ?? ''), () => {
        read = { ...gate.system.read(message), message };
        return read.fault === undefined;
      });
      return read;
    } finally {
      gate.underWay -= 1;
    }
  };
}

interface Gate {
  readonly system: PushingSystem;
  readonly bucket: TokenBucket;
  underWay: number;
}

type RefusedRead = ReturnType<PushingSystem['read']> & { readonly message: WireMessage };

const fieldsAt = (reason: unknown): readonly string[] =>
  reason instanceof Problem ? reason.errors.map(({ field }) => field) : [];

/** Its row among the pushes, and its bytes for a capture, without what proves the sender. */
function addRefused(
  pushes: IntakeOptions['pushes'],
  name: string,
  seen: PushMessage,
  why: PushWhy,
  read?: RefusedRead,
): void {
  const account = pushes?.camera(name);
  if (read === undefined) {
    account?.add({ outcome: 'refused', why }, seen);
    return;
  }
  const { message, form, proofs } = read;
  const refused = read.isOtherCharset ? 'otherCharset' : why;
  const bytes = Buffer.from(message.body).toString('latin1');
  const query = message.query === '' ? '' : `?${message.query}`;
  account?.message(
    { ...seen, bytes: message.body.length },
    () => account.add({ outcome: 'refused', why: refused, ...(refused !== 'badSignature' && { detail: form }) }),
    {
      path: without(message.path + query, proofs),
      contentType: message.headers['content-type'] ?? '',
      body: Buffer.from(without(bytes, proofs), 'latin1'),
    },
  );
}

/** As written and percent-encoded, which half of a pair of surrogates cannot be: as bytes it is a well-formed sign. */
const without = (latin: string, texts: readonly string[]): string =>
  texts
    .flatMap((text) => [text, encodeURIComponent(Buffer.from(text).toString())])
    .reduce((rest, text) => rest.replaceAll(text, 'x'), latin);

function wireMessage(request: HttpContext, body: Uint8Array): WireMessage {
  const { headers, url = '' } = request.env.incoming;
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2);
  const texts = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')] as const);
  return {
    method: request.req.method,
    path: `/${path.split('/').slice(5).join('/')}`,
    query,
    headers: Object.fromEntries(texts),
    body,
  };
}

function respond({ status, contentType, body }: PushReply): Response {
  return new Response(new Uint8Array(body), { status, headers: { 'content-type': contentType } });
}
