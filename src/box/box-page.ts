/**
 * The page beside whatever runs: it is opened once, and each app that comes up gets its look. A part of the composition: it joins the page
 * with the box, and knows neither routes nor configurations.
 */
import type { App, AppEvent } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import type { PageConfig } from '../config/types.ts';
import type { Box, BoxListener } from '../page/box.ts';
import type { Commissioning } from '../page/commissioning.ts';
import { type OpenOptions, type OpenPage, openPage } from '../page/open.ts';
import type { PageParts } from '../page/parts.ts';
import { Stream } from '../page/stream.ts';
import { createLook, type RunningBoxParts } from '../status/running-box.ts';
import { pageLog } from '../text/page/server.ts';

export interface BoxPageOptions extends Omit<OpenOptions, 'parts'> {
  readonly parts: Omit<PageParts, 'box' | 'stream' | 'commissioning'>;
  /** `app`: what runs now. Its jobs come beside those of `parts`. */
  readonly commissioning?: (app: () => App | undefined) => Commissioning;
  /** It stays where it is, whatever a configuration says. */
  readonly fixed?: boolean;
}

/** A disk that does not answer is not waited for. */
const CLOSE_WITHIN_MS = 5_000;

export interface BoxPage {
  /** Resolves when it listens, or has found that it cannot; undefined: its folder cannot be used, which has been logged. */
  readonly opened: Promise<OpenPage | undefined>;
  /** Before an app starts; `clock` is the app's. What it tells is to be handed to the result. */
  prepare(clock: Clock): Pick<RunningBoxParts, 'on'>;
  /** The app prepared for is up: questions go to it until `signal` aborts. */
  show(app: App, signal: AbortSignal): void;
  /** What a configuration says of the page, from now on. */
  adjust(config: PageConfig): Promise<void>;
  close(): Promise<void>;
}

/** Begins to open it; nothing waits for that, because the disk may be slow and a lane must not be. */
export function openBoxPage(options: BoxPageOptions): BoxPage {
  let box: Box | undefined;
  let look: RunningBoxParts | undefined;
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
  const tell: BoxListener = {
    lane: (data) => stream.publish({ event: 'lane', data }),
    device: (data) => stream.publish({ event: 'device', data }),
    queue: (data) => stream.publish({ event: 'queue', data }),
    release: (data) => stream.publish({ event: 'release', data }),
    reading: (data) => stream.publish({ event: 'reading', data }),
    wire: (data) => stream.publish({ event: 'wire', data }),
    told: (data) => stream.publish({ event: 'told', data }),
  };
  return {
    opened,
    prepare: (clock) => {
      look = createLook(clock, tell, (line) => stream.wantsFrames(line));
      const mine = look;
      return { on: (event: AppEvent) => mine.on(event) };
    },
    show: (app, signal) => {
      const shown = look?.begin(app, signal);
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
