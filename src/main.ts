#!/usr/bin/env node
/** The program: the table of commands, and what a process owes its surroundings (signals, a closed pipe, an exit code). */
import { CAMERA_KINDS, DRIVER_KINDS } from '../drivers/index.ts';
import { localeLanguage } from './cli/arguments.ts';
import { backupCommand } from './cli/backup.ts';
import { checkCommand } from './cli/check.ts';
import { type Command, EXIT } from './cli/command.ts';
import { completionCommand } from './cli/completion.ts';
import { demoCommand } from './cli/demo.ts';
import { diagnoseCommand } from './cli/diagnose.ts';
import { failure } from './cli/failure.ts';
import { passwdCommand, setupCodeCommand } from './cli/passwd.ts';
import { profileCommand } from './cli/profile.ts';
import { runProgram } from './cli/program.ts';
import { queueCommand } from './cli/queue.ts';
import { replayCommand } from './cli/replay.ts';
import { openReplaySource } from './cli/replay-source.ts';
import { restoreCommand } from './cli/restore.ts';
import { runCommand } from './cli/run.ts';
import { scenarioCommand } from './cli/scenario.ts';
import { schemaCommand } from './cli/schema.ts';
import { signCommand } from './cli/sign.ts';
import { simulateCommand } from './cli/simulate.ts';
import { updateCommand } from './cli/update.ts';
import { versionCommand } from './cli/version.ts';
import { cliText } from './text/cli.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };

/** In the order of the help. */
const COMMANDS: readonly Command[] = [
  runCommand,
  demoCommand,
  simulateCommand,
  checkCommand(kinds),
  scenarioCommand,
  replayCommand(kinds, openReplaySource),
  queueCommand(kinds),
  signCommand,
  diagnoseCommand(kinds),
  backupCommand(kinds),
  restoreCommand(kinds),
  updateCommand,
  profileCommand(kinds),
  passwdCommand(() => process.stdin),
  setupCodeCommand,
  schemaCommand(kinds),
  completionCommand(() => COMMANDS),
  versionCommand,
];

/** Shells report death by a signal as this plus its number. */
const BY_SIGNAL = 128;
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

const language = localeLanguage(process.env);
const stop = new AbortController();
for (const [name, number] of Object.entries(SIGNALS)) {
  process.on(name, () => {
    if (stop.signal.aborted) {
      process.stderr.write(`${cliText.stopped[language]}\n`);
      process.exit(BY_SIGNAL + number);
    }
    stop.abort();
  });
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(EXIT.io);
    // The reader has seen enough (`| head`): that is not a failure, and a command that goes on ends in order.
    stop.abort();
  });
}

const crash = (error: unknown): never => {
  const { text } = failure(error, language);
  process.stderr.write(`${text}\n`);
  process.exit(EXIT.failure);
};
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const { stdin, stdout, stderr, env: environment } = process;
const exitCode = await runProgram(COMMANDS, process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  environment,
  signal: stop.signal,
});
process.exit(exitCode);
