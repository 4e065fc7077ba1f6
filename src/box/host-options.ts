/** Options of the host: how an app is started and stopped, and its callbacks. */
import type { App } from '../app/app.ts';
import type { AppEvent, AppOptions } from '../app/events.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import type { Log } from '../log.ts';
import type { BoxView } from './box-view.ts';
import type { ConfigFiles, ConfigTexts } from './config-files.ts';
import type { ParseProcess } from './parse-process.ts';

/** In place of a user: who changed a file is not known. */
export const IN_FILE = '(file)';

export interface ConfigChanged {
  /** A user; or `hostText.byFile`, `provisionText.by`. */
  readonly by: string;
  readonly former: ConfigTexts;
  readonly now: ConfigTexts;
}

/** How an app that starts on a disk that refuses says so, what ends its waiting, and who brought its configuration. */
export type StartOptions = Required<Pick<AppOptions, 'onRefused' | 'signal'>> & Pick<AppOptions, 'savedBy'>;

export interface HostOptions {
  readonly files: ConfigFiles;
  readonly parse: ParseProcess;
  /** Of the machine. */
  readonly clock: Clock;
  readonly log: Log;
  /** Of the app: the demo runs at its own speed. */
  readonly appClock: Clock;
  readonly start: (config: Config, on: (event: AppEvent) => void, options: StartOptions) => Promise<App>;
  readonly stop: (app: App) => Promise<void>;
  readonly on: (event: AppEvent) => void;
  /** Of the running app; asked for when one starts. */
  readonly view: () => BoxView;
  /** Wall time, by the best current knowledge. */
  readonly wallMs: () => number;
  /** Another configuration came up, or other secrets; at a start than were kept last. */
  readonly changed?: (change: ConfigChanged) => void;
  /** Called for each configuration that has come up. */
  readonly up?: (config: Config) => void;
  readonly trialMs?: number;
  readonly upWithinMs?: number;
}
