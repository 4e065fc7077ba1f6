/** `lanewarden completion`: the table of commands as completion for bash, or as a man page. Knows no command by name. */
import { cliText, completionText } from '../text/commands/cli.ts';
import { GLOBAL_OPTIONS } from './arguments.ts';
import { type Command, type CommandOption, EXIT } from './command.ts';
import { PROGRAM } from './help.ts';

/** `commands`: loads the whole table. */
export function completionCommand(commands: () => Promise<readonly Command[]>): Command {
  const forms: Readonly<Record<string, (commands: readonly Command[]) => string>> = { bash, man };
  return {
    name: 'completion',
    summary: completionText.summary,
    positionals: 'bash|man',
    options: {},
    async run(_values, [form = 'bash'], { language, stdout, stderr }) {
      const write = Object.hasOwn(forms, form) ? forms[form] : undefined;
      if (write === undefined) {
        stderr.write(`lanewarden completion: ${completionText.wrongForm(form)[language]}\n`);
        return EXIT.usage;
      }
      stdout.write(write(await commands()));
      return EXIT.ok;
    },
  };
}

const optionNames = (command: Command): readonly string[] =>
  Object.keys({ ...command.options, ...GLOBAL_OPTIONS }).map((name) => `--${name}`);

/** `--day|-d) words="today yesterday" ;;`: an option offers the same in every command. */
function offers(commands: readonly Command[]): readonly string[] {
  const options = commands.flatMap((command) => Object.entries(command.options));
  const cases = options.flatMap(([name, { short, offers: words }]) =>
    words === undefined
      ? []
      : [`    --${name}${short === undefined ? '' : `|-${short}`}) offers="${words.join(' ')}" ;;`],
  );
  return [...new Set(cases)];
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => `    ${command.name}) words="${optionNames(command).join(' ')}" ;;`);
  return `# bash completion of lanewarden: eval "$(lanewarden completion bash)"
_lanewarden() {
  local words offers="" current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${offers(commands).join('\n')}
  esac
  if [ -n "$offers" ]; then
    COMPREPLY=($(compgen -W "$offers" -- "$current"))
    return
  fi
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _lanewarden lanewarden
`;
}

/** A line that begins with a dot or a quote is an instruction to the formatter, and a hyphen is no minus. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1');

function man(commands: readonly Command[]): string {
  return [
    '.TH LANEWARDEN 1 "" "lanewarden" "lanewarden"',
    '.SH NAME',
    `lanewarden \\- ${roff(cliText.programSummary.en)}`,
    '.SH SYNOPSIS',
    `.B ${PROGRAM}`,
    '.I command',
    '[options]',
    '.SH COMMANDS',
    ...commands.flatMap(manCommand),
    '.SH FILES',
    '.TP',
    '.I /etc/lanewarden/lanewarden.yaml',
    'the configuration; /usr/share/doc/lanewarden/examples has one to begin with',
    '.TP',
    '.I /etc/lanewarden/secrets.yaml',
    'its secrets, mode 0600',
    '.TP',
    '.I /var/lib/lanewarden',
    'records and pictures',
    '.SH SEE ALSO',
    '/usr/share/doc/lanewarden/docs',
    '',
  ].join('\n');
}

function manCommand(command: Command): readonly string[] {
  const options = Object.entries(command.options).flatMap(([name, option]) => [
    '.TP',
    `.B ${roff(optionHead(name, option))}`,
    roff(option.help.en),
  ]);
  return [`.SS ${[command.name, command.positionals ?? ''].join(' ').trim()}`, roff(command.summary.en), ...options];
}

function optionHead(name: string, { short, type, value }: CommandOption): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`;
}
