/**
 * The barrier controller of the simulated lanes as a management system reaches it over HTTP: it lifts the arm by the system's relay, and tells what
 * stands in the lane. It moves this world only; no box has a way to it, and it must not know of any box.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LaneWorld } from '../world.ts';

export interface ArmStandIn {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Answer to every question about a lane. */
export interface StandInState {
  readonly lane: string;
  readonly arm: 'down' | 'up' | 'moving';
  readonly loops: { readonly a: boolean; readonly b: boolean; readonly c: boolean };
  /** The one farthest down the lane first; null: without a plate. */
  readonly vehicles: readonly (string | null)[];
}

interface Answer {
  readonly status: number;
  readonly body: StandInState | { readonly error: string; readonly lanes?: readonly string[] };
}

const BODY_LIMIT_BYTES = 1_000;

/** Of an IPv6 address in an address with a port. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Where this machine reaches what listens there. */
export const reachedAt = (host: string, port: number): string =>
  `http://${host === '0.0.0.0' ? '127.0.0.1' : bracketed(host === '::' ? '::1' : host)}:${port}`;

/** `port` 0: any. Rejects with the system's error. */
export async function startArmStandIn(
  worlds: ReadonlyMap<string, LaneWorld>,
  port = 0,
  host = '127.0.0.1',
): Promise<ArmStandIn> {
  const server = createServer((request, response) => {
    answer(worlds, request).then(
      (given) => send(response, given),
      () => response.destroy(), // the client disconnected midway
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: reachedAt(host, (server.address() as AddressInfo).port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(worlds: ReadonlyMap<string, LaneWorld>, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const isOpening = pathname === '/arm/open';
  if (!isOpening && pathname !== '/arm') return { status: 404, body: { error: 'unknownPath' } };
  if (request.method !== (isOpening ? 'POST' : 'GET')) return { status: 405, body: { error: 'wrongMethod' } };
  const named = searchParams.get('lane') ?? (isOpening ? await laneIn(request) : undefined);
  if (named === null) return { status: 400, body: { error: 'badBody' } };
  const lanes = [...worlds.keys()];
  const lane = named ?? (lanes.length === 1 ? lanes[0] : undefined);
  if (lane === undefined) return { status: 400, body: { error: 'laneMissing', lanes } };
  const world = worlds.get(lane);
  if (world === undefined) return { status: 404, body: { error: 'unknownLane', lanes } };
  if (isOpening) world.press('auto');
  return { status: isOpening ? 202 : 200, body: stateOf(world) };
}

/** The lane that a body names; undefined: none; null: not understood. */
async function laneIn(request: IncomingMessage): Promise<string | undefined | null> {
  let text = '';
  for await (const piece of request as AsyncIterable<Buffer>)
    if (text.length <= BODY_LIMIT_BYTES) text += piece.toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    const { lane } = JSON.parse(text) as { readonly lane?: unknown };
    return lane === undefined || typeof lane === 'string' ? lane : null;
  } catch {
    return null;
  }
}

function stateOf(world: LaneWorld): StandInState {
  const { down, up, approach, barrier, exit } = world.levels();
  return {
    lane: world.laneId,
    arm: down ? 'down' : up ? 'up' : 'moving',
    loops: { a: approach, b: barrier, c: exit },
    vehicles: world.scene().vehicles.map(({ plate }) => plate?.text ?? null),
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}
