/** The program under another Node than its own: it starts its own and stands for it, or says why it cannot. */
import { spawn } from 'node:child_process';
import { nodeText } from '../text/commands/node.made.ts';
import { localeLanguage } from './arguments.ts';
import { EXIT } from './command.ts';

/** What a terminal gives to all of its programs itself: passed on, it would count twice, and the second one ends hard. */
const OF_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);
const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR2', ...OF_TERMINAL];

/** Arguments, environment, standard streams and signals go through; so does how it ends. `own`: undefined where there is none. Never returns. */
export function startOwn(own: string | undefined): void {
  const language = localeLanguage(process.env);
  if (own === undefined) refuse(nodeText.tooOld(process.version)[language]);
  const child = spawn(own, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  for (const signal of SIGNALS)
    process.on(signal, () => {
      if (!(OF_TERMINAL.has(signal) && process.stdin.isTTY)) child.kill(signal);
    });
  child.once('error', ({ message }) => refuse(nodeText.cannotStart(own, message)[language]));
  child.once('exit', (code, signal) => endAs(code, signal));
}

function endAs(code: number | null, signal: NodeJS.Signals | null): void {
  if (signal === null) process.exit(code ?? EXIT.failure);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function refuse(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(EXIT.unavailable);
}
