/** `lanewarden run`: the bridge on the ports of a configuration, until it is told to stop. */
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { type AppEvent, type AppOptions, startApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/file.ts';
import { createLog } from '../log.ts';
import { eventLine, logText, runText } from '../text/app.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { programVersion } from './version.ts';

export const runCommand: Command = {
  name: 'run',
  summary: runText.summary,
  options: { config: { type: 'string', short: 'c', value: 'FILE', help: runText.config } },
  run: async (values, _positionals, context) => {
    const config = loadConfig(
      values.config as string | undefined,
      { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS },
      context.environment,
    );
    const clock = systemClock();
    const log = createLog({
      language: context.language,
      level: config.log.level,
      wallMs: () => clock.wallMs(),
      write: (line) => context.stdout.write(line),
      journald: context.environment.JOURNAL_STREAM !== undefined,
    });
    const on = (event: AppEvent): void => {
      const line = eventLine(event);
      if (line !== undefined) log[line.level](logText(line), line.ids);
    };
    const app = await startApp(config, {
      clock,
      on,
      log,
      version: programVersion(),
      proxies: proxiesOf(context.environment),
    });
    log.info(runText.started(config.lanes.map(({ id, name }) => `${name}(${id})`).join(' '), config.file));
    const told = new Promise<void>((resolve) => {
      if (context.signal.aborted) return resolve();
      context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      await Promise.race([told, app.failed]);
    } finally {
      await app.stop();
    }
    log.info(runText.stopped);
    return EXIT.ok;
  },
};

function proxiesOf(environment: CommandContext['environment']): NonNullable<AppOptions['proxies']> {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, NO_PROXY, no_proxy } = environment;
  const named = {
    httpsProxy: HTTPS_PROXY ?? https_proxy,
    httpProxy: HTTP_PROXY ?? http_proxy,
    noProxy: NO_PROXY ?? no_proxy,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
