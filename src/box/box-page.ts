/**
 * The page of the running box: its server is opened once, and each new app gets a view. A part of the composition: it joins the page with
 * the box, and knows neither routes nor configurations.
 */
import type { App } from '../app/app.ts';
import type { AppEvent } from '../app/events.ts';
import type { Clock } from '../clock.ts';
import type { PageConfig } from '../config/types.ts';
import type { Box, BoxListener } from '../page/box.ts';
import type { Commissioning } from '../page/commissioning.ts';
import { type OpenOptions, type OpenPage, openPage } from '../page/open.ts';
import type { PageParts } from '../page/parts.ts';
import { Stream } from '../page/stream.ts';
import { type BoxObserver, createBoxObserver } from '../status/running-box.ts';
import { pageLog } from '../text/page/server.ts';

export interface BoxPageOptions extends Omit<OpenOptions, 'parts'> {
  readonly parts: Omit<PageParts, 'box' | 'stream' | 'commissioning'>;
  /** `app`: the running one. Adds jobs to those of `parts`. */
  readonly commissioning?: (app: () => App | undefined) => Commissioning;
  /** The address is fixed, whatever a configuration says. */
  readonly fixed?: boolean;
}

/** Longest wait for a disk that does not answer. */
const CLOSE_WITHIN_MS = 5_000;

export interface BoxPage {
  /** Resolves when it listens, or has failed to; undefined: its folder is unusable, which has been logged. */
  readonly opened: Promise<OpenPage | undefined>;
  /** Called before an app starts; `clock` is the app's. Its events go to the result. */
  prepare(clock: Clock): Pick<BoxObserver, 'on'>;
  /** Called when that app is up: requests go to it until `signal` aborts. */
  show(app: App, signal: AbortSignal): void;
  /** Applies the page's part of a configuration. */
  adjust(config: PageConfig): Promise<void>;
  close(): Promise<void>;
}

/** Starts opening it, without waiting: the disk may be slow and a lane must not be. */
export function openBoxPage(options: BoxPageOptions): BoxPage {
  let box: Box | undefined;
  let observer: BoxObserver | undefined;
  let running: App | undefined;
  const commissioning = options.commissioning?.(() => running);
  const { clock, log } = options.parts;
  const stream = new Stream(clock, () => log.warn(pageLog.slowClient));
  const parts = {
    ...options.parts,
    stream,
    box: () => box,
    jobs: { ...options.parts.jobs, ...commissioning?.jobs },
    ...(commissioning && { commissioning }),
  };
  const opened = openPage({ ...options, parts }).catch((error: Error) => {
    log.error(pageLog.broken(error.message));
    return undefined;
  });
  const listener: BoxListener = {
    lane: (data) => stream.publish({ event: 'lane', data }),
    device: (data) => stream.publish({ event: 'device', data }),
    queue: (data) => stream.publish({ event: 'queue', data }),
    release: (data) => stream.publish({ event: 'release', data }),
    reading: (data) => stream.publish({ event: 'reading', data }),
    wire: (data) => stream.publish({ event: 'wire', data }),
    received: (data) => stream.publish({ event: 'told', data }),
  };
  return {
    opened,
    prepare: (clock) => {
      observer = createBoxObserver(clock, listener, (line) => stream.wantsFrames(line));
      const mine = observer;
      return { on: (event: AppEvent) => mine.on(event) };
    },
    show: (app, signal) => {
      const shown = observer?.begin(app, signal);
      box = shown;
      running = app;
      signal.addEventListener('abort', () => {
        if (box !== shown) return;
        box = undefined;
        running = undefined;
      });
    },
    adjust: async (config) => {
      if (options.fixed !== true) await (await opened)?.move(config);
    },
    close: async () => {
      stream.close();
      const limit = new AbortController();
      await Promise.race([opened.then((page) => page?.close()), clock.sleep(CLOSE_WITHIN_MS, limit.signal)]);
      limit.abort();
    },
  };
}
