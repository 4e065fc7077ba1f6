/**
 * Runs one configuration after the other: a new one is on trial, and the former one returns when it does not come up or is not confirmed;
 * a broken file leaves the last good one in force. It knows configurations and apps as wholes and nothing of their parts.
 */
import type { App } from '../app/app.ts';
import type { AppEvent } from '../app/events.ts';
import type { ConfigFault } from '../config/errors.ts';
import { invalid, readConfigText } from '../config/file.ts';
import type { Config } from '../config/types.ts';
import { Problem } from '../http/problem.ts';
import type { Overview } from '../page/api/api.ts';
import type { ApplyResult } from '../page/api/api-setup.ts';
import type { JobRun } from '../page/jobs.ts';
import type { OnRefused, StallReason } from '../store/store.ts';
import { intakeLog } from '../text/intake.ts';
import { hostText } from '../text/page/host.ts';
import { STALLED_TEXT } from '../text/store.ts';
import type { BoxPage } from './box-page.ts';
import type { ConfigTexts } from './config-files.ts';
import { type HostOptions, IN_FILE } from './host-options.ts';
import { messageOf, shownFault, startFaultText } from './start-fault-text.ts';

export const TRIAL_MS = 5 * 60_000;
const UP_WITHIN_MS = 30_000;
const STOP_TURN_MS = 3_000;
/** An app that breaks within this time has not come up. */
const PROVEN_AFTER_MS = 2_000;

const WRITE_AGAIN_MS = 1_000;
const REFUSALS: ReadonlyMap<string, StallReason> = new Map([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'readonly'],
  ['EIO', 'io'],
]);

interface Running {
  readonly app: App;
  readonly config: Config;
  readonly texts: ConfigTexts;
  readonly ended: AbortController;
}

interface Applying {
  readonly texts: ConfigTexts;
  readonly by: string;
  readonly waits: ((former: ConfigTexts) => Promise<boolean>) | undefined;
}

/** Ran before: it is not read again when it returns. */
type Former = Pick<Running, 'config' | 'texts'>;

interface Trial {
  readonly by: string;
  readonly former: Former;
  /** The files before it. */
  readonly formerFiles: ConfigTexts | undefined;
  readonly untilMs: number;
  readonly over: AbortController;
}

export class Host {
  readonly #options: HostOptions;
  #page: BoxPage | undefined;
  #running: Running | undefined;
  #trial: Trial | undefined;
  #state: Overview['config'] = { state: 'good', faults: 0 };
  /** Serialises starting, stopping and reverting. */
  #turn: Promise<unknown> = Promise.resolve();
  #fail: (error: unknown) => void = () => undefined;
  #keeping: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();
  /** A caller is waiting in `#proven`, which gets the failure. */
  #proving = false;
  /** Rejects when the running app broke and no configuration is left to try: the program then ends, to be restarted. */
  readonly failed: Promise<never>;
  #refused: StallReason | undefined;
  /** Grows with each word of the disk. */
  #refusals = 0;
  #onRefused: () => void = () => undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    this.failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  get app(): App | undefined {
    return this.#running?.app;
  }

  get config(): Config | undefined {
    return this.#running?.config;
  }

  get inForce(): ConfigTexts | undefined {
    return this.#running?.texts;
  }

  /** Without its app. */
  get #former(): Former | undefined {
    return this.#running && { config: this.#running.config, texts: this.#running.texts };
  }

  get state(): Overview['config'] {
    return this.#state;
  }

  /** Why the disk lets no store open; undefined: it does, or none is being opened. */
  get refused(): StallReason | undefined {
    return this.#refused;
  }

  /** Of the trial in progress. */
  get trialLeftMs(): number | undefined {
    return this.#trial && Math.max(0, Math.round(this.#trial.untilMs - this.#options.clock.nowMs()));
  }

  /**
   * Runs the configuration of the file, else the last good one. `page`: reason enough to stay up when there is no configuration at all.
   * Throws the fault of the file's own configuration when no other one is left. While the disk lets no store open it goes on in the
   * background: what says so is up, and the lanes follow when there is room.
   */
  async start(page: BoxPage | undefined): Promise<void> {
    this.#page = page;
    const refused = new Promise<void>((resolve) => {
      this.#onRefused = resolve;
    });
    const started = this.#inTurn(() => this.#startFirst(page));
    started.catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#fail(error);
    });
    await Promise.race([started, refused]);
  }

  async #startFirst(page: BoxPage | undefined): Promise<void> {
    const { files, log } = this.#options;
    await this.#endInterrupted();
    const texts = await files.read();
    // Throws the reason why the file cannot be read.
    if (texts === undefined && page === undefined) readConfigText(files.file);
    const { config, faults } = texts === undefined ? { faults: [] } : files.checkFiles(texts.yaml);
    if (texts !== undefined && config !== undefined) {
      for (const { line, message } of config.outdated) log.warn(hostText.fault(line, message));
      const error = await this.#bringUp(config, texts, IN_FILE).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) return void this.#kept(hostText.byFile, true);
      if (!(await this.#startGood('reverted', faults, texts))) throw error;
      log.error(hostText.cameNotUp(messageOf(error)));
      return;
    }
    for (const fault of faults) log.error(hostText.fault(fault.line, fault.message));
    if (await this.#startGood('broken', faults, texts)) return log.error(hostText.lastGood(files.file));
    if (page === undefined) throw invalid(files.file, texts === undefined ? [] : faults);
    // A file of the package without lanes is no configuration with faults.
    const isNew = texts === undefined || !/^lanes:/m.test(texts.yaml);
    this.#state = isNew ? { state: 'new', faults: 0 } : { state: 'broken', faults: faults.length };
    log.error(hostText.nothing(files.file));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#trial?.over.abort();
    // A task may hang on a disk: the app is ended all the same.
    const limit = new AbortController();
    await Promise.race([this.#turn, this.#options.clock.sleep(STOP_TURN_MS, limit.signal)]);
    limit.abort();
    await this.#takeDown();
  }

  /** The job `apply`: checks, writes, starts, and begins the trial. `waits`: asked what runs, whether a good one has to wait before that. */
  apply(texts: ConfigTexts, by: string, waits?: (former: ConfigTexts) => Promise<boolean>): JobRun {
    return (job) => this.#inTurn(() => this.#applied({ texts, by, waits }, job));
  }

  async #applied({ texts, by, waits }: Applying, job: Parameters<JobRun>[0]): Promise<ApplyResult> {
    const { files } = this.#options;
    job.progress(hostText.checking, 0.05);
    // A starting box tolerates devices that are off, and what is outdated; a person who applies must repair them.
    const { faults, plain } = await this.#options.parse.run('checked', files.file, texts);
    if (plain === undefined && faults.length === 0) return { state: 'reverted', faults: [], why: hostText.tooLarge };
    const { config } = faults.length > 0 || plain === undefined ? {} : files.check({ ...plain, ca: texts.ca });
    if (config === undefined || job.signal.aborted) return { state: 'reverted', faults: faults.map(shownFault(files)) };
    if (this.inForce !== undefined && (await waits?.(this.inForce))) return { state: 'waits', faults: [] };
    const former = this.#trial?.former ?? this.#former;
    const formerFiles = this.#trial === undefined ? await files.read() : this.#trial.formerFiles;
    this.#endTrial();
    job.progress(hostText.writing, 0.1);
    await files.beginTrial(formerFiles);
    await files.write(texts);
    job.progress(hostText.stopping, 0.2);
    await this.#takeDown();
    job.progress(hostText.starting, 0.4);
    try {
      this.#proving = true;
      await this.#bringUp(config, texts, by);
      await this.#proven();
    } catch (error) {
      this.#proving = false;
      job.progress(hostText.reverting, 0.7);
      await this.#revert(former, formerFiles);
      return { state: 'reverted', faults: [], why: startFaultText(error) };
    }
    this.#proving = false;
    if (former !== undefined) this.#options.changed?.({ by, former: former.texts, now: texts });
    if (former === undefined) {
      // The former state would be no better.
      await files.endTrial();
      await this.#kept(by);
      return { state: 'trial', faults: [] };
    }
    this.#beginTrial(by, former, formerFiles);
    return { state: 'trial', faults: [] };
  }

  /** Ends the trial well. Throws Problem `conflict` when there is none. */
  async keep(by: string): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#trial === undefined || this.inForce === undefined) throw new Problem('conflict');
      this.#endTrial();
      await this.#options.files.endTrial();
      await this.#kept(by);
    });
  }

  /** Ends the trial badly, at once. Throws Problem `conflict` when there is none. */
  async revert(): Promise<void> {
    const trial = this.#trial;
    if (trial === undefined) throw new Problem('conflict');
    await this.#inTurn(() => this.#revertTrial(trial));
  }

  /** Stops the app, lets `work` change the files of the box, and runs what they then contain; else what ran before. */
  async replace(by: string, work: () => Promise<void>): Promise<void> {
    await this.#inTurn(async () => {
      const { files } = this.#options;
      const [former, formerFiles] = [this.#former, await files.read()];
      this.#endTrial();
      await files.endTrial();
      await this.#takeDown();
      try {
        await work();
        const texts = await files.read();
        const { config, faults } = texts === undefined ? { faults: [] } : files.checkFiles(texts.yaml);
        if (texts === undefined || config === undefined) throw invalid(files.file, faults);
        await this.#bringUp(config, texts, by);
        await this.#kept(by, true);
      } catch (error) {
        await this.#revert(former, formerFiles);
        throw error;
      }
    });
  }

  #beginTrial(by: string, former: Former, formerFiles: ConfigTexts | undefined): void {
    const { clock, log, trialMs = TRIAL_MS } = this.#options;
    const over = new AbortController();
    const trial: Trial = { by, former, formerFiles, untilMs: clock.nowMs() + trialMs, over };
    this.#trial = trial;
    this.#state = { state: 'trial', faults: 0 };
    void clock.sleep(trialMs, trial.over.signal).then(() => {
      if (trial.over.signal.aborted) return;
      log.warn(hostText.notKept);
      void this.#inTurn(() => this.#revertTrial(trial)).catch((error: unknown) => this.#fail(error));
    });
  }

  #endTrial(): void {
    this.#trial?.over.abort();
    this.#trial = undefined;
  }

  async #revertTrial(trial: Trial): Promise<void> {
    if (this.#trial !== trial) return;
    this.#endTrial();
    const tried = this.inForce;
    await this.#takeDown();
    await this.#revert(trial.former, trial.formerFiles);
    // What was reported when the trial began holds no more.
    if (tried !== undefined) this.#options.changed?.({ by: trial.by, former: tried, now: trial.former.texts });
  }

  /** Restores the files and the former configuration. Throws when even that does not come up. */
  async #revert(former: Former | undefined, formerFiles: ConfigTexts | undefined): Promise<void> {
    const { files } = this.#options;
    if (formerFiles !== undefined) await files.write(formerFiles);
    await files.endTrial();
    await this.#takeDown();
    if (former !== undefined) await this.#bringUp(former.config, former.texts);
    this.#state = { state: 'reverted', faults: 0 };
  }

  /** The program ended during a trial: it was never confirmed. */
  async #endInterrupted(): Promise<void> {
    const { files, log } = this.#options;
    const trial = await files.interruptedTrial();
    if (trial === undefined) return;
    log.warn(hostText.notKept);
    await this.#written(async () => {
      if (trial.former !== null) await files.write(trial.former);
      await files.endTrial();
    });
  }

  /** Waits, as a store that is opened does, for a disk that refuses. */
  async #written(write: () => Promise<void>): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    for (;;) {
      const error = await write().then(
        () => undefined,
        (thrown: NodeJS.ErrnoException) => thrown,
      );
      const why = error && REFUSALS.get(error.code ?? '');
      if (error !== undefined && (why === undefined || signal.aborted)) throw error;
      if (why !== this.#refused) this.#refusal(why, error?.message ?? '');
      if (error === undefined) return;
      await clock.sleep(WRITE_AGAIN_MS, signal);
    }
  }

  async #startGood(
    state: 'broken' | 'reverted',
    faults: readonly ConfigFault[],
    failed: ConfigTexts | undefined,
  ): Promise<boolean> {
    const { files } = this.#options;
    const good = await files.good();
    if (good === undefined || (state === 'reverted' && good.yaml === failed?.yaml && good.secrets === failed.secrets))
      return false;
    const { config } = files.check(good);
    if (config === undefined) return false;
    await this.#bringUp(config, good);
    this.#state = { state, faults: faults.length };
    return true;
  }

  /** The running configuration is good. The lanes do not wait for the disk. `isUnreported`: no trial has begun with it. */
  async #kept(by: string, isUnreported = false): Promise<void> {
    const texts = this.inForce;
    if (texts === undefined) return;
    this.#state = { state: 'good', faults: 0 };
    // The store reports a state folder that is not writable; the lanes run.
    this.#keeping = this.#keeping
      .then(() => this.#options.files.keep(texts, by, this.#options.wallMs()))
      .then((former) => {
        if (former !== undefined && isUnreported) this.#options.changed?.({ by, former, now: texts });
      })
      .catch((error: Error) => this.#options.log.error(hostText.notNoted(error.message)));
    await this.#keeping;
  }

  async #bringUp(config: Config, texts: ConfigTexts, savedBy?: string): Promise<void> {
    const { appClock, start, stop, on, upWithinMs = UP_WITHIN_MS } = this.#options;
    const observer = this.#options.view().prepare(appClock);
    const ended = new AbortController();
    const observed = (event: AppEvent): void => {
      observer.on(event);
      on(event);
    };
    const starting = start(config, observed, { onRefused: this.#refusal, signal: this.#stopping.signal, savedBy });
    const app = await this.#upWithin(upWithinMs, starting);
    if (app === undefined) {
      void starting.then(stop, () => undefined);
      throw new Problem('unavailable', { detail: hostText.tooLong(upWithinMs / 1000) });
    }
    const running: Running = { app, config, texts: { ...texts, ca: config.cloud.ca }, ended };
    this.#running = running;
    app.failed.catch((error: unknown) => this.#broke(running, error));
    this.#options.view().show(app, ended.signal);
    void this.#page?.adjust(config.page);
    this.#options.up?.(config);
  }

  /** undefined: too late. The time in which the disk refuses is no fault of the configuration. */
  async #upWithin(withinMs: number, starting: Promise<App>): Promise<App | undefined> {
    for (;;) {
      const [wasRefused, before] = [this.#refused !== undefined, this.#refusals];
      const late = new AbortController();
      const tooLate = this.#options.clock.sleep(withinMs, late.signal).then(() => undefined);
      const app = await Promise.race([starting, tooLate]).finally(() => late.abort());
      if (app !== undefined || !(wasRefused || this.#refusals !== before)) return app;
    }
  }

  readonly #refusal: OnRefused = (why, detail) => {
    this.#refused = why;
    this.#refusals += 1;
    if (why === undefined) return;
    this.#options.log.error(hostText.waitsForDisk(STALLED_TEXT[why], detail));
    this.#onRefused();
  };

  async #takeDown(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.ended.abort();
    await this.#options.stop(running.app);
  }

  /** Resolves when the app has not broken at once; rejects with the reason. */
  async #proven(): Promise<void> {
    const app = this.#running?.app;
    const over = new AbortController();
    await Promise.race([
      this.#options.clock.sleep(PROVEN_AFTER_MS, over.signal),
      ...(app === undefined ? [] : [app.failed]),
    ]).finally(() => over.abort());
    // A starting box tolerates it; a person who applies is notified, and gets the former configuration back.
    const [fault] = app?.intakePorts.faults ?? [];
    if (fault !== undefined) {
      const { address, why } = fault;
      throw new Problem('unavailable', { detail: intakeLog.cannotListen(address, why) });
    }
  }

  /** An internal error. In a trial it ends the trial; else the program restarts. */
  #broke(running: Running, error: unknown): void {
    if (this.#stopping.signal.aborted || this.#proving || this.#running !== running) return;
    const trial = this.#trial;
    if (trial === undefined) {
      this.#fail(error);
      return;
    }
    this.#options.log.error(hostText.cameNotUp(messageOf(error)));
    void this.#inTurn(() => this.#revertTrial(trial)).catch((thrown: unknown) => this.#fail(thrown));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
