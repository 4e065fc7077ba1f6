/**
 * Tells the service manager how we are (sd_notify): READY, WATCHDOG, STOPPING. Over its datagram socket when `unix-dgram` is there, else by the
 * program systemd-notify, for which the unit needs NotifyAccess=all; without a service manager it says nothing. It does not know what makes us well.
 */
import { spawn } from 'node:child_process';
import type { Clock } from '../clock.ts';

export interface Notifier {
  /** How the words leave: for a line of the log. */
  readonly way: 'socket' | 'program' | 'none';
  /** The service manager restarts us when it hears nothing for so long; undefined: it does not wait for us. */
  readonly watchdogMs: number | undefined;
  /** Lines of `NAME=value`. Never throws; a word that cannot be delivered is tried again while there is room, the newest first to go. */
  tell(state: string): void;
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Words that wait because the receiver's queue is full. A watchdog ping comes again by itself and does not wait. */
const WAITING_MAX = 8;
const AGAIN_MS = 100;
/** The receiver's queue is full: EAGAIN, and the library's own code for it. */
const FULL: ReadonlySet<unknown> = new Set([-11, 1]);

/** `processId`: ours, because the watchdog may be meant for another process of the unit. */
export async function createNotifier(environment: Environment, clock: Clock, processId: number): Promise<Notifier> {
  const path = environment.NOTIFY_SOCKET;
  const watchdogMs = periodMs(environment, processId);
  if (path === undefined || path === '') {
    return { way: 'none', watchdogMs: undefined, tell: () => undefined, close: () => undefined };
  }
  const library = path.startsWith('/') ? await import('unix-dgram').catch(() => undefined) : undefined;
  if (library === undefined) return { way: 'program', watchdogMs, tell: byProgram, close: () => undefined };
  const socket = library.createSocket('unix_dgram');
  socket.on('error', () => undefined);
  const send = (state: string, done: (error?: { readonly code?: unknown }) => void): void => {
    const bytes = Buffer.from(state);
    socket.send(bytes, 0, bytes.length, path, done);
  };
  return { way: 'socket', watchdogMs, ...patient(send, clock), close: () => socket.close() };
}

function periodMs({ WATCHDOG_USEC, WATCHDOG_PID }: Environment, processId: number): number | undefined {
  const microseconds = Number(WATCHDOG_USEC);
  const meant = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === processId;
  return meant && microseconds > 0 ? microseconds / 1000 : undefined;
}

/** A service manager that is busy (a box that boots) must not cost us READY: that would be a restart for nothing. */
function patient(
  send: (state: string, done: (error?: { readonly code?: unknown }) => void) => void,
  clock: Clock,
): Pick<Notifier, 'tell'> {
  const waiting: string[] = [];
  let sleeping = false;
  const flush = (): void => {
    const state = waiting[0];
    if (state === undefined || sleeping) return;
    send(state, (error) => {
      if (!FULL.has(error?.code)) {
        // Delivered, or there is nobody: a restart of the service manager brings a socket of the same name.
        waiting.shift();
        return flush();
      }
      if (state === 'WATCHDOG=1') waiting.shift();
      sleeping = true;
      void clock.sleep(AGAIN_MS).then(() => {
        sleeping = false;
        flush();
      });
    });
  };
  return {
    tell: (state) => {
      if (waiting.length >= WAITING_MAX) return;
      waiting.push(state);
      if (waiting.length === 1) flush();
    },
  };
}

function byProgram(state: string): void {
  // Without --no-block it waits for the service manager to have read it.
  const child = spawn('systemd-notify', ['--no-block', ...state.split('\n')], { stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
