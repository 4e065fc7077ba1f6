import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { configurationMarkdown, isConfigurationPage } from '../../src/config/documentation.ts';
import { ConfigError, type ConfigFault } from '../../src/config/errors.ts';
import { loadConfig } from '../../src/config/file.ts';
import { children, configJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts';
import { configurationPages, smallestFile } from '../../src/text/keys/documentation.ts';
import { keyText } from '../../src/text/keys/keys.ts';
import { workshop } from './workshop.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const DOTS = 'cloud.appSecret: "…"\ncameras.cam1: "…"\n';
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const example = read('deploy/lanewarden.example.yaml');
/** As its reader fills it in. */
const filled = (text: string) =>
  text
    .replace('uuid: "…"', 'uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a"')
    .replace('url: "…"', 'url: http://192.0.2.64')
    .replaceAll('"…"', '"of this park"');

function faultsOf(file: string): readonly ConfigFault[] {
  try {
    loadConfig(file, kinds, {});
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('the configuration of this program, with the devices it has', () => {
  test('every key is explained, in both languages', () => {
    const unexplained = [...pathsOf(configJsonSchema(kinds, 'zh'), '')].filter((path) => keyText(path) === undefined);
    expect(unexplained, 'give these keys their words in src/text/keys/keys.txt').toEqual([]);
  });

  test.each(
    (['zh', 'en'] as const).flatMap((language) =>
      Object.keys(configurationPages)
        .filter(isConfigurationPage)
        .map((page) => [language, page] as const),
    ),
  )('docs/%s/%s.md is what the schema says', (language, page) => {
    const file = `docs/${language}/${page}.md`;
    expect(read(file), `run: lanewarden schema --markdown ${page} --lang ${language} --out ${file}`).toBe(
      configurationMarkdown(kinds, page, language),
    );
  });

  test('each part of the configuration has its page', () => {
    const parts: readonly string[] = Object.values(configurationPages).flat();
    expect([...parts].sort()).toEqual(Object.keys(configJsonSchema(kinds, 'en').properties ?? {}).sort());
  });

  test('the smallest file that the documents show passes the check once it is filled in, and not before', () => {
    const secrets = 'cloud.appSecret: "of the platform"\n';
    expect(faultsOf(workshop(smallestFile, secrets)).map(({ path }) => path)).toEqual(['park.uuid']);
    const { lanes } = loadConfig(workshop(filled(smallestFile), secrets), kinds, {});
    expect(lanes.map(({ id }) => id)).toEqual(['1001']);
  });

  test('the untouched example, with the secrets of docs/en/install.md, is refused: each place to fill in is named', () => {
    const faults = faultsOf(workshop(example, DOTS));
    expect(faults.map(({ path }) => path).toSorted()).toEqual([
      'cameras.cam1',
      'cameras[0].url',
      'cloud.appSecret',
      'park.uuid',
    ]);
  });

  test('the example passes the check once they are filled in', () => {
    const file = workshop(filled(example), filled(DOTS));
    expect(loadConfig(file, kinds, {}).lanes[0]).toMatchObject({ id: '1001', points: { barrier: { debounceMs: 20 } } });
  });

  test('what the example has commented out passes as well', () => {
    const config = filled(example).replace(/^# (intake:| {2}http: | {2}mqtt: )/gm, '$1');
    const secrets = `${filled(DOTS)}intake.pms: "0123456789abcdef"\n`;
    const { http, mqtt } = loadConfig(workshop(config, secrets), kinds, {}).intake;
    expect(http.enabled).toBe(true);
    expect(mqtt).toMatchObject({ port: 1883, plates: 'park/+/plates' });
  });
});

function* pathsOf(schema: JsonSchema, path: string): Generator<string> {
  for (const child of children(schema, path)) {
    if (child.path !== path) yield child.path;
    yield* pathsOf(child.schema, child.path);
  }
}
