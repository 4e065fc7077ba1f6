import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/errors.ts';
import { configFile, loadConfig } from '../../src/config/file.ts';
import { kinds } from './kinds.ts';
import { CANARY, GOOD, SECRETS, workshop } from './workshop.ts';

const load = (config: string, secrets?: string) => loadConfig(workshop(config, secrets), kinds, {});

describe('a good configuration', () => {
  const config = load(GOOD);

  test('has its defaults, its units and its references resolved', () => {
    expect(config.cloud).toMatchObject({
      url: 'https://platform.example',
      mode: 'integration',
      picture: 'field',
      serial: 'generated',
      values: { noPlate: '无牌车' },
      timeoutMs: 20_000,
      maxPictureBytes: 500_000,
      clockHoldMs: 60_000,
    });
    expect(config.cloud.values).not.toHaveProperty('appId');
    expect(config.lines[0]).toMatchObject({
      baudRate: 38_400,
      dataBits: 8,
      parity: 'none',
      stopBits: 1,
      listenOnly: false,
    });
    expect(config.lines[0]?.devices[0]).toMatchObject({
      id: 'io1',
      kind: { kind: 'board' },
      config: { unit: 1, pollMs: 25, profile: { points: ['di1', 'di2', 'di3', 'di4'] } },
      points: ['di1', 'di2', 'di3', 'di4'],
    });
    expect(config.store).toEqual({
      path: '/var/lib/lanewarden',
      framesMaxBytes: 4_000_000_000,
      keep: 'short',
      keepFramesMs: 604_800_000,
      keepRecordsMs: 2_592_000_000,
      keepJournalMs: 2_592_000_000,
      journalMaxBytes: 100_000_000,
    });
    expect(config.intake.http.listen).toEqual({ host: '0.0.0.0', port: 8081 });
  });

  test('keeps by profile, and by days of its own where it names them', () => {
    const kept = (words: string) => load(`${GOOD}\nstore: { ${words} }\n`).store;
    const days = 86_400_000;
    expect(kept('keep: month')).toMatchObject({
      ...{ keepFramesMs: 31 * days, keepRecordsMs: 62 * days, keepJournalMs: 31 * days },
    });
    expect(kept('keep: month, keepJournal: 90d')).toMatchObject({ keepJournalMs: 90 * days });
    expect(kept('keep: year')).toMatchObject({ keepFramesMs: 366 * days, keepRecordsMs: 366 * days });
    expect(kept('keep: month, keepFrames: 3d')).toMatchObject({ keepFramesMs: 3 * days, keepRecordsMs: 62 * days });
    // A file of before means what it has always meant.
    expect(kept('keepRecords: 90d')).toMatchObject({ keepFramesMs: 7 * days, keepRecordsMs: 90 * days });
  });

  test('gives a lane its points with the debounce of their kind, its roles and its settings', () => {
    expect(config.lanes[0]).toMatchObject({
      id: '0123',
      name: '通道A',
      points: {
        down: { device: 'io1', point: 'di1', activeLow: false, debounceMs: 30 },
        approach: { device: 'io1', point: 'di2', activeLow: true, debounceMs: 20 },
        barrier: { device: 'io1', point: 'di3', activeLow: false, debounceMs: 40 },
      },
      settings: { direction: 'exit', roles: ['down', 'approach', 'barrier'], settleMs: 4000, transitMs: 2000 },
    });
  });

  test('keeps the zeros of an id that was not quoted', () => {
    expect(config.lanes[0]?.id).toBe('0123');
  });

  test('cannot be changed', () => {
    expect(() => Object.assign(config.cloud, { url: 'https://elsewhere.example' })).toThrow(TypeError);
    expect(() => (config.lanes as unknown[]).push({})).toThrow(TypeError);
    expect(Object.isFrozen(config.lanes[0]?.settings)).toBe(true);
  });

  test('takes a second secret of the platform and the end of a token, while they are being changed', () => {
    const changing = GOOD.replace(
      'cloud.appSecret }',
      'cloud.appSecret }\n  nextSecret: { secret: cloud.next }',
    ).replace('secret: intake.pms }', 'secret: intake.pms, until: 2026-12-01T00:00:00+08:00 }');
    const { cloud, intake } = load(changing, `${SECRETS}cloud.next: "${CANARY}-next"\n`);
    expect(cloud.nextSecret?.reveal()).toBe(`${CANARY}-next`);
    expect(intake.http.tokens[0]?.untilWallMs).toBe(Date.UTC(2026, 10, 30, 16));
    expect([config.cloud.nextSecret, config.intake.http.tokens[0]?.untilWallMs]).toEqual([undefined, undefined]);
  });

  test('gives secrets only to who asks for them', () => {
    expect(config.cloud.secrets.appSecret.reveal()).toBe(`${CANARY}-app`);
    expect(config.intake.http.tokens[0]?.secret.reveal()).toBe(`${CANARY}-token`);
    for (const shown of [
      inspect(config, { depth: 9, showHidden: true }),
      JSON.stringify(config),
      `${config.cloud.secrets.appSecret}`,
    ]) {
      expect(shown).toContain('***');
      expect(shown).not.toContain(CANARY);
    }
  });
});

describe('where it is found', () => {
  test('--config, then LANEWARDEN_CONFIG, then the current folder', () => {
    expect(configFile('/a.yaml', { LANEWARDEN_CONFIG: '/b.yaml' })).toBe('/a.yaml');
    expect(configFile(undefined, { LANEWARDEN_CONFIG: '/b.yaml' })).toBe('/b.yaml');
    expect(configFile(undefined, { LANEWARDEN_CONFIG: '' })).toBe(join(process.cwd(), 'lanewarden.yaml'));
  });

  test('a file that is not there says how to name another', () => {
    const error = configError(() => loadConfig('/nowhere/lanewarden.yaml', kinds, {}));
    expect(error.code).toBe('noInput');
    expect(error.text.zh).toContain('/nowhere/lanewarden.yaml');
    expect(error.text.en).toContain('--config');
  });

  test('a folder is not a file', () => {
    expect(configError(() => loadConfig('/', kinds, {})).code).toBe('unreadable');
  });
});

test('numbers in secrets.yaml are text as well', () => {
  const config = load(GOOD, SECRETS.replace(`"${CANARY}-token"`, '00123456789012345678'));
  expect(config.intake.http.tokens[0]?.secret.reveal()).toBe('00123456789012345678');
});

function configError(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
