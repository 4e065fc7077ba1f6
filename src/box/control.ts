/** The page's way to the configuration: looks at the files, checks, and hands to the host what is to be applied. It decides nothing about what runs. */
import type { Kinds } from '../config/devices.ts';
import { plainValue, secretUses } from '../config/edit.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { Problem } from '../http/problem.ts';
import type { ConfigCheck, ConfigView } from '../page/api/api-setup.ts';
import type { ConfigControl, SaveRequest } from '../page/config-control.ts';
import { hostText } from '../text/page/host.ts';
import { baseOf, type ConfigFiles, type ConfigTexts, withSecrets } from './config-files.ts';
import type { Host } from './host.ts';
import { shownFault } from './words.ts';

/** What a text says, for the form: a JSON object, absent when it is none. */
function valueIn(yaml: string): { readonly value?: unknown } {
  const value = plainValue(yaml);
  return value === undefined ? {} : { value };
}

export function configControl(host: Host, files: ConfigFiles, kinds: Kinds): ConfigControl {
  const shown = shownFault(files);
  const textsNow = async (): Promise<ConfigTexts> => (await files.read()) ?? { yaml: '', secrets: undefined };
  const merged = async (yaml: string, secrets: SaveRequest['secrets']): Promise<ConfigTexts> => {
    const changes = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value ?? undefined]));
    const texts = withSecrets({ ...(await textsNow()), yaml }, changes);
    if (texts === undefined)
      throw new Problem('invalid', { errors: [{ field: 'secrets', message: hostText.secretsBroken }] });
    return texts;
  };

  return {
    view: async (): Promise<ConfigView> => {
      const texts = await textsNow();
      const { yaml } = texts;
      const { faults, config } = files.checkFiles(yaml);
      const inForce = host.inForce?.yaml;
      const { state } = host.state;
      const left = host.trialLeftMs;
      const isOther = inForce !== undefined && inForce !== yaml;
      return {
        yaml,
        base: baseOf(yaml),
        faults: [...faults, ...(config?.off ?? [])].map(shown),
        // Somebody may have changed the file by hand since it was read.
        state: state === 'trial' ? state : faults.length > 0 ? 'broken' : isOther ? 'reverted' : state,
        ...(left !== undefined && { trialLeftMs: left }),
        secrets: secretRows(texts),
        ...valueIn(yaml),
        ...(isOther && { inForceYaml: inForce }),
      };
    },
    schema: (language) => configJsonSchema(kinds, language),
    check: async (yaml, secrets): Promise<ConfigCheck> => {
      const { faults, config } = files.check(await merged(yaml, secrets));
      return { faults: [...faults, ...(config?.off ?? [])].map(shown), ...valueIn(yaml) };
    },
    save: async ({ yaml, base, secrets }, by) => {
      if (baseOf((await textsNow()).yaml) !== base) throw new Problem('conflict');
      return host.apply(await merged(yaml, secrets), by);
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

/** Names only. Those that the text names and that are not set are there too. */
function secretRows({ yaml, secrets }: ConfigTexts): ConfigView['secrets'] {
  const set = plainValue(secrets ?? '');
  const names = typeof set === 'object' && set !== null && !Array.isArray(set) ? Object.keys(set) : [];
  const uses = secretUses(yaml);
  return [...new Set([...uses.keys(), ...names])].sort().map((name) => ({
    name,
    set: names.includes(name),
    usedBy: uses.get(name) ?? [],
  }));
}
