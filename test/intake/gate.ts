/** An intake on a real socket, with what it accepted, for tests. */

import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { Clock } from '../../src/driver.ts';
import type { IntakeEvent, IntakeOutcome } from '../../src/intake/events.ts';
import { createIntake } from '../../src/intake/http.ts';
import type { IntakeOptions } from '../../src/intake/intake-contract.ts';

export const TOKEN = 'canary-token-0123456789';
export const PARK = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';
/** Lane time is wall time less this. */
export const LANE_EPOCH_MS = 1_700_000_000_000;

/** Lane time is wall time. */
export const timesOf = (clock: Pick<Clock, 'wallMs'>) => ({
  laneTimeMs: (wallMs: number) => wallMs,
  laneNowMs: () => clock.wallMs(),
});

export interface Gate {
  readonly url: string;
  readonly events: IntakeEvent[];
  readonly lines: string[];
  /** What `accept` does from now on. */
  accept: IntakeOptions['accept'];
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Answer; headers: Headers }>;
  close(): Promise<void>;
}

export interface Answer {
  readonly id?: string;
  readonly status?: string | number;
  readonly code?: string;
  readonly title?: string;
  readonly reason?: string;
  readonly expiredAt?: string;
  readonly receivedAt?: string;
  readonly results?: readonly { id?: string; status: string }[];
  readonly errors?: readonly { field: string; message: string }[];
}

export async function openGate(
  clock: Clock = systemClock(),
  tokens = [{ name: 'pms', value: TOKEN }],
  shared: Partial<Pick<IntakeOptions, 'ignored' | 'channels' | 'rules' | 'refused' | 'pushes' | 'isUndated'>> = {},
): Promise<Gate> {
  const events: IntakeEvent[] = [];
  const lines: string[] = [];
  const write = (text: { zh: string; en: string }) => void lines.push(`${text.zh} ${text.en}`);
  const gate = {
    accept: async (event: IntakeEvent): Promise<IntakeOutcome> => {
      events.push(event);
      return 'accepted';
    },
  };
  const intake = createIntake({
    config: {
      enabled: true,
      listen: { host: '127.0.0.1', port: 0 },
      tokens: tokens.map(({ name, value }) => ({ name, secret: new Secret(value) })),
    },
    version: '1.2.3',
    clock,
    lanes: [
      { id: '1001', name: '通道A' },
      { id: '1002', name: '通道B' },
    ],
    parkUuid: PARK,
    laneTimeMs: (wallMs) => wallMs - LANE_EPOCH_MS,
    laneNowMs: () => clock.wallMs() - LANE_EPOCH_MS,
    accept: (event) => gate.accept(event),
    ...shared,
    log: { debug: write, info: write, warn: write, error: write },
  });
  const { url } = await intake.listen();
  return Object.assign(gate, {
    url,
    events,
    lines,
    close: () => intake.close(),
    post: async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/json',
          'accept-language': 'en',
          ...headers,
        },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Answer, headers: response.headers };
    },
  });
}
