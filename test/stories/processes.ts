/** Real processes for the stories: the compiled program, a pty pair, the platform. Each is waited for by what it says, with a bound. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

export const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
export const PROGRAM = join(DIST, 'src/main.js');

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'lanewarden-test-'));

/** Looks again every few milliseconds until `condition` holds; fails with `what` and what `details` gives when it never does. */
export async function eventually(
  what: string,
  condition: () => boolean,
  details: () => string = () => '',
  withinMs = LONGEST_WAIT_MS,
): Promise<void> {
  const limitMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > limitMs) throw new Error(`never came true: ${what}\n${details()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface Running {
  readonly process: ChildProcess;
  /** Everything it has said so far, on both outputs. */
  output(): string;
  /** Complete lines of standard output. */
  lines(): string[];
  says(text: string | RegExp): Promise<void>;
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Sends the signal; resolves with exit code and how long the end took. */
  end(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

export function start(command: string, words: readonly string[], environment: Record<string, string> = {}): Running {
  const child = spawn(command, words, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  let both = '';
  let standard = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    both += text;
    standard += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    both += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  return {
    process: child,
    output: () => both,
    lines: () => standard.split('\n').slice(0, -1),
    says: (text) =>
      eventually(
        `${command} says ${text}`,
        () => (typeof text === 'string' ? both.includes(text) : text.test(both)),
        () => both,
      ),
    ended,
    end: async (signal = 'SIGTERM') => {
      const startMs = performance.now();
      child.kill(signal);
      return { code: await ended, tookMs: performance.now() - startMs };
    },
  };
}

export const program = (words: readonly string[], environment: Record<string, string> = {}): Running =>
  start(process.execPath, [PROGRAM, ...words], { LANG: 'en_US.UTF-8', ...environment });

/** Two ends of a pty pair that are really there when this resolves. */
export async function ptyPair(
  folder: string,
): Promise<{ readonly near: string; readonly far: string; readonly socat: Running }> {
  const near = join(folder, 'near');
  const far = join(folder, 'far');
  // Links of a killed pair stay, and lead somewhere for as long as somebody has its ends open.
  for (const end of [near, far]) rmSync(end, { force: true });
  const socat = start('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`]);
  await eventually(
    'socat made both ends',
    () => existsSync(near) && existsSync(far),
    () => socat.output(),
  );
  return { near, far, socat };
}

export async function platformProcess(
  secret: string,
  port = '0',
): Promise<{ readonly url: string; readonly running: Running; records(): Record<string, unknown>[] }> {
  const running = start(process.execPath, [join(import.meta.dirname, '../sim/platform-main.ts'), port, secret]);
  await eventually(
    'the platform says where it is',
    () => running.lines().length > 0,
    () => running.output(),
  );
  const said = () => running.lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  return { url: String(said()[0]?.url), running, records: () => said().slice(1) };
}

/**
 * A lane on one board at `port`, with its secrets; returns the configuration's path. The board is simulated on the machine of the test: one that is slow
 * makes it answer late, and is no lost board.
 */
export function laneConfig(
  folder: string,
  options: {
    readonly port: string;
    readonly platformUrl: string;
    readonly cameraUrl: string;
    readonly secret: string;
    readonly settings?: string;
  },
): string {
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "${options.platformUrl}", appSecret: { secret: cloud.appSecret }, clockHold: 0 }
lines:
  - id: rs485-1
    port: ${options.port}
    baudRate: 38400
    devices:
      - { id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1, timeoutMs: 1500 }
cameras:
  - { id: cam1, kind: camera-http, preset: custom, url: "${options.cameraUrl}" }
lanes:
  - id: "1001"
    name: 通道A
    direction: exit
    reporting: { by: tester, reason: nothing tells of payments }
    points: { down: io1.di1, up: io1.di2, approach: io1.di3, barrier: io1.di4, auto: io1.di5, button: io1.di6 }
    camera: cam1
    settings: { ${options.settings ?? ''} }
store: { path: "${join(folder, 'state')}" }
log: { level: debug }
`,
  );
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "${options.secret}"\n`, { mode: 0o600 });
  return file;
}
