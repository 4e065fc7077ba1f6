/**
 * Cameras that push to us, under `/api/v1/cameras/<id>` and below. In every case, errors included, the camera gets an answer of its
 * maker's that opens no gate, or one without meaning for any camera. It keeps nothing of a request and knows no maker. devices.md rules
 * 9, 33 and 34.
 */
import type { Clock } from '../clock.ts';
import { ProtocolError, type PushAnswer } from '../driver.ts';
import type { HttpApp, HttpContext } from '../http/app.ts';
import { readBytes } from '../http/body.ts';
import { trustConnection } from '../http/connections.ts';
import { CLOSE, PROBLEM_STATUS, Problem } from '../http/problem.ts';
import { TokenBucket } from '../http/token-bucket.ts';
import type { Log } from '../log.ts';
import { intakeLog } from '../text/intake.ts';
import type { PushingCamera } from './intake-contract.ts';
import { pushOf, refusedPush } from './pushes/push-request.ts';
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
    receive(request, request.req.param('cameraId') ?? '', pathBelow(request, 5));
  app.all('/api/v1/cameras/:cameraId{[^/]+}/*', own);
  app.all('/api/v1/cameras/:cameraId', own);
  for (const root of new Set([...cameras.values()].flatMap(({ push }) => push.root ?? [])))
    app.all(`${root}/*`, async (request) => receive(request, await senderAt(root, request), pathBelow(request, 1)));

  /** Of cameras behind one address the first. */
  async function senderAt(root: string, request: HttpContext): Promise<string> {
    const sender = request.env.incoming.socket.remoteAddress ?? '';
    for (const [id, { push }] of cameras) if (push.root === root && (await push.accepts(sender))) return id;
    return '';
  }

  async function receive(request: HttpContext, id: string, path: string): Promise<Response> {
    const gate = gates.get(id);
    // The body of an unauthenticated sender is not read.
    if (gate === undefined) throw new Problem('notFound', { headers: { connection: 'close' } });
    const sender = request.env.incoming.socket.remoteAddress ?? '';
    const account = gate.camera.account;
    if (!(await gate.camera.push.accepts(sender))) {
      refusals.add('notTheCamera', `${id} (${sender})`);
      refusedPush(account, { way: 'push', from: sender }, 'notTheCamera');
      throw new Problem('notTheCamera', CLOSE);
    }
    trustConnection(request.env.incoming);
    const message = pushOf(request, sender, path);
    if (!['POST', 'PUT'].includes(request.req.method)) {
      refusedPush(account, message, 'methodNotAllowed', request.req.method);
      throw new Problem('methodNotAllowed', { headers: { allow: 'POST' } });
    }
    const refuse = (code: Problem['code'], headers: Problem['headers'] = {}): Response => {
      refusals.add(code, id);
      refusedPush(account, message, code);
      return respond({ ...gate.camera.push.refused, status: PROBLEM_STATUS[code] }, headers);
    };
    if (gate.underWay >= AT_A_TIME || gate.bucket.take(1).waitSeconds > 0)
      return refuse('tooManyRequests', CLOSE.headers);
    gate.underWay += 1;
    try {
      const body = await readBytes(request.env.incoming, context.clock, { bytesMax: PUSH_BYTES_MAX });
      const work = (): PushAnswer => understand(gate.camera, request, path, body);
      return respond(account?.message({ ...message, bytes: body.length }, work) ?? work());
    } catch (error) {
      if (error instanceof Problem) return refuse(error.code, error.headers);
      if (error instanceof ProtocolError) refusals.add('invalid', id);
      else context.log.error(intakeLog.broken(error instanceof Error ? (error.stack ?? error.message) : 'unknown'));
      return respond(gate.camera.push.refused);
    } finally {
      gate.underWay -= 1;
    }
  }
}

const pathBelow = (request: HttpContext, levels: number): string =>
  `/${request.req.path.split('/').slice(levels).join('/')}`;

function understand({ push, take }: PushingCamera, request: HttpContext, path: string, body: Uint8Array): PushAnswer {
  const headers = request.env.incoming.headers;
  const { events, answer } = push.take({
    method: request.req.method,
    path,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])),
    body,
  });
  for (const event of events) take(event);
  return answer;
}

function respond({ status, mediaType, body }: PushAnswer, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, { status, headers: { ...headers, 'content-type': mediaType } });
}
