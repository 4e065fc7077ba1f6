/** Every command line of the documents is one: the command, its options and its first word are in the table of commands; of other programs the listed ones. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globalOptions, type Known } from './known.ts';
import { OUR_SCRIPTS, OUTSIDE_PROGRAMS, SPEAKS_OF } from './outside.ts';
import { codeOf, type Fault, root, type Section } from './pages.ts';

interface CommandLine {
  readonly line: number;
  readonly words: readonly string[];
}

const programs = new Map(
  OUTSIDE_PROGRAMS.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([name = '', ...words]) => [name, new Set(words)] as const),
);
const proofs = new Set(
  [...readFileSync(join(root, 'test/proof.mjs'), 'utf8').matchAll(/^ {2}'?([a-z][\w-]*)'?: \[/gm)].map(
    ([, name = '']) => name,
  ),
);
const benches = new Set(readdirSync(join(root, 'test/bench')).map((name) => name.replace(/\.ts$/, '')));

const isOption = (word: string): boolean => /^--?[A-Za-z]/.test(word);
/** Without brackets of usage, and without a value behind `=`. */
const bare = (word: string): string => word.replaceAll(/^[[(]+|\).*$|\]+$/g, '').replace(/=.*/, '');

/** One line of shell as its simple commands: no quotes, no redirections, no variables before. */
function simpleCommands(text: string): readonly (readonly string[])[] {
  return text
    .replaceAll(/'[^']*'|"[^"]*"/g, 'QUOTED')
    .replace(/(^|\s)#.*$/, '')
    .split(/ \| |&&|;|\$\(|(?<=\s)\|(?=\s)/)
    .map((command) => command.trim().split(/\s+/))
    .map((words) => {
      const at = words.findIndex((word) => word !== 'sudo' && word !== 'for' && !/^[A-Z_]+=/.test(word));
      return at < 0 ? [] : words.slice(at);
    })
    .filter((words) => words.length > 0 && words[0] !== '');
}

/** Those of blocks of shell, a line that goes on joined; and code that begins with a program. */
function commandLines({ prose, rows, blocks }: Section): readonly CommandLine[] {
  const inline = [...prose, ...rows].flatMap(({ number, text }) =>
    codeOf(text)
      .filter((code) => isProgram(code.replace(/^(sudo |[A-Z_]+=\S+ )+/, '').split(' ')[0] ?? ''))
      .flatMap((code) => simpleCommands(code).map((words) => ({ line: number, words }))),
  );
  const shell = blocks
    .filter(({ form }) => form === 'sh')
    .flatMap((block) => {
      const text = block.lines
        .map((line) => line.text)
        .join('\n')
        .replaceAll(/\\\n/g, ' ')
        .replaceAll(/<<'?(\w+)'?.*\n[\s\S]*?\n\1$/gm, '')
        .replaceAll(/'[^']*'|"[^"]*"/g, 'QUOTED');
      return text.split('\n').flatMap((line) => simpleCommands(line).map((words) => ({ line: block.number, words })));
    });
  return [...inline, ...shell];
}

const isProgram = (word: string): boolean => word === 'lanewarden' || word === 'npm' || programs.has(word);

function optionsOf(name: string, { commands }: Known): ReadonlySet<string> {
  const own = commands.find((command) => command.name === name)?.options ?? {};
  return new Set(
    Object.entries({ ...own, ...globalOptions }).flatMap(([option, { short }]) => [
      `--${option}`,
      ...(short === undefined ? [] : [`-${short}`]),
    ]),
  );
}

/** The first words of its forms, where they are words of its own: `list`, `show`, `lint`. */
function tasksOf(positionals: string | undefined): readonly string[] {
  const firsts = (positionals ?? '').split(' | ').map((form) => form.replaceAll(/[[\]]/g, '').split(' ')[0] ?? '');
  return firsts.every((first) => /^[a-z]/.test(first)) ? firsts : [];
}

function ownFaults(words: readonly string[], all: Known): readonly string[] {
  const [first = '', ...rest] = words.slice(1).map(bare);
  if (
    first === '' ||
    (first === 'head' && (words[2] ?? '').startsWith('1')) ||
    first === 'COMMAND' ||
    first === '…' ||
    isOption(first) ||
    /\p{Script=Han}/u.test(first)
  )
    return [];
  if (first === 'help')
    return rest[0] === undefined || /[A-Z]|\p{Script=Han}/u.test(rest[0])
      ? []
      : ownFaults(['lanewarden', ...rest], all);
  const command = all.commands.find(({ name }) => name === first);
  if (command === undefined) return [`there is no command lanewarden ${first}`];
  const options = optionsOf(first, all);
  const unknown = rest
    .filter((word) => isOption(word) && !options.has(word))
    .map((word) => `lanewarden ${first} has no option ${word}`);
  const tasks = tasksOf(command.positionals);
  const [task] = rest;
  if (task !== undefined && tasks.length > 0 && /^[a-z]/.test(task) && !tasks.includes(task))
    unknown.push(`lanewarden ${first} does not know "${task}"`);
  return unknown;
}

/** The program of ours that a line runs, if any: its text has its options. */
function scriptOf([program = '', verb = '', name = '', , first = '']: readonly string[]): string | undefined {
  const path =
    program === 'npm'
      ? {
          package: 'deploy/package.mjs',
          bench: `test/bench/${first}.ts`,
          proof: 'test/proof.mjs',
          'docs:check': 'test/docs/check/run.ts',
        }[name]
      : program === 'node'
        ? verb
        : OUR_SCRIPTS[program.replace(/^.*\//, '')];
  return path !== undefined && existsSync(join(root, path)) && /\./.test(path) ? path : undefined;
}

const readScript = (path: string): string => {
  const text = readFileSync(join(root, path), 'utf8');
  if (path !== 'test/proof.mjs') return text;
  return [
    text,
    ...[...text.matchAll(/'(test\/[\w/-]+\.mjs)'/g)].map(([, each = '']) => readFileSync(join(root, each), 'utf8')),
  ].join('\n');
};

/** Whether the program's own text has the option. */
function takesOption(script: string, option: string): boolean {
  const name = option.replace(/^-+/, '');
  return (
    new RegExp(`--${name}(?![\\w-])|['" ]${name}['"]?: \\{ ?type`).test(readScript(script)) ||
    ['--reporter', '--help'].includes(option)
  );
}

function npmFaults(words: readonly string[], { scripts }: Known): readonly string[] {
  const [, verb = '', name = '', ...rest] = words;
  if (verb !== 'run')
    return programs.get('npm')?.has(verb) === true || scripts.has(verb) ? [] : [`npm knows no ${verb}`];
  if (!scripts.has(name)) return [`package.json has no script ${name}`];
  const own = rest.slice(rest.indexOf('--') + 1);
  const list = name === 'proof' ? proofs : name === 'bench' ? benches : undefined;
  const [first] = rest.includes('--') ? own : [];
  const unlisted =
    list !== undefined && first !== undefined && /^[a-z]/.test(first) && !list.has(first)
      ? [`npm run ${name} has no ${first}`]
      : [];
  const script = scriptOf(words);
  return [
    ...unlisted,
    ...own
      .filter(isOption)
      .map(bare)
      .filter((word) => script === undefined || !takesOption(script, word))
      .map((word) => `npm run ${name} has no option ${word}`),
  ];
}

export function faultsOfLine(words: readonly string[], all: Known): readonly string[] {
  const [program = '', verb = ''] = words;
  if (program === 'lanewarden') return ownFaults(words, all);
  // Not built yet where the documents are checked first.
  if (program === 'node' && verb === 'dist/src/main.js') return ownFaults(words.slice(1), all);
  if (program === 'npm') return npmFaults(words, all);
  const script = scriptOf(words);
  if (script !== undefined)
    return words
      .slice(1)
      .map(bare)
      .filter((word) => isOption(word) && !takesOption(script, word))
      .map((word) => `${script} has no option ${word}`);
  const listed = programs.get(program);
  if (listed === undefined)
    return /^[a-z][\w.-]*$/.test(program) ? [`the program ${program} is not listed in test/docs/check/outside.ts`] : [];
  // Options, and words of small letters behind the program: `systemctl restart`.
  return words
    .slice(1)
    .map(bare)
    .filter((word, index) => (isOption(word) || (index === 0 && /^[a-z][a-z-]*$/.test(word))) && !listed.has(word))
    .map((word) => `${program} ${word} is not listed in test/docs/check/outside.ts`);
}

/** Who is meant by an option that stands alone: the commands that the page names, and those listed for it. */
function speaksOf(page: string, sections: readonly Section[], all: Known): (option: string) => boolean {
  const lines = sections.flatMap(commandLines).map(({ words }) => words);
  const spans = sections.flatMap(({ prose, rows }) => [...prose, ...rows].flatMap(({ text }) => codeOf(text)));
  const ours = all.commands.map(({ name }) => name);
  const named = [
    ...lines.flatMap(([program, name]) => (program === 'lanewarden' ? [bare(name ?? '')] : [program ?? ''])),
    ...spans.map((code) => code.split(' ')[0] ?? ''),
    ...(SPEAKS_OF[page.replace(/^docs\/(zh|en)\//, '')] ?? []),
  ];
  const options = new Set(
    named.flatMap((name) => [...(ours.includes(name) ? optionsOf(name, all) : []), ...(programs.get(name) ?? [])]),
  );
  const scripts = [
    ...lines.map(scriptOf),
    ...named.map((name) => OUR_SCRIPTS[name] ?? (/\.(mjs|ts|py)$/.test(name) ? name : undefined)),
  ].filter((path) => path !== undefined);
  return (option) =>
    options.has(option) || scripts.some((path) => existsSync(join(root, path)) && takesOption(path, option));
}

function looseFaults(page: string, sections: readonly Section[], all: Known): readonly Fault[] {
  const has = speaksOf(page, sections, all);
  return sections.flatMap(({ prose, rows }) =>
    [...prose, ...rows].flatMap(({ number, text }) =>
      codeOf(text)
        .filter((code) => /^(--[a-z]|-[a-zA-Z]$)/.test(code))
        .flatMap((code) => code.split(/[ ,]+/).map(bare))
        .filter((word) => isOption(word) && !has(word))
        .map((word) => ({
          page,
          line: number,
          what: `no command that this page names has the option ${word} (SPEAKS_OF in test/docs/check/outside.ts)`,
        })),
    ),
  );
}

export function commandFaultsOf(page: string, sections: readonly Section[], all: Known): readonly Fault[] {
  const lines = sections
    .flatMap(commandLines)
    .flatMap(({ line, words }) => faultsOfLine(words, all).map((what) => ({ page, line, what })));
  return [...lines, ...looseFaults(page, sections, all)];
}
