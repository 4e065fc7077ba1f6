/** The demonstration's page: on plain HTTP, on this machine only, and whoever opens it is logged in. */
import type { BoxOptions } from '../../box/box.ts';
import { UsageError } from '../../cli/arguments.ts';
import type { ListenConfig } from '../../config/types.ts';
import type { DemoControls } from '../../page/demo-controls.ts';
import { demoPageText } from '../../text/app.made.ts';

export const DEMO_PAGE = '127.0.0.1:8080';

/** `HOST:PORT` or `PORT`. Throws UsageError. */
export function demoListen(written: string): ListenConfig {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d{1,5})$/.exec(written) ?? [];
  if (port === undefined || Number(port) > 65_535) throw new UsageError('option', demoPageText.badPage(written));
  return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) };
}

export function demoPage(listen: ListenConfig, controls: DemoControls): BoxOptions['page'] {
  return {
    listen,
    secure: false,
    nextFree: true,
    // A configuration that is tried in the demonstration does not move the page away from whoever tries it.
    fixed: true,
    assets: new URL('../../../page/', import.meta.url),
    demo: { car: controls.send, controls },
  };
}
