/** `lanewarden run`: the bridge on the ports of a configuration, until it is told to stop. */
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { type App, type AppEvent, type AppOptions, startApp } from '../app.ts';
import { measureOnce } from '../card.ts';
import { type Clock, systemClock } from '../clock.ts';
import { loadConfig } from '../config/file.ts';
import type { Config } from '../config/types.ts';
import { createLog, type Log } from '../log.ts';
import { createNotifier, type Notifier } from '../notify.ts';
import { eventLine, logText, runText } from '../text/app.ts';
import { supportText } from '../text/support.ts';
import { serviceText } from '../text/update.ts';
import { type Trial, trialOf } from '../trial.ts';
import { runWatchdog } from '../watchdog.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { programVersion } from './version.ts';

export const runCommand: Command = {
  name: 'run',
  summary: runText.summary,
  options: { config: { type: 'string', short: 'c', value: 'FILE', help: runText.config } },
  run: async (values, _positionals, context) => {
    const config = loadConfig(
      values.config as string | undefined,
      { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS },
      context.environment,
    );
    const clock = systemClock();
    const log = createLog({
      language: context.language,
      level: config.log.level,
      wallMs: () => clock.wallMs(),
      write: (line) => context.stdout.write(line),
      journald: context.environment.JOURNAL_STREAM !== undefined,
    });
    const ended = new AbortController();
    const notifier = await createNotifier(context.environment, clock, process.pid);
    if (notifier.way === 'program') log.warn(serviceText.byProgram);
    const version = programVersion();
    const { LANEWARDEN_TRIAL: trialFile, RUNTIME_DIRECTORY: runtimeFolder } = context.environment;
    const trial = trialOf({ clock, version, trialFile, runtimeFolder }, ended.signal);
    const on = (event: AppEvent): void => {
      const line = eventLine(event);
      if (line !== undefined) log[line.level](logText(line), line.ids);
    };
    const app = await startApp(config, { clock, on, log, version, proxies: proxiesOf(context.environment) });
    const lanes = config.lanes.map(({ id, name }) => `${name}(${id})`).join(' ');
    log.info(runText.started(lanes, config.file));
    notifier.tell(`READY=1\nSTATUS=${runText.started(lanes, config.file)[context.language]}`);
    void measureOnce(config.store.path, clock, ended.signal).then((speed) => {
      if (speed !== undefined) log[speed.level === 'good' ? 'info' : 'warn'](supportText.card(speed));
    });
    const watched = watch(app, config, { clock, log, notifier, trial }, ended.signal);
    const told = new Promise<void>((resolve) => {
      if (context.signal.aborted) return resolve();
      context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      await Promise.race([told, app.failed, ...(trial ? [trial.failed] : [])]);
    } finally {
      notifier.tell('STOPPING=1');
      ended.abort();
      await watched;
      await stopWithin(app, clock, log);
      notifier.close();
    }
    log.info(runText.stopped);
    return EXIT.ok;
  },
};

function proxiesOf(environment: CommandContext['environment']): NonNullable<AppOptions['proxies']> {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, NO_PROXY, no_proxy } = environment;
  const named = {
    httpsProxy: HTTPS_PROXY ?? https_proxy,
    httpProxy: HTTP_PROXY ?? http_proxy,
    noProxy: NO_PROXY ?? no_proxy,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** A store gives up after 5 s; what takes longer is stuck. */
const STOP_WITHIN_MS = 10_000;

/**
 * Ends the app. What is stuck is not waited for, and neither is the thread of a disk that does not come back: an ordinary exit would wait for
 * it for ever, so the process kills itself and is started again.
 */
async function stopWithin(app: App, clock: Clock, log: Log): Promise<void> {
  const over = new AbortController();
  const stopped = app.stop();
  const inTime = await Promise.race([
    stopped.then(
      () => true,
      () => true,
    ),
    clock.sleep(STOP_WITHIN_MS, over.signal).then(() => false),
  ]);
  over.abort();
  if (inTime) return stopped;
  log.error(serviceText.killed);
  process.kill(process.pid, 'SIGKILL');
}

/** The watchdog of a running app. */
function watch(
  app: App,
  { lines, gpio }: Config,
  parts: { readonly clock: Clock; readonly log: Log; readonly notifier: Notifier; readonly trial: Trial | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, notifier, trial } = parts;
  const isBlind = gpio.length === 0 && lines.every(({ devices }) => devices.length === 0);
  const told = (name: string, quietMs: number | undefined): void => {
    if (quietMs === undefined) log.info(serviceText.again(name));
    else log.error(serviceText.silent(name, Math.round(quietMs / 1000)));
  };
  const feed = (): void => {
    notifier.tell('WATCHDOG=1');
    trial?.fed(isBlind || app.hasRead());
  };
  return runWatchdog({ clock, pulses: () => app.pulses, watchdogMs: notifier.watchdogMs, feed, told }, signal);
}
