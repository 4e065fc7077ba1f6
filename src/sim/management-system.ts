/**
 * The park's management system, as far as the box is concerned: it pushes payments and plates over HTTP, and repeats them until they are
 * accepted. It must not know the program's intake code; it follows the published interface.
 */
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import type { Clock } from '../clock.ts';
import type { PlateRead } from '../lane/types.ts';
import type { WorldGrant } from './world.ts';

export interface ManagementSystem {
  plate(laneId: string, plate: PlateRead & { readonly behind?: boolean }): void;
  grant(grant: WorldGrant): void;
  /** Forwards the platform's command to keep the arm up, or to end that. */
  keepOpen(laneId: string, mode: { readonly on: boolean; readonly reason?: string }): void;
  /** Sends a keep-alive: a read without a plate. Resolves when the box has accepted or refused it. */
  keepAlive(laneId: string): Promise<void>;
  /** Messages given up. */
  readonly lost: number;
  close(): void;
}

const TRIES = 5;
const AGAIN_AFTER_MS = 200;

/** `url`: base address of the intake. */
export function createManagementSystem(options: {
  readonly clock: Clock;
  readonly url: string;
  readonly token: string;
}): ManagementSystem {
  const { clock, url, token } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const closed = new AbortController();
  let lost = 0;
  let reads = 0;
  const push = async (path: string, message: object): Promise<void> => {
    for (let left = TRIES; left > 0 && !closed.signal.aborted; left -= 1) {
      const status = await post(url + path, token, agent, message);
      if (status === 202) return;
      if (status === 400 || status === 409) break; // understood and refused
      await clock.sleep(AGAIN_AFTER_MS, closed.signal);
    }
    lost += 1;
  };
  const now = (): string => new Date(clock.wallMs()).toISOString();
  const wallTime = (nowMs: number): string => new Date(clock.wallMs() + nowMs - clock.nowMs()).toISOString();
  return {
    keepAlive: (laneId) => push('/api/v1/plates', { lane: laneId, plate: '无牌车' }),
    plate: (laneId, { text, confidence, color, behind }) => {
      reads += 1;
      const id = `${laneId}-read-${reads}`;
      void push('/api/v1/plates', {
        id,
        lane: laneId,
        plate: text,
        confidence,
        ...(color && { color }),
        ...(behind && { behind }),
        at: now(),
      });
    },
    grant: ({ laneId, scope, atMs: _, issuedAtMs, expiresAtMs, ...grant }) => {
      const lane = scope === 'lane' ? { lane: laneId } : {};
      const issuedAt = issuedAtMs === undefined ? now() : wallTime(issuedAtMs);
      const expiry = expiresAtMs === undefined ? {} : { expiresAt: wallTime(expiresAtMs) };
      void push('/api/v1/grants', { ...grant, ...lane, issuedAt, ...expiry });
    },
    keepOpen: (laneId, { on, reason }) => {
      const status = on ? 'KEEP_OPEN' : 'CLOSE';
      const message = { service: 'service.parking.gate.control', gate_id: laneId, status };
      void push('/api/v1/grants', { ...message, ...(reason !== undefined && { reason }) });
    },
    get lost() {
      return lost;
    },
    close: () => {
      closed.abort();
      agent.destroy();
    },
  };
}

/** HTTP status; 0 without an answer. */
function post(url: string, token: string, agent: Agent, message: object): Promise<number> {
  const body = JSON.stringify(message);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${token}`,
  };
  return new Promise((resolve) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
      answer.once('error', () => resolve(0));
    });
    outgoing.once('error', () => resolve(0));
    outgoing.end(body);
  });
}

/** Below the ephemeral ports of the system: a port just found free is then not assigned to another process. */
const PORTS = { first: 20_000, count: 10_000 };
let nextPort = (process.pid * 37) % PORTS.count;

/** A free TCP port of the loopback, another at each call. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS.count; tries += 1) {
    const port = PORTS.first + nextPort;
    nextPort = (nextPort + 1) % PORTS.count;
    if (await isFree(port)) return port;
  }
  throw new RangeError(`no port from ${PORTS.first} to ${PORTS.first + PORTS.count - 1} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
