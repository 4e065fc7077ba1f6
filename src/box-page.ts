/**
 * The page beside whatever runs: it is opened once, and each app that comes up gets its look. A part of the composition: it joins the page
 * with the box, and knows neither routes nor configurations.
 */
import type { App, AppEvent } from './app.ts';
import type { Clock } from './clock.ts';
import type { PageConfig } from './config/types.ts';
import { createLook, type Look } from './look/look.ts';
import type { Box, BoxListener } from './page/box.ts';
import type { Commissioning } from './page/commissioning.ts';
import { type OpenOptions, type OpenPage, openPage } from './page/open.ts';
import type { PageParts } from './page/parts.ts';

export interface BoxPageOptions extends Omit<OpenOptions, 'parts'> {
  readonly parts: Omit<PageParts, 'box' | 'commissioning'>;
  /** `app`: what runs now. Its jobs come beside those of `parts`. */
  readonly commissioning?: (app: () => App | undefined) => Commissioning;
  /** It stays where it is, whatever a configuration says. */
  readonly fixed?: boolean;
}

export interface BoxPage {
  readonly opened: OpenPage;
  /** Before an app starts; `clock` is the app's. What it tells is to be handed to the result. */
  prepare(clock: Clock): Pick<Look, 'on'>;
  /** The app prepared for is up: questions go to it until `signal` aborts. */
  show(app: App, signal: AbortSignal): Promise<void>;
  /** What a configuration says of the page, from now on. */
  adjust(config: PageConfig): Promise<void>;
  close(): Promise<void>;
}

export async function openBoxPage(options: BoxPageOptions): Promise<BoxPage> {
  let box: Box | undefined;
  let look: Look | undefined;
  let running: App | undefined;
  const commissioning = options.commissioning?.(() => running);
  const parts = {
    ...options.parts,
    box: () => box,
    jobs: { ...options.parts.jobs, ...commissioning?.jobs },
    ...(commissioning && { commissioning }),
  };
  const opened = await openPage({ ...options, parts });
  const { stream } = opened.page;
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
    show: async (app, signal) => {
      const shown = await look?.begin(app, signal);
      box = shown;
      running = app;
      signal.addEventListener('abort', () => {
        if (box !== shown) return;
        box = undefined;
        running = undefined;
      });
    },
    adjust: async (config) => {
      if (options.fixed !== true) await opened.move(config);
    },
    close: () => opened.close(),
  };
}
