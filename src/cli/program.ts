/** From words to an exit code: finds the command, gives it its values, and turns what it throws into one line. Knows no command by name. */
import { nearest } from '../config/nearest.ts';
import { cliText } from '../text/commands/cli.ts';
import type { Language } from '../text/text.ts';
import { argumentLanguage, localeLanguage, readArguments, splitCommand, UsageError } from './arguments.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { failure } from './failure.ts';
import { commandHelp, PROGRAM, programHelp } from './help.ts';

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
    if (error instanceof UsageError) {
      const { name } = splitCommand(words);
      const line = commands.some((command) => command.name === name) ? `${PROGRAM} ${name}` : PROGRAM;
      around.stderr.write(`${error.text[language]}\n${cliText.seeHelp(line)[language]}\n`);
      return EXIT.usage;
    }
    const { text, exitCode } = failure(error, language);
    around.stderr.write(`${text}\n`);
    return exitCode;
  }
}

async function runCommand(
  commands: readonly Command[],
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { name, rest } = splitCommand(words);
  const wantsHelp = (name === undefined && rest.some((word) => word === '--help' || word === '-h')) || name === 'help';
  if (wantsHelp) {
    context.stdout.write(programHelp(commands, context.language));
    return EXIT.ok;
  }
  if (name === undefined) {
    // An option that does not exist is worth more words than a command that is missing.
    readArguments({ options: {} }, rest);
    throw new UsageError('command', cliText.noCommand);
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = commands.map((candidate) => candidate.name);
    throw new UsageError('command', cliText.unknownCommand(name, nearest(name, names)));
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    context.stdout.write(commandHelp(command, context.language));
    return EXIT.ok;
  }
  const { values, positionals } = readArguments(command, rest);
  return command.run(values, positionals, context);
}
