/** A child process that prints lines: started, bounded, and reliably ended. It knows nothing of GPIO. */
import { spawn } from 'node:child_process';
import { type Clock, LinkError, ProtocolError } from '../../src/driver.ts';

/** Longest line accepted; ours have about 40 characters. */
const LINE_MOST = 1_024;
/** Bytes kept of stderr; the first line is the reason. */
const COMPLAINT_MOST = 1_024;
/** Lines of a command that runs to its end. */
const LINES_MOST = 256;
/** A process stuck in the kernel may outlive SIGKILL; waiting for it ends here. */
const KILL_WAIT_MS = 1_000;

export interface Child {
  /** undefined when the start failed. */
  readonly pid: number | undefined;
  /** Resolves when it ends, with the reason unless the end was orderly. Never rejects. */
  readonly ended: Promise<LinkError | ProtocolError | undefined>;
  /** Resolves when it is gone. SIGKILL: it has nothing to lose, and a stopped process ignores anything milder. */
  kill(clock: Clock): Promise<void>;
}

/** Starts `command`; `onLine` receives each printed line. A ProtocolError of `onLine` ends it. */
export function startChild(command: string, args: readonly string[], onLine: (line: string) => void): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let pending = '';
  let complaint = '';
  let failure: LinkError | ProtocolError | undefined;
  const end = (): void => {
    child.kill('SIGKILL');
    // A grandchild may hold the other end open beyond its life.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  child.stdout.setEncoding('latin1');
  child.stdout.on('data', (chunk: string) => {
    if (failure !== undefined) return;
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    try {
      for (const line of lines) onLine(line);
      if (pending.length > LINE_MOST) throw new ProtocolError('frame', `${command} printed a line without an end`);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      failure ??= error;
      end();
    }
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (chunk: string) => {
    complaint = (complaint + chunk).slice(0, COMPLAINT_MOST);
  });
  const ended = new Promise<LinkError | ProtocolError | undefined>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'ENOENT' ? 'notFound' : error.code === 'EACCES' ? 'denied' : 'gone';
      failure ??= new LinkError(code, `${command}: ${error.message}`, { cause: error });
      // A failed start emits no `close`.
      if (child.pid === undefined) resolve(failure);
    });
    child.on('close', (code, signal) => {
      if (failure === undefined && code !== 0) failure = complained(command, complaint.trim(), code, signal);
      resolve(failure);
    });
  });
  return {
    pid: child.pid,
    ended,
    async kill(clock) {
      end();
      const over = new AbortController();
      await Promise.race([ended, clock.sleep(KILL_WAIT_MS, over.signal)]);
      over.abort();
    },
  };
}

/** The operating system's reason is in the tool's message. */
function complained(command: string, complaint: string, code: number | null, signal: string | null): LinkError {
  const text = `${command}: ${complaint === '' ? `ended with ${signal ?? code}` : complaint}`;
  if (/resource busy/i.test(complaint)) return new LinkError('busy', text);
  if (/permission denied|not permitted/i.test(complaint)) return new LinkError('denied', text);
  if (/cannot find|no such/i.test(complaint)) return new LinkError('notFound', text);
  return new LinkError(complaint === '' ? 'gone' : 'refused', text);
}

/** Runs `command` to its end and returns its lines. Throws LinkError: timeout, or by its stderr. */
export async function linesOf(
  command: string,
  args: readonly string[],
  options: { readonly clock: Clock; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { clock, timeoutMs, signal } = options;
  const lines: string[] = [];
  const child = startChild(command, args, (line) => {
    if (lines.length === LINES_MOST) throw new ProtocolError('frame', `${command} does not stop printing`);
    lines.push(line);
  });
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const late = clock.sleep(timeoutMs, over.signal).then(() => 'late' as const);
  const result = await Promise.race([child.ended, late]);
  stop();
  signal.removeEventListener('abort', stop);
  if (result === 'late') {
    await child.kill(clock);
    throw signal.aborted
      ? new LinkError('closed', `${command}: given up`)
      : new LinkError('timeout', `${command} does not end`);
  }
  if (result !== undefined) throw result;
  return lines;
}
