/** The unit that sets the clock, as systemd would run it: the package's own script, with the commands that would change this machine replaced. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClockPlaces } from '../../src/box/clock-control.ts';
import { systemClock } from '../../src/clock.ts';

const SCRIPT = fileURLToPath(new URL('../../deploy/box/set-clock', import.meta.url));

export interface ClockUnit {
  readonly places: ClockPlaces;
  /** Times the clock was set to, in milliseconds. */
  readonly set: () => readonly number[];
  /** What the unit said last. */
  readonly said: () => string;
  /** Whether the time service says that it is synchronised. */
  readonly network: (synced: boolean) => void;
  /** The unit works; false: nobody takes requests. */
  readonly enable: (on: boolean) => void;
  runOnce(): Promise<void>;
  close(): Promise<void>;
}

export function clockUnit(): ClockUnit {
  const base = mkdtempSync(join(tmpdir(), 'lanewarden-clock-'));
  const bin = join(base, 'bin');
  const places = { spool: join(base, 'clock'), result: join(base, 'run', 'set'), unit: join(base, 'unit.path') };
  const files = {
    request: join(places.spool, 'request'),
    set: join(base, 'was-set'),
    sync: join(base, 'synchronized'),
  };
  for (const folder of [bin, join(base, 'run')]) mkdirSync(folder);
  for (const file of [places.unit, join(base, 'made'), files.set]) writeFileSync(file, '');
  const command = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  command('date', `case $* in *-s*) shift 2; echo "$1" >>"${files.set}" ;; *) exec /usr/bin/date "$@" ;; esac`);
  command('timedatectl', 'echo no');
  command('hwclock', 'exit 0');
  const clock = systemClock();
  const stop = new AbortController();
  let said = '';
  let isEnabled = true;
  const runOnce = () =>
    new Promise<void>((resolve) => {
      const env = {
        PATH: `${bin}:${process.env.PATH}`,
        LANEWARDEN_CLOCK_REQUEST: files.request,
        LANEWARDEN_CLOCK_RESULT: places.result,
        LANEWARDEN_SYNCHRONIZED: files.sync,
        LANEWARDEN_MADE: join(base, 'made'),
      };
      execFile(SCRIPT, { env }, (_, _stdout, stderr) => {
        said = stderr;
        resolve();
      });
    });
  const work = (async () => {
    while (!stop.signal.aborted) {
      if (isEnabled && existsSync(files.request)) await runOnce();
      await clock.sleep(20, stop.signal);
    }
  })();
  return {
    places,
    set: () =>
      readFileSync(files.set, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Math.round(1_000 * Number(line.slice(1)))),
    said: () => said,
    network: (synced) => (synced ? writeFileSync(files.sync, '') : rmSync(files.sync, { force: true })),
    enable: (on) => {
      isEnabled = on;
    },
    runOnce,
    close: async () => {
      stop.abort();
      await work;
      rmSync(base, { recursive: true, force: true });
    },
  };
}
