/** The running app as others see it, with a page or without: each new app gets a view. It knows neither routes nor configurations. */
import type { App } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import type { Box, BoxListener } from '../page/box.ts';
import type { Stream } from '../page/stream.ts';
import { type BoxObserver, createBoxObserver } from '../status/running-box.ts';

export interface BoxView {
  /** undefined: nothing runs, or one app is being replaced by the next. */
  box(): Box | undefined;
  app(): App | undefined;
  /** Called before an app starts; `clock` is the app's. Its events go to the result. */
  prepare(clock: Clock): Pick<BoxObserver, 'on'>;
  /** Called when that app is up: requests go to it until `signal` aborts. */
  show(app: App, signal: AbortSignal): void;
}

/** `stream`: where live events go. */
export function createBoxView(stream: Pick<Stream, 'publish' | 'wantsFrames' | 'clients'>): BoxView {
  let box: Box | undefined;
  let running: App | undefined;
  let observer: BoxObserver | undefined;
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
    box: () => box,
    app: () => running,
    prepare: (clock) => {
      const mine = createBoxObserver(clock, listener, (line) =>
        line === undefined ? stream.clients > 0 : stream.wantsFrames(line),
      );
      observer = mine;
      return { on: (event) => mine.on(event) };
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
  };
}
