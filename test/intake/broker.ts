/** A Mosquitto of its own for a test, which can be killed and started again with what it had kept. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type IClientPublishOptions, type MqttClient } from 'mqtt';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

export const USER = 'lanewarden';
export const PASSWORD = 'canary-password-5f21';

export interface Broker {
  readonly port: number;
  readonly output: () => string;
  start(): Promise<void>;
  /** At once, as by a power cut. Mosquitto writes what it keeps when it is asked to (`save`) and when it ends in peace. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  save(): Promise<void>;
  /** A publisher, connected. */
  publisher(): Promise<Publisher>;
  close(): Promise<void>;
}

export interface Publisher {
  /** Resolves when the broker has it. */
  publish(topic: string, payload: unknown, options?: IClientPublishOptions): Promise<void>;
  readonly client: MqttClient;
}

export async function startBroker(extra = ''): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-broker-'));
  const port = await freePort();
  const passwords = join(folder, 'passwords');
  spawnSync('mosquitto_passwd', ['-b', '-c', passwords, USER, PASSWORD]);
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(
    file,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous false',
      `password_file ${passwords}`,
      'persistence true',
      `persistence_location ${folder}/`,
      // Every change is written: the test kills it at any moment.
      'autosave_on_changes true',
      'autosave_interval 1',
      'max_queued_messages 5000',
      // Whoever runs the test; only root would change to somebody else.
      'user root',
      extra,
      '',
    ].join('\n'),
  );
  let child: ChildProcess | undefined;
  let said = '';
  const clients: MqttClient[] = [];
  const broker: Broker = {
    port,
    output: () => said,
    start: async () => {
      child = spawn('mosquitto', ['-c', file], { stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      await answering(port, () => said);
    },
    kill: async (signal = 'SIGKILL') => {
      const ending = child;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
      const ended = new Promise((resolve) => ending.once('close', resolve));
      ending.kill(signal);
      await ended;
    },
    save: async () => {
      const file = join(folder, 'mosquitto.db');
      const before = versionOf(file);
      child?.kill('SIGUSR1');
      // It writes a new file and puts it in the place of the old one.
      await eventuallyTrue(
        () => versionOf(file) !== before,
        () => `it does not save\n${said}`,
      );
    },
    publisher: async () => {
      const client = connect({ host: '127.0.0.1', port, username: USER, password: PASSWORD, reconnectPeriod: 0 });
      clients.push(client);
      await new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('error', reject);
      });
      return {
        client,
        publish: async (topic, payload, options = {}) => {
          const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
          await client.publishAsync(topic, bytes, { qos: 1, ...options });
        },
      };
    },
    close: async () => {
      for (const client of clients) client.end(true);
      await broker.kill();
    },
  };
  await broker.start();
  return broker;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function versionOf(file: string): string {
  const { ino, mtimeNs } = statSync(file, { bigint: true, throwIfNoEntry: false }) ?? {};
  return `${ino} ${mtimeNs}`;
}

async function eventuallyTrue(condition: () => boolean, details: () => string): Promise<void> {
  for (const limitMs = performance.now() + LONGEST_WAIT_MS; !condition(); ) {
    if (performance.now() > limitMs) throw new Error(details());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function answering(port: number, details: () => string): Promise<void> {
  for (const limitMs = performance.now() + LONGEST_WAIT_MS; ; ) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connectSocket(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return;
    if (performance.now() > limitMs) throw new Error(`the broker did not come up\n${details()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
