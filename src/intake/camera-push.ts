/**
 * Cameras that push to us, under `/api/v1/cameras/<id>` and below. In every case, errors included, the camera gets an answer of its
 * maker's that opens no gate, or one without meaning for any camera. It keeps nothing of a request and knows no maker. devices.md rules
 * 9, 33 and 34.
 */
import type { Clock } from '../clock.ts';
import { ProtocolError, type PushAnswer, type PushRequest } from '../driver.ts';
import type { HttpApp, HttpContext } from '../http/app.ts';
import { readBytes } from '../http/body.ts';
import { trustConnection } from '../http/connections.ts';
import { CLOSE, PROBLEM_STATUS, Problem } from '../http/problem.ts';
import { TokenBucket } from '../limits.ts';
import type { Log } from '../log.ts';
import { intakeLog } from '../text/intake.ts';
import type { PushingCamera } from './intake-contract.ts';
import { pushOf, refusedPush } from './pushes/push-request.ts';
import type { PushMessage } from './pushes/push-row.ts';
import type { RefusalLog } from './refusal-log.ts';

/** A read with three pictures in base64 is some two megabytes. */
const PUSH_BYTES_MAX = 4_000_000;
/** Bodies of one camera read at a time: the limit of memory. */
const AT_A_TIME = 4;
/** Far above the rate of vehicles. */
const PUSHES_PER_SECOND = 10;
const PUSHES_AT_ONCE = 100;

export interface PushContext {
  readonly clock: Clock;
  readonly log: Log;
}

export function addCameraRoutes(
  app: HttpApp,
  cameras: ReadonlyMap<string, PushingCamera>,
  context: PushContext,
  refusals: RefusalLog,
): void {
  const gates = new Map(
    [...cameras].map(([id, camera]) => [
      id,
      { camera, underWay: 0, bucket: new TokenBucket(context.clock, PUSHES_PER_SECOND, PUSHES_AT_ONCE) },
    ]),
  );
  const own = (request: HttpContext): Promise<Response> =>
    receive(request, [request.req.param('cameraId') ?? ''], pathBelow(request, 5));
  app.all('/api/v1/cameras/:cameraId{[^/]+}/*', own);
  app.all('/api/v1/cameras/:cameraId', own);
  for (const root of new Set([...cameras.values()].flatMap(({ push }) => push.root ?? [])))
    app.all(`${root}/*`, async (request) => receive(request, await sendersAt(root, request), pathBelow(request, 1)));

  /** The cameras behind the sender's address. */
  async function sendersAt(root: string, request: HttpContext): Promise<readonly string[]> {
    const sender = senderOf(request);
    const found: string[] = [];
    for (const [id, { push }] of cameras) if (push.root === root && (await push.accepts(sender))) found.push(id);
    return found;
  }

  function reportUnread(error: unknown, id: string): void {
    if (error instanceof ProtocolError) refusals.add('invalid', id);
    else context.log.error(intakeLog.broken(error instanceof Error ? (error.stack ?? error.message) : 'unknown'));
  }

  /** `ids`: several where they share an address; the limits are those of the first. */
  async function receive(request: HttpContext, ids: readonly string[], path: string): Promise<Response> {
    const [id = ''] = ids;
    const gate = gates.get(id);
    // The body of an unauthenticated sender is not read.
    if (gate === undefined) throw new Problem('notFound', { headers: { connection: 'close' } });
    const sender = senderOf(request);
    const message = await admitted(request, gate.camera, id, sender, path, refusals);
    const refuse = (code: Problem['code'], headers: Problem['headers'] = {}): Response => {
      refusals.add(code, id);
      refusedPush(gate.camera.account, message, code);
      return respond({ ...gate.camera.push.refused, status: PROBLEM_STATUS[code] }, headers);
    };
    if (gate.underWay >= AT_A_TIME || gate.bucket.take(1).waitSeconds > 0)
      return refuse('tooManyRequests', CLOSE.headers);
    gate.underWay += 1;
    try {
      const body = await readBytes(request.env.incoming, context.clock, { bytesMax: PUSH_BYTES_MAX });
      const pushed = requestOf(request, path, body);
      const all = ids.flatMap((each) => cameras.get(each) ?? []);
      const answer = deliver(all, pushed, { ...message, bytes: body.length }, () => refusals.add('unauthorized', id));
      if (answer === undefined) refusals.add('notTheCamera', `${id} (${sender})`);
      return respond(answer ?? gate.camera.push.refused);
    } catch (error) {
      if (error instanceof Problem) return refuse(error.code, error.headers);
      reportUnread(error, id);
      return respond(gate.camera.push.refused);
    } finally {
      gate.underWay -= 1;
    }
  }
}

/** What comes from the camera itself, by a method that it may use. Throws Problem. */
async function admitted(
  request: HttpContext,
  { push, account }: PushingCamera,
  id: string,
  sender: string,
  path: string,
  refusals: RefusalLog,
): Promise<PushMessage> {
  if (!(await push.accepts(sender))) {
    refusals.add('notTheCamera', `${id} (${sender})`);
    refusedPush(account, { way: 'push', from: sender }, 'notTheCamera');
    throw new Problem('notTheCamera', CLOSE);
  }
  trustConnection(request.env.incoming);
  const message = pushOf(request, sender, path);
  const { method } = request.req;
  const isAsked = method === 'GET' && push.asks?.includes(path);
  if (isAsked || ['POST', 'PUT'].includes(method)) return message;
  refusedPush(account, message, 'methodNotAllowed', method);
  throw new Problem('methodNotAllowed', { headers: { allow: 'POST' } });
}

const senderOf = (request: HttpContext): string => request.env.incoming.socket.remoteAddress ?? '';

const pathBelow = (request: HttpContext, levels: number): string =>
  `/${request.req.path.split('/').slice(levels).join('/')}`;

function requestOf(request: HttpContext, path: string, body: Uint8Array): PushRequest {
  const { headers } = request.env.incoming;
  const texts = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')] as const);
  return { method: request.req.method, path, headers: Object.fromEntries(texts), body };
}

/** Of cameras behind one address those whose number is in the message, or else the first whose number is not known. */
function ownersOf(cameras: readonly PushingCamera[], pushed: PushRequest): readonly PushingCamera[] {
  const told = cameras.map((camera) => camera.push.isOf?.(pushed));
  const named = cameras.filter((_, index) => told[index]);
  return named.length > 0 ? named : cameras.filter((_, index) => told[index] === undefined).slice(0, 1);
}

/** Gives a message to its cameras; the answer is that of the first. undefined: it is of none of them. */
function deliver(
  cameras: readonly PushingCamera[],
  pushed: PushRequest,
  message: PushMessage,
  onDenied: () => void,
): PushAnswer | undefined {
  const owners = ownersOf(cameras, pushed);
  if (owners.length === 0) refusedPush(cameras[0]?.account, message, 'notTheCamera', pushed.headers['user-identify']);
  const [answer] = owners.map((owner) => {
    const work = (): PushAnswer => understand(owner, pushed, onDenied);
    const request = { path: pushed.path, contentType: pushed.headers['content-type'] ?? '', body: pushed.body };
    return owner.account?.message(message, work, request) ?? work();
  });
  return answer;
}

function understand({ push, take, account }: PushingCamera, pushed: PushRequest, onDenied: () => void): PushAnswer {
  const { events, answer, denied } = push.take(pushed);
  if (denied) {
    onDenied();
    account?.add({ outcome: 'refused', why: 'unauthorized' });
  }
  for (const event of events) take(event);
  return answer;
}

function respond(answer: PushAnswer, headers: Readonly<Record<string, string>> = {}): Response {
  const { status, mediaType, body, challenge } = answer;
  const login = challenge !== undefined && { 'www-authenticate': challenge };
  return new Response(body, { status, headers: { ...headers, ...login, 'content-type': mediaType } });
}
