import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StateLockError } from '../../src/box/state-lock.ts';
import { checkCommand } from '../../src/cli/check.ts';
import type { Command } from '../../src/cli/command.ts';
import { maskedLine } from '../../src/cli/faults.ts';
import { schemaCommand } from '../../src/cli/schema.ts';
import { versionCommand } from '../../src/cli/version.ts';
import { LinkError, ProtocolError } from '../../src/driver.ts';
import { StoreError } from '../../src/store/error.ts';
import { kinds } from '../config/kinds.ts';
import { CANARY, GOOD, SECRETS, workshop } from '../config/workshop.ts';
import { temporaryFolder } from '../store/open.ts';
import { type Environment, programRun } from './program-run.ts';

const throwing = (error: unknown): Command => ({
  name: 'throw',
  summary: { zh: '抛出', en: 'throws' },
  options: { count: { type: 'string', short: 'n', value: 'N', default: '3', help: { zh: '次数', en: 'how often' } } },
  run: () => Promise.reject<number>(error),
});
const COMMANDS = [checkCommand, schemaCommand, versionCommand, throwing(new Error('not meant to be run'))];

const run = (words: readonly string[], environment: Environment = {}, commands = COMMANDS, of = kinds) =>
  programRun(commands, words, environment, { kinds: async () => of });

describe('language', () => {
  test.each([
    [{}, 'zh'],
    [{ LANG: 'C.UTF-8' }, 'zh'],
    [{ LANG: 'POSIX' }, 'zh'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'cs_CZ.UTF-8' }, 'en'],
    [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US' }, 'en'],
    [{ LANG: 'en_US', LC_MESSAGES: 'en_US', LC_ALL: 'zh_TW' }, 'zh'],
    [{ LANG: 'en_US', LC_ALL: '' }, 'en'],
  ])('%j is %s', async (environment, language) => {
    const { out } = await run(['--help'], environment as Record<string, string>);
    expect(out).toContain(language === 'zh' ? '用法：' : 'Usage: ');
  });

  test.each([[['--lang', 'en', '--help']], [['--lang=en', '--help']], [['check', '--help', '--lang', 'en']]])(
    '%j goes before the locale',
    async (words) => {
      expect((await run(words, { LANG: 'zh_CN' })).out).toContain('Usage: ');
    },
  );

  test('one we do not have is a usage error', async () => {
    expect(await run(['--lang', 'fr', 'version'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('help', () => {
  test('lists every command, in both languages', async () => {
    for (const language of ['zh', 'en'] as const) {
      const { code, out } = await run(['--help', '--lang', language]);
      expect(code).toBe(0);
      for (const { name, summary } of COMMANDS)
        expect(out).toMatch(new RegExp(`^  ${name} +${summary[language]}$`, 'm'));
    }
  });

  test('of a command lists its options with their defaults', async () => {
    const { out } = await run(['throw', '-h', '--lang', 'en']);
    expect(out).toContain('Usage: lanewarden throw [OPTIONS]\n');
    expect(out).toMatch(/-n, --count N +how often \(default 3\)/);
  });
});

describe('usage errors exit 2 and suggest', () => {
  test.each([
    [[], 'no command given'],
    [['chekc'], 'there is no command "chekc"; did you mean check?'],
    [['wibble'], 'there is no command "wibble"\n'],
    [['toString'], 'there is no command "toString"'],
    [['check', '--confg', 'x'], 'there is no option --confg; did you mean --config?'],
    [['check', '-x'], 'there is no option -x'],
    [['check', '--constructor'], 'there is no option --constructor'],
    [['check', '--config'], 'option --config needs a value'],
    [['check', '--json=yes'], 'option --json takes no value'],
    [['check', 'surplus'], '"surplus" is one argument too many'],
    [['--jsn'], 'there is no option --jsn'],
  ])('%j', async (words, message) => {
    const { code, out, err } = await run(words, { LANG: 'en' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });
});

describe('what a command throws', () => {
  const systemError = (code: string) => Object.assign(new Error(`${code}: refused`), { code, syscall: 'open' });
  test.each([
    [new LinkError('notFound', 'no /dev/ttyX'), 69, '[no /dev/ttyX]\n'],
    [new LinkError('denied', 'no permission'), 77, '[no permission]\n'],
    [new ProtocolError('checksum', 'bad CRC\nin two lines'), 69, '[bad CRC in two lines]\n'],
    [new StoreError('unavailable', 'no folder'), 73, 'check that store.path exists'],
    [new StoreError('stuck', 'silent'), 74, 'the disk has not answered for long'],
    [new StoreError('died', ''), 74, 'the store thread ended by itself'],
    [new StateLockError('/state', { pid: 7, command: 'run', sinceWallMs: 0 }), 69, 'process 7 (lanewarden run)'],
    [systemError('EACCES'), 77, 'use sudo'],
    [systemError('EPERM'), 77, 'the system refused'],
    [systemError('ENOENT'), 66, 'ENOENT'],
    [
      Object.assign(systemError('ENOENT'), { path: 'ev/evidence-1.zip' }),
      66,
      'no such file or folder: ev/evidence-1.zip\n',
    ],
    [systemError('EADDRINUSE'), 69, 'EADDRINUSE'],
    [systemError('EROFS'), 73, 'EROFS'],
    [systemError('ENOSPC'), 74, 'ENOSPC'],
    [Object.assign(new Error('x'), { text: { zh: '中文', en: 'words of its own' } }), 1, 'words of its own\n'],
    [new TypeError('undefined is not a lane'), 1, 'internal error: undefined is not a lane\nTypeError'],
    ['a string', 1, 'internal error: a string\n'],
  ])('%s exits %d', async (error, code, message) => {
    const result = await run(['throw'], { LANG: 'en' }, [throwing(error)]);
    expect(result).toMatchObject({ code, out: '' });
    expect(result.err).toContain(message);
  });
});

describe('check', () => {
  test('of a good configuration says what each lane sees', async () => {
    const { code, out, err } = await run(['check', '--config', workshop(GOOD)], { LANG: 'en' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('line rs485: /dev/ttyTEST0, 38400 8N1\n  device io1 (board), 4 points: di1, di2, di3, di4\n');
    expect(out).toContain('lane 0123 通道A, exit\n  wired: down=io1.di1, approach=io1.di2!, barrier=io1.di3\n');
    expect(out).toContain('  can: see every opening; count cars by loops A and B');
    expect(out).toContain('  note: no up limit');
    expect(out).toContain('paid exits by HTTP at http://0.0.0.0:8081/api/v1, tokens pms\n');
    expect(out).not.toContain('no source of payments');
  });

  test('says in Chinese what a lane without loops and without an intake cannot do', async () => {
    const config = GOOD.replace(/ {6}(approach|barrier): .*\n/g, '').replace('enabled: true', 'enabled: false');
    const { out } = await run(['check', '-c', workshop(config)]);
    expect(out).toContain('没有地感：一次抬杆算一辆车，看不到跟车');
    expect(out).toContain('每辆车都会被当成没缴费上报');
  });

  test('says when the wire cannot carry what is asked of it', async () => {
    const use = { requestBytes: 8, answerBytes: 6, turnaroundMs: 3, gapMs: 0 };
    const slow = kinds.driverKinds.map((kind) => ({
      ...kind,
      wireUse: () => ({ everyMs: 25, turns: Array(12).fill(use) }),
    }));
    const words = ['check', '-c', workshop(GOOD)];
    const { code, out } = await run(words, { LANG: 'en' }, COMMANDS, { ...kinds, driverKinds: slow });
    expect(code).toBe(0);
    expect(out).toMatch(/note: line rs485: 1 device at 38400 baud take \d{3} ms a round, 25 ms asked/);
    expect(out).toMatch(/note: device io1 is read about every 1\d\d ms/);
  });

  test('of a bad one shows every place, line and remedy, and exits 78', async () => {
    const file = workshop(GOOD.replace('direction: exit', 'direction: exti').replace('io1.di1', 'io1.di9'));
    const { code, out, err } = await run(['check'], { LANG: 'en', LANEWARDEN_CONFIG: file });
    expect({ code, out }).toEqual({ code: 78, out: '' });
    expect(err).toBe(
      `${file}:21:16: lanes[0].direction: "direction" cannot be "exti"\n` +
        '    direction: exti\n' +
        '    → did you mean exit? one of: entry, exit, both\n' +
        `${file}:23:13: lanes[0].points.down: device io1 has no point "di9"\n` +
        '    down: io1.di9\n' +
        '    → did you mean di1? its points: di1, di2, di3, di4\n' +
        `${file} has 2 faults\n`,
    );
  });

  test('--json has both languages', async () => {
    const bad = await run(['check', '--json', '-c', workshop(GOOD.replace('version: 1', 'version: 3'))]);
    expect({ code: bad.code, err: bad.err }).toEqual({ code: 78, err: '' });
    const report = JSON.parse(bad.out);
    expect(report).toMatchObject({
      ok: false,
      code: 'invalid',
      faults: [{ code: 'value', line: 1, column: 10, path: 'version' }],
    });
    expect(report.faults[0].message.zh).toBeTruthy();
    expect(report.faults[0].message.en).toBeTruthy();
    const good = await run(['check', '--json', '-c', workshop(GOOD)]);
    const { ok, lanes } = JSON.parse(good.out);
    expect({ ok, id: lanes[0].id, point: lanes[0].points[0] }).toEqual({
      ok: true,
      id: '0123',
      point: { role: 'down', reference: 'io1.di1', activeLow: false },
    });
  });

  test('a file that is not there exits 66', async () => {
    const { code, err } = await run(['check', '--config', '/nowhere/at.yaml'], { LANG: 'en' });
    expect(code).toBe(66);
    expect(err).toBe(
      'there is no configuration file /nowhere/at.yaml; say where it is with --config or LANEWARDEN_CONFIG\n',
    );
  });
});

describe('no secret is ever printed', () => {
  const inline = GOOD.replace('{ secret: cloud.appSecret }', CANARY);
  test.each([
    ['good', GOOD, SECRETS, 0o600],
    ['secrets open to others', GOOD, SECRETS, 0o644],
    ['secrets that are not YAML', GOOD, `${SECRETS}x: "${CANARY}\n`, 0o600],
    ['secrets nested', GOOD, `cloud:\n  appSecret: ${CANARY}\n`, 0o600],
    ['a secret in the configuration', inline, SECRETS, 0o600],
    ['the same in a file that is not YAML', `${inline}\n  x: [`, SECRETS, 0o600],
    ['a token in the configuration', GOOD.replace('intake.pms', `${CANARY}`), SECRETS, 0o600],
    ['a token in the configuration, quoted', GOOD.replace('intake.pms', `"${CANARY}"`), SECRETS, 0o600],
    ['a password in the configuration', GOOD.replace('{ secret: cameras.cam1 }', `"${CANARY}"`), SECRETS, 0o600],
    ['a password beside a fault', GOOD.replace('unit: 1 }', `unti: 1, password: ${CANARY} }`), SECRETS, 0o600],
  ])('%s', async (_what, config, secrets, mode) => {
    const file = workshop(config, secrets, mode);
    for (const words of [['check'], ['check', '--json']]) {
      for (const language of ['zh', 'en']) {
        const { out, err } = await run([...words, '--config', file, '--lang', language]);
        expect(out + err).not.toContain(CANARY);
        expect(out + err).not.toBe('');
      }
    }
  });

  test.each([
    ['appSecret: abc', 'appSecret: ***'],
    ['appSecret: "a b, c"', 'appSecret: ***'],
    ['"password" : abc # note', '"password" : ***# note'],
    ['url: http://admin:abc@192.0.2.64/x', 'url: http://***@192.0.2.64/x'],
    ['{ name: pms, secret: hunter2, x: 1 }', '{ name: pms, secret: ***, x: 1 }'],
    ['- { user: look, passwort: hunter2 }', '- { user: look, passwort: ***}'],
    ['id: cam1 password: hunter2', 'id: cam1 password: ***'],
    ['口令: hunter2', '口令: ***'],
    ['appSecret: { secret: cloud.appSecret }', 'appSecret: { secret: cloud.appSecret }'],
    ['tokens: [{ name: pms, secret: intake.pms }]', 'tokens: [{ name: pms, secret: intake.pms }]'],
  ])('%s is shown as %s', (line, shown) => {
    expect(maskedLine(line)).toBe(shown);
  });
});

describe('schema and version', () => {
  test('a page that does not exist leaves the file it was to go to as it is', async () => {
    const file = join(temporaryFolder(), 'page.md');
    writeFileSync(file, 'of before');
    expect(await run(['schema', '--markdown', 'configuration-lane', '--out', file])).toMatchObject({
      code: 2,
      out: '',
    });
    expect(readFileSync(file, 'utf8')).toBe('of before');
    expect(await run(['schema', '--markdown', 'configuration-lanes', '--out', file])).toMatchObject({
      code: 0,
      out: '',
    });
    expect(readFileSync(file, 'utf8')).toMatch(/^# /);
  });

  test('the shape of a release comes in three forms, each from one source, and in no other', async () => {
    const printed = async (form: string) =>
      JSON.parse(
        (await run(['schema', '--release', form, '--lang', 'en'])).out.replaceAll('components/schemas', '$defs'),
      );
    const own = await printed('json-schema');
    const [openapi, asyncapi] = [await printed('openapi'), await printed('asyncapi')];
    expect(own.$ref).toBe('#/$defs/Release');
    expect(openapi.components.schemas).toMatchObject(own.$defs);
    expect(asyncapi.components.schemas).toEqual(own.$defs);
    expect(Object.keys(openapi.paths)).toEqual([
      '/api/v2/releases',
      '/api/v2/releases/{record}',
      '/api/v2/releases/{record}/picture',
    ]);
    for (const words of [
      ['--release', 'openap'],
      ['--release', 'openapi', '--markdown', 'configuration-lanes'],
    ])
      expect(await run(['schema', ...words])).toMatchObject({ code: 2, out: '' });
  });

  test('the JSON Schema covers the kinds, and explains the keys in the language asked for', async () => {
    const zh = JSON.parse((await run(['schema'])).out);
    const en = JSON.parse((await run(['schema', '--lang', 'en'])).out);
    const device = zh.properties.lines.items.properties.devices.items;
    expect(device.properties).toMatchObject({
      kind: { const: 'board' },
      profile: { enum: ['board-a', 'board-b'] },
      unit: { type: 'integer', minimum: 1, maximum: 247, default: 1 },
    });
    expect(device).toMatchObject({ required: ['id', 'kind', 'profile'], additionalProperties: false });
    expect(zh.properties.cameras.items.properties.password).toMatchObject({
      properties: { secret: { type: 'string' } },
    });
    expect(zh.properties.lanes.items.properties.settings.properties.settle).toMatchObject({ default: '5s' });
    expect(zh.properties.park.properties.uuid.description).toBe('车场编号（park_uuid），由平台提供');
    expect(en.properties.park.properties.uuid.description).toBe('park id (park_uuid), from the platform');
  });

  test('the version is that of the package', async () => {
    const { version } = JSON.parse((await run(['version', '--json'])).out);
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect((await run(['version'])).out).toBe(`lanewarden ${version}\n`);
  });
});
