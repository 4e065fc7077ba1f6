/** The program: the table of commands, and a process's duties (signals, a closed pipe, an exit code). */
import type { Worker } from 'node:worker_threads';
import { argumentLanguage, localeLanguage, splitCommand } from './cli/arguments.ts';
import { type Command, EXIT } from './cli/command.ts';
import { failure } from './cli/failure.ts';
import { runProgram } from './cli/program.ts';
import { cliText } from './text/commands/cli.ts';
import type { CommandName } from './text/commands/manual.ts';
import type { Language } from './text/text.ts';

/** What drivers there are. */
export const kinds = async () => {
  const { CAMERA_KINDS, DRIVER_KINDS } = await import('../drivers/index.ts');
  return { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
};

/** In the order of the help. Each is loaded on demand: a box that runs for years must not hold the demo's pictures in memory. */
const LOAD: Readonly<Record<CommandName, (early?: Worker) => Promise<Command>>> = {
  run: async (early) => (await import('./cli/run.ts')).runCommand(early),
  demo: async () => (await import('./simulate/demo/demo.ts')).demoCommand,
  simulate: async () => (await import('./simulate/simulate.ts')).simulateCommand,
  practice: async () => (await import('./simulate/practice/practice.ts')).practiceCommand,
  status: async () => (await import('./cli/status/status.ts')).statusCommand,
  check: async () => (await import('./cli/check.ts')).checkCommand,
  scenario: async () => (await import('./simulate/scenario/scenario.ts')).scenarioCommand,
  replay: async () => (await import('./cli/replay/replay.ts')).replayCommand,
  evidence: async () => (await import('./cli/evidence/evidence.ts')).evidenceCommand,
  verify: async () => (await import('./cli/evidence/verify.ts')).verifyCommand,
  person: async () => (await import('./cli/evidence/person.ts')).personCommand,
  probe: async () => (await import('./cli/probe/probe.ts')).probeCommand,
  snapshot: async () => (await import('./cli/snapshot.ts')).snapshotCommand(await kinds()),
  cameras: async () => (await import('./cli/status/cameras.ts')).camerasCommand,
  queue: async () => (await import('./cli/queue/queue.ts')).queueCommand,
  report: async () => (await import('./cli/report/report.ts')).reportCommand,
  why: async () => (await import('./cli/report/why.ts')).whyCommand,
  sign: async () => (await import('./cli/sign.ts')).signCommand,
  diagnose: async () => (await import('./cli/diagnose.ts')).diagnoseCommand,
  backup: async () => (await import('./cli/backup.ts')).backupCommand,
  restore: async () => (await import('./cli/restore.ts')).restoreCommand,
  provision: async () => (await import('./cli/provision/provision.ts')).provisionCommand,
  update: async () => (await import('./cli/update.ts')).updateCommand,
  profile: async () => (await import('./cli/profile.ts')).profileCommand,
  passwd: async () => (await import('./cli/access/passwd.ts')).passwdCommand(() => process.stdin),
  token: async () => (await import('./cli/access/token.ts')).tokenCommand,
  label: async () => (await import('./cli/access/label.ts')).labelCommand,
  'setup-code': async () => (await import('./cli/access/passwd.ts')).setupCodeCommand,
  schema: async () => (await import('./cli/schema.ts')).schemaCommand,
  completion: async () => (await import('./cli/manual/completion.ts')).completionCommand(allCommands),
  version: async () => (await import('./cli/version.ts')).versionCommand,
};

export const allCommands = (): Promise<readonly Command[]> => Promise.all(Object.values(LOAD).map((load) => load()));

/** The named one; all of them for the help and for an unknown name, none where only the version is asked for. */
export async function commandsFor(words: readonly string[], early?: Worker): Promise<readonly Command[]> {
  const { name, rest } = splitCommand(words);
  if (name === undefined && (rest.includes('--version') || rest.includes('-V'))) return [];
  const load = name !== undefined && Object.hasOwn(LOAD, name) ? LOAD[name as CommandName] : undefined;
  return load === undefined ? allCommands() : [await load(early)];
}

/** A language that is none is told by the command. */
function languageOf(words: readonly string[]): Language {
  try {
    return argumentLanguage(words, process.env);
  } catch {
    return localeLanguage(process.env);
  }
}

/** Shells report death by a signal as this plus its number. */
const BY_SIGNAL = 128;
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Ends the process. `early`: a store thread started before this was loaded. */
export async function runProcess(early?: Worker): Promise<void> {
  const language = languageOf(process.argv.slice(2));
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
      // The reader is done (`| head`), which is no failure; a command still running ends in order.
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

  const { stdout, stderr, env: environment } = process;
  const words = process.argv.slice(2);
  const commands = await commandsFor(words, early);
  const code = await runProgram(commands, words, { stdout, stderr, environment, signal: stop.signal, kinds });
  // A pipe takes no more than 64 KB at once: its slow reader gets all of it, unless it is gone.
  stdout.write('', () => process.exit(code));
}
