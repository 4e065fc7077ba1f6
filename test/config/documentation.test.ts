import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { configurationMarkdown, isConfigurationPage } from '../../src/config/documentation.ts';
import { loadConfig } from '../../src/config/file.ts';
import { children, configJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts';
import { configurationPages, smallestFile } from '../../src/text/keys/documentation.ts';
import { keyText } from '../../src/text/keys/keys.ts';
import { workshop } from './workshop.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the configuration of this program, with the devices it has', () => {
  test('every key is explained, in both languages', () => {
    const unexplained = [...pathsOf(configJsonSchema(kinds, 'zh'), '')].filter((path) => keyText(path) === undefined);
    expect(unexplained, 'give these keys their words in src/text/keys/keys.ts').toEqual([]);
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
    const parts: readonly string[] = Object.values(configurationPages).flatMap((page) => page.parts);
    expect([...parts].sort()).toEqual(Object.keys(configJsonSchema(kinds, 'en').properties ?? {}).sort());
  });

  test('the smallest file that the documents show passes the check', () => {
    const { lanes } = loadConfig(workshop(smallestFile, 'cloud.appSecret: "…"\n'), kinds, {});
    expect(lanes.map(({ id }) => id)).toEqual(['1001']);
  });

  test('the example passes the check with the two secrets that docs/en/quick-start.md names', () => {
    const file = workshop(read('deploy/lanewarden.example.yaml'), 'cloud.appSecret: "…"\ncameras.cam1: "…"\n');
    expect(loadConfig(file, kinds, {}).lanes[0]).toMatchObject({ id: '1001', points: { barrier: { debounceMs: 20 } } });
  });

  test('what the example has commented out passes as well', () => {
    const config = read('deploy/lanewarden.example.yaml').replace(/^# (intake:| {2}http: | {2}mqtt: )/gm, '$1');
    const secrets = 'cloud.appSecret: "…"\ncameras.cam1: "…"\nintake.pms: "0123456789abcdef"\n';
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
