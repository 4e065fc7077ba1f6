/** The tools of libgpiod as far as a test needs them: shell scripts that print what the real ones print (2.2.1 and 1.6.3), and note what they were asked. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GpiodTools } from '../../drivers/gpio/gpiomon.ts';
import type { Clock } from '../../src/clock.ts';

export const CHIPS = 'gpiochip0 [pinctrl-bcm2711] (58 lines)\ngpiochip1 [raspberrypi-exp-gpio] (8 lines)\n';
const BANNER = "Monitoring lines '17' and '27'...";

export interface FakeTools {
  readonly tools: GpiodTools;
  /** One line out of gpiomon, which must run. */
  say(text: string): void;
  /** Without the end of a line. */
  saySome(text: string): void;
  /** The levels gpioget reads from now on: `1 0`. */
  levels(text: string): void;
  /** Ends the gpiomon that runs, by a signal. */
  signal(name: NodeJS.Signals): void;
  readonly pid: () => number;
  /** Each call: the tool and its arguments. */
  readonly asked: () => readonly string[];
  /** How often gpiomon began to watch. */
  readonly watched: () => number;
  close(): void;
}

export interface FakeOptions {
  readonly version?: string;
  readonly chips?: string;
  /** Shell commands in place of a tool's own. */
  readonly gpioget?: string;
  readonly gpiodetect?: string;
  readonly gpiomonVersion?: string;
  readonly gpiomon?: string;
}

export function fakeTools(options: FakeOptions = {}): FakeTools {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-gpio-'));
  const { version = 'v2.2.1' } = options;
  const isV1 = version.startsWith('v1');
  const script = (name: string, body: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\ncd '${folder}'\necho "${name} $*" >> asked\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  execFileSync('mkfifo', [join(folder, 'edges')]);
  // Held open at both ends, so that neither side ever sees the end of it.
  const edges = openSync(join(folder, 'edges'), 'r+');
  writeFileSync(join(folder, 'levels'), '1 0\n');
  writeFileSync(join(folder, 'chips'), options.chips ?? CHIPS);
  script('gpiodetect', options.gpiodetect ?? 'cat chips');
  script('gpioget', options.gpioget ?? 'cat levels');
  script(
    'gpiomon',
    [
      `if [ "$1" = --version ]; then ${options.gpiomonVersion ?? `echo 'gpiomon (libgpiod) ${version}'; echo 'Copyright'`}; exit; fi`,
      'echo $$ > pid',
      ...(options.gpiomon === undefined ? [isV1 ? ':' : `echo "${BANNER}"`, 'exec cat edges'] : [options.gpiomon]),
    ].join('\n'),
  );
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  const pid = (): number => Number(read('pid'));
  const asked = (): readonly string[] =>
    read('asked')
      .split('\n')
      .filter((line) => line !== '');
  return {
    tools: {
      gpiodetect: join(folder, 'gpiodetect'),
      gpioget: join(folder, 'gpioget'),
      gpiomon: join(folder, 'gpiomon'),
    },
    say: (text) => writeSync(edges, `${text}\n`),
    saySome: (text) => writeSync(edges, text),
    levels: (text) => writeFileSync(join(folder, 'levels'), `${text}\n`),
    signal: (name) => process.kill(pid(), name),
    pid,
    asked,
    watched: () => asked().filter((line) => line.startsWith('gpiomon ') && !line.includes('--version')).length,
    close: () => closeSync(edges),
  };
}

/** The machine's clock with shorter waits, for what is given up after seconds. */
export function hurried(clock: Clock, factor: number): Clock {
  return { ...clock, sleep: (ms, signal) => clock.sleep(ms / factor, signal) };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
