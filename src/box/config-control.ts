/**
 * The page's access to the configuration: reads the files, checks, and hands the host a text to apply. It decides nothing about what
 * runs.
 */
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { ConfigView } from '../page/api/api-setup.ts';
import type { ConfigControl, SaveRequest } from '../page/config-control.ts';
import { systemText } from '../text/management.ts';
import { hostText } from '../text/page/host.ts';
import type { Text } from '../text/text.ts';
import { baseOf, type ConfigFiles, type ConfigTexts } from './config-files.ts';
import type { Host } from './host.ts';
import { jsonWith } from './json-with.ts';
import type { ParseProcess } from './parse-process.ts';
import type { BoxWaiting } from './waiting-control.ts';

interface ControlParts {
  readonly host: Host;
  readonly files: ConfigFiles;
  readonly parse: ParseProcess;
  readonly clock: Clock;
  readonly waiting: BoxWaiting;
  readonly readingWorker?: URL | undefined;
}

export function configControl({ host, files, parse, clock, waiting, readingWorker }: ControlParts): ConfigControl {
  const textsNow = async (): Promise<ConfigTexts> => (await files.read()) ?? { yaml: '', secrets: undefined };
  const merged = async (yaml: string, secrets: SaveRequest['secrets']): Promise<ConfigTexts> => {
    const texts = { ...(await textsNow()), yaml };
    return whole(await parse.run('withSecrets', texts, changesOf(secrets)));
  };

  return {
    view: async () => {
      const texts = await textsNow();
      const { yaml } = texts;
      const { faults, isBroken, secrets, value } = await parse.run('view', files.file, texts);
      const inForce = host.inForce?.yaml;
      const { state } = host.state;
      const isOther = inForce !== undefined && inForce !== yaml;
      const view: ConfigView = {
        yaml,
        base: baseOf(yaml),
        faults,
        // The file may have been edited by hand since it was read.
        state: state === 'trial' ? state : isBroken ? 'broken' : isOther ? 'reverted' : state,
        ...(host.trialLeftMs !== undefined && { trialLeftMs: host.trialLeftMs }),
        secrets,
        ...(isOther && { inForceYaml: inForce }),
      };
      return jsonWith(view, value);
    },
    schema: (language) => parse.run('schema', language, files.file),
    check: async (yaml, secrets) =>
      whole(await parse.run('check', files.file, { ...(await textsNow()), yaml }, changesOf(secrets))).json,
    rehearse: async ({ yaml, secrets }, system) => {
      const texts = await merged(yaml, secrets);
      const { faults, plain } = await parse.run('checked', files.file, texts);
      const invalid = (field: string, message: Text) => new Problem('invalid', { errors: [{ field, message }] });
      const { config } = plain === undefined ? {} : files.check(plain);
      if (config === undefined) throw invalid(faults[0]?.path ?? 'yaml', faults[0]?.message ?? hostText.tooLarge);
      // With the tables of all Chinese charsets.
      const { pulledSystems, rehearseRow } = await import('../app/pull/rehearsal.ts');
      const names = pulledSystems(config).map(({ name }) => name);
      if (!names.includes(system)) throw invalid('system', systemText.noneToRehearse(system, names));
      return (job) => {
        job.progress(systemText.reading(system));
        const peers = host.app?.peers ?? { of: () => undefined };
        return rehearseRow(config, system, { clock, worker: readingWorker, peers });
      };
    },
    edit: (yaml, change) => parse.run('edit', yaml, change),
    save: async (request, by) => {
      const { yaml: now } = await textsNow();
      if ('base' in request && baseOf(now) !== request.base) throw new Problem('conflict');
      const yaml = 'yaml' in request ? request.yaml : await parse.run('changed', now, request.changes);
      if (yaml === undefined) return undefined;
      const texts = await merged(yaml, request.secrets);
      return host.apply(texts, by, (former) => waiting.holdsSettings({ by, former, now: texts }));
    },
    rollback: async (id, by) => {
      const yaml = await files.historyText(id);
      if (yaml === undefined) throw new Problem('notFound');
      return host.apply(await merged(yaml, {}), by);
    },
    keep: (by) => host.keep(by),
    revert: () => host.revert(),
    history: () => files.history(),
    historyText: (id) => files.historyText(id),
  };
}

const changesOf = (secrets: SaveRequest['secrets']): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value ?? undefined]));

/** Throws Problem `invalid` when the file of the secrets is no YAML. */
function whole<Value>(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new Problem('invalid', { errors: [{ field: 'secrets', message: hostText.secretsBroken }] });
}
