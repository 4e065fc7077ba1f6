/**
 * The page of the running box: its server is opened once. A part of the composition: it joins the page with the view of the box, and knows
 * neither routes nor configurations.
 */
import type { App } from '../app/app.ts';
import type { PageConfig } from '../config/types.ts';
import type { DeviceLive } from '../page/api/api.ts';
import type { Commissioning } from '../page/commissioning.ts';
import { type OpenOptions, type OpenPage, openPage } from '../page/open.ts';
import type { PageParts } from '../page/parts.ts';
import { Stream } from '../page/stream.ts';
import { pageLog } from '../text/page/server.ts';
import { type BoxView, createBoxView } from './box-view.ts';

export interface BoxPageOptions extends Omit<OpenOptions, 'parts'> {
  readonly parts: Omit<PageParts, 'box' | 'stream' | 'commissioning'>;
  /** `app`: the running one, `devices`: as the status page shows them. Adds jobs to those of `parts`. */
  readonly commissioning?: (app: () => App | undefined, devices: () => Promise<readonly DeviceLive[]>) => Commissioning;
  /** The address is fixed, whatever a configuration says. */
  readonly fixed?: boolean;
}

/** Longest wait for a disk that does not answer. */
const CLOSE_WITHIN_MS = 5_000;

export interface BoxPage {
  /** Resolves when it listens, or has failed to; undefined: its folder is unusable, which has been logged. */
  readonly opened: Promise<OpenPage | undefined>;
  readonly view: BoxView;
  /** Applies the page's part of a configuration. */
  adjust(config: PageConfig): Promise<void>;
  close(): Promise<void>;
}

/** Starts opening it, without waiting: the disk may be slow and a lane must not be. */
export function openBoxPage(options: BoxPageOptions): BoxPage {
  const { clock, log } = options.parts;
  const stream = new Stream(clock, () => log.warn(pageLog.slowClient));
  const view = createBoxView(stream);
  const commissioning = options.commissioning?.(view.app, async () => (await view.box()?.overview())?.devices ?? []);
  const parts = {
    ...options.parts,
    stream,
    box: view.box,
    jobs: { ...options.parts.jobs, ...commissioning?.jobs },
    ...(commissioning && { commissioning }),
  };
  const opened = openPage({ ...options, parts }).catch((error: Error) => {
    log.error(pageLog.broken(error.message));
    return undefined;
  });
  return {
    opened,
    view,
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
