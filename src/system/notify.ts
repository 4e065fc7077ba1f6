/**
 * Reports our state to the service manager (sd_notify): READY, WATCHDOG, STOPPING. Over its datagram socket when `unix-dgram` is
 * installed, else by the program systemd-notify, for which the unit needs NotifyAccess=all; without a service manager it does nothing.
 * It does not judge our health.
 */
import { spawn } from 'node:child_process';
import type { Clock } from '../clock.ts';

export interface Notifier {
  /** Transport, for the log. */
  readonly way: 'socket' | 'program' | 'none';
  /** The service manager restarts us after this long without a WATCHDOG; undefined: no watchdog. */
  readonly watchdogMs: number | undefined;
  /** Lines of `NAME=value`. Never throws; undeliverable messages are retried from a bounded queue, the newest dropped first. */
  send(state: string): void;
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Messages waiting for room in the receiver's queue. Watchdog pings repeat anyway and are not queued. */
const WAITING_MAX = 8;
const AGAIN_MS = 100;
/** Codes of a full receive queue: EAGAIN, and the library's own. */
const FULL: ReadonlySet<unknown> = new Set([-11, 1]);

/** `processId`: ours, because the watchdog may be meant for another process of the unit. */
export async function createNotifier(environment: Environment, clock: Clock, processId: number): Promise<Notifier> {
  const path = environment.NOTIFY_SOCKET;
  const watchdogMs = periodMs(environment, processId);
  if (path === undefined || path === '') {
    return { way: 'none', watchdogMs: undefined, send: () => undefined, close: () => undefined };
  }
  const library = path.startsWith('/') ? await import('unix-dgram').catch(() => undefined) : undefined;
  if (library === undefined) return { way: 'program', watchdogMs, send: byProgram, close: () => undefined };
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

/** A busy service manager (at boot) must not cost us READY: that would be a needless restart. */
function patient(
  send: (state: string, done: (error?: { readonly code?: unknown }) => void) => void,
  clock: Clock,
): Pick<Notifier, 'send'> {
  const waiting: string[] = [];
  let sleeping = false;
  const flush = (): void => {
    const state = waiting[0];
    if (state === undefined || sleeping) return;
    send(state, (error) => {
      if (!FULL.has(error?.code)) {
        // Delivered, or no receiver: a restarted service manager brings a socket of the same name.
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
    send: (state) => {
      if (waiting.length >= WAITING_MAX) return;
      waiting.push(state);
      if (waiting.length === 1) flush();
    },
  };
}

function byProgram(state: string): void {
  // Without --no-block it waits until the service manager has read it.
  const child = spawn('systemd-notify', ['--no-block', ...state.split('\n')], { stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
