/**
 * What is parsed of texts from outside, as operations of the process of `parse-process.ts`: values in and values out. They may take any time and any
 * memory: the process has a limit of both. It knows nothing that runs.
 */
import { join } from 'node:path';
import type { Kinds } from '../config/devices.ts';
import { ConfigDocument } from '../config/document.ts';
import { editYaml, plainValue, secretUses } from '../config/edit.ts';
import type { ConfigFault } from '../config/errors.ts';
import { configFormSchema } from '../config/form-schema.ts';
import { plainOf } from '../http/plain-text.ts';
import { type VehicleSlices, vehiclesFromCsv } from '../intake/park/vehicle-csv.ts';
import type { ConfigView } from '../page/api/api-setup.ts';
import type { ValueChange } from '../page/config-control.ts';
import { type BoxPlaces, lookAt } from '../provision/look.ts';
import { weakeningChanges } from '../provision/weakened-lanes.ts';
import { PARK_FACTS_MOST } from '../store/park-facts/park-facts.ts';
import type { Language } from '../text/text.ts';
import { type CheckedConfig, ConfigFiles, type ConfigTexts, type PlainTexts, withSecrets } from './config-files.ts';
import { jsonWith } from './json-with.ts';
import { shownFault } from './start-fault-text.ts';

/** More is not read by a person, and is not sent to one. */
const FAULTS_MAX = 200;
/** Of the value of a text as JSON: aliases repeat what they stand for. */
const VALUE_MAX = 2_000_000;

/** Of a report, each of so many characters. */
const CHANGES_MAX = 40;
const CHANGE_LENGTH_MAX = 80;
/** Of an address only where it leads: what follows may be what proves the box, and every user and destination sees the row. */
const shortOf = (text: string): string =>
  plainOf(
    text.replaceAll(/:\/\/[^/@\s]*@/g, '://***@').replaceAll(/(https?:\/\/[^/?#\s]+)[/?#]\S+/gi, '$1/…'),
    CHANGE_LENGTH_MAX,
  );

/** Of known vehicles, in one slice. */
const VEHICLES_AT_ONCE = 500;

type SecretChanges = Readonly<Record<string, string | undefined>>;

/** Values go as JSON: the lanes' thread takes longer to receive an object of 100,000 keys than the box may be late. */
export function parseOperations(kinds: Kinds) {
  const filesOf = (file: string) => new ConfigFiles(file, kinds, join(file, '..'));
  return {
    /** The files as they are, as the page shows them. */
    view: (file: string, { yaml, secrets }: ConfigTexts) => {
      const checked = filesOf(file).checkFiles(yaml);
      return {
        isBroken: checked.faults.length > 0,
        faults: faultsOf(checked).map(shownFault({ file })),
        secrets: secretRows(yaml, secrets),
        value: valueIn(yaml),
      };
    },
    /** A new text, with other secrets set: its faults, and a ConfigCheck. undefined: the file of the secrets is no YAML. */
    check: (file: string, texts: ConfigTexts, changes: SecretChanges = {}) => {
      const all = withSecrets(texts, changes);
      if (all === undefined) return undefined;
      const faults = faultsOf(filesOf(file).check(all, true));
      return { faults, json: jsonWith({ faults: faults.map(shownFault({ file })) }, valueIn(all.yaml)) };
    },
    /** What is to run: its faults, and the texts as values unless one is in the way. */
    checked: (file: string, texts: ConfigTexts) => {
      const checked = filesOf(file).check(texts, true);
      return { faults: faultsOf(checked), plain: checked.config && plainTexts(file, texts) };
    },
    withSecrets,
    /** An EditedYaml; undefined: the text is no YAML, or has no such place. */
    edit: (yaml: string, { path, value }: ValueChange): string | undefined => {
      const edited = editYaml(yaml, path, value);
      return edited === undefined ? undefined : jsonWith({ yaml: edited }, valueIn(edited));
    },
    /** Several, one after the other. undefined: likewise. */
    changed: (yaml: string, changes: readonly ValueChange[]): string | undefined =>
      changes.reduce(
        (text: string | undefined, at) => (text === undefined ? text : editYaml(text, at.path, at.value)),
        yaml,
      ),
    /** Of the page's form: it reads every profile. */
    schema: (language: Language, file: string): string => JSON.stringify(configFormSchema(kinds, language, file)),
    /** What differs, for a watch report: first what may weaken lanes, and which ones. */
    changes: (former: ConfigTexts, now: ConfigTexts) => {
      const all = weakeningChanges(former.yaml, now.yaml);
      const lanes = [...new Set(all.flatMap((change) => change.lanes))];
      const changes = all.slice(0, CHANGES_MAX).map(({ path, before, after }) => ({
        path: shortOf(path),
        ...(before !== undefined && { before: shortOf(before) }),
        ...(after !== undefined && { after: shortOf(after) }),
      }));
      const isSecret = former.secrets !== now.secrets;
      return {
        changes,
        ...(all.length > CHANGES_MAX && { more: all.length - CHANGES_MAX }),
        ...(isSecret && { secrets: true }),
        ...(lanes.length > 0 && { lanes }),
      };
    },
    provision: (text: string, places: BoxPlaces) => lookAt(text, places),
    /** A CSV of known vehicles, as slices of JSON: received at once, 100,000 of them would hold up the lanes. */
    vehicles: (csv: Uint8Array): VehicleSlices => {
      const { vehicles, faults } = vehiclesFromCsv(csv, PARK_FACTS_MOST.vehicle);
      if (faults.length > 0) return { faults, count: 0, slices: [] };
      const slices: string[] = [];
      for (let at = 0; at < vehicles.length; at += VEHICLES_AT_ONCE)
        slices.push(JSON.stringify(vehicles.slice(at, at + VEHICLES_AT_ONCE)));
      return { faults, count: vehicles.length, slices };
    },
  };
}

export type ParseOperations = ReturnType<typeof parseOperations>;

/** With what is off or outdated: a person who changes a configuration repairs that too. */
const faultsOf = ({ config, faults }: CheckedConfig): readonly ConfigFault[] =>
  [...faults, ...(config?.off ?? []), ...(config?.outdated ?? [])].slice(0, FAULTS_MAX);

/** undefined: too large, by what aliases repeat. */
function plainTexts(file: string, { yaml, secrets }: ConfigTexts): PlainTexts | undefined {
  const { plain } = new ConfigDocument(file, yaml);
  const isTooLarge = plain.json.length > VALUE_MAX;
  return isTooLarge
    ? undefined
    : { yaml: plain, secrets: secrets === undefined ? secrets : new ConfigDocument(file, secrets).plain };
}

/** Of a text, as JSON for the form; undefined: it has none, or too large a one. */
function valueIn(yaml: string): string | undefined {
  const value = plainValue(yaml);
  const json = value === undefined ? undefined : JSON.stringify(value);
  return json !== undefined && json.length <= VALUE_MAX ? json : undefined;
}

/** Names only, including those that the text refers to and that are not set. */
function secretRows(yaml: string, secrets: string | undefined): ConfigView['secrets'] {
  const set = plainValue(secrets ?? '');
  const names = typeof set === 'object' && set !== null && !Array.isArray(set) ? Object.keys(set) : [];
  const uses = secretUses(yaml);
  return [...new Set([...uses.keys(), ...names])].sort().map((name) => ({
    name,
    set: names.includes(name),
    usedBy: uses.get(name) ?? [],
  }));
}
