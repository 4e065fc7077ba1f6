/** Receivers of webhooks as processes of their own (receiver.py), and a box that sends to them. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createAlarmCauses } from '../../../src/app/alarm-causes.ts';
import { createDestinations, type Destinations } from '../../../src/app/destinations.ts';
import { systemClock } from '../../../src/clock.ts';
import { Secret } from '../../../src/config/secrets.ts';
import { destinationPeer } from '../../../src/config/written-peers.ts';
import type { ChatConfig, DestinationConfig, WebhookConfig } from '../../../src/delivery/settings.ts';
import type { Store } from '../../../src/store/types.ts';
import { confirmedPeers } from '../../confirmed-peers.ts';
import { endings } from '../../endings.ts';
import { open, temporaryFolder } from '../../store/open.ts';

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly signed: boolean;
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
  readonly record: string | null;
  readonly event: { readonly type: string; readonly data: Readonly<Record<string, unknown>> } & Readonly<
    Record<string, unknown>
  >;
  readonly answer: string;
  readonly at: number;
}

export interface TestReceiver {
  readonly port: number;
  readonly got: Received[];
  stop(): void;
}

export async function receiver(...words: readonly string[]): Promise<TestReceiver> {
  const child = spawn('python3', [join(import.meta.dirname, 'receiver.py'), SECRET, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  endings.push(() => child.kill('SIGKILL'));
  const got: Received[] = [];
  let rest = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the receiver ended')));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const said = JSON.parse(line) as Received & { readonly port?: number };
        if (said.port === undefined) got.push(said);
        else resolve(said.port);
      }
    });
  });
  return { port, got, stop: () => void child.kill('SIGKILL') };
}

const carried = {
  timeoutMs: 5_000,
  takes: {
    facts: ['release', 'withdrawal', 'correction', 'mark', 'blind', 'report', 'alarm', 'heartbeat'],
    confidence: 'possible',
  },
} as const;

export const webhook = (port: number, change: Partial<WebhookConfig> = {}): WebhookConfig => ({
  ...carried,
  ...{ name: 'office', kind: 'webhook', url: `http://127.0.0.1:${port}/hook?a=1`, picture: 'none' },
  secret: new Secret(SECRET),
  ...change,
});

export const chat = (url: string, change: Partial<ChatConfig> = {}): ChatConfig => ({
  ...carried,
  ...{ name: 'group', kind: 'chat', robot: 'wecom', url, maskPlates: true, language: 'zh' },
  key: new Secret('the-key'),
  ...change,
});

export interface TestBox {
  readonly store: Store;
  readonly destinations: Destinations;
  readonly alarms: ReturnType<typeof createAlarmCauses>;
  stop(): Promise<void>;
}

/** A store, and what sends from it. */
export async function boxWith(
  configs: readonly DestinationConfig[],
  { store: given, pauseMaxMs = 60_000 }: { readonly store?: Store; readonly pauseMaxMs?: number } = {},
): Promise<TestBox> {
  const store = given ?? (await open({ path: temporaryFolder(), wallTrusted: true }));
  const alarms = createAlarmCauses();
  const quiet = (): void => undefined;
  const destinations = createDestinations({
    config: {
      destinations: configs,
      lanes: [{ id: '1001', name: '通道A' }] as never,
      page: { pauseMaxMs } as never,
    },
    peers: await confirmedPeers(store, configs.map(destinationPeer)),
    ...{ store, clock: systemClock(), alarms, accounts: { keep: async () => undefined } },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const stopped = new AbortController();
  const running = destinations.run(stopped.signal);
  const stop = async (): Promise<void> => {
    stopped.abort();
    await running;
  };
  endings.push(stop);
  // A destination is told of what comes after it was begun.
  for (const { name, kind } of configs) if (kind !== 'ping') while (!(await store.destinations()).includes(name));
  return { store, destinations, alarms, stop };
}
