/** The demonstration's page: on plain HTTP, on this machine only, and whoever opens it is logged in. */
import { join } from 'node:path';
import type { BindingInterface } from '@serialport/bindings-interface';
import { DRIVER_KINDS } from '../../drivers/index.ts';
import { type BoxPage, openBoxPage } from '../box-page.ts';
import { systemClock } from '../clock.ts';
import { createCommissioning } from '../commission/commissioning.ts';
import type { ListenConfig } from '../config/types.ts';
import { createLog } from '../log.ts';
import type { LaneWorld } from '../sim/world.ts';
import { demoPageText } from '../text/app.ts';
import { UsageError } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { programVersion } from './version.ts';

export const DEMO_PAGE = '127.0.0.1:8080';

/** `HOST:PORT` or `PORT`. Throws UsageError. */
export function demoListen(written: string): ListenConfig {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d{1,5})$/.exec(written) ?? [];
  if (port === undefined || Number(port) > 65_535) throw new UsageError('option', demoPageText.badPage(written));
  return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) };
}

export async function openDemoPage(
  listen: ListenConfig,
  folder: string,
  world: Pick<LaneWorld, 'send'>,
  context: CommandContext,
  park: { readonly binding: BindingInterface; readonly configFile: string },
): Promise<BoxPage> {
  const clock = systemClock();
  const page = await openBoxPage({
    commissioning: (app) =>
      createCommissioning({
        ...park,
        clock,
        app,
        folder: () => join(folder, 'state'),
        driverKinds: DRIVER_KINDS,
        version: programVersion(),
      }),
    listen,
    secure: false,
    nextFree: true,
    parts: {
      clock,
      log: createLog({
        language: context.language,
        level: 'warn',
        wallMs: () => clock.wallMs(),
        write: (line) => context.stdout.write(line),
        journald: false,
      }),
      version: programVersion(),
      folder: join(folder, 'page'),
      assets: new URL('../../page/', import.meta.url),
      hosts: () => [],
      configState: () => ({ state: 'good', faults: 0 }),
      jobs: {},
      demo: { car: (car) => world.send(car === 'manual' ? 'button' : car, {}) },
    },
  });
  const { url } = page.opened;
  if (url !== undefined) context.stdout.write(`${demoPageText.open(url)[context.language]}\n\n`);
  return page;
}
