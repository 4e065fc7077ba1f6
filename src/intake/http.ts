/**
 * The HTTP intake: paid exits and plates pushed by management systems. It turns requests into events and answers 202 once they are durable. Plain
 * and TLS ports share routes, tokens and their rates.
 * It knows lanes by id only, and it cannot open a barrier.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { allowOnly, createHttpApp, type HttpApp, requestListener } from '../http/app.ts';
import { readJson } from '../http/body.ts';
import { type ConnectionLimits, trustConnection } from '../http/connections.ts';
import { GUESS_LIMITS } from '../http/guess-throttle.ts';
import { languageOf } from '../http/language.ts';
import { type HttpServer, listenHttp } from '../http/listener.ts';
import { ownAddress } from '../http/own-address.ts';
import { PROBLEM_STATUS, Problem, type ProblemCode, problemDetails, tooManyRequests } from '../http/problem.ts';
import { requireScope, Tokens } from '../http/tokens.ts';
import { TokenBucket, TokenBuckets } from '../limits.ts';
import { httpLog } from '../text/http.ts';
import { intakeLog, problemText } from '../text/intake.ts';
import { addCameraRoutes } from './camera-push.ts';
import type { Checked } from './check.ts';
import { configuredTokens } from './configured-tokens.ts';
import type { Understood } from './events.ts';
import { addFateRoutes } from './fate-routes.ts';
import type { Intake, IntakeOptions } from './intake-contract.ts';
import { intakeOpenApi } from './openapi.ts';
import { understandCharge } from './park/charges.ts';
import { understandShift, understandVehicle } from './park/park-messages.ts';
import { understandEntryMessage } from './park/platform-entry.ts';
import { understandRead } from './plate-reads.ts';
import { understandMessage } from './platform-messages.ts';
import { refusedMessage, resultOf } from './pushes/push-request.ts';
import { BODY_BYTES_MAX, receive, requestItems, sharedOf } from './receive.ts';
import { RefusalLog } from './refusal-log.ts';
import { addSystemRoutes } from './system-push.ts';

const GRANTS = '/api/v1/grants';

type Understand = (value: unknown, source: string, options: IntakeOptions) => Checked<Understood>;

/** More than the systems that push to any box, with room for scanners. */
const LIMITS: ConnectionLimits = {
  total: 128,
  trusted: 96,
  strangersPerAddress: 48,
  newPerSecond: 300,
  newAtOnce: 1_000,
  idleMs: 60_000,
};

/** Messages a second of one token, and burst: ten times the payments of the busiest site. */
const PER_SECOND = 200;
const AT_ONCE = 1_000;
/** Tokens with a rate of their own. */
const HOLDERS_MAX = 100;

export function createIntake(options: IntakeOptions & { readonly version: string }): Intake {
  const { config, clock, log } = options;
  const refusals = new RefusalLog(clock, log);
  const answer = requestListener(routes(options, refusals));
  const servers: HttpServer[] = [];
  return {
    listen: async (secure) => {
      const server = await listenHttp({
        answer,
        clock,
        ...(secure?.listen ?? config.listen),
        limits: LIMITS,
        ...(secure && {
          secure: { key: secure.key, cert: secure.certificate, plain: refusePlain(refusals, options.refused) },
        }),
        onTlsAtPlain: (from) => {
          refusals.add('tlsAtPlain', from);
          options.refused?.add({ code: 'tlsAtPlain', from });
        },
        onMalformed: (from) => {
          refusals.add('malformed', from);
          options.refused?.add({ code: 'malformed', from });
          options.pushes?.refused({ way: 'push', from }, 'malformed');
        },
        broken: (error) => log.error(intakeLog.broken(error.message)),
        onShed: (block, count) => log.warn(httpLog.shed('intake', block, count)),
      });
      servers.push(server);
      log.info(
        intakeLog.listening(
          server.url,
          config.tokens.map(({ name }) => name),
        ),
      );
      return server;
    },
    close: async () => {
      await Promise.all(servers.splice(0).map((server) => server.close()));
    },
  };
}

/** Plain HTTP on the TLS port: never redirected, because a client that follows would send its token in clear each time. */
function refusePlain(refusals: RefusalLog, refused: IntakeOptions['refused']): RequestListener {
  return (incoming, response) => {
    const from = incoming.socket.remoteAddress;
    refusals.add('plainHttp', from ?? 'unknown');
    refused?.add({ code: 'plainHttp', from });
    response.writeHead(PROBLEM_STATUS.plainHttp, { connection: 'close', 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problemDetails(new Problem('plainHttp'), languageOf(incoming), problemText)));
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0] ?? '';

/** A request that was refused before its sender was known. */
function refused(code: ProblemCode, incoming: IncomingMessage, options: IntakeOptions, refusals: RefusalLog): void {
  const from = incoming.socket.remoteAddress ?? 'unknown';
  const path = pathOf(incoming);
  if (code === 'unauthorized' || code === 'forbidden') {
    const isBare = incoming.headers.authorization === undefined;
    refusals.add(code, from);
    options.refused?.add({ code: isBare ? 'noToken' : code, from, path });
    options.pushes?.refused({ way: 'api', from, path }, isBare ? 'noToken' : 'unauthorized');
  }
  if (code === 'tooManyRequests') options.flooded?.(from);
  // A sender whose path is wrong: nothing else says that it is there.
  if (code === 'notFound' && ['POST', 'PUT'].includes(incoming.method ?? '')) {
    options.pushes?.refused({ way: 'push', from }, 'unknownCamera', path);
    if (!path.startsWith('/api/v1/cameras')) options.refused?.add({ code, from, path });
  }
}

function routes(options: IntakeOptions & { readonly version: string }, refusals: RefusalLog): HttpApp {
  const { config, clock, log } = options;
  const configured = configuredTokens(config.tokens);
  const tokens = new Tokens({ clock, limits: GUESS_LIMITS.intake, configured: () => configured, made: options.made });
  const rates = new TokenBuckets(HOLDERS_MAX, () => new TokenBucket(clock, PER_SECOND, AT_ONCE));
  const shared = sharedOf(options);
  const app = createHttpApp({
    texts: problemText,
    onProblem: ({ code }, incoming) => refused(code, incoming, options, refusals),
    broken: (message) => log.error(intakeLog.broken(message)),
  });

  const post = (path: string, understand: Understand) => {
    app.post(path, async (request) => {
      const { incoming } = request.env;
      const holder = await tokens.admit(incoming.headers.authorization, incoming.socket.remoteAddress);
      requireScope(holder, 'grants');
      options.channels?.declare?.(holder.name);
      trustConnection(incoming);
      const account = understand === understandRead ? options.pushes?.camera(holder.name) : undefined;
      const from = incoming.socket.remoteAddress;
      const message = { way: 'api', ...(from && { from }) } as const;
      try {
        const content = await readJson(incoming, clock, { bytesMax: BODY_BYTES_MAX });
        const items = requestItems(content);
        const { waitSeconds } = rates.of(holder.name).take(items.length);
        if (waitSeconds > 0) throw tooManyRequests(waitSeconds);
        const receipts = await receive(items, Array.isArray(content), {
          ...shared,
          refusals,
          understand: (value) => understand(value, holder.name, options),
          language: languageOf(incoming),
          sender: holder.name,
          became: (item, receipt) => account?.add(resultOf(item, receipt), message),
        });
        options.refused?.accepted(from);
        return request.json(Array.isArray(content) ? { results: receipts } : receipts[0], 202);
      } catch (error) {
        if (error instanceof Problem) {
          refusals.add(error.code, holder.name);
          options.refused?.add({ code: error.code, from, holder: holder.name, path });
          refusedMessage(account, message, error);
        }
        throw error;
      }
    });
    allowOnly(app, new Map([[path, path === GRANTS && options.fates !== undefined ? ['GET', 'POST'] : ['POST']]]));
  };

  app.use(async (request, next) => {
    await next();
    request.res.headers.set('x-content-type-options', 'nosniff');
    request.res.headers.set('cache-control', 'no-store');
  });
  if (options.fates !== undefined) addFateRoutes(app, options.fates, tokens);
  post(GRANTS, understandMessage);
  post('/api/v1/plates', understandRead);
  post('/api/v1/entries', understandEntryMessage);
  post('/api/v1/charges', understandCharge);
  post('/api/v1/vehicles', understandVehicle);
  post('/api/v1/shifts', understandShift);
  app.get('/api/openapi.json', (request) =>
    request.body(JSON.stringify(intakeOpenApi(options.version, ownAddress(request.env.incoming))), 200, {
      'content-type': 'application/json',
    }),
  );
  if (options.systems !== undefined) addSystemRoutes(app, options.systems, { options, shared, refusals });
  if (options.cameras !== undefined) addCameraRoutes(app, options.cameras, options, refusals);
  return app;
}
