/** The whole table of commands: none lacks its help, its part of the man page and of the completion, or opens anything before its arguments are checked. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT, type ExitName } from '../../src/cli/command.ts';
import { allCommands } from '../../src/process.ts';
import { type CommandName, MANUAL } from '../../src/text/commands/manual.ts';
import { exitText, manualText } from '../../src/text/commands/manual-words.ts';
import { WRONG } from './command-table.ts';
import { type Environment, programRun } from './program-run.ts';

const root = process.cwd();
const commands = await allCommands();
const names = commands.map(({ name }) => name) as readonly CommandName[];

const run = (words: readonly string[], environment: Environment = { LANG: 'en_US.UTF-8' }) =>
  programRun(commands, words, environment);

test('the manual names the commands there are, in the order of the help', () => {
  expect(names).toEqual(Object.keys(MANUAL));
});

test.each(['zh', 'en'])('docs/%s/commands.md is what the table of commands says', async (language) => {
  const { out } = await run(['completion', 'reference', '--lang', language]);
  const file = `docs/${language}/commands.md`;
  expect(
    readFileSync(join(root, file), 'utf8'),
    `run: lanewarden completion reference --lang ${language} > ${file}`,
  ).toBe(out);
});

describe.each(names)('%s', (name) => {
  const { options, positionals, summary } = commands.find((command) => command.name === name) as (typeof commands)[0];
  const { examples, exits, page } = MANUAL[name];

  test('its help has usage, options, examples, exit codes and a page, in the language of the terminal', async () => {
    const en = (await run([name, '--help'])).out;
    const zh = (await run([name, '--help'], { LANG: 'zh_CN.UTF-8' })).out;
    expect(en).toContain(`${summary.en}\n\nUsage: lanewarden ${name} [OPTIONS]`);
    expect(zh).toContain(`${summary.zh}\n\n用法：lanewarden ${name} [OPTIONS]`);
    for (const option of Object.keys(options)) expect(en).toContain(`--${option}`);
    expect(examples.length).toBeGreaterThan(0);
    for (const [line, what] of examples) {
      expect(line.split(' ')[0]).toBe(name);
      expect(en).toContain(`lanewarden ${line}`);
      expect(en).toContain(what.en);
      expect(zh).toContain(what.zh);
    }
    for (const exit of ['ok', 'usage', ...exits] as ExitName[])
      expect(en).toMatch(new RegExp(`^  ${EXIT[exit]} +${exitText[exit].en}$`, 'm'));
    expect(en).toContain(`${manualText.docs}/${page.replace('LANG', 'en')}`);
    for (const language of ['zh', 'en'])
      expect(existsSync(join(root, 'docs', page.replace('LANG', language))), page).toBe(true);
    expect((await run(['help', name])).out).toBe(en);
    expect((await run([name, '--help', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' })).out).toBe(en);
    expect((await run([name, '--help', '--lang', 'zh'])).out).toBe(zh);
    expect(en.replaceAll('粤B12345', '')).not.toMatch(/[\u4e00-\u9fff]/u);
  });

  test('its examples are of its own options', async () => {
    for (const [line] of examples) {
      const used = line.replace(/ \| .*/, '').match(/(?<= )-{1,2}[a-z][a-z-]*/g) ?? [];
      for (const option of used) expect(Object.keys(options), line).toContain(option.replace(/^-+/, ''));
    }
  });

  test('an option that does not exist, and an argument too many, exit 2', async () => {
    expect(await run([name, '--wibble'])).toMatchObject({ code: 2, out: '' });
    if (positionals?.includes('…')) return;
    const words = ['bash', '2', '3', '4', '5'];
    expect(await run([name, ...words])).toMatchObject({ code: 2, out: '' });
  });
});

describe('wrong arguments', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-wrong-'));
  beforeAll(() => {
    process.chdir(folder);
    writeFileSync('there.txt', '');
  });
  afterAll(() => {
    process.chdir(root);
    rmSync(folder, { recursive: true });
  });
  const rows = Object.entries(WRONG).flatMap(([name, wrong]) => wrong.map(([words, code]) => ({ name, words, code })));

  test.each(rows)('$name $words exits $code, before anything is opened', async ({ name, words, code }) => {
    const { code: is, out, err } = await run([name, ...words]);
    expect({ is, out, err }).toMatchObject({ is: code, out: '' });
    expect(err).not.toMatch(/[\u4e00-\u9fff]/u);
    expect(err).not.toMatch(/\n\s+at |internal error|ENOENT: no such/);
    expect([0, 2, ...MANUAL[name as CommandName].exits.map((exit) => EXIT[exit])]).toContain(code);
    expect(readdirSync('.')).toEqual(['there.txt']);
  });
});

describe('without a command', () => {
  test.each([[['--version']], [['-V']]])('%j is the version', async (words) => {
    expect(await run(words)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^lanewarden \d+\.\d+\.\d+(-rc\.\d+)?\n$/),
    });
  });

  test('help of a command that does not exist suggests one', async () => {
    const { code, err } = await run(['help', 'chek']);
    expect(code).toBe(2);
    expect(err).toContain('did you mean check?');
    expect((await run(['help', 'check', 'run'])).code).toBe(2);
    expect((await run(['help'])).out).toBe((await run(['--help'])).out);
  });

  test('the help has the exit codes of all commands', async () => {
    const { out } = await run(['--help']);
    for (const [name, text] of Object.entries(exitText))
      expect(out).toMatch(new RegExp(`^  ${EXIT[name as ExitName]} +${text.en}$`, 'm'));
  });
});

describe('the man page', () => {
  test.each(['en', 'zh'] as const)('has all sections and every command, option and example (%s)', async (language) => {
    const { code, out } = await run(['completion', 'man', '--lang', language]);
    expect(code).toBe(0);
    expect(out.match(/^\.SH .*$/gm)).toEqual(
      Object.values(manualText.sections).map((section) => `.SH ${section[language]}`),
    );
    const plain = out.replaceAll('\\:', '').replaceAll('\\-', '-').replaceAll('\\(dq', '"');
    for (const { name, options, summary } of commands) {
      expect(plain).toContain(`.SS ${name}\n`);
      expect(plain).toContain(summary[language]);
      for (const option of Object.keys(options)) expect(plain).toContain(`--${option}`);
      for (const [line, what] of MANUAL[name as CommandName].examples)
        expect(plain).toContain(`.B lanewarden ${line}\n${what[language]}\n`);
    }
    expect(plain).toContain('LANEWARDEN_PASSPHRASE');
    expect(plain).toContain('/etc/lanewarden/lanewarden.yaml');
  });
});
