/** `lanewarden completion`: the table of commands as completion for bash, as a man page or a page of the documents, and the names for it. Knows no command by name. */
import { completionText } from '../../text/commands/cli.ts';
import { STATE_TEXT } from '../../text/store.ts';
import { GLOBAL_OPTIONS } from '../arguments.ts';
import { type Command, misuse, STORE_OPTIONS } from '../command.ts';
import { print } from '../output.ts';
import { programVersion } from '../version.ts';
import { PROGRAM_OPTIONS } from './help.ts';
import { manPage } from './man.ts';
import { boxNames, NAMES, type Names } from './names.ts';
import { referencePage } from './reference.ts';

/** `commands`: loads the whole table. */
export function completionCommand(commands: () => Promise<readonly Command[]>): Command {
  const forms = ['bash', 'man', 'reference', ...NAMES];
  return {
    name: 'completion',
    summary: completionText.summary,
    positionals: forms.join(' | '),
    options: {
      ...STORE_OPTIONS,
    },
    async run(values, [form = 'bash'], context) {
      const { language, stdout, environment, kinds } = context;
      const { config, store } = values as Readonly<Record<string, string | undefined>>;
      if (form === 'bash') stdout.write(bash(await commands()));
      else if (form === 'man') stdout.write(manPage(await commands(), programVersion(), language));
      else if (form === 'reference') stdout.write(referencePage(await commands(), language));
      else if (!NAMES.includes(form as Names)) throw misuse(completionText.wrongForm(form, forms));
      else print(context, ...(await boxNames(form as Names, { config, store, environment, kinds })));
    },
  };
}

/** What stands for a placeholder of the help: `words:…`, `names:…`, `folders`, `files` or nothing. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  FILE: 'files',
  PORT: 'files',
  FOLDER: 'folders',
  DIR: 'folders',
  ID: 'names:records',
  RELEASE: 'names:records',
  LANE: 'names:lanes',
  CAMERA: 'names:cameras',
  USER: 'names:users',
  NAME: 'names:profiles',
  STATE: `words:${Object.keys(STATE_TEXT).join(' ')}`,
};

/** Where these options mean something of their own. */
const OPTIONS: Readonly<Record<string, string>> = {
  lane: 'names:lanes',
  by: '',
  world: '',
  user: '',
};

function sourceOf(placeholder: string): string {
  if (/^[a-z-]+(\|[a-z-]+)+$/.test(placeholder)) return `words:${placeholder.replaceAll('|', ' ')}`;
  const [name = ''] = /[A-Z]+/.exec(placeholder) ?? [];
  return Object.hasOwn(PLACEHOLDERS, name) ? (PLACEHOLDERS[name] as string) : '';
}

/** Lines `COMMAND OPTION) source=… ;;` and `COMMAND WORD) …`. */
function sourceCases({ name, options, positionals = '' }: Command): readonly string[] {
  const ofOptions = Object.entries({ ...options, ...GLOBAL_OPTIONS }).flatMap(
    ([option, { type, short, value = '', offers }]) => {
      const named = Object.hasOwn(OPTIONS, option) ? (OPTIONS[option] as string) : sourceOf(value);
      const source = offers === undefined ? named : `words:${offers.join(' ')}`;
      const words = [`--${option}`, ...(short === undefined ? [] : [`-${short}`])];
      return type === 'string' ? [casedAs(words.map((word) => `"${name} ${word}"`).join(' | '), source)] : [];
    },
  );
  const forms = positionals.split(' | ').map((form) => form.split(' '));
  const tasks = forms.flatMap(([word = '']) => (/^[a-z]+$/.test(word) ? [word] : []));
  const ofTasks = forms.flatMap(([word = '', ...rest]) =>
    tasks.includes(word) && rest.length > 0 ? [casedAs(`"${name} ${word}"`, sourceOf(rest.join(' ')))] : [],
  );
  const first = tasks.length > 0 ? `words:${[...new Set(tasks)].join(' ')}` : sourceOf(positionals);
  const others = tasks.length > 0 || first === '' ? [] : [casedAs(`"${name} "*`, first)];
  return [...ofOptions, ...(tasks.length > 0 ? [casedAs(`"${name} "`, first)] : []), ...ofTasks, ...others];
}

const casedAs = (pattern: string, source: string): string => `    ${pattern}) source="${source}" ;;`;

function bash(commands: readonly Command[]): string {
  const namesOfOptions = (options: Command['options']): string =>
    Object.keys(options)
      .map((name) => `--${name}`)
      .join(' ');
  const valued = commands.flatMap(({ options }) =>
    Object.entries({ ...options, ...GLOBAL_OPTIONS }).flatMap(([name, { type, short }]) =>
      type === 'string' ? [`--${name}`, ...(short === undefined ? [] : [`-${short}`])] : [],
    ),
  );
  const options = commands.map(
    ({ name, options: own }) => `      ${name}) words="${namesOfOptions({ ...own, ...GLOBAL_OPTIONS })}" ;;`,
  );
  const commandNames = commands.map(({ name }) => name).join(' ');
  return `# bash completion of lanewarden: eval "$(lanewarden completion bash)"
_lanewarden() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  local at word command="" task="" words="" source="" places=()
  local valued=" ${[...new Set(valued)].join(' ')} "
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    case "$valued" in
      *" $word "*)
        case "$word" in --config | -c | --store) places+=("$word" "\${COMP_WORDS[at + 1]}") ;; esac
        at=$((at + 1))
        ;;
      *)
        case "$word" in
          -*) ;;
          *) if [ -z "$command" ]; then command="$word"; elif [ -z "$task" ]; then task="$word"; fi ;;
        esac
        ;;
    esac
  done
  if [ -n "$command" ] && [ "$command" != help ]; then
    case "$current" in
      -*) case "$valued" in *" $previous "*) ;; *) source="options" ;; esac ;;
    esac
  fi
  if [ -z "$source" ]; then
    case "$valued" in
      *" $previous "*) word="$previous" ;;
      *) word="$task" ;;
    esac
    case "$command $word" in
    " --lang") source="words:zh en" ;;
    " "*) source="words:${commandNames} help ${namesOfOptions(PROGRAM_OPTIONS)}" ;;
    "help "*) source="words:${commandNames}" ;;
${commands.flatMap(sourceCases).join('\n')}
    esac
  fi
  case "$source" in
    options)
      case "$command" in
${options.join('\n')}
      esac
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      ;;
    words:*) COMPREPLY=($(compgen -W "\${source#words:}" -- "$current")) ;;
    names:*) COMPREPLY=($(compgen -W "$("\${COMP_WORDS[0]}" completion "\${source#names:}" "\${places[@]}" 2>/dev/null)" -- "$current")) ;;
    folders) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
    files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -F _lanewarden lanewarden
`;
}
