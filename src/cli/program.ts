/** From words to an exit code: finds the command, parses its values, and turns its errors into one line. Knows no command by name. */
import { nearest } from '../config/nearest.ts';
import { cliText } from '../text/commands/cli.ts';
import type { Language } from '../text/text.ts';
import { argumentLanguage, localeLanguage, readArguments, splitCommand, UsageError } from './arguments.ts';
import { type Command, type CommandContext, EXIT, ExitError } from './command.ts';
import { failure } from './failure.ts';
import { commandHelp, PROGRAM, PROGRAM_OPTIONS, programHelp } from './manual/help.ts';
import { remark } from './output.ts';
import { programVersion } from './version.ts';

type Surroundings = Omit<CommandContext, 'language'>;

/** Resolves to the exit code; never rejects. */
export async function runProgram(
  commands: readonly Command[],
  words: readonly string[],
  around: Surroundings,
): Promise<number> {
  let language: Language = localeLanguage(around.environment);
  try {
    language = argumentLanguage(words, around.environment);
    return await runCommand(commands, words, { ...around, language });
  } catch (error) {
    const { name } = splitCommand(words);
    if (error instanceof ExitError) {
      remark({ ...around, language }, `${PROGRAM} ${name}: ${error.text[language]}`);
      return error.exitCode;
    }
    if (error instanceof UsageError) {
      const line = commands.some((command) => command.name === name) ? `${PROGRAM} ${name}` : PROGRAM;
      remark({ ...around, language }, error.text, cliText.seeHelp(line));
      return EXIT.usage;
    }
    around.caught?.(error);
    const { text, exitCode } = failure(error, language);
    remark({ ...around, language }, text);
    return exitCode;
  }
}

async function runCommand(
  commands: readonly Command[],
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { name, rest } = splitCommand(words);
  if (name === undefined) return withoutCommand(commands, rest, context);
  if (name === 'help') {
    const [about] = readArguments({ options: {}, positionals: '[COMMAND]' }, rest).positionals;
    const { language } = context;
    const text = about === undefined ? programHelp(commands, language) : commandHelp(found(commands, about), language);
    context.stdout.write(text);
    return EXIT.ok;
  }
  const command = found(commands, name);
  if (rest.includes('--help') || rest.includes('-h')) {
    context.stdout.write(commandHelp(command, context.language));
    return EXIT.ok;
  }
  const { values, positionals } = readArguments(command, rest);
  return (await command.run(values, positionals, context)) ?? EXIT.ok;
}

function withoutCommand(commands: readonly Command[], words: readonly string[], { stdout, language }: CommandContext) {
  // An unknown option deserves the message rather than the missing command.
  const { values } = readArguments({ options: PROGRAM_OPTIONS }, words);
  if (values.help !== true && values.version !== true) throw new UsageError('command', cliText.noCommand);
  stdout.write(values.version === true ? `${PROGRAM} ${programVersion()}\n` : programHelp(commands, language));
  return EXIT.ok;
}

function found(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = [...commands.map((candidate) => candidate.name), 'help'];
  throw new UsageError('command', cliText.unknownCommand(name, nearest(name, names)));
}
