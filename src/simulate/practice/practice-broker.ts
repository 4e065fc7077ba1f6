/** A Mosquitto of its own for a practice, and how each message arrived there. It knows no message of the box. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { freePort } from '../../sim/management-system.ts';

/** One message as the broker received it. */
export interface BrokerMessage {
  readonly topic: string;
  readonly qos: number;
  readonly retained: boolean;
}

export interface PracticeBroker {
  readonly url: string;
  readonly published: readonly BrokerMessage[];
  close(): void;
}

const UP_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;
const PUBLISHED_KEPT = 10_000;
/** Its log with `-v`: Received PUBLISH from ID (d0, q1, r0, m1, 'park/grants', … (120 bytes)) */
const RECEIVED = /Received PUBLISH from \S+ \(d\d, q(\d), r(\d), m\d+, '([^']+)'/;

/** undefined: there is no Mosquitto on this machine, or it does not start. */
export async function startPracticeBroker(folder: string, clock: Clock): Promise<PracticeBroker | undefined> {
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  // As root it would change to a user that may not exist.
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n${user}`);
  const published: BrokerMessage[] = [];
  const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin`;
  const child = spawn('mosquitto', ['-v', '-c', file], {
    env: { ...process.env, PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let isGone = false;
  for (const event of ['error', 'close']) child.once(event, () => (isGone = true));
  readLog(child, (line) => {
    const [, qos, retained, topic = ''] = RECEIVED.exec(line) ?? [];
    if (qos !== undefined) published.push({ topic, qos: Number(qos), retained: retained === '1' });
    if (published.length > PUBLISHED_KEPT) published.shift();
  });
  const limitMs = clock.nowMs() + UP_WITHIN_MS;
  while (!isGone && clock.nowMs() < limitMs) {
    if (await isOpen(port)) return { url: `mqtt://127.0.0.1:${port}`, published, close: () => void child.kill() };
    await clock.sleep(LOOK_EVERY_MS);
  }
  child.kill();
  return undefined;
}

function readLog(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
