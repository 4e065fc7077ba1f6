/** `lanewarden run`: the bridge on the ports of a configuration, with the local page beside it, until a signal stops it. */
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import type { App } from '../app/app.ts';
import { eventLine, eventLogText } from '../app/event-text.ts';
import type { AppEvent, AppOptions } from '../app/events.ts';
import { runWatchdog } from '../app/watch/watchdog.ts';
import { type RunningBox, startBox } from '../box/box.ts';
import { CLOCK_PLACES } from '../box/clock-control.ts';
import { pageWhere } from '../box/page-where.ts';
import { stateFolder } from '../box/state-folder.ts';
import { PACKAGE_PLACES } from '../box/updates.ts';
import { type Clock, systemClock } from '../clock.ts';
import { configFile, configTextIfReadable, loadConfig } from '../config/file.ts';
import type { Config } from '../config/types.ts';
import { createLog, type Log, LogRing } from '../log.ts';
import { systemIsSynced } from '../store/clock-watch.ts';
import { measureOnce } from '../system/disk-speed.ts';
import { growNewGeneration } from '../system/new-generation.ts';
import { createNotifier, type Notifier } from '../system/notify.ts';
import { extendStart, processUsage } from '../system/start-time.ts';
import { isOnTrial, type Trial, trialOf } from '../system/update-trial.ts';
import { runText } from '../text/app.made.ts';
import { supportText } from '../text/commands/support.made.ts';
import { serviceText } from '../text/commands/update.made.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { type HealthParts, TrialHealth } from './trial-health.ts';
import { programVersion } from './version.ts';

const KINDS = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
/** Relative to the compiled program. */
const ASSETS = new URL('../../page/', import.meta.url);

/** `early`: a store thread without a store, for the first one opened. */
export const runCommand = (early?: Worker): Command => ({
  name: 'run',
  summary: runText.summary,
  options: { config: { type: 'string', short: 'c', value: 'FILE', help: runText.config } },
  run: async (values, _positionals, context) => {
    const synced = askedEarly(systemIsSynced);
    const { file, config, folder } = whereItStands(values.config as string | undefined, context);
    growNewGeneration(config?.lines.flatMap(({ devices }) => devices).length ?? 0);
    const [clock, ring] = [systemClock(), new LogRing()];
    const log = createLog({
      language: context.language,
      level: config?.log.level ?? 'info',
      wallMs: () => clock.wallMs(),
      write: (line) => context.stdout.write(line),
      journald: context.environment.JOURNAL_STREAM !== undefined,
      ring,
    });
    const ended = new AbortController();
    const notifier = await createNotifier(context.environment, clock, process.pid);
    if (notifier.way === 'program') log.warn(serviceText.byProgram);
    const version = programVersion();
    const { LANEWARDEN_TRIAL: trialFile, RUNTIME_DIRECTORY: runtimeFolder } = context.environment;
    const trial = trialOf({ clock, version, trialFile, runtimeFolder, watchdogMs: notifier.watchdogMs }, ended.signal);
    const on = (event: AppEvent): void => {
      const line = eventLine(event);
      if (line !== undefined) log[line.level](eventLogText(line), line.ids);
    };
    const started = new AbortController();
    void extendStart({ clock, send: notifier.send, usage: processUsage }, started.signal);
    const box = await startBox({
      kinds: KINDS,
      configFile: file,
      stateFolder: folder,
      command: `run --config ${file}`,
      clock,
      log,
      ring,
      app: { clock, version, synced, ...surroundings(context), storeThread: once(early) },
      // Set by the package's unit only.
      ...(trialFile !== undefined && { updates: PACKAGE_PLACES, clockPlaces: CLOCK_PLACES }),
      page:
        config?.page.enabled === false
          ? undefined
          : {
              ...(config?.page ?? pageWhere(configTextIfReadable(file) ?? '')),
              assets: ASSETS,
              ...(runtimeFolder !== undefined && { labelFile: join(runtimeFolder, 'label.issue') }),
            },
      on,
      up: ({ lanes, file: from, log: { level } }) => {
        log.setLevel(level);
        log.info(runText.started(lanes.map(({ id, name }) => `${name}(${id})`).join(' '), from));
      },
      stop: (app) => stopWithin(app, clock, log),
    }).finally(() => started.abort());
    notifier.send(`READY=1\nSTATUS=${statusOf(box, file)[context.language]}`);
    void measureOnce(folder, clock, ended.signal).then((speed) => {
      if (speed !== undefined) log[speed.level === 'good' ? 'info' : 'warn'](supportText.card(speed));
    });
    const health = healthOf(context, { clock, stateFolder: folder, hasPage: config?.page.enabled !== false, version });
    await health.begin();
    const watched = watch(box, { clock, log, notifier, trial, health }, ended.signal);
    const stopped = new Promise<void>((resolve) => {
      if (context.signal.aborted) return resolve();
      context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      await Promise.race([stopped, box.host.failed, ...(trial ? [trial.failed] : [])]);
    } finally {
      notifier.send('STOPPING=1');
      ended.abort();
      await watched;
      await health.end(box.host.app);
      await box.stop();
      notifier.close();
    }
    log.info(runText.stopped);
    return EXIT.ok;
  },
});

/** What a real box has around it. */
const surroundings = ({ environment }: CommandContext) => ({ proxies: proxiesOf(environment), hasNeighbours: true });

/**
 * The configuration and the state folder. A faulty configuration does not end the program while the folder is known: the page shows its
 * faults, and the last valid one runs. Throws ConfigError otherwise.
 */
function whereItStands(
  option: string | undefined,
  { environment }: CommandContext,
): { readonly file: string; readonly config?: Config; readonly folder: string } {
  const file = configFile(option, environment);
  try {
    const config = loadConfig(file, KINDS, environment);
    return { file, config, folder: config.store.path };
  } catch (error) {
    const folder = stateFolder(file, configTextIfReadable(file));
    if (folder === undefined) throw error;
    return { file, folder };
  }
}

function statusOf({ host }: RunningBox, file: string) {
  const lanes = host.config?.lanes.map(({ id, name }) => `${name}(${id})`).join(' ');
  return lanes === undefined ? runText.noConfig(file) : runText.started(lanes, file);
}

function proxiesOf(environment: CommandContext['environment']): NonNullable<AppOptions['proxies']> {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, NO_PROXY, no_proxy } = environment;
  const named = {
    httpsProxy: HTTPS_PROXY ?? https_proxy,
    httpProxy: HTTP_PROXY ?? http_proxy,
    noProxy: NO_PROXY ?? no_proxy,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function healthOf(
  { environment }: CommandContext,
  { version, ...parts }: Pick<HealthParts, 'clock' | 'stateFolder' | 'hasPage'> & { readonly version: string },
): TrialHealth {
  const { LANEWARDEN_TRIAL: trialFile } = environment;
  return new TrialHealth({
    ...parts,
    proxies: proxiesOf(environment),
    // A version that has shown that it works, and only as a package.
    isMeasure: () => trialFile !== undefined && !isOnTrial(trialFile, version),
  });
}

/** A store gives up after 5 s; anything slower is stuck. */
const STOP_WITHIN_MS = 10_000;

/**
 * Ends the app with a deadline. An ordinary exit would wait for ever for the thread of a hung disk, so the process kills itself and is
 * restarted.
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

/** Runs the watchdog; while one configuration replaces another it watches only the event loop. */
function watch(
  box: RunningBox,
  parts: {
    readonly clock: Clock;
    readonly log: Log;
    readonly notifier: Notifier;
    readonly trial: Trial | undefined;
    readonly health: TrialHealth;
  },
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, notifier, trial, health } = parts;
  const { host } = box;
  const onChange = (name: string, quietMs: number | undefined): void => {
    if (quietMs === undefined) log.info(serviceText.again(name));
    else log.error(serviceText.silent(name, Math.round(quietMs / 1000)));
  };
  const feed = (): void => {
    notifier.send('WATCHDOG=1');
    trial?.fed(health.lacking(box));
  };
  return runWatchdog(
    { clock, pulses: () => host.app?.pulses ?? [], watchdogMs: notifier.watchdogMs, feed, onChange },
    signal,
  );
}

/** For one use. */
function once<Value>(value: Value | undefined): () => Value | undefined {
  let left = value;
  return () => {
    const given = left;
    left = undefined;
    return given;
  };
}

/** Starts the request at once, because it spawns a program; the first answer serves one use. */
function askedEarly<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  const early = once(ask());
  return () => early() ?? ask();
}
